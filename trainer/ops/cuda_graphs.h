/* SPDX-License-Identifier: MIT */
/*
 * cuda_graphs: a device that is another one, and does as one what comes again.
 *
 *	struct cuda_device *d = cuda_graphs_new(device);	(takes device)
 *	d->begin(d);
 *	... launches, products and clearing
 *	d->end(d);
 *
 * What is asked for from begin to end is held back and compared with what was before, argument by argument. New
 * work is done as it was asked for; work that comes a second time becomes a graph, which from then on is played. So
 * nothing can be played that was not asked for. Whatever else is asked for in between (copies, memory, the time)
 * has what was held back done first, and the rest up to end is done at once.
 */
#ifndef TRAINER_CUDA_GRAPHS_H
#define TRAINER_CUDA_GRAPHS_H

#include <stdint.h>

#include "trainer/ops/cuda_device.h"

/* Works that are known; the one that has not been asked for longest is forgotten first. */
#define CUDA_GRAPHS_KEPT 128

/* Whether equal work is seen to be equal: where the compiler cannot clear what lies between members of structures, it
 * may not be. */
#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
#define CUDA_GRAPHS_SURE 1
#endif
#endif
#ifndef CUDA_GRAPHS_SURE
#define CUDA_GRAPHS_SURE 0
#endif

/* The device itself where it knows of no graphs. */
struct cuda_device *cuda_graphs_new(struct cuda_device *device);

/* How often a graph was played. */
uint64_t cuda_graphs_played(const struct cuda_device *graphs);

#endif
