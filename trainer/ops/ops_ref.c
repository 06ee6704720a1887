/* SPDX-License-Identifier: MIT */
/*
 * The truth: every operation as its formula says, element by element, sums in double. Slow; for tests.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "trainer/ops/ops_memory.h"
#include "trainer/ops/ops_ref_decode.h"

static void put(struct tensor t, size_t i, double v, bool add)
{
	tensor_set(t, i, add ? tensor_get(t, i) + v : v);
}

/* --- matrix products ------------------------------------------------------------------------ */

static void linear(struct ops *ops, struct tensor out, struct tensor x, struct tensor w,
		   struct tensor bias, struct tensor base, size_t m, size_t n, size_t k)
{
	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = tensor_is_none(bias) ? 0 : tensor_get(bias, j);

			if (!tensor_is_none(base))
				sum += tensor_get(base, i * n + j);

			for (size_t l = 0; l < k; l++)
				sum += tensor_get(x, i * k + l) * tensor_get(w, j * k + l);
			tensor_set(out, i * n + j, sum);
		}
}

static void linear_dx(struct ops *ops, struct tensor dx, struct tensor dy, struct tensor w,
		      size_t m, size_t n, size_t k, bool add)
{
	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t l = 0; l < k; l++) {
			double sum = 0;

			for (size_t j = 0; j < n; j++)
				sum += tensor_get(dy, i * n + j) * tensor_get(w, j * k + l);
			put(dx, i * k + l, sum, add);
		}
}

static void linear_dw(struct ops *ops, struct tensor dw, struct tensor db, struct tensor dy,
		      struct tensor x, size_t m, size_t n, size_t k)
{
	(void)ops;
	for (size_t j = 0; j < n; j++) {
		double column = 0;

		for (size_t l = 0; l < k; l++) {
			double sum = 0;

			for (size_t i = 0; i < m; i++)
				sum += tensor_get(dy, i * n + j) * tensor_get(x, i * k + l);
			put(dw, j * k + l, sum, true);
		}
		for (size_t i = 0; i < m; i++)
			column += tensor_get(dy, i * n + j);
		if (!tensor_is_none(db))
			put(db, j, column, true);
	}
}

/* --- attention ------------------------------------------------------------------------------ */

static size_t row_numbers(struct heads h)
{
	return (size_t)(h.heads + 2 * h.kv_heads) * (size_t)h.size;
}

static void rope(struct ops *ops, struct tensor qkv, struct heads h, int batch, int t, int first,
		 double theta, int sense)
{
	size_t width = row_numbers(h);
	int half = h.size / 2;

	(void)ops;
	for (int row = 0; row < batch * t; row++)
		for (int head = 0; head < h.heads + h.kv_heads; head++)
			for (int j = 0; j < half; j++) {
				double angle = (row % t + first) * pow(theta, -2.0 * j / h.size);
				double c = cos(angle), s = sense * sin(angle), a, b;
				size_t at = (size_t)row * width + (size_t)(head * h.size + j);

				a = tensor_get(qkv, at);
				b = tensor_get(qkv, at + (size_t)half);
				tensor_set(qkv, at, a * c - b * s);
				tensor_set(qkv, at + (size_t)half, b * c + a * s);
			}
}

/* Where one head of one sample lies. */
struct head {
	size_t q, k, v; /* its first number in qkv, of the sample's first row */
	size_t out;     /* likewise in out */
	size_t lse;
	size_t width, out_width; /* from row to row */
	int size, rows;
	bool causal;
};

static struct head head_at(struct heads h, int sample, int head, int t, bool causal)
{
	size_t width = row_numbers(h), out_width = (size_t)(h.heads * h.size);
	size_t first = (size_t)sample * (size_t)t;
	int kv = head / (h.heads / h.kv_heads);

	return (struct head){.q = first * width + (size_t)(head * h.size),
			     .k = first * width + (size_t)((h.heads + kv) * h.size),
			     .v = first * width + (size_t)((h.heads + h.kv_heads + kv) * h.size),
			     .out = first * out_width + (size_t)(head * h.size),
			     .lse = (size_t)(sample * h.heads + head) * (size_t)t,
			     .width = width,
			     .out_width = out_width,
			     .size = h.size,
			     .rows = t,
			     .causal = causal};
}

static int rows_seen(const struct head *h, int row)
{
	return h->causal ? row + 1 : h->rows;
}

