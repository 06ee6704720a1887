/* SPDX-License-Identifier: MIT */
/*
 * ops_bench: how fast ops_cpu is, at the shapes of a small model.
 *
 *	ops_bench [THREADS [f32|bf16 [WAY]]]
 *
 * Matrix products (2 m n k) and attention (two products of t x t x size a head forward, five back, of
 * the triangle where causal) in GFLOP/s, the rest in ns a number; the best and the median of RUNS runs.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "trainer/ops/ops_cpu.h"
#include "trainer/ops/ops_memory.h"

#define RUNS 15
#define BATCH 32
#define WIDTH 256

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What an operation works on; in: random, out: anything. */
struct work {
	struct ops *ops;
	struct tensor in[3], in_acc[4], out, out_acc, stats;
	int32_t *ids;           /* below WIDTH */
	int32_t *firsts, *uses; /* of them, as embed_back takes them */
	struct tensor loss, scale;
	size_t m, n, k;
	struct heads h;
	int t;
	bool causal;
};

typedef void operation(struct work *w);

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Seconds, best and median. */
static void measure(struct work *w, operation *run, double *best, double *median)
{
	double took[RUNS];

	run(w);
	for (int i = 0; i < RUNS; i++) {
		double start = now_s();

		run(w);
		took[i] = now_s() - start;
	}
	qsort(took, RUNS, sizeof(*took), compare);
	*best = took[0];
	*median = took[RUNS / 2];
}

static void print_rate(struct work *w, const char *name, operation *run, double flop)
{
	double best, median;

	measure(w, run, &best, &median);
	printf("%-36s %8.0f GFLOP/s best %8.0f median\n", name, flop / best / 1e9,
	       flop / median / 1e9);
}

static void print_cost(struct work *w, const char *name, operation *run, size_t n)
{
	double best, median;

	measure(w, run, &best, &median);
	printf("%-36s %8.3f ns/number best %7.3f median\n", name, best * 1e9 / (double)n,
	       median * 1e9 / (double)n);
}

static struct tensor random_tensor(enum dtype type, size_t n)
{
	struct tensor t = {mem_alloc(n, dtype_bytes(type)), type};
	uint32_t state = 1;

	for (size_t i = 0; i < n; i++) {
		state = state * 1664525u + 1013904223u;
		tensor_set(t, i, (double)(state >> 8) * 0x1p-23 - 1);
	}
	return t;
}

/* --- operations ----------------------------------------------------------------------------- */

static void linear(struct work *w)
{
	struct tensor none = {0};

	w->ops->linear(w->ops, w->out, w->in[0], w->in[1], none, none, w->m, w->n, w->k);
}

static void linear_dx(struct work *w)
{
	w->ops->linear_dx(w->ops, w->out, w->in[0], w->in[1], w->m, w->n, w->k, false);
}

static void linear_dw(struct work *w)
{
	w->ops->linear_dw(w->ops, w->out_acc, w->stats, w->in[0], w->in[1], w->m, w->n, w->k);
}

static void attention(struct work *w)
{
	w->ops->attention(w->ops, w->out, w->stats, w->in[0], w->h, BATCH, w->t, 0, w->causal);
}

static void attention_back(struct work *w)
{
	w->ops->attention_back(w->ops, w->in[2], w->in[1], w->out, w->stats, w->in[0], w->h, BATCH,
			       w->t, 0, w->causal);
}

static void rope(struct work *w)
{
	w->ops->rope(w->ops, w->in[0], w->h, BATCH, w->t, 0, 10000, 1);
}

static void layernorm(struct work *w)
{
	w->ops->layernorm(w->ops, w->out, w->stats, w->in_acc[0], w->in_acc[1], w->in_acc[2], w->m,
			  w->n, 1e-5);
}

static void layernorm_back(struct work *w)
{
	w->ops->layernorm_back(w->ops, w->out_acc, w->out, w->in_acc[2], w->in_acc[3], w->in[0],
			       w->in_acc[0], w->in_acc[1], w->stats, w->m, w->n);
}

