/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mail_server CHAIN KEY ROUND_TRIP_MS PORTS: a fleet of mail servers in one process, so small and
 * fast that what is measured is the client.
 *
 * It listens on that many free ports of all addresses of the machine (each of 127.0.0.0/8 will do
 * for a server of its own) and prints their numbers, a line each. It greets, answers EHLO, STARTTLS,
 * NOOP, RSET and QUIT, and speaks TLS 1.2 and 1.3. Each answer comes a round trip late, the greeting
 * one and a half. It ends when standard input does.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 4096, LINE = 1024, STACK = 128 * 1024, USAGE = 2, PORTS_MAX = 1000 };

static SSL_CTX *context;
static long round_trip_ms;

struct client {
	int fd;
	SSL *tls; /* NULL: in the clear */
	char line[LINE];
	size_t len;
};

static void
pause_ms(long ms)
{
	struct timespec span = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	if (ms > 0)
		nanosleep(&span, NULL);
}

static bool
say(const struct client *client, const char *text)
{
	int len = (int)strlen(text);

	if (client->tls != NULL)
		return SSL_write(client->tls, text, len) == len;
	return write(client->fd, text, (size_t)len) == len;
}

static int
receive(const struct client *client, char *into, size_t most)
{
	if (client->tls != NULL)
		return SSL_read(client->tls, into, (int)most);
	return (int)read(client->fd, into, most);
}

/* One command, as a string without its end; false when the client has left. */
static bool
take_line(struct client *client, char line[LINE])
{
	char *end;

	while ((end = memchr(client->line, '\n', client->len)) == NULL) {
		int count = receive(
			client, client->line + client->len, sizeof(client->line) - client->len);

		if (count <= 0 || client->len + (size_t)count == sizeof(client->line))
			return false;
		client->len += (size_t)count;
	}
	snprintf(line, LINE, "%.*s", (int)(end - client->line), client->line);
	client->len -= (size_t)(end + 1 - client->line);
	memmove(client->line, end + 1, client->len);
	return true;
}

/* The answer to a hello comes as late as any other. */
static bool
begin_tls(struct client *client)
{
	struct pollfd ready = { .fd = client->fd, .events = POLLIN };

	if (!say(client, "220 2.0.0 Ready to start TLS\r\n"))
		return false;
	poll(&ready, 1, -1);
	pause_ms(round_trip_ms);
	client->tls = SSL_new(context);
	SSL_set_fd(client->tls, client->fd);
	return SSL_accept(client->tls) == 1;
}

static bool
is_verb(const char *line, const char *verb)
{
	return strncasecmp(line, verb, strlen(verb)) == 0;
}

/* False when the conversation is over. */
static bool
answer(struct client *client, const char *line)
{
	pause_ms(round_trip_ms);
	if (is_verb(line, "EHLO"))
		return say(client, client->tls != NULL
					   ? "250-mail.example.test\r\n250 PIPELINING\r\n"
					   : "250-mail.example.test\r\n250 STARTTLS\r\n");
	if (is_verb(line, "STARTTLS") && client->tls == NULL)
		return begin_tls(client);
	if (is_verb(line, "NOOP") || is_verb(line, "RSET"))
		return say(client, "250 2.0.0 Ok\r\n");
	if (is_verb(line, "QUIT")) {
		say(client, "221 2.0.0 Bye\r\n");
		return false;
	}
	return say(client, "502 5.5.2 Error: command not recognized\r\n");
}

static void *
serve(void *argument)
{
	struct client client = { .fd = *(int *)argument };
	char line[LINE];

	free(argument);
	pause_ms(round_trip_ms + round_trip_ms / 2);
	if (say(&client, "220 mail.example.test ESMTP\r\n"))
		while (take_line(&client, line) && answer(&client, line))
			;
	SSL_free(client.tls);
	close(client.fd);
	return NULL;
}

static void
start_thread(void *(*run)(void *), int fd, size_t stack)
{
	int *argument = malloc(sizeof(*argument));
	pthread_attr_t attributes;
	pthread_t thread;

	if (argument == NULL)
		abort();
	*argument = fd;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, stack);
	if (pthread_create(&thread, &attributes, run, argument) != 0)
		abort();
	pthread_attr_destroy(&attributes);
}

static void *
take_clients(void *argument)
{
	int listener = *(int *)argument, fd, on = 1;

	free(argument);
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		start_thread(serve, fd, STACK);
	}
	perror("mail_server: accept");
	exit(EXIT_FAILURE);
}

static bool
listen_at_free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
		listen(fd, BACKLOG) != 0 || getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return false;
	start_thread(take_clients, fd, STACK);
	printf("%u\n", ntohs(at.sin_port));
	return true;
}

int
main(int argc, char **argv)
{
	long ports = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
	char byte;

	if (ports < 1 || ports > PORTS_MAX)
		return USAGE;
	signal(SIGPIPE, SIG_IGN);
	round_trip_ms = strtol(argv[3], NULL, 10);
	context = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate_chain_file(context, argv[1]) != 1 ||
		SSL_CTX_use_PrivateKey_file(context, argv[2], SSL_FILETYPE_PEM) != 1)
		return EXIT_FAILURE;
	for (long i = 0; i < ports; i++)
		if (!listen_at_free_port())
			return EXIT_FAILURE;
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return EXIT_SUCCESS;
}
