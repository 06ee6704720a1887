/* SPDX-License-Identifier: MIT */
/*
 * The plug-in: a GPU as a cuda_device. Everything goes through one stream, but for what is sent, which has one of its
 * own. What goes to the device goes by way of pinned memory, piece behind piece: the caller's memory is free at
 * once, and nobody waits before that memory is full.
 */
#include "trainer/ops/cuda/gpu.cuh"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trainer/ops/cuda/cuda_bodies.h"

#define STAGE_BYTES ((size_t)32 << 20)
#define STAGE_ALIGN ((size_t)256)
#define CAPABILITY_LEAST 8 /* of Ampere: bf16 in tensor cores */
#define BLOCKS_MOST 0x7fffffff

/* --- kernels -------------------------------------------------------------------------------- */

#define X(name, arguments)                                                                         \
	static __global__ void __launch_bounds__(CUDA_THREADS_MAX)                                 \
		name##_kernel(const __grid_constant__ struct arguments args)                       \
	{                                                                                          \
		name##_thread(&args);                                                              \
	}
CUDA_KERNELS(X)
#undef X

static const struct {
	const void *function;
	const char *name;
} kernels[CUDA_KERNEL_COUNT] = {
#define X(name, arguments) {(const void *)name##_kernel, #name},
	CUDA_KERNELS(X)
#undef X
};

/* --- failures ------------------------------------------------------------------------------- */

void gpu_note_failure(struct gpu *g, const char *doing, const char *reason)
{
	if (!g->failure[0])
		snprintf(g->failure, sizeof(g->failure), "%.100s: %s: %s", g->name, doing, reason);
}

bool gpu_failed(struct gpu *g, cudaError_t error, const char *doing)
{
	if (error != cudaSuccess)
		gpu_note_failure(g, doing, cudaGetErrorString(error));
	return g->failure[0];
}

bool gpu_blas_failed(struct gpu *g, cublasStatus_t status, const char *doing)
{
	if (status != CUBLAS_STATUS_SUCCESS)
		gpu_note_failure(g, doing, cublasLtGetStatusString(status));
	return g->failure[0];
}

static const char *gpu_failure(struct cuda_device *d)
{
	return gpu_of(d)->failure[0] ? gpu_of(d)->failure : NULL;
}

/* --- memory --------------------------------------------------------------------------------- */

static void *gpu_alloc(struct cuda_device *d, size_t bytes)
{
	void *at = NULL;
	cudaError_t error = cudaMalloc(&at, bytes);

	if (error == cudaErrorMemoryAllocation) {
		cudaGetLastError(); /* it is no failure, and not to be met again */
		return NULL;
	}
	return gpu_failed(gpu_of(d), error, "reserving memory") ? NULL : at;
}

/* Waits until nothing works on it. */
static void gpu_release(struct cuda_device *d, void *at)
{
	if (at)
		gpu_failed(gpu_of(d), cudaFree(at), "giving back memory");
}

/* Room for so many bytes of pinned memory; before it is used again what was there must have left. */
static char *stage_for(struct gpu *g, size_t bytes)
{
	char *at;

	if (g->staged + bytes > STAGE_BYTES) {
		if (gpu_failed(g, cudaStreamSynchronize(g->stream), "copying to the GPU") ||
		    gpu_failed(g, cudaStreamSynchronize(g->aside), "copying to the GPU"))
			return NULL;
		g->staged = 0;
	}
	at = g->stage + g->staged;
	g->staged += (bytes + STAGE_ALIGN - 1) / STAGE_ALIGN * STAGE_ALIGN;
	return at;
}

static void copy_there(struct gpu *g, void *to, const void *from, size_t bytes, cudaStream_t stream)
{
	for (size_t at = 0; at < bytes && !g->failure[0];) {
		size_t n = bytes - at < STAGE_BYTES / 4 ? bytes - at : STAGE_BYTES / 4;
		char *stage = stage_for(g, n);

		if (!stage)
			return;
		memcpy(stage, (const char *)from + at, n);
		gpu_failed(g,
			   cudaMemcpyAsync((char *)to + at, stage, n, cudaMemcpyHostToDevice,
					   stream),
			   "copying to the GPU");
		at += n;
	}
}

