/* SPDX-License-Identifier: MIT */
/*
 * What ops get of a batch: its pictures, and which rows are what. While one is in use, another may be sent ahead.
 */
#include <config.h>

#include <assert.h>

#include "trainer/ops/ops_memory.h"
#include "trainer/train/model_private.h"

int model_first_target(const struct batch *b)
{
	int first = b->rows;

	for (int i = 0; i < b->samples * b->rows; i++)
		if (b->targets[i] >= 0 && i % b->rows < first)
			first = i % b->rows;
	return first;
}

static void list_rows(const struct model *m, struct model_input *in, const struct batch *b)
{
	int n = b->samples * b->rows, images = 0, told = 0;

	list_features(in->lists.feature_rows, b->samples, m->patches, m->image_tokens);
	for (int i = 0; i < n; i++) {
		bool image = b->ids[i] == m->config.image;

		in->lists.text_ids[i] = image ? -1 : b->ids[i];
		if (image)
			in->lists.image_rows[images++] = i;
		if (b->targets[i] >= 0) {
			in->lists.told_rows[told] = in->lists.back_rows[told] = i;
			in->lists.targets[told++] = b->targets[i];
		}
	}
	assert(images == b->samples * m->image_tokens && told == b->target_count);
	uses_list(in->lists.id_firsts, in->lists.id_uses, in->lists.text_ids, (size_t)n,
		  (size_t)m->config.text.vocab);
	in->target_count = told;
}

/* More rows behind the last attention, without targets, to the next multiple of what ops like. */
static void fill_told(struct model_input *in, int step, int most)
{
	in->told_count = in->target_count;
	while (in->told_count % step != 0 && in->told_count < most) {
		in->lists.told_rows[in->told_count] = in->lists.told_rows[0];
		in->lists.back_rows[in->told_count] = -1;
		in->lists.targets[in->told_count++] = -1;
	}
}

/* How it goes to memory of ops. */
typedef void copy(struct ops *ops, void *to, const void *from, size_t bytes);

static void put_batch(struct model *m, struct model_input *in, const struct batch *b, copy *put)
{
	size_t side = (size_t)m->config.vision.side;
	int step = m->ops->row_step;

	in->target_first = model_first_target(b) / step * step;
	list_rows(m, in, b);
	fill_told(in, m->ops->target_step, b->samples * b->rows);
	put(m->ops, m->listed.feature_rows, in->memory, m->list_bytes);
	put(m->ops, m->pictures, b->pixels, (size_t)b->samples * side * side);
}

void model_take_batch(struct model *m, const struct batch *b)
{
	struct model_input *in = m->in;

	assert(b->samples <= m->limits.samples && b->rows <= m->limits.rows);
	m->pushed = no_tensor();
	if (!m->ahead->pixels || m->ahead->pixels != b->pixels) {
		put_batch(m, in, b, m->ops->upload_bytes);
		return;
	}
	m->in = m->ahead;
	m->ahead = in;
	m->in->pixels = NULL;
	m->ops->arrive(m->ops);
}

void model_send(struct model *model, const struct batch *batch)
{
	struct model *m = model;

	if (!m->ops->send || m->ahead->pixels || batch->samples > m->limits.samples ||
	    batch->rows > m->limits.rows)
		return;
	put_batch(m, m->ahead, batch, m->ops->send);
	m->ahead->pixels = batch->pixels;
}
