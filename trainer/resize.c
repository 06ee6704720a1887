/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/resize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Where a cell of the new grid lies in the old one: between two rows, or columns. */
struct between {
	int first, second;
	float share; /* of the second */
};

static struct between place(int i, int now, int before)
{
	double at = (i + 0.5) * before / now - 0.5;
	struct between b;

	at = fmin(fmax(at, 0), before - 1);
	b.first = (int)at;
	b.second = b.first + 1 < before ? b.first + 1 : b.first;
	b.share = (float)(at - b.first);
	return b;
}

/* Tables of positions [1 + n * n, width], the class first. */
static void resize_positions(float *to, int now, const float *from, int before, size_t width)
{
	memcpy(to, from, width * sizeof(*to));
	to += width;
	from += width;
	for (int cell = 0; cell < now * now; cell++) {
		struct between y = place(cell / now, now, before);
		struct between x = place(cell % now, now, before);
		const float *a = from + (size_t)(y.first * before + x.first) * width;
		const float *b = from + (size_t)(y.first * before + x.second) * width;
		const float *c = from + (size_t)(y.second * before + x.first) * width;
		const float *d = from + (size_t)(y.second * before + x.second) * width;

		for (size_t i = 0; i < width; i++)
			to[(size_t)cell * width + i] =
				(1 - y.share) * ((1 - x.share) * a[i] + x.share * b[i]) +
				y.share * ((1 - x.share) * c[i] + x.share * d[i]);
	}
}

int checkpoint_resize(struct checkpoint *c, int side, struct err *err)
{
	struct model_config config = c->config;
	int before = config.vision.side / config.vision.patch;
	struct model_tensors *tensors;
	float *numbers;

	config.vision.side = side;
	if (model_config_check(&config, err) < 0)
		return -1;
	tensors = model_tensors_new(&config);
	numbers = mem_alloc(tensors->numbers, sizeof(*numbers));
	for (int i = 0; i < tensors->count; i++) {
		const struct model_tensor *from = &c->tensors->all[i], *to = &tensors->all[i];

		if (to->offset == tensors->position_w)
			resize_positions(numbers + to->offset, side / config.vision.patch,
					 c->numbers + from->offset, before,
					 (size_t)config.vision.width);
		else
			memcpy(numbers + to->offset, c->numbers + from->offset,
			       to->count * sizeof(*numbers));
	}
	checkpoint_free(c);
	*c = (struct checkpoint){.config = config, .tensors = tensors, .numbers = numbers};
	return 0;
}