static double dot(struct tensor a, size_t at_a, struct tensor b, size_t at_b, int n)
{
	double sum = 0;

	for (size_t i = 0; i < (size_t)n; i++)
		sum += tensor_get(a, at_a + i) * tensor_get(b, at_b + i);
	return sum;
}

static double score(const struct head *h, struct tensor qkv, int row, int other)
{
	return dot(qkv, h->q + (size_t)row * h->width, qkv, h->k + (size_t)other * h->width,
		   h->size) /
	       sqrt(h->size);
}

static void attend_row(const struct head *h, struct tensor out, struct tensor lse,
		       struct tensor qkv, int row)
{
	double most = -INFINITY, sum = 0, log_sum;

	for (int j = 0; j < rows_seen(h, row); j++)
		most = fmax(most, score(h, qkv, row, j));
	for (int j = 0; j < rows_seen(h, row); j++)
		sum += exp(score(h, qkv, row, j) - most);
	log_sum = most + log(sum);
	tensor_set(lse, h->lse + (size_t)row, log_sum);
	for (size_t i = 0; i < (size_t)h->size; i++) {
		double v = 0;

		for (int j = 0; j < rows_seen(h, row); j++)
			v += exp(score(h, qkv, row, j) - log_sum) *
			     tensor_get(qkv, h->v + (size_t)j * h->width + i);
		tensor_set(out, h->out + (size_t)row * h->out_width + i, v);
	}
}

static void attention(struct ops *ops, struct tensor out, struct tensor lse, struct tensor qkv,
		      struct heads heads, int batch, int t, int first, bool causal)
{
	(void)ops;
	for (int sample = 0; sample < batch; sample++)
		for (int head = 0; head < heads.heads; head++) {
			struct head h = head_at(heads, sample, head, t, causal);

			for (int row = first; row < t; row++)
				attend_row(&h, out, lse, qkv, row);
		}
}

/* sums, in double and of the size of dqkv: of several query heads that share a key head, too. */
static void attend_row_back(const struct head *h, double *sums, struct tensor dout,
			    struct tensor out, struct tensor lse, struct tensor qkv, int row)
{
	size_t at_out = h->out + (size_t)row * h->out_width;
	double delta = dot(dout, at_out, out, at_out, h->size);
	double log_sum = tensor_get(lse, h->lse + (size_t)row);

	for (int j = 0; j < rows_seen(h, row); j++) {
		double p = exp(score(h, qkv, row, j) - log_sum);
		double dp = dot(dout, at_out, qkv, h->v + (size_t)j * h->width, h->size);
		double ds = p * (dp - delta) / sqrt(h->size);

		for (size_t i = 0; i < (size_t)h->size; i++) {
			size_t q = h->q + (size_t)row * h->width + i;
			size_t k = h->k + (size_t)j * h->width + i;

			sums[h->v + (size_t)j * h->width + i] += p * tensor_get(dout, at_out + i);
			sums[q] += ds * tensor_get(qkv, k);
			sums[k] += ds * tensor_get(qkv, q);
		}
	}
}

static void attention_back(struct ops *ops, struct tensor dqkv, struct tensor dout,
			   struct tensor out, struct tensor lse, struct tensor qkv,
			   struct heads heads, int batch, int t, int first, bool causal)
{
	size_t n = (size_t)batch * (size_t)t * row_numbers(heads);
	double *sums = mem_alloc(n, sizeof(*sums));

	(void)ops;
	for (int sample = 0; sample < batch; sample++)
		for (int head = 0; head < heads.heads; head++) {
			struct head h = head_at(heads, sample, head, t, causal);

			for (int row = first; row < t; row++)
				attend_row_back(&h, sums, dout, out, lse, qkv, row);
		}
	for (size_t i = 0; i < n; i++)
		tensor_set(dqkv, i, sums[i]);
	free(sums);
}

/* --- norms ---------------------------------------------------------------------------------- */

static void layernorm(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
		      struct tensor w, struct tensor b, size_t m, size_t d, double eps)
{
	(void)ops;
	for (size_t i = 0; i < m; i++) {
		double mean = 0, var = 0, scale;

		for (size_t j = 0; j < d; j++)
			mean += tensor_get(x, i * d + j) / (double)d;
		for (size_t j = 0; j < d; j++)
			var += pow(tensor_get(x, i * d + j) - mean, 2) / (double)d;
		scale = 1 / sqrt(var + eps);
		tensor_set(stats, 2 * i, mean);
		tensor_set(stats, 2 * i + 1, scale);
		for (size_t j = 0; j < d; j++)
			tensor_set(out, i * d + j,
				   (tensor_get(x, i * d + j) - mean) * scale * tensor_get(w, j) +
					   tensor_get(b, j));
	}
}

