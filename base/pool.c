/* SPDX-License-Identifier: MIT */
/*
 * Chunks are claimed in order, worked on in any order and committed in order. One lock guards the
 * counters; neither work() nor commit() is called under it.
 *
 *	0 ...... committed ...... next ...... limit ...... chunks
 *	 committed       in a slot     unclaimed     never done
 *
 * Invariants: committed <= next <= committed + slots, and chunk k lives in slot k % slots, so
 * a claim only has to wait for `committed` to move. `limit` starts at the number of chunks and
 * falls to the first chunk that failed or that the stop flag kept from being claimed; chunks at
 * or over it are neither claimed nor committed. As all chunks below a claimed one are claimed too
 * and are finished, the error returned is that of the lowest failing chunk, whatever the threads
 * did. The worker that finds the chunk at `committed` ready commits it and those ready after it;
 * `committing` keeps the others out.
 */
#include <config.h>

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pool.h"

/* Enough for the others to go on while one chunk takes four times as long. */
#define SLOTS_PER_THREAD 4

struct pool {
	const struct pool_job *job;
	uint64_t chunks;
	unsigned slots;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* committed or limit moved */
	uint64_t committed, next, limit;
	bool committing;
	bool *ready;    /* per slot: worked on, not committed */
	struct err err; /* why limit < chunks */
};

struct worker {
	struct pool *pool;
	int index;
	pthread_t thread;
};

static uint64_t count_chunks(const struct pool_job *job)
{
	assert(job->chunk > 0 && job->jobs > 0 && job->begin <= job->end);
	uint64_t n = job->end - job->begin;
	return n / job->chunk + (n % job->chunk != 0);
}

static uint64_t chunk_first(const struct pool_job *job, uint64_t chunk)
{
	return job->begin + chunk * job->chunk;
}

static uint64_t chunk_last(const struct pool_job *job, uint64_t chunk)
{
	uint64_t first = chunk_first(job, chunk);
	return job->end - first < job->chunk ? job->end : first + job->chunk;
}

/* Set by a signal handler on another thread: an atomic load, which volatile alone is not. */
static bool is_stopped(const struct pool_job *job)
{
	return job->stop && __atomic_load_n(job->stop, __ATOMIC_RELAXED) != 0;
}

int pool_slots(const struct pool_job *job)
{
	assert(job->jobs > 0 && job->jobs <= INT32_MAX / SLOTS_PER_THREAD);
	return job->jobs == 1 ? 1 : job->jobs * SLOTS_PER_THREAD;
}

/* Ends the run before chunk, unless it already ends earlier. Called with the lock held. */
static void end_before(struct pool *pool, uint64_t chunk, const struct err *err)
{
	if (chunk >= pool->limit)
		return;
	pool->limit = chunk;
	pool->err = *err;
	pthread_cond_broadcast(&pool->changed);
}

/* Waits for a free slot and takes the next chunk; false when there is none to be done. */
static bool claim(struct pool *pool, uint64_t *chunk)
{
	bool claimed = false;
	pthread_mutex_lock(&pool->lock);
	while (!claimed) {
		if (is_stopped(pool->job)) {
			struct err err;
			err_set(&err, ERR_INTERRUPTED, "interrupted");
			end_before(pool, pool->next, &err);
		}
		if (pool->next >= pool->limit)
			break;
		if (pool->next - pool->committed < pool->slots) {
			*chunk = pool->next++;
			claimed = true;
		} else {
			pthread_cond_wait(&pool->changed, &pool->lock);
		}
	}
	pthread_mutex_unlock(&pool->lock);
	return claimed;
}

/* A chunk's results. */
static int commit_chunk(const struct pool_job *job, int slot, uint64_t chunk, struct err *err)
{
	return job->commit ? job->commit(job->ctx, slot, chunk_first(job, chunk),
					 chunk_last(job, chunk), err)
			   : 0;
}

