/* SPDX-License-Identifier: MIT */
/*
 * Each worker has a socket: an index goes in, a header and its bytes come out. A worker that ends closes its
 * socket, which is how its end is noticed, half a result or none before it.
 */
#include <config.h>

#include "base/clock.h"
#include "base/crew.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/sanitized.h"

#define READ_BYTES 65536
#define WAIT_MS 200 /* after which *stop is looked at */

/* In front of a result's bytes. */
struct header {
	struct err err; /* ERR_NONE: done */
	uint64_t len;
};

struct worker {
	pid_t pid; /* 0: none */
	int socket;
	bool is_busy;
	uint64_t index;
	double began;
	struct buf in; /* of the result that is coming */
};

struct crew {
	const struct crew_job *job;
	struct worker *workers;
	struct pollfd *polled;
	uint64_t next, finished;
};

/* --- in a worker ---------------------------------------------------------------------------- */

static bool read_all(int fd, void *to, size_t n)
{
	char *at = to;

	while (n > 0) {
		ssize_t got = read(fd, at, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

static bool send_all(int fd, const void *from, size_t n)
{
	const char *at = from;

	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

static void set_limits(const struct crew_job *job)
{
	const struct rlimit none = {0, 0}, bytes = {job->bytes, job->bytes};
	bool limited = job->bytes > 0;

#ifdef SANITIZED /* its own memory is larger than any limit */
	limited = false;
#endif
	setrlimit(RLIMIT_CORE, &none);
	if (limited)
		setrlimit(RLIMIT_AS, &bytes);
}

/* Until there is no one to say anything to. */
_Noreturn static void work_on(const struct crew_job *job, int socket)
{
	struct buf out = {0};
	uint64_t index;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN); /* this process's parent decides */
	signal(SIGTERM, SIG_DFL);
	set_limits(job);
	while (read_all(socket, &index, sizeof(index))) {
		struct header header = {0};

		buf_clear(&out);
		if (job->work(job->ctx, index, &out, &header.err) < 0)
			buf_clear(&out);
		else
			header.err.code = ERR_NONE;
		header.len = out.len;
		if (!send_all(socket, &header, sizeof(header)) ||
		    !send_all(socket, out.data, out.len))
			break;
	}
	_exit(0);
}

/* --- workers -------------------------------------------------------------------------------- */

/* A new worker has the other workers' sockets too, and must not keep them open. */
static void close_others(const struct crew *crew)
{
	for (int i = 0; i < crew->job->workers; i++)
		if (crew->workers[i].pid)
			close(crew->workers[i].socket);
}

static int start_worker(struct crew *crew, struct worker *w, struct err *err)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, "cannot start a worker");
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		err_errno(err, "cannot start a worker");
		close(pair[0]);
		close(pair[1]);
		return -1;
	}
	if (pid == 0) {
		close_others(crew);
		close(pair[0]);
		work_on(crew->job, pair[1]);
	}
	close(pair[1]);
	w->pid = pid;
	w->socket = pair[0];
	w->is_busy = false;
	return 0;
}

/* Returns how it ended, as waitpid. */
static int end_worker(struct worker *w, bool kill_it)
{
	int status = 0;

	if (kill_it)
		kill(w->pid, SIGKILL);
	close(w->socket);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	return status;
}

static int give_index(struct crew *crew, struct worker *w, struct err *err)
{
	if (!w->pid && start_worker(crew, w, err) < 0)
		return -1;
	w->index = crew->next++;
	w->is_busy = true;
	w->began = clock_seconds();
	buf_clear(&w->in);
	send_all(w->socket, &w->index, sizeof(w->index)); /* where it has ended, that is noticed */
	return 0;
}

/* --- results -------------------------------------------------------------------------------- */

static int hand_over(struct crew *crew, struct worker *w, const struct err *failed,
		     const char *bytes, size_t len, struct err *err)
{
	w->is_busy = false;
	crew->finished++;
	return crew->job->done(crew->job->ctx, w->index, failed, bytes, len, err);
}

