/* SPDX-License-Identifier: MIT */
/*
 * The GPU itself. Its memory is a part of the address space that is handed out from its beginning and never twice,
 * so that what touches memory that was given back ends by SIGSEGV.
 */
#include <config.h>

#include "tests/fake_cuda.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"

#define REGION_BYTES ((size_t)1 << 38)
#define PAGE ((size_t)1 << 21) /* large ones take a hundredth of the time to protect */
#define NAN_BYTES ((size_t)1 << 20)
#define FUNCTIONS 64
#define PIECES 4096

struct piece {
	char *at;
	size_t bytes;
};

static struct fake_settings settings;
static struct rng rng;
static struct {
	const char *name;
	int calls;
} functions[FUNCTIONS];
static bool failed;        /* fail= has come */
static cudaError_t last;   /* for cudaGetLastError */
static char *region;       /* NULL until something is reserved */
static size_t region_used; /* bytes */
static size_t reserved;    /* bytes, now */
static struct piece pieces[PIECES], pinned[PIECES];
static int piece_count, pinned_count;

/* --- settings ------------------------------------------------------------------------------- */

static void read_setting(const char *name, const char *value)
{
	char *colon;

	if (strcmp(name, "seed") == 0)
		settings.seed = strtoull(value, NULL, 10);
	else if (strcmp(name, "driver") == 0)
		settings.driver = atoi(value);
	else if (strcmp(name, "devices") == 0)
		settings.devices = atoi(value);
	else if (strcmp(name, "capability") == 0)
		settings.capability = atoi(value);
	else if (strcmp(name, "mib") == 0)
		settings.bytes = strtoull(value, NULL, 10) << 20;
	else if (strcmp(name, "fail") == 0) {
		snprintf(settings.fail, sizeof(settings.fail), "%s", value);
		colon = strchr(settings.fail, ':');
		settings.fail_at = colon ? atoi(colon + 1) : 1;
		if (colon)
			*colon = '\0';
	} else {
		fprintf(stderr, "CADGEN_FAKE_GPU: what is %s?\n", name);
		abort();
	}
}

static void read_settings(void)
{
	const char *given = getenv("CADGEN_FAKE_GPU");
	char *copy = strdup(given ? given : ""), *rest = NULL;

	settings = (struct fake_settings){.driver = CUDART_VERSION,
					  .devices = 1,
					  .capability = 90,
					  .bytes = (size_t)16 << 30};
	for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		char *equals = strchr(word, '=');

		if (!equals)
			abort();
		*equals = '\0';
		read_setting(word, equals + 1);
	}
	free(copy);
	rng = rng_stream(settings.seed, 0, "fake_cuda", 0);
}

const struct fake_settings *fake_settings(void)
{
	if (!settings.bytes)
		read_settings();
	return &settings;
}

struct rng *fake_rng(void)
{
	fake_settings();
	return &rng;
}

/* --- failures ------------------------------------------------------------------------------- */

static int count_call(const char *function)
{
	int i = 0;

	while (i < FUNCTIONS && functions[i].name && strcmp(functions[i].name, function) != 0)
		i++;
	assert(i < FUNCTIONS);
	functions[i].name = function;
	return ++functions[i].calls;
}

static cudaError_t note(cudaError_t error)
{
	if (error != cudaSuccess)
		last = error;
	return error;
}

/* A thread has the first device until it takes another: who is not the one that chose may have the wrong one. */
static bool thread_chose(void)
{
	static pthread_t chooser;
	static bool chosen;

	if (!chosen)
		chooser = pthread_self();
	chosen = true;
	return pthread_equal(chooser, pthread_self());
}

cudaError_t fake_call(const char *function)
{
	const struct fake_settings *s = fake_settings();
	int calls = count_call(function);

	assert(thread_chose());
	if (s->driver < CUDART_VERSION / 1000 * 1000)
		return note(cudaErrorInsufficientDriver);
	if (s->devices == 0)
		return note(cudaErrorNoDevice);
	failed |= strcmp(function, s->fail) == 0 && calls == s->fail_at;
	return note(failed ? cudaErrorLaunchFailure : cudaSuccess);
}

cudaError_t cudaGetLastError(void)
{
	cudaError_t error = last;

	last = failed ? last : cudaSuccess;
	return error;
}

const char *cudaGetErrorString(cudaError_t error)
{
	static char text[64];

	switch (error) {
	case cudaSuccess:
		return "no error";
	case cudaErrorMemoryAllocation:
		return "out of memory";
	case cudaErrorNoDevice:
		return "no CUDA-capable device is detected";
	case cudaErrorLaunchFailure:
		return "unspecified launch failure";
	case cudaErrorNoKernelImageForDevice:
		return "no kernel image is available for execution on the device";
	default:
		snprintf(text, sizeof(text), "error %d", error);
		return text;
	}
}

/* --- the device ----------------------------------------------------------------------------- */

cudaError_t cudaDriverGetVersion(int *version)
{
	*version = fake_settings()->driver;
	return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int *count)
{
	cudaError_t error = fake_call(__func__);

	*count = error == cudaSuccess ? fake_settings()->devices : 0;
	return error;
}

