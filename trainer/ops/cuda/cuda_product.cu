/* SPDX-License-Identifier: MIT */
/*
 * Products by cuBLASLt, sums in F32. Its matrices go down columns, so a row-major product is asked for as
 * its transpose: out^T = b^T a^T, out being n by m for it, and a bias one number for each of its rows.
 *
 * How to do a product is asked once for each kind of it. Where a row of out must have the same bits for
 * any m, what is best for the usual m is taken for all, and sums over k are never split, so that each
 * number comes of the same sum in the same order.
 */
#include "trainer/ops/cuda/gpu.cuh"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKSPACE_BYTES ((size_t)32 << 20)
#define WAYS ((size_t)1024) /* a power of two; a model has some dozens */
#define ALIGN_MOST ((size_t)16)

/* What cuBLASLt is told of a product. */
struct description {
	cublasLtMatmulDescOpaque_t product;
	cublasLtMatrixLayoutOpaque_t left, right, out; /* in its order: b, a, out */
};

bool gpu_products_open(struct gpu *g)
{
	g->ways = (struct gpu_way *)calloc(WAYS, sizeof(*g->ways));
	if (!g->ways)
		return !gpu_failed(g, cudaErrorMemoryAllocation, "starting cuBLASLt");
	return !gpu_blas_failed(g, cublasLtCreate(&g->blas), "starting cuBLASLt") &&
	       !gpu_failed(g, cudaMalloc(&g->workspace, WORKSPACE_BYTES), "reserving memory");
}

void gpu_products_close(struct gpu *g)
{
	if (g->workspace)
		cudaFree(g->workspace);
	if (g->blas)
		cublasLtDestroy(g->blas);
	free(g->ways);
}

/* --- kinds ---------------------------------------------------------------------------------- */

static cudaDataType_t cuda_type(enum dtype type)
{
	return type == DTYPE_BF16 ? CUDA_R_16BF : CUDA_R_32F;
}

/* What the address and the distance of rows are a multiple of. */
static int32_t align_of(struct tensor t, size_t row)
{
	size_t bits = (size_t)t.at | row * dtype_bytes(t.type) | ALIGN_MOST;

	return (int32_t)(bits & (~bits + 1));
}

/* Numbers in a row as it lies in memory. */
static size_t row_of_a(const struct cuda_product *p)
{
	return p->a_turned ? p->m : p->k;
}

static size_t row_of_b(const struct cuda_product *p)
{
	return p->b_turned ? p->k : p->n;
}

/* With none cuBLASLt is given out, times 0, which it does not read. */
static struct tensor base_of(const struct cuda_product *p)
{
	return p->base.at ? p->base : p->out;
}

static struct gpu_product_kind kind_of(const struct cuda_product *p)
{
	struct gpu_product_kind kind;

	memset(&kind, 0, sizeof(kind));
	kind.m = p->usual_m ? p->usual_m : p->m;
	kind.n = p->n;
	kind.k = p->k;
	kind.type = p->a.type;
	kind.out_type = p->out.type;
	kind.a_turned = p->a_turned;
	kind.b_turned = p->b_turned;
	kind.any_m = p->usual_m != 0;
	kind.bias = p->bias.at != NULL;
	kind.sums = p->sums.at != NULL;
	kind.a_align = align_of(p->a, row_of_a(p));
	kind.b_align = align_of(p->b, row_of_b(p));
	kind.out_align = align_of(p->out, p->n);
	kind.bias_align = kind.bias ? align_of(p->bias, 0) : 0;
	kind.base_align = align_of(base_of(p), p->n);
	return kind;
}

/* Where the kind's way is, or is to be. When the table is nearly full it begins anew. */
static struct gpu_way *find_way(struct gpu *g, const struct gpu_product_kind *kind)
{
	size_t at = cuda_hash(kind, sizeof(*kind)) % WAYS;

