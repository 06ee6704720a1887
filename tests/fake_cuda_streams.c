/* SPDX-License-Identifier: MIT */
/*
 * Streams are lists of work that is done when somebody waits, or before that, as the seed says (enum way). A wait for
 * an event is work that is done when the other stream has come so far; it cannot come round in a circle, as what is
 * waited for was asked for before.
 */
#include <config.h>

#include "tests/fake_cuda.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tests/cuda_host.h"
#include "trainer/ops/cuda/cuda_thread.h"

#define STREAMS 8
#define NO_KERNELS 130 /* a GPU that the plug-in knows nothing of */
#define SHARED_UNASKED ((size_t)48 << 10)

/* When what nobody waits for is done. */
enum way {
	WAY_LATE, /* not at all */
	WAY_AT_ONCE,
	WAY_CHANCE,
	WAY_FIRST_LATE, /* at once, but for the first stream's */
	WAY_COUNT
};

struct work {
	struct work *next;
	fake_work *run; /* NULL: it waits until `other` has done so much */
	cudaStream_t other;
	uint64_t until;
	size_t bytes;
	_Alignas(16) char arguments[];
};

struct list {
	struct work *first, **last;
};

struct CUgraph_st {
	struct list list;
	bool spoilt;
};

struct CUgraphExec_st {
	struct list list;
};

struct CUstream_st {
	struct list list;
	uint64_t asked, done;
	struct CUgraph_st *making; /* NULL: none */
};

struct CUevent_st {
	cudaStream_t stream; /* NULL: not recorded yet */
	uint64_t at;
	bool times;
	double when; /* s */
};

/* What nvcc's code says of a kernel when it is loaded. */
static struct {
	const void *function;
	size_t shared_most;
} kernels[CUDA_KERNEL_COUNT];

static const char *const kernel_names[CUDA_KERNEL_COUNT] = {
#define X(name, arguments) #name "_kernel",
	CUDA_KERNELS(X)
#undef X
};

static cudaStream_t streams[STREAMS];
static int stream_count;

/* --- lists ---------------------------------------------------------------------------------- */

static void list_begin(struct list *list)
{
	list->first = NULL;
	list->last = &list->first;
}

static void list_add(struct list *list, struct work *w)
{
	w->next = NULL;
	*list->last = w;
	list->last = &w->next;
}

static struct work *list_take(struct list *list)
{
	struct work *w = list->first;

	list->first = w->next;
	if (!list->first)
		list->last = &list->first;
	return w;
}

static void list_free(struct list *list)
{
	while (list->first)
		free(list_take(list));
}

static struct work *copy_work(const struct work *w)
{
	struct work *copy = mem_alloc(1, sizeof(*w) + w->bytes);

	memcpy(copy, w, sizeof(*w) + w->bytes);
	return copy;
}

/* --- doing it ------------------------------------------------------------------------------- */

static void run_until(cudaStream_t stream, uint64_t done);

static void run_next(cudaStream_t stream)
{
	struct work *w = list_take(&stream->list);

	if (w->run)
		w->run(w->arguments);
	else
		run_until(w->other, w->until);
	stream->done++;
	free(w);
}

static void run_until(cudaStream_t stream, uint64_t done)
{
	while (stream->done < done)
		run_next(stream);
}

static void run_all(cudaStream_t stream)
{
	fake_memory_open();
	run_until(stream, stream->asked);
	fake_memory_close();
}

void fake_finish(void)
{
	for (int i = 0; i < stream_count; i++)
		run_all(streams[i]);
}

/* Time goes by. */
static void drift(void)
{
	enum way way = fake_settings()->seed % WAY_COUNT;

	if (way == WAY_LATE || (way == WAY_CHANCE && !rng_chance(fake_rng(), 0.1)))
		return;
	fake_memory_open();
	for (int i = way == WAY_FIRST_LATE; i < stream_count; i++)
		while (streams[i]->list.first && (way != WAY_CHANCE || rng_chance(fake_rng(), 0.9)))
			run_next(streams[i]);
	fake_memory_close();
}