static void put_copy(struct tensor copy, struct tensor of, size_t at)
{
	if (!tensor_is_none(copy))
		tensor_set(copy, at, tensor_get(of, at));
}

static void layernorm_back(struct ops *ops, struct tensor dx, struct tensor copy, struct tensor dw,
			   struct tensor db, struct tensor dy, struct tensor x, struct tensor w,
			   struct tensor stats, size_t m, size_t d)
{
	(void)ops;
	for (size_t i = 0; i < m; i++) {
		double mean = tensor_get(stats, 2 * i), scale = tensor_get(stats, 2 * i + 1);
		double sum = 0, sum_x = 0;

		for (size_t j = 0; j < d; j++) {
			double g = tensor_get(dy, i * d + j) * tensor_get(w, j);
			double xhat = (tensor_get(x, i * d + j) - mean) * scale;

			sum += g / (double)d;
			sum_x += g * xhat / (double)d;
			put(dw, j, tensor_get(dy, i * d + j) * xhat, true);
			put(db, j, tensor_get(dy, i * d + j), true);
		}
		for (size_t j = 0; j < d; j++) {
			double g = tensor_get(dy, i * d + j) * tensor_get(w, j);
			double xhat = (tensor_get(x, i * d + j) - mean) * scale;

			put(dx, i * d + j, (g - sum - xhat * sum_x) * scale, true);
			put_copy(copy, dx, i * d + j);
		}
	}
}

static void rmsnorm(struct ops *ops, struct tensor out, struct tensor stats, struct tensor x,
		    struct tensor w, size_t m, size_t d, double eps)
{
	(void)ops;
	for (size_t i = 0; i < m; i++) {
		double square = 0, scale;

		for (size_t j = 0; j < d; j++)
			square += pow(tensor_get(x, i * d + j), 2) / (double)d;
		scale = 1 / sqrt(square + eps);
		tensor_set(stats, i, scale);
		for (size_t j = 0; j < d; j++)
			tensor_set(out, i * d + j,
				   tensor_get(x, i * d + j) * scale * tensor_get(w, j));
	}
}

static void rmsnorm_back(struct ops *ops, struct tensor dx, struct tensor copy, struct tensor dw,
			 struct tensor dy, struct tensor x, struct tensor w, struct tensor stats,
			 size_t m, size_t d)
{
	(void)ops;
	for (size_t i = 0; i < m; i++) {
		double scale = tensor_get(stats, i), sum_x = 0;

		for (size_t j = 0; j < d; j++) {
			double xhat = tensor_get(x, i * d + j) * scale;

			sum_x += tensor_get(dy, i * d + j) * tensor_get(w, j) * xhat / (double)d;
			put(dw, j, tensor_get(dy, i * d + j) * xhat, true);
		}
		for (size_t j = 0; j < d; j++) {
			double g = tensor_get(dy, i * d + j) * tensor_get(w, j);

			put(dx, i * d + j, (g - tensor_get(x, i * d + j) * scale * sum_x) * scale,
			    true);
			put_copy(copy, dx, i * d + j);
		}
	}
}

/* --- activations ---------------------------------------------------------------------------- */

#define QUICK 1.702

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static void quick_gelu(struct ops *ops, struct tensor out, struct tensor x, size_t n)
{
	(void)ops;
	for (size_t i = 0; i < n; i++) {
		double v = tensor_get(x, i);

		tensor_set(out, i, v * sigmoid(QUICK * v));
	}
}

static void quick_gelu_back(struct ops *ops, struct tensor dx, struct tensor dy, struct tensor x,
			    size_t n)
{
	(void)ops;
	for (size_t i = 0; i < n; i++) {
		double v = tensor_get(x, i), s = sigmoid(QUICK * v);

		tensor_set(dx, i, tensor_get(dy, i) * (s + QUICK * v * s * (1 - s)));
	}
}

