/* SPDX-License-Identifier: MIT */
/*
 * scan_hash: a hash of a picture under each degradation and under all of them, one a line. Linked once
 * with the archive and once with the same sources compiled for the plainest processor, it must print
 * the same.
 */
#include <config.h>

#include <stdio.h>

#include "augment/scan.h"
#include "base/arena.h"
#include "formats/dataset/dataset_facts.h"

#define WIDTH 301
#define HEIGHT 222

/* Lines of all slopes, black and grey. */
static void draw(struct image *image)
{
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			int on = (x * 7 + y * 3) % 97 < 4 || (x - y) % 41 == 0 || x % 53 == 20;

			image->px[y * WIDTH + x] = (uint8_t)(on ? (x + y) % 3 * 60 : 255);
		}
}

static uint64_t hash_of(struct canvas *canvas, const struct image *image, int only,
			struct arena *arena)
{
	struct degradation_sheet sheet = degradation_none();
	uint64_t sum = 0;

	for (int i = 0; i < DEGRADATION_COUNT_; i++)
		sheet.share[i] = only < 0 ? 400 : i == only ? 1000 : 0;
	for (uint64_t i = 0; i < 6; i++) {
		struct recipe recipe = recipe_from_sheet(&sheet, 1, i, 0);
		struct scan scan;

		arena_reset(arena);
		scan_from_image(&scan, canvas, image, NULL, &recipe, 2.1, arena);
		sum = sum * 31 +
		      dataset_hash(scan.image.px, scan.image.stride * (size_t)scan.image.height);
	}
	return sum;
}

int main(void)
{
	struct canvas *canvas = canvas_new(WIDTH, HEIGHT);
	struct image image = image_new(WIDTH, HEIGHT, 1);
	struct arena arena = {0};

	draw(&image);
	for (int i = -1; i < DEGRADATION_COUNT_; i++)
		printf("%s %016llx\n", i < 0 ? "all" : degradation_name((enum degradation)i),
		       (unsigned long long)hash_of(canvas, &image, i, &arena));
	canvas_free(canvas);
	image_free(&image);
	arena_free(&arena);
	return 0;
}
