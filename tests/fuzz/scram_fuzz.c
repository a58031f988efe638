/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages of a server in SCRAM: the first byte says how long the client's nonce is, which comes next.
 */
#include <stdint.h>
#include <stdlib.h>

#include "wire/scram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span message, nonce;
	enum scram_fault fault;
	uint32_t iterations;

	if (size < 1 || size - 1 < data[0])
		return 0;
	nonce = (struct span){ data + 1, data[0] };
	message = (struct span){ data + 1 + nonce.len, size - 1 - nonce.len };
	fault = scram_read_first(message, nonce, &iterations);
	if (fault == SCRAM_FINE &&
		(iterations < SCRAM_ITERATIONS_MIN || iterations > SCRAM_ITERATIONS_MAX))
		abort();
	scram_read_final(message);
	scram_error_is_of_credentials(scram_error(message));
	if (scram_client_nonce(message).len > message.len)
		abort();
	return 0;
}