static void swiglu(struct ops *ops, struct tensor out, struct tensor gate_up, size_t m, size_t f)
{
	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < f; j++) {
			double gate = tensor_get(gate_up, 2 * i * f + j);

			tensor_set(out, i * f + j,
				   gate * sigmoid(gate) * tensor_get(gate_up, (2 * i + 1) * f + j));
		}
}

static void swiglu_back(struct ops *ops, struct tensor dgate_up, struct tensor dout,
			struct tensor gate_up, size_t m, size_t f)
{
	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < f; j++) {
			size_t at_gate = 2 * i * f + j, at_up = (2 * i + 1) * f + j;
			double gate = tensor_get(gate_up, at_gate), up = tensor_get(gate_up, at_up);
			double s = sigmoid(gate), d = tensor_get(dout, i * f + j);

			tensor_set(dgate_up, at_gate, d * up * (s + gate * s * (1 - s)));
			tensor_set(dgate_up, at_up, d * gate * s);
		}
}

/* --- rows ----------------------------------------------------------------------------------- */

static void patches(struct ops *ops, struct tensor out, const uint8_t *pixels, int batch, int side,
		    int p, double mean, double std)
{
	int across = side / p;
	size_t at = 0;

	(void)ops;
	for (int sample = 0; sample < batch; sample++)
		for (int patch = 0; patch < across * across; patch++)
			for (int i = 0; i < p * p; i++) {
				int y = sample * side + patch / across * p + i / p;
				int x = patch % across * p + i % p;
				double v = pixels[(size_t)y * (size_t)side + (size_t)x];

				tensor_set(out, at++, (v / 255 - mean) / std);
			}
}

static void add_positions(struct ops *ops, struct tensor out, struct tensor x, struct tensor cls,
			  struct tensor pos, int batch, int n, size_t d)
{
	(void)ops;
	for (int sample = 0; sample < batch; sample++)
		for (int row = 0; row <= n; row++)
			for (size_t j = 0; j < d; j++) {
				size_t at = (size_t)(sample * (n + 1) + row) * d + j;
				size_t from = (size_t)(sample * n + row - 1) * d + j;

				tensor_set(out, at,
					   (row ? tensor_get(x, from) : tensor_get(cls, j)) +
						   tensor_get(pos, (size_t)row * d + j));
			}
}

static void add_positions_back(struct ops *ops, struct tensor dx, struct tensor dcls,
			       struct tensor dpos, struct tensor dout, int batch, int n, size_t d)
{
	(void)ops;
	for (int sample = 0; sample < batch; sample++)
		for (int row = 0; row <= n; row++)
			for (size_t j = 0; j < d; j++) {
				size_t at = (size_t)(sample * (n + 1) + row) * d + j;
				double g = tensor_get(dout, at);

				put(dpos, (size_t)row * d + j, g, true);
				if (row)
					tensor_set(dx, (size_t)(sample * n + row - 1) * d + j, g);
				else
					put(dcls, j, g, true);
			}
}

static void scatter_rows(struct ops *ops, struct tensor out, struct tensor x, const int32_t *rows,
			 size_t m, size_t d)
{
	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < d && rows[i] >= 0; j++)
			tensor_set(out, (size_t)rows[i] * d + j, tensor_get(x, i * d + j));
}

static void gather_rows(struct ops *ops, struct tensor out, struct tensor x, const int32_t *rows,
			size_t m, size_t d)
{
	(void)ops;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < d && rows[i] >= 0; j++)
			tensor_set(out, i * d + j, tensor_get(x, (size_t)rows[i] * d + j));
}

static void embed_back(struct ops *ops, struct tensor dtable, struct tensor dout,
		       const int32_t *firsts, const int32_t *uses, size_t rows, size_t d)
{
	(void)ops;
	for (size_t i = 0; i < rows; i++)
		for (int32_t k = firsts[i]; k < firsts[i + 1]; k++)
			for (size_t j = 0; j < d; j++)
				put(dtable, i * d + j, tensor_get(dout, (size_t)uses[k] * d + j),
				    true);
}

/* --- loss and update ------------------------------------------------------------------------ */

static double log_sum_exp(struct tensor logits, size_t first, size_t v)
{
	double most = -INFINITY, sum = 0;

	for (size_t j = 0; j < v; j++)
		most = fmax(most, tensor_get(logits, first + j));
	for (size_t j = 0; j < v; j++)
		sum += exp(tensor_get(logits, first + j) - most);
	return most + log(sum);
}

