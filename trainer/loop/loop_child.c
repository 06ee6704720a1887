/* SPDX-License-Identifier: MIT */
/*
 * The child is a process group of its own, so a Ctrl-C at the terminal reaches it through us alone: the
 * programs save at the first signal and give up at the second. For a bar of progress it needs a terminal;
 * where there is one it gets a pseudo terminal, which hands everything on unchanged.
 */
#include <config.h>

#include "trainer/loop/loop_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/fs.h"

#define POLL_MS 100
#define READ_BYTES 4096
#define NOT_STARTED 127

/* --- what it says ---------------------------------------------------------------------------- */

/* Lines without what was overwritten: '\r' begins a line anew, ESC [ ... letter is passed over. */
struct lines {
	struct loop_child *child;
	char line[LOOP_LINE_BYTES];
	size_t len;
	bool escape;
	int error; /* of the log; 0: none */
};

static void end_line(struct lines *l)
{
	if (l->len > 0) {
		memcpy(l->child->last, l->line, l->len);
		l->child->last[l->len] = '\0';
	}
	if (l->child->log >= 0) {
		l->line[l->len] = '\n';
		if (fs_write_fd(l->child->log, l->line, l->len + 1) < 0)
			l->error = errno;
	}
	l->len = 0;
}

static void add_char(struct lines *l, char c)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	if (l->escape)
		l->escape = !letter;
	else if (c == '\033')
		l->escape = true;
	else if (c == '\n')
		end_line(l);
	else if (c == '\r')
		l->len = 0;
	else if (l->len < sizeof(l->line) - 1)
		l->line[l->len++] = c;
}

/* 1 while there is more to come, 0 at the end. A pseudo terminal ends with EIO. */
static int relay(int fd, struct lines *lines)
{
	char bytes[READ_BYTES];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 1;
	if (n <= 0)
		return 0;
	if (lines->child->show >= 0)
		fs_write_fd(lines->child->show, bytes, (size_t)n);
	for (ssize_t i = 0; i < n; i++)
		add_char(lines, bytes[i]);
	return 1;
}

/* Returns 0, or the error number of the log. */
static int follow(struct loop_child *child, pid_t pid, int fd)
{
	struct lines lines = {.child = child};
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	int more = 1;

	while (more > 0) {
		if (child->stop && *child->stop && !child->interrupted) {
			child->interrupted = true;
			kill(pid, SIGINT);
		}
		if (poll(&ready, 1, POLL_MS) > 0)
			more = relay(fd, &lines);
	}
	if (lines.len > 0)
		end_line(&lines);
	return lines.error;
}

/* --- starting -------------------------------------------------------------------------------- */

/* Two ends, ours [0] and the child's [1]. */
static int open_pipe(int ends[2], struct err *err)
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	return 0;
}

static int open_terminal(int show, int ends[2], struct err *err)
{
	struct termios mode;
	struct winsize size;
	const char *name;

	ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	ends[1] = -1;
	if (ends[0] >= 0 && grantpt(ends[0]) == 0 && unlockpt(ends[0]) == 0 &&
	    (name = ptsname(ends[0])))
		ends[1] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (ends[1] < 0) { /* none to be had: a pipe shows the same but bars */
		if (ends[0] >= 0)
			close(ends[0]);
		return open_pipe(ends, err);
	}
	if (tcgetattr(ends[1], &mode) == 0) {
		cfmakeraw(&mode);
		tcsetattr(ends[1], TCSANOW, &mode);
	}
	if (ioctl(show, TIOCGWINSZ, &size) == 0)
		ioctl(ends[1], TIOCSWINSZ, &size);
	return 0;
}

/* In the child, where only what is safe after fork() is called. */
static void become(char *const *argv, int out, int error, pid_t parent)
{
	struct sigaction usual = {.sa_handler = SIG_DFL}, ignored = {.sa_handler = SIG_IGN};
	int nothing = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(NOT_STARTED);
	sigaction(SIGINT, &usual, NULL);
	sigaction(SIGTERM, &usual, NULL);
	sigaction(SIGPIPE, &ignored, NULL); /* it may save even when nobody listens any more */
	dup2(nothing, STDIN_FILENO);
	dup2(out >= 0 ? out : nothing, STDOUT_FILENO);
	dup2(error >= 0 ? error : nothing, STDERR_FILENO);
	execv(argv[0], argv);
	_exit(NOT_STARTED);
}

static pid_t start(char *const *argv, int out, int error, struct err *err)
{
	pid_t parent = getpid(), pid;

	if (access(argv[0], X_OK) < 0)
		return err_errno(err, "cannot run %s", argv[0]);
	pid = fork();
	if (pid == 0)
		become(argv, out, error, parent);
	if (pid < 0)
		return err_errno(err, "cannot run %s", argv[0]);
	return pid;
}

/* Returns its status; *signal is what ended it, or 0. */
static int wait_for(pid_t pid, int *signal)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int loop_child_run(struct loop_child *child, struct err *err)
{
	bool terminal = child->show >= 0 && isatty(child->show);
	int ends[2], rc, log_error;
	pid_t pid;

	child->interrupted = false;
	child->last[0] = '\0';
	rc = terminal ? open_terminal(child->show, ends, err) : open_pipe(ends, err);
	if (rc < 0)
		return -1;
	pid = start(child->argv, ends[1], ends[1], err);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	log_error = follow(child, pid, ends[0]);
	child->status = wait_for(pid, &child->signal);
	close(ends[0]);
	errno = log_error;
	return log_error ? err_errno(err, "cannot write the log of %s", child->argv[0]) : 0;
}

/* 0 at the end, -1 with errno: EFBIG where there is more than is wanted. */
static int read_output(int fd, size_t max_bytes, struct buf *out)
{
	for (;;) {
		ssize_t n = read(fd, buf_reserve(out, READ_BYTES), READ_BYTES);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		out->len += (size_t)n;
		out->data[out->len] = '\0';
		if (out->len > max_bytes) {
			errno = EFBIG;
			return -1;
		}
	}
}

int loop_child_output(char *const *argv, size_t max_bytes, struct buf *out, struct err *err)
{
	int ends[2], status, signal, rc;
	pid_t pid;

	if (open_pipe(ends, err) < 0)
		return -1;
	pid = start(argv, ends[1], -1, err);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	rc = read_output(ends[0], max_bytes, out);
	if (rc < 0)
		err_errno(err, "cannot read what %s says", argv[0]);
	close(ends[0]);
	status = wait_for(pid, &signal);
	if (rc == 0 && signal)
		rc = err_set(err, ERR_FORMAT, "%s was ended by signal %d", argv[0], signal);
	else if (rc == 0 && status)
		rc = err_set(err, ERR_FORMAT, "%s ended with status %d", argv[0], status);
	return rc;
}
