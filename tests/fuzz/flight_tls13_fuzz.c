/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is found in decrypted messages, or in a ServerHello, lies inside of them, and once the end is reached more bytes
 * do not change it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "wire/certificate_verify.h"
#include "wire/flight_tls13.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_span(struct span span, const uint8_t *data, size_t size)
{
	if (span.len != 0 && (span.data < data || span.len > size ||
				     (size_t)(span.data - data) > size - span.len))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flight_tls13 whole = flight_tls13_read((struct span){ data, size });

	if (whole.read > size)
		abort();
	check_span(certificate_verify_read((struct span){ data, size }).signature, data, size);
	for (size_t i = 0; i < whole.certificate_count; i++)
		check_span(whole.certificates[i], data, size);
	check_span(whole.stapled, data, size);
	check_span(whole.timestamps, data, size);
	check_span(flight_hello_extension((struct span){ data, size }, TLS_EXTENSION_KEY_SHARE),
		data, size);
	for (size_t len = 0; len < size && size < 2048; len++) {
		struct flight_tls13 part = flight_tls13_read((struct span){ data, len });

		if (part.state != FLIGHT_TLS13_MORE &&
			(part.state != whole.state || part.why != whole.why ||
				part.certificate_count != whole.certificate_count))
			abort();
	}
	return 0;
}
