/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/ops/ops_device.h"

#include <stddef.h>

#include "trainer/ops/ops_cpu.h"
#include "trainer/ops/ops_cuda.h"

const char *const ops_device_names[4] = {
#define X(name) #name,
	OPS_DEVICES(X)
#undef X
		NULL};

static struct ops *ops_on_cpu(int threads, bool f32, struct err *err)
{
	int way = CPU_WAY_COUNT - 1;

	if (!f32)
		return ops_cpu_new(threads, err);
	while (!cpu_way_works((enum cpu_way)way))
		way--;
	return ops_cpu_new_as(threads, DTYPE_F32, (enum cpu_way)way, err);
}

struct ops *ops_on_device(enum ops_device device, int threads, bool f32, struct err *err)
{
	struct ops *ops = NULL;

	if (device != OPS_DEVICE_cpu)
		ops = ops_cuda_new(f32 ? DTYPE_F32 : DTYPE_BF16, err);
	if (ops || device == OPS_DEVICE_cuda)
		return ops;
	return ops_on_cpu(threads, f32, err);
}
