/* SPDX-License-Identifier: MIT */
/*
 * A run is a number that workers wait for: some thousand looks at it first, since the next loop of a
 * training step comes within microseconds, then asleep on a condition. The caller waits for the count
 * of the shares that are not done in the same manner. What the caller writes before it raises the
 * number is seen by who has read it (release, acquire), and the other way round for the count.
 *
 * Each thread begins with the share of its own, whose rows may still be in its cache, and goes on with those that
 * nobody has begun: a thread that the system has given something else to do holds nobody up. A share is taken by writing
 * the run's number to it in place of the last one's: who comes late, still with the number of a run before, takes none.
 */
#include <config.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/ops/team.h"

#define LOOKS 4000

/* The run that took a share last; no two on one cache line. */
struct share {
	atomic_uint run;
	char apart[64 - sizeof(atomic_uint)];
};

struct team {
	int threads, started;
	pthread_t *ids;
	pthread_mutex_t lock;
	pthread_cond_t go, done;
	atomic_uint run;      /* number of the run under way or last done */
	atomic_int left;      /* shares of it that are not done */
	atomic_bool stop;     /* seen by who is late for a run, too */
	struct share *shares; /* [threads] */
	team_work *work;
	void *ctx;
	size_t n;
};

struct member {
	struct team *team;
	int worker;
};

static void look_again(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static void do_share(struct team *team, int share)
{
	size_t threads = (size_t)team->threads, w = (size_t)share;
	size_t each = team->n / threads, rest = team->n % threads;
	size_t first = w * each + (w < rest ? w : rest);
	size_t last = first + each + (w < rest);

	if (last > first)
		team->work(team->ctx, share, first, last);
}

static bool take_share(struct team *team, int share, unsigned run)
{
	unsigned before = run - 1;

	return atomic_compare_exchange_strong(&team->shares[share].run, &before, run);
}

/* Shares that nobody has begun, from the thread's own on. True where it did the last one. */
static bool do_shares(struct team *team, int own, unsigned run)
{
	bool last = false;

	for (int i = 0; i < team->threads; i++) {
		int share = (own + i) % team->threads;

		if (!take_share(team, share, run))
			continue;
		do_share(team, share);
		last |= atomic_fetch_sub(&team->left, 1) == 1;
	}
	return last;
}

static unsigned wait_for_run(struct team *team, unsigned seen)
{
	unsigned run;

	for (int i = 0; i < LOOKS; i++) {
		run = atomic_load_explicit(&team->run, memory_order_acquire);
		if (run != seen)
			return run;
		look_again();
	}
	pthread_mutex_lock(&team->lock);
	while ((run = atomic_load(&team->run)) == seen)
		pthread_cond_wait(&team->go, &team->lock);
	pthread_mutex_unlock(&team->lock);
	return run;
}

static void *member_main(void *arg)
{
	struct member me = *(struct member *)arg;
	struct team *team = me.team;
	unsigned seen = 0;

	free(arg);
	for (;;) {
		seen = wait_for_run(team, seen);
		if (team->stop)
			return NULL;
		if (do_shares(team, me.worker, seen)) {
			pthread_mutex_lock(&team->lock);
			pthread_cond_signal(&team->done);
			pthread_mutex_unlock(&team->lock);
		}
	}
}

static void raise_run(struct team *team)
{
	pthread_mutex_lock(&team->lock);
	atomic_store(&team->left, team->threads);
	atomic_fetch_add(&team->run, 1);
	pthread_cond_broadcast(&team->go);
	pthread_mutex_unlock(&team->lock);
}

static void wait_for_all(struct team *team)
{
	for (int i = 0; i < LOOKS; i++) {
		if (!atomic_load_explicit(&team->left, memory_order_acquire))
			return;
		look_again();
	}
	pthread_mutex_lock(&team->lock);
	while (atomic_load(&team->left))
		pthread_cond_wait(&team->done, &team->lock);
	pthread_mutex_unlock(&team->lock);
}

void team_run(struct team *team, team_work *work, void *ctx, size_t n)
{
	if (team->threads == 1 || n < 2) {
		if (n)
			work(ctx, 0, 0, n);
		return;
	}
	team->work = work;
	team->ctx = ctx;
	team->n = n;
	raise_run(team);
	do_shares(team, 0, atomic_load(&team->run));
	wait_for_all(team);
}

static int start_member(struct team *team, int worker)
{
	struct member *member = mem_alloc(1, sizeof(*member));
	int failed;

	*member = (struct member){.team = team, .worker = worker};
	failed = pthread_create(&team->ids[worker - 1], NULL, member_main, member);
	if (failed)
		free(member);
	else
		team->started++;
	return failed;
}

struct team *team_new(int threads, struct err *err)
{
	struct team *team = mem_alloc(1, sizeof(*team));

	team->threads = threads;
	team->ids = mem_alloc((size_t)threads, sizeof(*team->ids));
	team->shares = mem_alloc((size_t)threads, sizeof(*team->shares));
	pthread_mutex_init(&team->lock, NULL);
	pthread_cond_init(&team->go, NULL);
	pthread_cond_init(&team->done, NULL);
	for (int worker = 1; worker < threads; worker++) {
		int failed = start_member(team, worker);

		if (failed) {
			err_set(err, ERR_IO, "cannot start thread %d of %d: %s", worker + 1,
				threads, strerror(failed));
			team_free(team);
			return NULL;
		}
	}
	return team;
}

int team_threads(const struct team *team)
{
	return team->threads;
}

void team_free(struct team *team)
{
	if (!team)
		return;
	team->stop = true;
	raise_run(team);
	for (int i = 0; i < team->started; i++)
		pthread_join(team->ids[i], NULL);
	pthread_mutex_destroy(&team->lock);
	pthread_cond_destroy(&team->go);
	pthread_cond_destroy(&team->done);
	free(team->shares);
	free(team->ids);
	free(team);
}
