/* SPDX-License-Identifier: MIT */
/*
 * The system calls that write are defined here and take the place of libc's for the whole program
 * (the archives' calls go through them too). Each counts down; when the count is used up it either
 * ends the process, half of the bytes written, or fails with ENOSPC from then on. Tests go through
 * every such moment of a run, one after the other, so they need no luck and no clock.
 */
#include <config.h>

#include "tests/disk_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum disk_fault disk_fault;
long disk_steps_left;
long disk_syncs;

/* True when this call is to fail. Half of the n bytes of a write are written before a crash. */
static bool step(int fd, const void *data, size_t n)
{
	if (disk_fault == DISK_GOOD || disk_steps_left-- > 0)
		return false;
	if (disk_fault == DISK_CRASH) {
		if (n)
			(void)!syscall(SYS_write, fd, data, n / 2);
		_exit(DISK_CRASHED);
	}
	errno = ENOSPC;
	return true;
}

ssize_t write(int fd, const void *data, size_t n)
{
	if (fd > STDERR_FILENO && step(fd, data, n))
		return -1;
	return syscall(SYS_write, fd, data, n);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	if (step(fd, NULL, 0))
		return -1;
	return syscall(SYS_pwrite64, fd, data, n > 7 ? n / 2 + 1 : n, at); /* short writes too */
}

int fsync(int fd)
{
	disk_syncs++;
	return step(fd, NULL, 0) ? -1 : 0;
}

int syncfs(int fd)
{
	return step(fd, NULL, 0) ? -1 : 0;
}

int ftruncate(int fd, off_t size)
{
	return step(fd, NULL, 0) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int rename(const char *from, const char *to)
{
	return step(-1, NULL, 0) ? -1
				 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int mkdir(const char *path, mode_t mode)
{
	return step(-1, NULL, 0) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int unlink(const char *path)
{
	/* Even on a full disk files can be removed; only a crash stops here. */
	if (disk_fault == DISK_CRASH)
		step(-1, NULL, 0);
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int fixture_folder, const char *path, int flags)
{
	if (disk_fault == DISK_CRASH)
		step(-1, NULL, 0);
	return (int)syscall(SYS_unlinkat, fixture_folder, path, flags);
}

/* Four seconds a look. */
int clock_gettime(clockid_t clock, struct timespec *t)
{
	static time_t now;

	if (clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, t);
	*t = (struct timespec){.tv_sec = now += 4};
	return 0;
}
