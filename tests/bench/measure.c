/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * measure COMMAND...: runs a command with its output thrown away and prints one line:
 *
 *     exit status, wall time, CPU time (both in microseconds), peak memory in KiB
 *
 * The last two include the command's own children. A small program does this because the kernel
 * counts the memory of whoever forks towards the child: under an interpreter every figure would
 * be the interpreter's.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { USAGE = 2, NOT_RUN = 127 };

static long long
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long long
timeval_us(struct timeval time)
{
	return time.tv_sec * 1000000LL + time.tv_usec;
}

static void
become(char **command)
{
	int null = open("/dev/null", O_WRONLY);

	if (null >= 0) {
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	execvp(command[0], command);
	_exit(NOT_RUN);
}

int
main(int argc, char **argv)
{
	struct rusage usage;
	long long begin = now_us();
	pid_t child;
	int status;

	if (argc < 2)
		return USAGE;
	child = fork();
	if (child == 0)
		become(argv + 1);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return NOT_RUN;
	long long wall = now_us() - begin;
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("%d %lld %lld %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : NOT_RUN, wall,
		timeval_us(usage.ru_utime) + timeval_us(usage.ru_stime), usage.ru_maxrss);
	return EXIT_SUCCESS;
}