static void cross_entropy(struct ops *ops, struct tensor loss, struct tensor dlogits,
			  struct tensor logits, const int32_t *targets, size_t m, size_t v,
			  double smoothing, struct tensor scale)
{
	double sum = 0;

	(void)ops;
	for (size_t i = 0; i < m; i++) {
		double log_sum = log_sum_exp(logits, i * v, v), counts = targets[i] >= 0;

		for (size_t j = 0; j < v; j++) {
			double l = tensor_get(logits, i * v + j) - log_sum;
			double wanted = smoothing / (double)v +
					((int32_t)j == targets[i] ? 1 - smoothing : 0);

			sum -= counts * wanted * l;
			if (!tensor_is_none(dlogits))
				tensor_set(dlogits, i * v + j,
					   counts * (exp(l) - wanted) * tensor_get(scale, 0));
		}
	}
	if (!tensor_is_none(loss))
		put(loss, 0, sum, true);
}

static void sum_squares(struct ops *ops, struct tensor sum, struct tensor x, size_t n)
{
	double all = 0;

	(void)ops;
	for (size_t i = 0; i < n; i++)
		all += pow(tensor_get(x, i), 2);
	tensor_set(sum, 0, all);
}

static void adamw(struct ops *ops, struct tensor param, struct tensor m, struct tensor v,
		  struct tensor grad, struct tensor copy, size_t n, const struct adamw *how)
{
	double m_scale = 1 - pow(how->beta1, (double)how->step);
	double v_scale = 1 - pow(how->beta2, (double)how->step);

	(void)ops;
	for (size_t i = 0; i < n; i++) {
		double g = tensor_get(grad, i) * how->scale, p = tensor_get(param, i);
		double mean = how->beta1 * tensor_get(m, i) + (1 - how->beta1) * g;
		double square = how->beta2 * tensor_get(v, i) + (1 - how->beta2) * g * g;

		p -= how->rate *
		     (mean / m_scale / (sqrt(square / v_scale) + how->eps) + how->decay * p);
		tensor_set(m, i, mean);
		tensor_set(v, i, square);
		tensor_set(param, i, p);
		if (!tensor_is_none(copy))
			tensor_set(copy, i, p);
	}
}

static void convert(struct ops *ops, struct tensor out, struct tensor x, size_t n)
{
	(void)ops;
	for (size_t i = 0; i < n; i++)
		tensor_set(out, i, tensor_get(x, i));
}

static void mix(struct ops *ops, struct tensor out, struct tensor x, size_t n, double keep,
		double share)
{
	(void)ops;
	for (size_t i = 0; i < n; i++)
		tensor_set(out, i, keep * tensor_get(out, i) + share * tensor_get(x, i));
}

static void divide_by_root(struct ops *ops, struct tensor x, size_t n, struct tensor sum, int roots)
{
	mix(ops, x, x, n, inverse_root(tensor_get(sum, 0), roots), 0);
}

static void ref_free(struct ops *ops)
{
	free(ops);
}

struct ops *ops_ref_new(void)
{
	static const struct ops ref = {
		.name = "ref",
		.act = DTYPE_F64,
		.acc = DTYPE_F64,
		.linear = linear,
		.linear_dx = linear_dx,
		.linear_dw = linear_dw,
		.rope = rope,
		.attention = attention,
		.attention_back = attention_back,
		.layernorm = layernorm,
		.layernorm_back = layernorm_back,
		.rmsnorm = rmsnorm,
		.rmsnorm_back = rmsnorm_back,
		.quick_gelu = quick_gelu,
		.quick_gelu_back = quick_gelu_back,
		.swiglu = swiglu,
		.swiglu_back = swiglu_back,
		.patches = patches,
		.add_positions = add_positions,
		.add_positions_back = add_positions_back,
		.scatter_rows = scatter_rows,
		.gather_rows = gather_rows,
		.embed = gather_rows,
		.embed_back = embed_back,
		.cross_entropy = cross_entropy,
		.sum_squares = sum_squares,
		.adamw = adamw,
		.convert = convert,
		.mix = mix,
		.divide_by_root = divide_by_root,
		.free = ref_free,
	};
	struct ops *ops = mem_alloc(1, sizeof(*ops));

	*ops = ref;
	ops_fill_memory(ops);
	ops_ref_fill_decoding(ops);
	return ops;
}