static void add(cudaStream_t stream, struct work *w)
{
	if (stream->making) {
		list_add(&stream->making->list, w);
		return;
	}
	list_add(&stream->list, w);
	stream->asked++;
	drift();
}

cudaError_t fake_enqueue(cudaStream_t stream, fake_work *run, const void *arguments, size_t bytes)
{
	struct work *w = mem_alloc(1, sizeof(*w) + bytes);

	w->run = run;
	w->bytes = bytes;
	memcpy(w->arguments, arguments, bytes);
	add(stream, w);
	return cudaSuccess;
}

bool fake_spoil_graphs(void)
{
	bool spoilt = false;

	for (int i = 0; i < stream_count; i++)
		if (streams[i]->making)
			spoilt = streams[i]->making->spoilt = true;
	return spoilt;
}

/* --- streams -------------------------------------------------------------------------------- */

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags)
{
	cudaError_t error = fake_call(__func__);

	*stream = NULL;
	if (error != cudaSuccess)
		return error;
	assert(flags == cudaStreamNonBlocking && stream_count < STREAMS);
	*stream = mem_alloc(1, sizeof(**stream));
	list_begin(&(*stream)->list);
	streams[stream_count++] = *stream;
	return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
	cudaError_t error = fake_call(__func__);
	int i = 0;

	run_all(stream);
	while (streams[i] != stream)
		assert(++i < stream_count);
	streams[i] = streams[--stream_count];
	free(stream);
	return error;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream)
{
	cudaError_t error = fake_call(__func__);

	if (error != cudaSuccess)
		return error;
	if (stream->making) {
		stream->making->spoilt = true;
		return cudaErrorStreamCaptureUnsupported;
	}
	run_all(stream);
	return cudaSuccess;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags)
{
	cudaError_t error = fake_call(__func__);
	struct work *w;

	if (error != cudaSuccess)
		return error;
	assert(flags == 0);
	if (stream->making) {
		stream->making->spoilt = true;
		return cudaErrorStreamCaptureIsolation;
	}
	if (!event->stream)
		return cudaSuccess;
	w = mem_alloc(1, sizeof(*w));
	w->other = event->stream;
	w->until = event->at;
	add(stream, w);
	return cudaSuccess;
}

/* --- events --------------------------------------------------------------------------------- */

static cudaError_t create_event(cudaEvent_t *event, bool times, cudaError_t error)
{
	*event = NULL;
	if (error != cudaSuccess)
		return error;
	*event = mem_alloc(1, sizeof(**event));
	(*event)->times = times;
	return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t *event)
{
	return create_event(event, true, fake_call(__func__));
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags)
{
	return create_event(event, !(flags & cudaEventDisableTiming), fake_call(__func__));
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
	cudaError_t error = fake_call(__func__);

	fake_finish();
	free(event);
	return error;
}

static void stamp(const void *arguments)
{
	cudaEvent_t event;

	memcpy(&event, arguments, sizeof(event));
	event->when = clock_seconds();
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
	cudaError_t error = fake_call(__func__);

	if (error != cudaSuccess)
		return error;
	if (stream->making) {
		stream->making->spoilt = true;
		return cudaErrorStreamCaptureUnsupported;
	}
	event->stream = stream;
	event->at = stream->asked + 1;
	return fake_enqueue(stream, stamp, &event, sizeof(event));
}

cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
	cudaError_t error = fake_call(__func__);

	if (error != cudaSuccess || !event->stream)
		return error;
	fake_memory_open();
	run_until(event->stream, event->at);
	fake_memory_close();
	return cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float *ms, cudaEvent_t start, cudaEvent_t end)
{
	cudaError_t error = fake_call(__func__);

	if (error != cudaSuccess)
		return error;
	if (!start->times || !end->times || !start->stream || !end->stream)
		return cudaErrorInvalidResourceHandle;
	if (start->stream->done < start->at || end->stream->done < end->at)
		return cudaErrorNotReady;
	*ms = (float)((end->when - start->when) * 1e3);
	return cudaSuccess;
}

