/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "trainer/train/resize.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trainer/train/positions.h"

static int clamp(int i, int count)
{
	return i < 0 ? 0 : i < count ? i : count - 1;
}

/* Tables of positions [1 + n * n, width], the class first. The old grid lies in the middle of the new one;
 * beyond its edge what was learnt there, but for the sines and cosines, goes on. */
static void resize_positions(float *to, int now, const float *from, int before, size_t width)
{
	int shift = (now - before) / 2;

	memcpy(to, from, width * sizeof(*to));
	to += width;
	from += width;
	for (int cell = 0; cell < now * now; cell++) {
		int y = cell / now - shift, x = cell % now - shift;
		int near_y = clamp(y, before), near_x = clamp(x, before);
		const float *old = from + (size_t)(near_y * before + near_x) * width;

		for (size_t i = 0; i < width; i++)
			to[(size_t)cell * width + i] =
				(float)((double)old[i] + position_at(x, y, i, width) -
					position_at(near_x, near_y, i, width));
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
