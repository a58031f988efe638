/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t thrown_by;
static int wake_pipe[2] = { -1, -1 };

static void
throw_switch(int signal_number)
{
	int saved = errno;

	if (thrown_by == 0) {
		thrown_by = signal_number;
		/* The byte is never read: the descriptor stays readable for every waiter. */
		if (write(wake_pipe[1], "", 1) < 0)
			thrown_by = signal_number;
	}
	errno = saved;
}

bool
interrupt_init(void)
{
	struct sigaction action = { .sa_handler = throw_switch };

	if (pipe(wake_pipe) != 0)
		return false;
	for (int i = 0; i < 2; i++)
		if (fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC) != 0)
			return false;
	sigemptyset(&action.sa_mask);
	return sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0;
}

int
interrupt_signal(void)
{
	return thrown_by;
}

int
interrupt_fd(void)
{
	return wake_pipe[0];
}