static void gpu_arrive(struct cuda_device *d)
{
	struct gpu *g = gpu_of(d);
	const char *doing = "copying to the GPU";

	if (g->waiting_count == 0 || g->failure[0] ||
	    gpu_failed(g, cudaEventRecord(g->sent, g->aside), doing) ||
	    gpu_failed(g, cudaStreamWaitEvent(g->stream, g->sent, 0), doing))
		return;
	for (int i = 0; i < g->waiting_count && !g->failure[0]; i++)
		gpu_failed(g,
			   cudaMemcpyAsync(g->waiting[i].to, g->waiting[i].at, g->waiting[i].bytes,
					   cudaMemcpyDeviceToDevice, g->stream),
			   doing);
	gpu_failed(g, cudaEventRecord(g->left, g->stream), doing);
	g->waiting_count = 0;
}

static void gpu_upload(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	copy_there(gpu_of(d), to, from, bytes, gpu_of(d)->stream);
}

/* A place on the device for so many bytes that are sent; NULL after a failure. */
static struct gpu_waiting *wait_for_arrival(struct gpu *g, size_t bytes)
{
	struct gpu_waiting *w = &g->waiting[g->waiting_count];

	if (!g->failure[0] && g->waiting_count == CUDA_SENT_MOST)
		gpu_note_failure(g, "copying to the GPU", "too much is sent at once");
	if (g->failure[0])
		return NULL;
	if (bytes > w->room) {
		cudaFree(w->at);
		w->room = 0;
		if (gpu_failed(g, cudaMalloc(&w->at, bytes), "reserving memory"))
			return NULL;
		w->room = bytes;
	}
	g->waiting_count++;
	return w;
}

/* It waits on the device until it arrives; what waited in its place has left it by then. */
static void gpu_send(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct gpu *g = gpu_of(d);
	struct gpu_waiting *w = wait_for_arrival(g, bytes);

	if (!w || gpu_failed(g, cudaStreamWaitEvent(g->aside, g->left, 0), "copying to the GPU"))
		return;
	w->to = to;
	w->bytes = bytes;
	copy_there(g, w->at, from, bytes, g->aside);
}

static void gpu_download(struct cuda_device *d, void *to, const void *from, size_t bytes)
{
	struct gpu *g = gpu_of(d);

	if (bytes == 0 || g->failure[0])
		return;
	if (!gpu_failed(g, cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, g->stream),
			"copying from the GPU"))
		gpu_failed(g, cudaStreamSynchronize(g->stream), "computing");
}

static void gpu_clear(struct cuda_device *d, void *at, size_t bytes)
{
	struct gpu *g = gpu_of(d);

	if (bytes > 0 && !g->failure[0])
		gpu_failed(g, cudaMemsetAsync(at, 0, bytes, g->stream), "clearing memory");
}

/* --- launching ------------------------------------------------------------------------------ */

static void gpu_launch(struct cuda_device *d, enum cuda_kernel kernel, const struct cuda_grid *grid,
		       const void *args)
{
	struct gpu *g = gpu_of(d);
	void *parameters[] = {(void *)args};

	if (g->failure[0])
		return;
	if (grid->blocks > BLOCKS_MOST) {
		gpu_note_failure(g, kernels[kernel].name, "more than 2^31 - 1 blocks");
		return;
	}
	gpu_failed(g,
		   cudaLaunchKernel(kernels[kernel].function, dim3((unsigned)grid->blocks),
				    dim3((unsigned)grid->threads), parameters, grid->shared,
				    g->stream),
		   kernels[kernel].name);
}

/* Lets every kernel have as much shared memory as there is; fails where none was built for this GPU. */
static bool prepare_kernels(struct gpu *g, const struct cudaDeviceProp *p)
{
	cudaError_t error = cudaSuccess;
	const char *doing = "";
	char text[100];

	for (int i = 0; i < CUDA_KERNEL_COUNT && error == cudaSuccess; i++) {
		error = cudaFuncSetAttribute(kernels[i].function,
					     cudaFuncAttributeMaxDynamicSharedMemorySize,
					     (int)p->sharedMemPerBlockOptin);
		doing = kernels[i].name;
	}
	if (error == cudaErrorNoKernelImageForDevice || error == cudaErrorUnsupportedPtxVersion) {
		snprintf(text, sizeof(text),
			 "this was not built for compute capability %d.%d; configure "
			 "--with-cuda-arch=%d%d",
			 p->major, p->minor, p->major, p->minor);
		doing = text;
	}
	return !gpu_failed(g, error, doing);
}

