/* SPDX-License-Identifier: MIT */
/*
 * Products of cuBLASLt, of which only those parts are made here that need a GPU: descriptions and preferences are
 * cuBLASLt's own, which refuses what is none. A way is good for addresses that are multiples of what was said when it
 * was asked for, and for as many columns of the result; for others only now and then, which is NOT_SUPPORTED. Not all
 * products have a way that gives gradients of biases.
 */
#include <config.h>

#include "tests/fake_cuda.h"

#include <assert.h>
#include <cublasLt.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/ops/cuda_device.h"

#define WAY_MARK UINT64_C(0xcad9e4)
#define WORKSPACE_ALIGN 256
#define LINES 4 /* at once, */
#define SUMS 16 /* each of so many sums side by side */

struct matrix { /* of columns, `stride` apart. Without holes, to be compared byte by byte */
	uint64_t rows, columns;
	int64_t stride;
	uint32_t type, unused;
};

/* out = left right, each turned or not, + vector or with sums. */
struct product {
	struct matrix left, right, out;
	const char *left_at, *right_at, *base_at;
	char *out_at, *vector_at;
	int32_t left_turned, right_turned;
	uint32_t epilogue;
	bool keeps; /* the base */
};

/* What is in an algo. */
struct way {
	uint64_t mark, rows, columns, depth;
	uint32_t align[4], sums_whole; /* left, right, base, out */
};

static cublasStatus_t call(const char *function)
{
	return fake_call(function) == cudaSuccess ? CUBLAS_STATUS_SUCCESS
						  : CUBLAS_STATUS_EXECUTION_FAILED;
}

cublasStatus_t cublasLtCreate(cublasLtHandle_t *handle)
{
	cublasStatus_t status = call(__func__);

	*handle = status == CUBLAS_STATUS_SUCCESS ? mem_alloc(1, 1) : NULL;
	return status;
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle)
{
	free(handle);
	return call(__func__);
}

/* --- what is asked for ---------------------------------------------------------------------- */

static void read_matrix(cublasLtMatrixLayout_t layout, struct matrix *m)
{
	cublasStatus_t bad = CUBLAS_STATUS_SUCCESS;

	bad |= cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_TYPE, &m->type,
						sizeof(m->type), NULL);
	bad |= cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_ROWS, &m->rows,
						sizeof(m->rows), NULL);
	bad |= cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_COLS, &m->columns,
						sizeof(m->columns), NULL);
	bad |= cublasLtMatrixLayoutGetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_LD, &m->stride,
						sizeof(m->stride), NULL);
	assert(!bad);
}

static void read_description(cublasLtMatmulDesc_t description, struct product *p)
{
	cublasStatus_t bad = CUBLAS_STATUS_SUCCESS;

	bad |= cublasLtMatmulDescGetAttribute(description, CUBLASLT_MATMUL_DESC_TRANSA,
					      &p->left_turned, sizeof(p->left_turned), NULL);
	bad |= cublasLtMatmulDescGetAttribute(description, CUBLASLT_MATMUL_DESC_TRANSB,
					      &p->right_turned, sizeof(p->right_turned), NULL);
	bad |= cublasLtMatmulDescGetAttribute(description, CUBLASLT_MATMUL_DESC_EPILOGUE,
					      &p->epilogue, sizeof(p->epilogue), NULL);
	bad |= cublasLtMatmulDescGetAttribute(description, CUBLASLT_MATMUL_DESC_BIAS_POINTER,
					      &p->vector_at, sizeof(p->vector_at), NULL);
	assert(!bad);
}

static uint64_t depth_of(const struct product *p)
{
	return p->left_turned ? p->left.rows : p->left.columns;
}

static bool type_is_known(uint32_t type)
{
	return type == CUDA_R_16BF || type == CUDA_R_32F;
}

static bool shapes_fit(const struct product *p)
{
	uint64_t rows = p->left_turned ? p->left.columns : p->left.rows;
	uint64_t columns = p->right_turned ? p->right.rows : p->right.columns;
	uint64_t depth = p->right_turned ? p->right.columns : p->right.rows;

	return rows == p->out.rows && columns == p->out.columns && depth == depth_of(p) && rows &&
	       columns && depth && p->left.stride >= (int64_t)p->left.rows &&
	       p->right.stride >= (int64_t)p->right.rows && p->out.stride >= (int64_t)p->out.rows;
}

/* F32 of BF16, and one type throughout, are among what cuBLASLt multiplies. */
static bool types_fit(const struct product *p)
{
	return p->left.type == p->right.type && type_is_known(p->left.type) &&
	       (p->out.type == p->left.type || p->out.type == CUDA_R_32F);
}