/* --- copies --------------------------------------------------------------------------------- */

struct copy {
	void *to;
	const void *from;
	size_t bytes;
};

static void run_copy(const void *arguments)
{
	const struct copy *c = arguments;

	memcpy(c->to, c->from, c->bytes);
}

static void run_clear(const void *arguments)
{
	const struct copy *c = arguments;

	memset(c->to, 0, c->bytes);
}

static bool copy_is_sound(const struct copy *c, enum cudaMemcpyKind kind)
{
	bool to_device = kind != cudaMemcpyDeviceToHost;
	bool from_device = kind != cudaMemcpyHostToDevice;

	return fake_is_reserved(c->to, c->bytes) == to_device &&
	       fake_is_reserved(c->from, c->bytes) == from_device;
}

/* The plug-in sends from pinned memory alone; what it fetches is there when it has waited. */
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind,
			    cudaStream_t stream)
{
	cudaError_t error = fake_call(__func__);
	struct copy c = {to, from, bytes};

	if (error != cudaSuccess)
		return error;
	if (!copy_is_sound(&c, kind) ||
	    (kind == cudaMemcpyHostToDevice && !fake_is_pinned(from, bytes)))
		return cudaErrorInvalidValue;
	if (stream->making && kind != cudaMemcpyDeviceToDevice) {
		stream->making->spoilt = true;
		return cudaErrorStreamCaptureUnsupported;
	}
	return fake_enqueue(stream, run_copy, &c, sizeof(c));
}

cudaError_t cudaMemsetAsync(void *at, int value, size_t bytes, cudaStream_t stream)
{
	cudaError_t error = fake_call(__func__);
	struct copy c = {at, NULL, bytes};

	if (error != cudaSuccess)
		return error;
	if (value != 0 || !fake_is_reserved(at, bytes))
		return cudaErrorInvalidValue;
	return fake_enqueue(stream, run_clear, &c, sizeof(c));
}

/* --- graphs --------------------------------------------------------------------------------- */

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, enum cudaStreamCaptureMode mode)
{
	cudaError_t error = fake_call(__func__);

	if (error != cudaSuccess)
		return error;
	if (stream->making || mode != cudaStreamCaptureModeThreadLocal)
		return cudaErrorIllegalState;
	stream->making = mem_alloc(1, sizeof(*stream->making));
	list_begin(&stream->making->list);
	return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph)
{
	cudaError_t error = fake_call(__func__);

	*graph = NULL;
	if (!stream->making)
		return cudaErrorIllegalState;
	if (error == cudaSuccess && stream->making->spoilt)
		error = cudaErrorStreamCaptureInvalidated;
	if (error == cudaSuccess) {
		*graph = stream->making;
	} else {
		list_free(&stream->making->list);
		free(stream->making);
	}
	stream->making = NULL;
	return error;
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t *made, cudaGraph_t graph,
					  unsigned long long flags)
{
	cudaError_t error = fake_call(__func__);

	*made = NULL;
	if (error != cudaSuccess)
		return error;
	assert(flags == 0);
	*made = mem_alloc(1, sizeof(**made));
	list_begin(&(*made)->list);
	for (const struct work *w = graph->list.first; w; w = w->next)
		list_add(&(*made)->list, copy_work(w));
	return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph)
{
	cudaError_t error = fake_call(__func__);

	list_free(&graph->list);
	free(graph);
	return error;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t made, cudaStream_t stream)
{
	cudaError_t error = fake_call(__func__);

	if (error != cudaSuccess)
		return error;
	assert(!stream->making);
	for (const struct work *w = made->list.first; w; w = w->next)
		add(stream, copy_work(w));
	return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t made)
{
	cudaError_t error = fake_call(__func__);

	list_free(&made->list);
	free(made);
	return error;
}

/* --- kernels -------------------------------------------------------------------------------- */