/* Commits what is ready, in order. Called with the lock held, which it gives up meanwhile. */
static void commit_ready(struct pool *pool)
{
	const struct pool_job *job = pool->job;
	if (pool->committing)
		return;
	pool->committing = true;
	while (pool->committed < pool->limit && pool->ready[pool->committed % pool->slots]) {
		uint64_t chunk = pool->committed;
		int slot = (int)(chunk % pool->slots);
		struct err err = {0};
		pthread_mutex_unlock(&pool->lock);
		int rc = commit_chunk(job, slot, chunk, &err);
		pthread_mutex_lock(&pool->lock);
		if (rc < 0) {
			end_before(pool, chunk, &err);
			break;
		}
		pool->ready[slot] = false;
		pool->committed++;
		pthread_cond_broadcast(&pool->changed);
	}
	pool->committing = false;
}

static void *worker_run(void *arg)
{
	const struct worker *worker = arg;
	struct pool *pool = worker->pool;
	const struct pool_job *job = pool->job;
	uint64_t chunk;
	while (claim(pool, &chunk)) {
		int slot = (int)(chunk % pool->slots);
		struct err err = {0};
		int rc = job->work(job->ctx, worker->index, slot, chunk_first(job, chunk),
				   chunk_last(job, chunk), &err);
		pthread_mutex_lock(&pool->lock);
		if (rc < 0)
			end_before(pool, chunk, &err);
		else
			pool->ready[slot] = true;
		commit_ready(pool);
		pthread_mutex_unlock(&pool->lock);
	}
	return NULL;
}

/* All signals but those that report a fault of the thread itself. */
static void block_signals(sigset_t *before)
{
	sigset_t set;
	sigfillset(&set);
	sigdelset(&set, SIGSEGV);
	sigdelset(&set, SIGBUS);
	sigdelset(&set, SIGFPE);
	sigdelset(&set, SIGILL);
	sigdelset(&set, SIGABRT);
	sigdelset(&set, SIGTRAP);
	pthread_sigmask(SIG_SETMASK, &set, before);
}

/* Starts the workers with signals blocked, so that handlers run on the caller's thread. They claim
 * nothing before all have started. Returns how many did; if not all, the run ends before 0. */
static int start_workers(struct pool *pool, struct worker *workers, int count)
{
	sigset_t before;
	int started = 0;
	int rc = 0;
	block_signals(&before);
	pthread_mutex_lock(&pool->lock);
	for (; started < count; started++) {
		struct worker *worker = &workers[started];
		worker->pool = pool;
		worker->index = started;
		rc = pthread_create(&worker->thread, NULL, worker_run, worker);
		if (rc != 0)
			break;
	}
	if (rc != 0) {
		struct err err;
		errno = rc;
		err_errno(&err, "cannot start %d threads", count);
		end_before(pool, 0, &err);
	}
	pthread_mutex_unlock(&pool->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

static int run_threads(const struct pool_job *job, struct err *err)
{
	struct pool pool = {.job = job, .chunks = count_chunks(job)};
	pool.slots = (unsigned)pool_slots(job);
	pool.limit = pool.chunks;
	pool.ready = mem_alloc(pool.slots, sizeof(*pool.ready));
	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.changed, NULL);

	int count = pool.chunks < (uint64_t)job->jobs ? (int)pool.chunks : job->jobs;
	struct worker *workers = mem_alloc((size_t)count, sizeof(*workers));
	int started = start_workers(&pool, workers, count);
	for (int i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);

	free(workers);
	pthread_cond_destroy(&pool.changed);
	pthread_mutex_destroy(&pool.lock);
	free(pool.ready);
	if (pool.limit == pool.chunks)
		return 0;
	if (err)
		*err = pool.err;
	return -1;
}

static int run_inline(const struct pool_job *job, struct err *err)
{
	uint64_t chunks = count_chunks(job);
	for (uint64_t chunk = 0; chunk < chunks; chunk++) {
		uint64_t first = chunk_first(job, chunk);
		uint64_t last = chunk_last(job, chunk);
		if (is_stopped(job))
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		if (job->work(job->ctx, 0, 0, first, last, err) < 0)
			return -1;
		if (commit_chunk(job, 0, chunk, err) < 0)
			return -1;
	}
	return 0;
}

int pool_run(const struct pool_job *job, struct err *err)
{
	return job->jobs == 1 ? run_inline(job, err) : run_threads(job, err);
}

int pool_processors(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
		return CPU_COUNT(&set);
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (int)online : 1;
}