/* --- graphs --------------------------------------------------------------------------------- */

static void gpu_begin_graph(struct cuda_device *d)
{
	struct gpu *g = gpu_of(d);

	if (!g->failure[0])
		gpu_failed(g, cudaStreamBeginCapture(g->stream, cudaStreamCaptureModeThreadLocal),
			   "beginning a graph");
}

/* A graph that cannot be made, for want of memory, say, is no failure. */
static struct cuda_graph *gpu_end_graph(struct cuda_device *d)
{
	struct gpu *g = gpu_of(d);
	cudaGraphExec_t made = NULL;
	cudaGraph_t graph = NULL;

	if (cudaStreamEndCapture(g->stream, &graph) != cudaSuccess ||
	    cudaGraphInstantiateWithFlags(&made, graph, 0) != cudaSuccess)
		made = NULL;
	if (graph)
		cudaGraphDestroy(graph);
	cudaGetLastError(); /* it is not to be met again */
	return (struct cuda_graph *)made;
}

static void gpu_play(struct cuda_device *d, struct cuda_graph *graph)
{
	struct gpu *g = gpu_of(d);

	if (!g->failure[0])
		gpu_failed(g, cudaGraphLaunch((cudaGraphExec_t)graph, g->stream), "playing a graph");
}

static void gpu_release_graph(struct cuda_device *d, struct cuda_graph *graph)
{
	(void)d;
	cudaGraphExecDestroy((cudaGraphExec_t)graph);
}

/* --- time ----------------------------------------------------------------------------------- */

static double gpu_lap(struct cuda_device *d)
{
	struct gpu *g = gpu_of(d);
	float ms = 0;

	if (g->failure[0] ||
	    gpu_failed(g, cudaEventRecord(g->lap_end, g->stream), "taking the time") ||
	    gpu_failed(g, cudaEventSynchronize(g->lap_end), "computing"))
		return 0;
	if (g->lap_begun)
		gpu_failed(g, cudaEventElapsedTime(&ms, g->lap_begin, g->lap_end),
			   "taking the time");
	g->lap_begun = !gpu_failed(g, cudaEventRecord(g->lap_begin, g->stream), "taking the time");
	return ms / 1e3;
}

/* --- opening -------------------------------------------------------------------------------- */

static void gpu_free(struct cuda_device *d)
{
	struct gpu *g = gpu_of(d);

#ifdef HAVE_NCCL
	gpu_ranks_close(g);
#endif
	gpu_products_close(g);
	if (g->stage)
		cudaFreeHost(g->stage);
	if (g->lap_begin)
		cudaEventDestroy(g->lap_begin);
	if (g->lap_end)
		cudaEventDestroy(g->lap_end);
	for (struct gpu_waiting &w : g->waiting)
		cudaFree(w.at);
	if (g->sent)
		cudaEventDestroy(g->sent);
	if (g->left)
		cudaEventDestroy(g->left);
	if (g->aside)
		cudaStreamDestroy(g->aside);
	if (g->stream)
		cudaStreamDestroy(g->stream);
	free(g);
}

static void explain(char message[CUDA_MESSAGE_BYTES], cudaError_t error)
{
	int driver = 0;

	cudaDriverGetVersion(&driver);
	if (error == cudaErrorInsufficientDriver && driver == 0)
		snprintf(message, CUDA_MESSAGE_BYTES, "no CUDA driver on this machine");
	else if (error == cudaErrorInsufficientDriver)
		snprintf(message, CUDA_MESSAGE_BYTES,
			 "the CUDA driver is one for CUDA %d.%d; this was built for %d.%d",
			 driver / 1000, driver % 1000 / 10, CUDART_VERSION / 1000,
			 CUDART_VERSION % 1000 / 10);
	else
		snprintf(message, CUDA_MESSAGE_BYTES, "no CUDA device: %s",
			 cudaGetErrorString(error));
}

/* Which of the processes of this machine a launcher made this one, of Open MPI, of MPICH's kind, or srun; 0
 * where none did. */
