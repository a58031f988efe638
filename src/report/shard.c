/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A shard of a run: how much of it that is, and how it is called.
 */
#include <inttypes.h>

#include "report/report.h"

/* The first `number` shards have so many targets together. */
static size_t
size_up_to(const struct report_shard *shard, unsigned number)
{
	return (size_t)((uint64_t)shard->targets * number / shard->of);
}

size_t
shard_size(const struct report_shard *shard)
{
	return size_up_to(shard, shard->number) - size_up_to(shard, shard->number - 1);
}

void
shard_add_title(struct buf *out, const struct report_shard *shard)
{
	buf_addf(out, "shard %u of %u: %zu of %zu target%s", shard->number, shard->of,
		shard_size(shard), shard->targets, shard->targets == 1 ? "" : "s");
}