/* Of what nvcc's code calls when it is loaded, which no header declares. */
void **__cudaRegisterFatBinary(void *binary);
void __cudaRegisterFatBinaryEnd(void **handle);
void __cudaUnregisterFatBinary(void **handle);
void __cudaRegisterFunction(void **handle, const char *function, char *device_function,
			    const char *name, int thread_limit, void *tid, void *bid, void *block,
			    void *grid, int *warp);
void __cudaPopCallConfiguration(void);
void __cudaLaunchKernel(void);
void __cudaGetKernel(void);

void **__cudaRegisterFatBinary(void *binary)
{
	(void)binary;
	return (void **)kernels;
}

void __cudaRegisterFatBinaryEnd(void **handle)
{
	(void)handle;
}

void __cudaUnregisterFatBinary(void **handle)
{
	(void)handle;
}

/* C++ has the length of a name before it: _Z11norm_kernel9cuda_norm. */
void __cudaRegisterFunction(void **handle, const char *function, char *device_function,
			    const char *name, int thread_limit, void *tid, void *bid, void *block,
			    void *grid, int *warp)
{
	(void)handle, (void)device_function, (void)thread_limit, (void)tid, (void)bid;
	(void)block, (void)grid, (void)warp;
	for (int i = 0; i < CUDA_KERNEL_COUNT; i++) {
		char mangled[80];

		snprintf(mangled, sizeof(mangled), "%zu%s", strlen(kernel_names[i]),
			 kernel_names[i]);
		if (strstr(name, mangled)) {
			kernels[i].function = function;
			kernels[i].shared_most = SHARED_UNASKED;
		}
	}
}

/* Of kernel<<<...>>>(...), which the plug-in does not use. */
void __cudaPopCallConfiguration(void)
{
	abort();
}

void __cudaLaunchKernel(void)
{
	abort();
}

void __cudaGetKernel(void)
{
	abort();
}

/* -1: there is none. */
static int find_kernel(const void *function)
{
	int i = CUDA_KERNEL_COUNT;

	while (--i >= 0 && kernels[i].function != function)
		;
	return i;
}

cudaError_t cudaFuncSetAttribute(const void *function, enum cudaFuncAttribute attribute, int value)
{
	cudaError_t error = fake_call(__func__);
	int kernel = find_kernel(function);

	if (error != cudaSuccess)
		return error;
	if (fake_settings()->capability == NO_KERNELS)
		return cudaErrorNoKernelImageForDevice;
	if (kernel < 0)
		return cudaErrorInvalidDeviceFunction;
	if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize || value < 0 ||
	    (size_t)value > fake_shared_most())
		return cudaErrorInvalidValue;
	kernels[kernel].shared_most = (size_t)value;
	return cudaSuccess;
}

struct launch {
	int kernel;
	struct cuda_grid grid;
	_Alignas(16) char arguments[1024];
};

static void run_launch(const void *arguments)
{
	const struct launch *l = arguments;

	cuda_host_run(cuda_host_bodies[l->kernel], &l->grid, l->arguments, fake_rng());
}

cudaError_t cudaLaunchKernel(const void *function, dim3 grid, dim3 block, void **args,
			     size_t shared, cudaStream_t stream)
{
	cudaError_t error = fake_call(__func__);
	int kernel = find_kernel(function);
	struct launch l = {.kernel = kernel};
	size_t bytes;

	if (error != cudaSuccess)
		return error;
	if (kernel < 0)
		return cudaErrorInvalidDeviceFunction;
	if (grid.x == 0 || grid.y != 1 || grid.z != 1 || block.x == 0 ||
	    block.x > CUDA_THREADS_MAX || block.y != 1 || block.z != 1 || grid.x > INT32_MAX)
		return cudaErrorInvalidConfiguration;
	if (shared > kernels[kernel].shared_most)
		return cudaErrorInvalidValue;
	bytes = cuda_argument_bytes((enum cuda_kernel)kernel);
	assert(bytes <= sizeof(l.arguments));
	l.grid = (struct cuda_grid){grid.x, (int)block.x, shared};
	memcpy(l.arguments, args[0], bytes);
	return fake_enqueue(stream, run_launch, &l, sizeof(l));
}