static int note_crash(struct crew *crew, struct worker *w, struct err *err)
{
	int status = end_worker(w, false);
	struct err failed;

	if (WIFSIGNALED(status))
		err_set(&failed, ERR_CRASHED, "crashed: %s", strsignal(WTERMSIG(status)));
	else
		err_set(&failed, ERR_CRASHED, "its process ended with status %d",
			WEXITSTATUS(status));
	return hand_over(crew, w, &failed, NULL, 0, err);
}

static int note_late(struct crew *crew, struct worker *w, struct err *err)
{
	struct err failed;

	end_worker(w, true);
	err_set(&failed, ERR_LIMIT, "took more than %g s", crew->job->seconds);
	return hand_over(crew, w, &failed, NULL, 0, err);
}

/* Takes what has come from a worker. */
static int take(struct crew *crew, struct worker *w, struct err *err)
{
	char bytes[READ_BYTES];
	struct header header;
	ssize_t got = read(w->socket, bytes, sizeof(bytes));

	if (got < 0 && errno == EINTR)
		return 0;
	if (got <= 0)
		return note_crash(crew, w, err);
	buf_bytes(&w->in, bytes, (size_t)got);
	if (w->in.len < sizeof(header))
		return 0;
	memcpy(&header, w->in.data, sizeof(header));
	if (header.len > CREW_RESULT_MAX) {
		end_worker(w, true);
		err_set(&header.err, ERR_LIMIT, "a result of more than %zu bytes", CREW_RESULT_MAX);
		return hand_over(crew, w, &header.err, NULL, 0, err);
	}
	if (w->in.len < sizeof(header) + header.len)
		return 0;
	if (header.err.code != ERR_NONE)
		return hand_over(crew, w, &header.err, NULL, 0, err);
	return hand_over(crew, w, NULL, w->in.data + sizeof(header), (size_t)header.len, err);
}

/* --- the run -------------------------------------------------------------------------------- */

static int give_all(struct crew *crew, struct err *err)
{
	for (int i = 0; i < crew->job->workers; i++)
		if (!crew->workers[i].is_busy && crew->next < crew->job->end &&
		    give_index(crew, &crew->workers[i], err) < 0)
			return -1;
	return 0;
}

/* Waits until one of them says something, or a moment. */
static int wait_and_take(struct crew *crew, struct err *err)
{
	const struct crew_job *job = crew->job;

	for (int i = 0; i < job->workers; i++)
		crew->polled[i] = (struct pollfd){
			.fd = crew->workers[i].is_busy ? crew->workers[i].socket : -1,
			.events = POLLIN};
	if (poll(crew->polled, (nfds_t)job->workers, WAIT_MS) < 0 && errno != EINTR)
		return err_errno(err, "cannot wait for workers");
	for (int i = 0; i < job->workers; i++) {
		struct worker *w = &crew->workers[i];
		bool late = job->seconds > 0 && clock_seconds() - w->began > job->seconds;

		if (w->is_busy && crew->polled[i].revents) {
			if (take(crew, w, err) < 0)
				return -1;
		} else if (w->is_busy && late && note_late(crew, w, err) < 0) {
			return -1;
		}
	}
	return 0;
}

static int run(struct crew *crew, struct err *err)
{
	while (crew->finished < crew->job->end - crew->job->begin) {
		if (crew->job->stop && *crew->job->stop)
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		if (give_all(crew, err) < 0 || wait_and_take(crew, err) < 0)
			return -1;
	}
	return 0;
}

int crew_run(const struct crew_job *job, struct err *err)
{
	struct crew crew = {.job = job,
			    .workers = mem_alloc((size_t)job->workers, sizeof(*crew.workers)),
			    .polled = mem_alloc((size_t)job->workers, sizeof(*crew.polled)),
			    .next = job->begin};
	int rc = run(&crew, err);

	for (int i = 0; i < job->workers; i++) {
		if (crew.workers[i].pid)
			end_worker(&crew.workers[i], true);
		buf_free(&crew.workers[i].in);
	}
	free(crew.workers);
	free(crew.polled);
	return rc;
}
