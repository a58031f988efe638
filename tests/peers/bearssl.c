/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bearssl PORT KEY CERT...: a small SMTP server on loopback with the TLS of BearSSL from the first
 * byte. KEY and CERT are files in DER, CERT the server's first. Each connection is a process.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bearssl.h>

#define CERTS_MAX 4
#define DER_MAX 8192

static unsigned char files[CERTS_MAX + 1][DER_MAX];
static br_x509_certificate chain[CERTS_MAX];
static size_t chain_len;
static br_skey_decoder_context key;

static size_t
read_file(const char *path, unsigned char bytes[DER_MAX])
{
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	len = fread(bytes, 1, DER_MAX, file);
	fclose(file);
	return len;
}

static int
read_some(void *context, unsigned char *data, size_t len)
{
	ssize_t got = read(*(int *)context, data, len);

	return got <= 0 ? -1 : (int)got;
}

static int
write_some(void *context, const unsigned char *data, size_t len)
{
	ssize_t done = write(*(int *)context, data, len);

	return done <= 0 ? -1 : (int)done;
}

static void
init_server(br_ssl_server_context *server)
{
	static unsigned char buffer[BR_SSL_BUFSIZE_BIDI];

	if (br_skey_decoder_key_type(&key) == BR_KEYTYPE_EC)
		br_ssl_server_init_full_ec(
			server, chain, chain_len, BR_KEYTYPE_EC, br_skey_decoder_get_ec(&key));
	else
		br_ssl_server_init_full_rsa(
			server, chain, chain_len, br_skey_decoder_get_rsa(&key));
	br_ssl_engine_set_buffer(&server->eng, buffer, sizeof(buffer), 1);
	br_ssl_server_reset(server);
}

static bool
say(br_sslio_context *io, const char *text)
{
	return br_sslio_write_all(io, text, strlen(text)) == 0 && br_sslio_flush(io) == 0;
}

/* False when the client is gone. */
static bool
read_line(br_sslio_context *io, char line[100])
{
	size_t len = 0;
	char byte;

	while (br_sslio_read(io, &byte, 1) == 1) {
		if (byte == '\n') {
			line[len] = '\0';
			return true;
		}
		if (len < 99)
			line[len++] = byte;
	}
	return false;
}

static void
serve(int connection)
{
	static br_ssl_server_context server;
	br_sslio_context io;
	char line[100];

	init_server(&server);
	br_sslio_init(&io, &server.eng, read_some, &connection, write_some, &connection);
	if (!say(&io, "220 mail.example.test ESMTP\r\n"))
		return;
	while (read_line(&io, line)) {
		bool is_quit = strncasecmp(line, "QUIT", 4) == 0;

		if (is_quit)
			say(&io, "221 2.0.0 bye\r\n");
		else if (strncasecmp(line, "EHLO", 4) == 0)
			say(&io, "250-mail.example.test\r\n250 PIPELINING\r\n");
		else
			say(&io, "502 5.5.1 not known here\r\n");
		if (is_quit)
			break;
	}
	br_sslio_close(&io);
}

static int
listen_on(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(listener, 64) != 0) {
		perror("listen");
		exit(1);
	}
	return listener;
}

int
main(int argc, char **argv)
{
	int listener;

	if (argc < 4 || argc > 3 + CERTS_MAX)
		return 2;
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	br_skey_decoder_init(&key);
	br_skey_decoder_push(&key, files[0], read_file(argv[2], files[0]));
	for (int i = 3; i < argc; i++, chain_len++)
		chain[chain_len] = (br_x509_certificate){ files[chain_len + 1],
			read_file(argv[i], files[chain_len + 1]) };
	listener = listen_on((int)strtol(argv[1], NULL, 10));
	for (;;) {
		int connection = accept(listener, NULL, NULL);

		if (connection >= 0 && fork() == 0) {
			serve(connection);
			return 0;
		}
		close(connection);
	}
}
