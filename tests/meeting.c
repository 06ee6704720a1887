/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/meeting.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct meeting {
	pthread_mutex_t lock;
	pthread_cond_t all_arrived;
	int count, arrived;
	unsigned turn;                      /* how often all have arrived */
	const float *numbers[MEETING_MOST]; /* of each rank, at a sum */
};

struct meeting *meeting_new(int count)
{
	struct meeting *m = mem_alloc(1, sizeof(*m));

	assert(count > 0 && count <= MEETING_MOST);
	m->count = count;
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->all_arrived, NULL);
	return m;
}

void meeting_free(struct meeting *meeting)
{
	if (!meeting)
		return;
	pthread_mutex_destroy(&meeting->lock);
	pthread_cond_destroy(&meeting->all_arrived);
	free(meeting);
}

void meeting_wait(struct meeting *m)
{
	unsigned turn;

	pthread_mutex_lock(&m->lock);
	turn = m->turn;
	if (++m->arrived == m->count) {
		m->arrived = 0;
		m->turn++;
		pthread_cond_broadcast(&m->all_arrived);
	}
	while (m->turn == turn)
		pthread_cond_wait(&m->all_arrived, &m->lock);
	pthread_mutex_unlock(&m->lock);
}

/* None writes before all have read. */
void meeting_sum(struct meeting *m, int rank, float *numbers, size_t n)
{
	float *sums = mem_alloc(n, sizeof(*sums));

	m->numbers[rank] = numbers;
	meeting_wait(m);
	for (int i = 0; i < m->count; i++)
		for (size_t k = 0; k < n; k++)
			sums[k] += m->numbers[i][k];
	meeting_wait(m);
	memcpy(numbers, sums, n * sizeof(*sums));
	free(sums);
}