static void rmsnorm(struct work *w)
{
	w->ops->rmsnorm(w->ops, w->out, w->stats, w->in_acc[0], w->in_acc[1], w->m, w->n, 1e-5);
}

static void rmsnorm_back(struct work *w)
{
	w->ops->rmsnorm_back(w->ops, w->out_acc, w->out, w->in_acc[2], w->in[0], w->in_acc[0],
			     w->in_acc[1], w->stats, w->m, w->n);
}

static void quick_gelu(struct work *w)
{
	w->ops->quick_gelu(w->ops, w->out, w->in[0], w->m * w->n);
}

static void quick_gelu_back(struct work *w)
{
	w->ops->quick_gelu_back(w->ops, w->out, w->in[0], w->in[1], w->m * w->n);
}

static void swiglu(struct work *w)
{
	w->ops->swiglu(w->ops, w->out, w->in[0], w->m / 2, w->n);
}

static void swiglu_back(struct work *w)
{
	w->ops->swiglu_back(w->ops, w->out, w->in[0], w->in[1], w->m / 2, w->n);
}

static void convert(struct work *w)
{
	w->ops->convert(w->ops, w->out, w->in_acc[0], w->m * w->n);
}

static void mix(struct work *w)
{
	w->ops->mix(w->ops, w->out_acc, w->in[0], w->m * w->n, 1, 1);
}

static void embed(struct work *w)
{
	w->ops->embed(w->ops, w->out_acc, w->in[0], w->ids, w->m, w->n);
}

static void embed_back(struct work *w)
{
	w->ops->embed_back(w->ops, w->in_acc[3], w->out_acc, w->firsts, w->uses, WIDTH, w->n);
}

static void cross_entropy(struct work *w)
{
	w->ops->cross_entropy(w->ops, w->loss, w->out, w->in[0], w->ids, w->m, w->n, 0.1, w->scale);
}

static void sum_squares(struct work *w)
{
	w->ops->sum_squares(w->ops, w->loss, w->in_acc[0], w->m * w->n);
}

static void adamw(struct work *w)
{
	struct adamw how = {1e-3, 0.9, 0.95, 1e-8, 0.1, 1, 10};

	w->ops->adamw(w->ops, w->out_acc, w->in_acc[0], w->in_acc[3], w->in_acc[2], w->out,
		      w->m * w->n, &how);
}

/* --- tables --------------------------------------------------------------------------------- */

#define M_MOST ((size_t)BATCH * 400)
#define N_MOST 1408

static void print_products(struct work *w)
{
	static const size_t rows[] = {BATCH * 257, BATCH * 400};
	static const size_t shapes[][2] = {{256, 256},  {256, 768},  {256, 1024},
					   {1024, 256}, {256, 1408}, {704, 256}};
	char name[64];

	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 6; j++) {
			double flop;

			w->m = rows[i];
			w->k = shapes[j][0];
			w->n = shapes[j][1];
			flop = 2 * (double)w->m * (double)w->n * (double)w->k;
			snprintf(name, sizeof(name), "linear m %zu k %zu n %zu", w->m, w->k, w->n);
			print_rate(w, name, linear, flop);
			snprintf(name, sizeof(name), "linear_dx");
			print_rate(w, name, linear_dx, flop);
			snprintf(name, sizeof(name), "linear_dw");
			print_rate(w, name, linear_dw, flop);
		}
}

/* A product of t x t x size, for each head; of the triangle where causal. */
static double attention_work(const struct work *w, int products)
{
	double t = w->t, pairs = w->causal ? t * (t + 1) / 2 : t * t;

	return 2.0 * products * pairs * w->h.size * w->h.heads * BATCH;
}

static void print_attention(struct work *w)
{
	static const int lengths[] = {257, 400};
	char name[64];

	w->h = (struct heads){4, 4, 64};
	for (int i = 0; i < 2; i++) {
		w->t = lengths[i];
		w->causal = i;
		snprintf(name, sizeof(name), "attention t %d%s", w->t, i ? " causal" : "");
		print_rate(w, name, attention, attention_work(w, 2));
		print_rate(w, "attention_back", attention_back, attention_work(w, 5));
		print_cost(w, "rope", rope, (size_t)(BATCH * w->t) * 2 * WIDTH);
	}
}

