/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers of proxies: the first byte says to what. Read as the dialler does, no more at a time than
 * is needed, an answer must end as it does when all is there, and take nothing from behind it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/http_connect.h"
#include "wire/socks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct proxy_answer (*const readers[])(struct span bytes) = { socks_read_method,
	socks_read_login, socks_read_reply, http_read_head };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proxy_answer (*read)(struct span bytes);
	struct proxy_answer whole, answer;
	size_t len = 0;

	if (size == 0)
		return 0;
	read = readers[data[0] % 4];
	data++;
	size--;
	whole = read((struct span){ data, size });
	answer = read((struct span){ data, 0 });
	while (answer.state == PROXY_ANSWER_MORE && answer.need <= size - len) {
		if (answer.need == 0)
			abort();
		len += answer.need;
		answer = read((struct span){ data, len });
	}
	if (answer.state == PROXY_ANSWER_WHOLE &&
		(whole.state != PROXY_ANSWER_WHOLE || whole.code != answer.code))
		abort();
	if (whole.state == PROXY_ANSWER_WHOLE && answer.state != PROXY_ANSWER_WHOLE)
		abort();
	return 0;
}
