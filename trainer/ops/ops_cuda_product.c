/* SPDX-License-Identifier: MIT */
/*
 * Matrix products, which the device's own library does; and what it does not do: sums over no numbers,
 * biases of another type, and, where it does not give them as it multiplies, sums of columns.
 */
#include <config.h>

#include "base/mem.h"
#include "trainer/ops/cuda.h"

#define PREPARED_ALIGN ((size_t)64)

/* Where k is 0 all products are sums over nothing. */
static void fill_rows(struct cuda *c, const struct cuda_product *p)
{
	struct cuda_bias args = {
		.out = p->out,
		.bias = p->bias,
		.rows = p->m,
		.width = p->n,
		.add = !tensor_is_none(p->base),
		.wide = cuda_is_wide(p->out, p->n) && cuda_is_wide(p->bias, p->n),
	};

	if (args.add && p->base.at != p->out.at)
		c->ops.convert(&c->ops, p->out, p->base, p->m * p->n);
	if (!args.add || !tensor_is_none(p->bias))
		cuda_launch_groups(c, CUDA_fill_rows, p->m, p->n, &args);
}

/* The bias in the type of out. */
static struct tensor bias_as(struct cuda *c, struct tensor bias, enum dtype type, size_t n)
{
	struct tensor converted = {NULL, type};

	if (tensor_is_none(bias) || bias.type == type)
		return bias;
	converted.at = cuda_scratch(c, n * dtype_bytes(type));
	c->ops.convert(&c->ops, converted, bias, n);
	return converted;
}

static void multiply(struct cuda *c, struct cuda_product p)
{
	if (p.m == 0 || p.n == 0)
		return;
	if (p.k == 0) {
		fill_rows(c, &p);
		return;
	}
	p.bias = bias_as(c, p.bias, p.out.type, p.n);
	if (!c->lacking)
		c->device->multiply(c->device, &p);
}

/* Rows that linear, of batches to learn from, and linear_prepared, of steps of decoding, should be fast
 * with. */
#define ROWS_OF_BATCH 4096
#define ROWS_OF_STEP 32

static void multiply_rows(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
			  struct tensor bias, struct tensor base, size_t m, size_t n, size_t k,
			  size_t usual_m)
{
	multiply(cuda_of(ops), (struct cuda_product){.out = out,
						     .a = x,
						     .b = w,
						     .bias = bias,
						     .base = base,
						     .m = m,
						     .n = n,
						     .k = k,
						     .usual_m = usual_m,
						     .b_turned = true});
}

static void linear(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
		   struct tensor bias, struct tensor base, size_t m, size_t n, size_t k)
{
	multiply_rows(ops, out, x, w, bias, base, m, n, k, ROWS_OF_BATCH);
}

static struct tensor itself_or_none(struct tensor out, bool add)
{
	return add ? out : (struct tensor){NULL, out.type};
}

static void linear_dx(struct ops *ops, struct tensor dx, struct tensor dy, struct tensor w,
		      size_t m, size_t n, size_t k, bool add)
{
	multiply(cuda_of(ops), (struct cuda_product){.out = dx,
						     .a = dy,
						     .b = w,
						     .base = itself_or_none(dx, add),
						     .m = m,
						     .n = k,
						     .k = n});
}

/* db[n] += sum of dy's rows. */
static void sum_columns(struct cuda *c, struct tensor db, struct tensor dy, size_t m, size_t n)
{
	size_t numbers = mem_mul(cuda_chunks(m), n);
	struct cuda_columns args = {
		.x = dy,
		.partial = {cuda_scratch(c, mem_mul(numbers, sizeof(float))), DTYPE_F32},
		.rows = m,
		.width = n,
		.wide = cuda_is_wide(dy, n),
	};

	cuda_launch_groups(c, CUDA_column_sums, cuda_chunks(m), n, &args);
	cuda_add_partials(c, db, args.partial, m, n, n);
}

static bool can_sum(struct cuda *c, const struct cuda_product *p)
{
	struct cuda_device *d = c->device;

	return p->m && p->n && p->k && !c->lacking && d->can_sum && d->can_sum(d, p);
}

static void linear_dw(struct ops *ops, struct tensor dw, struct tensor db, struct tensor dy,
		      struct tensor x, size_t m, size_t n, size_t k)
{
	struct cuda *c = cuda_of(ops);
	struct cuda_product p = {
		.out = dw, .a = dy, .b = x, .base = dw, .m = n, .n = k, .k = m, .a_turned = true};

	if (!tensor_is_none(db) && can_sum(c, &p))
		p.sums = (struct tensor){cuda_scratch(c, n * sizeof(float)), DTYPE_F32};
	multiply(c, p);
	if (!tensor_is_none(p.sums))
		cuda_add_partials(c, db, p.sums, 1, n, n);
	else if (!tensor_is_none(db) && m > 0)
		sum_columns(c, db, dy, m, n);
}

/* --- prepared weights: a plain copy of type act */

static size_t prepared_bytes(struct ops *ops, size_t n, size_t k)
{
	size_t bytes = mem_mul(mem_mul(n, k), dtype_bytes(ops->act));

	return mem_add(bytes, PREPARED_ALIGN - 1) / PREPARED_ALIGN * PREPARED_ALIGN;
}

static void prepare(struct ops *ops, void *to, struct tensor w, size_t n, size_t k)
{
	ops->convert(ops, (struct tensor){to, ops->act}, w, n * k);
}

static void linear_prepared(struct ops *ops, struct tensor out, struct tensor x, const void *w,
			    struct tensor bias, size_t m, size_t n, size_t k, bool add)
{
	struct tensor weights = {(void *)(uintptr_t)w, ops->act};

	multiply_rows(ops, out, x, weights, bias, itself_or_none(out, add), m, n, k, ROWS_OF_STEP);
}

void cuda_fill_products(struct ops *ops)
{
	ops->linear = linear;
	ops->linear_dx = linear_dx;
	ops->linear_dw = linear_dw;
	ops->prepared_bytes = prepared_bytes;
	ops->prepare = prepare;
	ops->linear_prepared = linear_prepared;
}
