/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Handlers of SIGINT and SIGTERM: an atomic for those who look, a pipe that stays readable for
 * those who wait.
 */
#include "base/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* Written by a signal handler and read by any thread; a lock-free atomic serves both. */
static atomic_int thrown_by;
static int wake_pipe[2] = { -1, -1 };

static void
throw_switch(int signal_number)
{
	int saved = errno;
	int nobody = 0;

	/* The byte is never read: the descriptor stays readable for every waiter. If it cannot be
	 * written there are a pipe's worth of bytes in it already. */
	if (atomic_compare_exchange_strong(&thrown_by, &nobody, signal_number) &&
		write(wake_pipe[1], "", 1) != 1)
		errno = 0;
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
	return atomic_load(&thrown_by);
}

bool
interrupt_pause(int64_t ms)
{
	struct pollfd waiter = { .fd = interrupt_fd(), .events = POLLIN };

	if (ms > 0)
		poll(&waiter, 1, ms > INT_MAX ? INT_MAX : (int)ms);
	return interrupt_signal() == 0;
}

int
interrupt_fd(void)
{
	return wake_pipe[0];
}