cudaError_t cudaSetDevice(int device)
{
	cudaError_t error = fake_call(__func__);

	if (error == cudaSuccess && (device < 0 || device >= fake_settings()->devices))
		error = note(cudaErrorInvalidDevice);
	return error;
}

/* Of the table "Technical Specifications per Compute Capability" in CUDA's programming guide. */
size_t fake_shared_most(void)
{
	switch (fake_settings()->capability) {
	case 80:
	case 87:
		return (size_t)163 << 10;
	case 90:
	case 100:
	case 103:
		return (size_t)227 << 10;
	default:
		return (size_t)99 << 10;
	}
}

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *p, int device)
{
	cudaError_t error = fake_call(__func__);
	int capability = fake_settings()->capability;

	if (error == cudaSuccess && (device < 0 || device >= fake_settings()->devices))
		error = note(cudaErrorInvalidDevice);
	if (error != cudaSuccess)
		return error;
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "Fake GPU");
	p->major = capability / 10;
	p->minor = capability % 10;
	p->multiProcessorCount = 132;
	p->sharedMemPerBlock = (size_t)48 << 10;
	p->sharedMemPerBlockOptin = fake_shared_most();
	p->totalGlobalMem = fake_settings()->bytes;
	return cudaSuccess;
}

/* --- memory --------------------------------------------------------------------------------- */

static void protect(const struct piece *p, int how)
{
	if (mprotect(p->at, (p->bytes + PAGE - 1) / PAGE * PAGE, how) != 0)
		abort();
}

void fake_memory_open(void)
{
	for (int i = 0; i < piece_count; i++)
		protect(&pieces[i], PROT_READ | PROT_WRITE);
}

void fake_memory_close(void)
{
	for (int i = 0; i < piece_count; i++)
		protect(&pieces[i], PROT_NONE);
}

/* Which of them it is in, whole; -1: in none. */
static int find_piece(const struct piece *in, int count, const void *at, size_t bytes)
{
	for (int i = 0; i < count; i++)
		if ((const char *)at >= in[i].at &&
		    (size_t)((const char *)at - in[i].at) <= in[i].bytes &&
		    bytes <= in[i].bytes - (size_t)((const char *)at - in[i].at))
			return i;
	return -1;
}

bool fake_is_reserved(const void *at, size_t bytes)
{
	return find_piece(pieces, piece_count, at, bytes) >= 0;
}

bool fake_is_pinned(const void *at, size_t bytes)
{
	return find_piece(pinned, pinned_count, at, bytes) >= 0;
}

static char *new_region(void)
{
	char *at = mmap(NULL, REGION_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			-1, 0);

	if (at == MAP_FAILED)
		mem_exhausted(REGION_BYTES);
	madvise(at, REGION_BYTES, MADV_HUGEPAGE);
	return at + (PAGE - (uintptr_t)at % PAGE);
}

/* Numbers at its beginning are NaNs before they are anything. */
cudaError_t cudaMalloc(void **at, size_t bytes)
{
	cudaError_t error = fake_call(__func__);
	struct piece p;

	*at = NULL;
	if (error != cudaSuccess)
		return error;
	if (fake_spoil_graphs())
		return note(cudaErrorStreamCaptureUnsupported);
	if (bytes == 0)
		return cudaSuccess;
	if (bytes > fake_settings()->bytes - reserved)
		return note(cudaErrorMemoryAllocation);
	if (!region)
		region = new_region();
	assert(piece_count < PIECES);
	assert(bytes < REGION_BYTES - 4 * PAGE - region_used);
	p = (struct piece){region + region_used, bytes};
	region_used += (bytes / PAGE + 2) * PAGE; /* a gap behind each */
	reserved += bytes;
	protect(&p, PROT_READ | PROT_WRITE);
	memset(p.at, 0xff, bytes < NAN_BYTES ? bytes : NAN_BYTES);
	protect(&p, PROT_NONE);
	pieces[piece_count++] = p;
	*at = p.at;
	return cudaSuccess;
}

/* It waits for all that was asked for, as CUDA's does. */
cudaError_t cudaFree(void *at)
{
	cudaError_t error = fake_call(__func__);
	int i;

	if (error != cudaSuccess || !at)
		return error;
	if (fake_spoil_graphs())
		return note(cudaErrorStreamCaptureUnsupported);
	fake_finish();
	i = find_piece(pieces, piece_count, at, 1);
	if (i < 0 || pieces[i].at != at)
		return note(cudaErrorInvalidValue);
	madvise(at, pieces[i].bytes, MADV_DONTNEED);
	reserved -= pieces[i].bytes;
	pieces[i] = pieces[--piece_count];
	return cudaSuccess;
}

cudaError_t cudaMallocHost(void **at, size_t bytes)
{
	cudaError_t error = fake_call(__func__);

	if (error != cudaSuccess)
		return error;
	assert(pinned_count < PIECES);
	*at = mem_alloc(1, bytes);
	pinned[pinned_count++] = (struct piece){*at, bytes};
	return cudaSuccess;
}

cudaError_t cudaFreeHost(void *at)
{
	cudaError_t error = fake_call(__func__);
	int i = find_piece(pinned, pinned_count, at, 1);

	if (i < 0 || pinned[i].at != at)
		return note(cudaErrorInvalidValue);
	fake_finish();
	pinned[i] = pinned[--pinned_count];
	free(at);
	return error;
}
