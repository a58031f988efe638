/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Responses to a GET: read byte by byte they are what they are when read at once.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/http_get.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_response whole, slow;

	http_response_init(&whole);
	http_response_init(&slow);
	http_response_feed(&whole, (struct span){ data, size });
	for (size_t i = 0; i < size; i++)
		http_response_feed(&slow, (struct span){ data + i, 1 });
	http_response_end(&whole, true);
	http_response_end(&slow, true);
	if (whole.state == HTTP_READING || whole.state != slow.state ||
		whole.status != slow.status || whole.surplus != slow.surplus ||
		!span_equal(buf_span(&whole.type), buf_span(&slow.type)))
		abort();
	if (whole.state == HTTP_WHOLE && !span_equal(buf_span(&whole.body), buf_span(&slow.body)))
		abort();
	http_response_is_type(&whole, "text/plain");
	http_response_release(&whole);
	http_response_release(&slow);
	return 0;
}