static cublasStatus_t read_product(cublasLtMatmulDesc_t description, cublasLtMatrixLayout_t left,
				   cublasLtMatrixLayout_t right, cublasLtMatrixLayout_t base,
				   cublasLtMatrixLayout_t out, struct product *p)
{
	struct matrix of_base = {0};

	memset(p, 0, sizeof(*p));
	read_description(description, p);
	read_matrix(left, &p->left);
	read_matrix(right, &p->right);
	read_matrix(base, &of_base);
	read_matrix(out, &p->out);
	if (!shapes_fit(p) || memcmp(&of_base, &p->out, sizeof(of_base)) != 0)
		return CUBLAS_STATUS_INVALID_VALUE;
	return types_fit(p) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

/* --- ways ----------------------------------------------------------------------------------- */

static bool by_chance(uint64_t a, uint64_t b, uint64_t c)
{
	return rng_mix64(a + 7 * b + 11 * c + fake_settings()->seed) % 2;
}

static void read_preference(cublasLtMatmulPreference_t preference, struct way *way)
{
	static const cublasLtMatmulPreferenceAttributes_t align[4] = {
		CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES,
		CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
		CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
		CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES};
	cublasStatus_t bad = CUBLAS_STATUS_SUCCESS;
	uint32_t mask;

	for (int i = 0; i < 4; i++)
		bad |= cublasLtMatmulPreferenceGetAttribute(preference, align[i], &way->align[i],
							    sizeof(way->align[i]), NULL);
	bad |= cublasLtMatmulPreferenceGetAttribute(
		preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, &mask, sizeof(mask), NULL);
	assert(!bad);
	way->sums_whole = mask == CUBLASLT_REDUCTION_SCHEME_NONE;
}

cublasStatus_t
cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t description,
			       cublasLtMatrixLayout_t left, cublasLtMatrixLayout_t right,
			       cublasLtMatrixLayout_t base, cublasLtMatrixLayout_t out,
			       cublasLtMatmulPreference_t preference, int wanted,
			       cublasLtMatmulHeuristicResult_t results[], int *found)
{
	cublasStatus_t status = call(__func__);
	struct way way = {.mark = WAY_MARK};
	struct product p;

	*found = 0;
	assert(handle && wanted == 1);
	if (status == CUBLAS_STATUS_SUCCESS)
		status = read_product(description, left, right, base, out, &p);
	if (status != CUBLAS_STATUS_SUCCESS)
		return status;
	if (p.epilogue == CUBLASLT_EPILOGUE_BGRADB &&
	    by_chance(p.out.rows, p.out.columns, p.left.type))
		return CUBLAS_STATUS_NOT_SUPPORTED;
	read_preference(preference, &way);
	way.rows = p.out.rows;
	way.columns = p.out.columns;
	way.depth = depth_of(&p);
	memset(results, 0, sizeof(*results));
	static_assert(sizeof(way) <= sizeof(results->algo), "a way is where cuBLASLt has its own");
	memcpy(&results->algo, &way, sizeof(way));
	results->state = CUBLAS_STATUS_SUCCESS;
	*found = 1;
	return CUBLAS_STATUS_SUCCESS;
}

/* --- products ------------------------------------------------------------------------------- */

static size_t bytes_of(uint32_t type)
{
	return type == CUDA_R_16BF ? 2 : 4;
}

static struct tensor tensor_of(const void *at, uint32_t type)
{
	return (struct tensor){(void *)(uintptr_t)at, type == CUDA_R_16BF ? DTYPE_BF16 : DTYPE_F32};
}

/* op(matrix) as floats: lines of `depth` numbers, one for each row of left or column of right, and some of zeros. */
static float *lines_of(const char *at, const struct matrix *m, bool line_is_column)
{
	size_t lines = line_is_column ? m->columns : m->rows;
	size_t depth = line_is_column ? m->rows : m->columns;
	float *out = mem_alloc(mem_mul(lines + LINES, depth), sizeof(*out));
	struct tensor t = tensor_of(at, m->type);

	for (size_t i = 0; i < lines; i++)
		for (size_t k = 0; k < depth; k++) {
			size_t row = line_is_column ? k : i, column = line_is_column ? i : k;

			out[i * depth + k] = (float)tensor_get(t, column * (size_t)m->stride + row);
		}
	return out;
}

/* The products of a line with LINES that follow each other, every one in the same order. */
static void multiply(float out[LINES], const float *lines, const float *line, size_t n)
{
	float sums[LINES][SUMS] = {{0}};
	size_t k = 0;

	for (; k + SUMS <= n; k += SUMS)
		for (size_t l = 0; l < LINES; l++)
			for (size_t i = 0; i < SUMS; i++)
				sums[l][i] += lines[l * n + k + i] * line[k + i];
	for (size_t l = 0; l < LINES; l++) {
		out[l] = 0;
		for (size_t at = k; at < n; at++)
			out[l] += lines[l * n + at] * line[at];
		for (size_t i = 0; i < SUMS; i++)
			out[l] += sums[l][i];
	}
}

