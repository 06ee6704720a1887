/* SPDX-License-Identifier: MIT */
/*
 * ops_device: the ops of what a user names.
 *
 *	struct ops *ops = ops_on_device(OPS_DEVICE_auto, 8, false, &err);
 *	... {"device", 0, "NAME", "...", CLI_CHOICE, &o->device, 0, 0, ops_device_names}
 */
#ifndef TRAINER_OPS_DEVICE_H
#define TRAINER_OPS_DEVICE_H

#include "base/err.h"
#include "trainer/ops/ops.h"

/* X(name): auto is cuda where it was built and a device answers, else cpu. */
#define OPS_DEVICES(X)                                                                             \
	X(auto)                                                                                    \
	X(cpu)                                                                                     \
	X(cuda)

enum ops_device {
#define X(name) OPS_DEVICE_##name,
	OPS_DEVICES(X)
#undef X
};

/* NULL-terminated list for option tables. */
extern const char *const ops_device_names[4];

/* threads: the CPU's. f32: act is F32, else what is fast there. NULL as ops_cpu_new and ops_cuda_new. */
struct ops *ops_on_device(enum ops_device device, int threads, bool f32, struct err *err);

#endif