static void print_rest(struct work *w)
{
	static const struct {
		const char *name;
		operation *run;
	} all[] = {
		{"layernorm", layernorm},
		{"layernorm_back", layernorm_back},
		{"rmsnorm", rmsnorm},
		{"rmsnorm_back", rmsnorm_back},
		{"quick_gelu", quick_gelu},
		{"quick_gelu_back", quick_gelu_back},
		{"swiglu (of gate and up)", swiglu},
		{"swiglu_back", swiglu_back},
		{"convert", convert},
		{"mix", mix},
		{"embed", embed},
		{"embed_back", embed_back},
		{"cross_entropy", cross_entropy},
		{"sum_squares", sum_squares},
		{"adamw", adamw},
	};

	w->m = (size_t)BATCH * 257;
	w->n = WIDTH;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		print_cost(w, all[i].name, all[i].run, w->m * w->n);
}

static void prepare(struct work *w)
{
	enum dtype act = w->ops->act;

	for (int i = 0; i < 3; i++)
		w->in[i] = random_tensor(act, M_MOST * N_MOST);
	for (int i = 0; i < 4; i++)
		w->in_acc[i] = random_tensor(DTYPE_F32, M_MOST * WIDTH);
	w->out = random_tensor(act, M_MOST * N_MOST);
	w->out_acc = random_tensor(DTYPE_F32, M_MOST * WIDTH);
	w->stats = random_tensor(DTYPE_F32, M_MOST * 4);
	w->ids = mem_alloc(M_MOST, sizeof(*w->ids));
	for (size_t i = 0; i < M_MOST; i++)
		w->ids[i] = (int32_t)(i * 37 % WIDTH);
	w->firsts = mem_alloc(WIDTH + 1, sizeof(*w->firsts));
	w->uses = mem_alloc(M_MOST, sizeof(*w->uses));
	uses_list(w->firsts, w->uses, w->ids, (size_t)BATCH * 257, WIDTH);
	w->loss = tensor_alloc(w->ops, 1, DTYPE_F64);
	w->scale = tensor_alloc(w->ops, 1, w->ops->acc);
}

static void release(struct work *w)
{
	for (int i = 0; i < 3; i++)
		free(w->in[i].at);
	for (int i = 0; i < 4; i++)
		free(w->in_acc[i].at);
	free(w->out.at);
	free(w->out_acc.at);
	free(w->stats.at);
	free(w->ids);
	free(w->firsts);
	free(w->uses);
	tensor_release(w->ops, w->loss);
	tensor_release(w->ops, w->scale);
}

static struct ops *choose(int argc, char **argv, struct err *err)
{
	int threads = argc > 1 ? atoi(argv[1]) : 2;
	int way = argc > 3 ? 0 : CPU_WAY_COUNT - 1;
	static const char *const ways[] = {
#define X(name, text, about) text,
		CPU_WAYS(X)
#undef X
	};

	if (argc < 3)
		return ops_cpu_new(threads, err);
	while (argc > 3 && way < CPU_WAY_COUNT - 1 && strcmp(ways[way], argv[3]) != 0)
		way++;
	while (argc < 4 && !cpu_way_works((enum cpu_way)way))
		way--;
	return ops_cpu_new_as(threads, strcmp(argv[2], "f32") ? DTYPE_BF16 : DTYPE_F32,
			      (enum cpu_way)way, err);
}

int main(int argc, char **argv)
{
	struct err err = {0};
	struct work w = {.ops = choose(argc, argv, &err)};

	if (!w.ops) {
		fprintf(stderr, "ops_bench: %s\n", err.msg);
		return 1;
	}
	printf("%s, %s\n", w.ops->name, argc > 1 ? argv[1] : "2");
	prepare(&w);
	print_products(&w);
	print_attention(&w);
	print_rest(&w);
	release(&w);
	w.ops->free(w.ops);
	return 0;
}