static void sum_lines(const struct product *p, const float *right, size_t depth)
{
	for (size_t j = 0; j < p->out.columns; j++) {
		float sum = 0;

		for (size_t k = 0; k < depth; k++)
			sum += right[j * depth + k];
		tensor_set(tensor_of(p->vector_at, CUDA_R_32F), j, (double)sum);
	}
}

static void run_product(const void *arguments)
{
	const struct product *p = arguments;
	size_t depth = depth_of(p);
	float sums[LINES];
	float *left = lines_of(p->left_at, &p->left, p->left_turned);
	float *right = lines_of(p->right_at, &p->right, !p->right_turned);
	struct tensor out = tensor_of(p->out_at, p->out.type);
	struct tensor base = tensor_of(p->base_at, p->out.type);
	struct tensor bias = tensor_of(p->vector_at, p->out.type);

	for (size_t j = 0; j < p->out.columns; j++)
		for (size_t i = 0; i < p->out.rows; i++) {
			size_t at = j * (size_t)p->out.stride + i;
			double sum;

			if (i % LINES == 0)
				multiply(sums, left + i * depth, right + j * depth, depth);
			sum = (double)sums[i % LINES];
			if (p->epilogue == CUBLASLT_EPILOGUE_BIAS)
				sum += tensor_get(bias, i);
			if (p->keeps)
				sum += tensor_get(base, at);
			tensor_set(out, at, sum);
		}
	if (p->epilogue == CUBLASLT_EPILOGUE_BGRADB)
		sum_lines(p, right, depth);
	free(left);
	free(right);
}

static bool is_there(const char *at, const struct matrix *m)
{
	size_t numbers = (m->columns - 1) * (size_t)m->stride + m->rows;

	return fake_is_reserved(at, numbers * bytes_of(m->type));
}

static bool vector_is_there(const struct product *p)
{
	switch (p->epilogue) {
	case CUBLASLT_EPILOGUE_DEFAULT:
		return true;
	case CUBLASLT_EPILOGUE_BIAS:
		return fake_is_reserved(p->vector_at, p->out.rows * bytes_of(p->out.type));
	case CUBLASLT_EPILOGUE_BGRADB:
		return p->out.type == CUDA_R_32F &&
		       fake_is_reserved(p->vector_at, p->out.columns * 4);
	default:
		return false;
	}
}

static bool is_aligned(const struct product *p, const struct way *way)
{
	const char *at[4] = {p->left_at, p->right_at, p->base_at, p->out_at};

	for (int i = 0; i < 4; i++)
		if ((uintptr_t)at[i] % way->align[i] != 0)
			return false;
	return true;
}

static bool way_is_good(const struct product *p, const struct way *way)
{
	return way->mark == WAY_MARK && way->rows == p->out.rows && way->depth == depth_of(p) &&
	       is_aligned(p, way);
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t description,
			      const void *alpha, const void *left,
			      cublasLtMatrixLayout_t left_layout, const void *right,
			      cublasLtMatrixLayout_t right_layout, const void *beta,
			      const void *base, cublasLtMatrixLayout_t base_layout, void *out,
			      cublasLtMatrixLayout_t out_layout, const cublasLtMatmulAlgo_t *algo,
			      void *workspace, size_t workspace_bytes, cudaStream_t stream)
{
	cublasStatus_t status = call(__func__);
	float by, keep;
	struct product p;
	struct way way;

	assert(handle);
	if (status == CUBLAS_STATUS_SUCCESS)
		status = read_product(description, left_layout, right_layout, base_layout,
				      out_layout, &p);
	if (status != CUBLAS_STATUS_SUCCESS)
		return status;
	memcpy(&way, algo, sizeof(way));
	memcpy(&by, alpha, sizeof(by));
	memcpy(&keep, beta, sizeof(keep));
	p.left_at = left;
	p.right_at = right;
	p.base_at = base;
	p.out_at = out;
	p.keeps = keep == 1;
	if (by != 1 || (keep != 0 && keep != 1) || !way_is_good(&p, &way) ||
	    !is_there(left, &p.left) || !is_there(right, &p.right) || !is_there(base, &p.out) ||
	    !is_there(out, &p.out) || !vector_is_there(&p) ||
	    !fake_is_reserved(workspace, workspace_bytes) ||
	    (uintptr_t)workspace % WORKSPACE_ALIGN != 0)
		return CUBLAS_STATUS_INVALID_VALUE;
	if (way.columns != p.out.columns && by_chance(p.out.columns, way.columns, way.rows))
		return CUBLAS_STATUS_NOT_SUPPORTED;
	return fake_enqueue(stream, run_product, &p, sizeof(p)) == cudaSuccess
		       ? CUBLAS_STATUS_SUCCESS
		       : CUBLAS_STATUS_EXECUTION_FAILED;
}