	while (g->ways[at].kind.n && memcmp(&g->ways[at].kind, kind, sizeof(*kind)) != 0)
		at = (at + 1) % WAYS;
	if (g->ways[at].kind.n || g->way_count < WAYS * 3 / 4)
		return &g->ways[at];
	memset(g->ways, 0, WAYS * sizeof(*g->ways));
	g->way_count = 0;
	return &g->ways[cuda_hash(kind, sizeof(*kind)) % WAYS];
}

/* --- asking --------------------------------------------------------------------------------- */

static cublasStatus_t set(struct description *d, cublasLtMatmulDescAttributes_t what,
			  const void *value, size_t bytes)
{
	return cublasLtMatmulDescSetAttribute(&d->product, what, value, bytes);
}

static cublasStatus_t set_ends(struct description *d, const struct cuda_product *p)
{
	cublasOperation_t left = p->b_turned ? CUBLAS_OP_T : CUBLAS_OP_N;
	cublasOperation_t right = p->a_turned ? CUBLAS_OP_T : CUBLAS_OP_N;
	cublasLtEpilogue_t epilogue = p->bias.at ? CUBLASLT_EPILOGUE_BIAS : CUBLASLT_EPILOGUE_BGRADB;
	const struct tensor *vector = p->bias.at ? &p->bias : &p->sums;
	cublasStatus_t status = set(d, CUBLASLT_MATMUL_DESC_TRANSA, &left, sizeof(left));

	if (status == CUBLAS_STATUS_SUCCESS)
		status = set(d, CUBLASLT_MATMUL_DESC_TRANSB, &right, sizeof(right));
	if (status != CUBLAS_STATUS_SUCCESS || !vector->at)
		return status;
	status = set(d, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof(epilogue));
	if (status == CUBLAS_STATUS_SUCCESS)
		status = set(d, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &vector->at, sizeof(vector->at));
	return status;
}

/* `m`: rows of out, p->m or what stands for it. */
static cublasStatus_t describe(struct description *d, const struct cuda_product *p, size_t m)
{
	cudaDataType_t type = cuda_type(p->a.type), out = cuda_type(p->out.type);
	size_t a = row_of_a(p), b = row_of_b(p);
	cublasStatus_t status = cublasLtMatmulDescInit(&d->product, CUBLAS_COMPUTE_32F, CUDA_R_32F);

	if (p->a_turned)
		a = m;
	if (status == CUBLAS_STATUS_SUCCESS)
		status = cublasLtMatrixLayoutInit(&d->left, type, b, p->b_turned ? p->n : p->k,
						  (int64_t)b);
	if (status == CUBLAS_STATUS_SUCCESS)
		status = cublasLtMatrixLayoutInit(&d->right, type, a, p->a_turned ? p->k : m,
						  (int64_t)a);
	if (status == CUBLAS_STATUS_SUCCESS)
		status = cublasLtMatrixLayoutInit(&d->out, out, p->n, m, (int64_t)p->n);
	return status == CUBLAS_STATUS_SUCCESS ? set_ends(d, p) : status;
}

struct preference {
	cublasLtMatmulPreferenceAttributes_t what;
	uint64_t value;
	size_t bytes;
};

static cublasStatus_t prefer(cublasLtMatmulPreferenceOpaque_t *preference,
			     const struct gpu_product_kind *kind)
{
	uint32_t whole =
		kind->any_m ? CUBLASLT_REDUCTION_SCHEME_NONE : CUBLASLT_REDUCTION_SCHEME_MASK;
	const struct preference all[] = {
		{CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, WORKSPACE_BYTES, 8},
		{CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, whole, 4},
		{CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, (uint64_t)kind->b_align, 4},
		{CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, (uint64_t)kind->a_align, 4},
		{CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, (uint64_t)kind->base_align, 4},
		{CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, (uint64_t)kind->out_align, 4},
	};
	cublasStatus_t status = cublasLtMatmulPreferenceInit(preference);

	/* values are the low bytes: CUDA's machines are little-endian */
	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && status == CUBLAS_STATUS_SUCCESS; i++)
		status = cublasLtMatmulPreferenceSetAttribute(preference, all[i].what,
							      &all[i].value, all[i].bytes);
	return status;
}