static int local_rank(void)
{
	static const char *const names[] = {"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID",
					    "SLURM_LOCALID"};

	for (const char *name : names) {
		const char *text = getenv(name);

		if (text && *text >= '0' && *text <= '9')
			return atoi(text);
	}
	return 0;
}

/* Of the devices there are, which CUDA_VISIBLE_DEVICES decides, each process of a machine takes the next. */
static bool find_device(struct cudaDeviceProp *p, char message[CUDA_MESSAGE_BYTES])
{
	int count = 0, taken = 0;
	cudaError_t error = cudaGetDeviceCount(&count);

	if (error == cudaSuccess && count == 0)
		error = cudaErrorNoDevice;
	if (error == cudaSuccess) {
		taken = local_rank() % count;
		error = cudaSetDevice(taken);
	}
	if (error == cudaSuccess)
		error = cudaGetDeviceProperties(p, taken);
	if (error != cudaSuccess) {
		explain(message, error);
		return false;
	}
	if (p->major < CAPABILITY_LEAST) {
		snprintf(message, CUDA_MESSAGE_BYTES,
			 "%.200s has compute capability %d.%d; %d.0 is the least that will do",
			 p->name, p->major, p->minor, CAPABILITY_LEAST);
		return false;
	}
	return true;
}

static bool set_up(struct gpu *g, const struct cudaDeviceProp *p)
{
	if (gpu_failed(g, cudaStreamCreateWithFlags(&g->stream, cudaStreamNonBlocking),
		       "making a stream") ||
	    gpu_failed(g, cudaStreamCreateWithFlags(&g->aside, cudaStreamNonBlocking),
		       "making a stream") ||
	    gpu_failed(g, cudaEventCreateWithFlags(&g->sent, cudaEventDisableTiming),
		       "making an event") ||
	    gpu_failed(g, cudaEventCreateWithFlags(&g->left, cudaEventDisableTiming),
		       "making an event") ||
	    gpu_failed(g, cudaEventCreate(&g->lap_begin), "making an event") ||
	    gpu_failed(g, cudaEventCreate(&g->lap_end), "making an event") ||
	    gpu_failed(g, cudaMallocHost((void **)&g->stage, STAGE_BYTES),
		       "reserving pinned memory"))
		return false;
	return prepare_kernels(g, p) && gpu_products_open(g);
}

static struct cuda_device *gpu_open(char message[CUDA_MESSAGE_BYTES])
{
	struct cudaDeviceProp p;
	struct gpu *g;

	if (!find_device(&p, message))
		return NULL;
	g = (struct gpu *)calloc(1, sizeof(*g));
	if (!g) {
		snprintf(message, CUDA_MESSAGE_BYTES, "out of memory");
		return NULL;
	}
	snprintf(g->name, sizeof(g->name), "%s", p.name);
	g->device.name = g->name;
	g->device.shared_most = p.sharedMemPerBlockOptin;
	g->device.multiprocessors = p.multiProcessorCount;
	g->device.alloc = gpu_alloc;
	g->device.release = gpu_release;
	g->device.upload = gpu_upload;
	g->device.download = gpu_download;
	g->device.send = gpu_send;
	g->device.arrive = gpu_arrive;
	g->device.clear = gpu_clear;
	g->device.launch = gpu_launch;
	g->device.multiply = gpu_multiply;
	g->device.can_sum = gpu_can_sum;
	g->device.begin_graph = gpu_begin_graph;
	g->device.end_graph = gpu_end_graph;
	g->device.play = gpu_play;
	g->device.release_graph = gpu_release_graph;
	g->device.lap = gpu_lap;
	g->device.failure = gpu_failure;
	g->device.free = gpu_free;
#ifdef HAVE_NCCL
	gpu_ranks_open(g);
#endif
	if (set_up(g, &p))
		return &g->device;
	snprintf(message, CUDA_MESSAGE_BYTES, "%s", g->failure);
	gpu_free(&g->device);
	return NULL;
}

extern "C" {
extern const struct cuda_plugin cadgen_cuda_plugin __attribute__((visibility("default")));
const struct cuda_plugin cadgen_cuda_plugin = {CUDA_PLUGIN_VERSION, gpu_open};
}