/* Fills the way for the kind, of which one of sums may have none; false after a failure. */
static bool choose(struct gpu *g, struct gpu_way *way, const struct gpu_product_kind *kind,
		   const struct cuda_product *p)
{
	cublasLtMatmulPreferenceOpaque_t preference;
	cublasLtMatmulHeuristicResult_t result;
	struct description d;
	cublasStatus_t status;
	int found = 0;

	if (gpu_blas_failed(g, describe(&d, p, kind->m), "describing a product") ||
	    gpu_blas_failed(g, prefer(&preference, kind), "describing a product"))
		return false;
	status = cublasLtMatmulAlgoGetHeuristic(g->blas, &d.product, &d.left, &d.right, &d.out,
						&d.out, &preference, 1, &result, &found);
	if (status == CUBLAS_STATUS_NOT_SUPPORTED ||
	    (status == CUBLAS_STATUS_INVALID_VALUE && kind->sums))
		found = 0;
	else if (gpu_blas_failed(g, status, "choosing how to multiply"))
		return false;
	if (found > 0 && result.state != CUBLAS_STATUS_SUCCESS)
		found = 0;
	if (found == 0 && !kind->sums)
		return !gpu_blas_failed(g, CUBLAS_STATUS_NOT_SUPPORTED, "choosing how to multiply");
	way->kind = *kind;
	way->none = found == 0;
	way->algo = result.algo;
	g->way_count++;
	return true;
}

static cublasStatus_t multiply(struct gpu *g, const struct cuda_product *p,
			       const cublasLtMatmulAlgo_t *algo)
{
	float one = 1, keep = p->base.at ? 1 : 0;
	struct description d;
	cublasStatus_t status = describe(&d, p, p->m);

	if (status != CUBLAS_STATUS_SUCCESS)
		return status;
	return cublasLtMatmul(g->blas, &d.product, &one, p->b.at, &d.left, p->a.at, &d.right, &keep,
			      base_of(p).at, &d.out, p->out.at, &d.out, algo, g->workspace,
			      WORKSPACE_BYTES, g->stream);
}

/* The kind's way, chosen if it is the first of it; NULL after a failure. */
static struct gpu_way *way_of(struct gpu *g, const struct gpu_product_kind *kind,
			      const struct cuda_product *p)
{
	struct gpu_way *way = find_way(g, kind);

	if (g->failure[0] || (!way->kind.n && !choose(g, way, kind, p)))
		return NULL;
	return way;
}

bool gpu_can_sum(struct cuda_device *device, const struct cuda_product *p)
{
	struct gpu *g = gpu_of(device);
	struct cuda_product summed = *p;
	struct gpu_product_kind kind;
	struct gpu_way *way;

	summed.sums = (struct tensor){g->workspace, DTYPE_F32}; /* any place */
	kind = kind_of(&summed);
	way = way_of(g, &kind, &summed);
	return way && !way->none;
}

/* Should the way of the usual m not be one for this m, this m has one of its own: another order of sums is
 * better than none. */
void gpu_multiply(struct cuda_device *device, const struct cuda_product *p)
{
	struct gpu *g = gpu_of(device);
	struct gpu_product_kind kind = kind_of(p);
	struct gpu_way *way = way_of(g, &kind, p);
	cublasStatus_t status = way ? multiply(g, p, &way->algo) : CUBLAS_STATUS_SUCCESS;

	if (status != CUBLAS_STATUS_SUCCESS && kind.m != p->m) {
		kind.m = p->m;
		way = way_of(g, &kind, p);
		status = way ? multiply(g, p, &way->algo) : CUBLAS_STATUS_SUCCESS;
	}
	gpu_blas_failed(g, status, "multiplying");
}
