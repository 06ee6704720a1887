/* SPDX-License-Identifier: MIT */
/*
 * conversation, dataset_source and feed: what a batch holds, in which order, whatever the number of
 * threads; seeking; errors in their turn.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/random_shapes.h"
#include "tests/training_fixture.h"
#include "trainer/train/dataset_source.h"
#include "trainer/train/feed.h"
#include "trainer/train/picture.h"
#include "trainer/train/reading.h"

/* --- conversations -------------------------------------------------------------------------- */

static void test_conversation(void **state)
{
	struct model_config config = training_fixture_config();
	struct token_cache *cache = token_cache_new();
	struct conversation_text t = {0};
	struct conversation c = {0};
	struct buf text = {0};
	struct err err = {0};
	size_t start;

	(void)state;
	conversation_encode(&t, fixture_tokenizer, cache, "Say <image>.", "circle(x=1)");
	conversation_lay(&c, &t, &config);
	assert_int_equal(conversation_rows(&t, &config, NULL), c.count);
	assert_int_equal(
		text_from_tokens(fixture_tokenizer, (uint32_t *)c.ids, c.count, 0, &text, NULL), 0);
	/* what the prompt says of <image> is text */
	assert_string_equal(text.data, "<s><image><image><image><image>\nSay <image>.\n"
				       "circle(x=1)</s>");
	for (int i = 1; i <= IMAGES; i++)
		assert_int_equal(c.ids[i], config.image);
	for (size_t i = 0; i < c.count; i++) {
		bool says = i + 1 >= c.answer && i + 1 < c.count;

		assert_int_equal(c.targets[i], says ? c.ids[i + 1] : -1);
	}
	assert_int_equal(c.ids[c.count - 1], config.eos);
	start = c.answer;
	conversation_encode(&t, fixture_tokenizer, cache, "Say <image>.", NULL);
	conversation_lay(&c, &t, &config);
	assert_int_equal(c.count, start);
	conversation_encode(&t, fixture_tokenizer, cache, "Say <image>.", "");
	conversation_lay(&c, &t, &config);
	assert_int_equal(c.count, start + 1);
	assert_int_equal(c.targets[start - 1], config.eos);
	config.text.positions = (int)start;
	assert_int_equal(conversation_rows(&t, &config, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	buf_free(&text);
	conversation_free(&c);
	conversation_text_free(&t);
	token_cache_free(cache);
}

/* --- pictures ------------------------------------------------------------------------------- */

static void test_pictures(void **state)
{
	uint8_t px[2 * 3 * 3] = {255, 0,  0,  0, 255, 0, 0,   0,   255,
				 10,  10, 10, 0, 0,   0, 255, 255, 255};
	struct image colour = {.width = 3, .height = 2, .channels = 3, .stride = 9, .px = px};
	uint8_t out[5 * 5];
	static const uint8_t wanted[5 * 5] = {
		255, 255, 255, 255, 255, /* one row of white above, two below */
		255, 76,  150, 29,  255, 255, 10,  0,   255, 255,
		255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

	(void)state;
	picture_from_image(&colour, 5, out);
	assert_memory_equal(out, wanted, sizeof(wanted));
}

/* Every move there is of a picture, and further. */
static void test_moved_pictures(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	uint8_t from[25], to[25];

	(void)state;
	for (int right = -6; right <= 6; right++)
		for (int down = -6; down <= 6; down++) {
			for (int i = 0; i < 25; i++)
				from[i] = to[i] = (uint8_t)rng_below(&rng, 255);
			picture_move(to, 5, (struct picture_move){right, down});
			for (int i = 0; i < 25; i++) {
				int x = i % 5 - right, y = i / 5 - down;
				bool inside = x >= 0 && x < 5 && y >= 0 && y < 5;

				assert_int_equal(to[i], inside ? from[y * 5 + x] : 255);
			}
		}
}

/* --- datasets ------------------------------------------------------------------------------- */

static struct feed *open_feed(struct source *source, enum source_split split, int samples,
			      int threads, uint64_t seed)
{
	struct feed_settings settings = {.split = split,
					 .samples = samples,
					 .shuffled = split == SOURCE_TRAIN,
					 .most = INT64_MAX,
					 .seed = seed,
					 .threads = threads};
	struct model_config config = training_fixture_config();
	struct err err = {0};
	struct feed *feed = feed_new(source, &settings, &config, &err);

	if (!feed)
		fail_msg("%s", err.msg);
	return feed;
}

static void take(struct feed *feed, struct feed_batch *batch)
{
	struct err err = {0};

	if (feed_next(feed, batch, &err) < 0)
		fail_msg("%s", err.msg);
}

/* Of a batch's sample: enough to tell samples apart. */
static uint64_t hash_sample(const struct batch *b, int sample)
{
	uint64_t h = 1;

	for (int i = 0; i < SIDE * SIDE; i++)
		h = rng_mix64(h ^ b->pixels[sample * SIDE * SIDE + i]);
	for (int i = 0; i < b->rows && b->ids[sample * b->rows + i] != 2; i++)
		h = rng_mix64(h ^ (uint64_t)b->ids[sample * b->rows + i]);
	return h;
}

static int compare_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* `count` samples from batch number `first` on, in batches of `samples`. */
static void read_hashes(struct source *source, enum source_split split, int samples, int threads,
			uint64_t seed, int64_t first, int count, uint64_t *hashes)
{
	struct feed *feed = open_feed(source, split, samples, threads, seed);
	struct feed_batch batch = {0};
	int i = 0;

	feed_seek(feed, first);
	while (i < count) {
		take(feed, &batch);
		for (int k = 0; k < batch.batch.samples && i < count; k++)
			hashes[i++] = hash_sample(&batch.batch, k);
	}
	feed_batch_free(&batch);
	feed_free(feed);
}

static void test_epochs(void **state)
{
	struct source *source;
	uint64_t a[3 * COUNT], b[3 * COUNT];
	int n;

	(void)state;
	training_fixture_dataset();
	source = training_fixture_source(4);
	n = (int)source->count[SOURCE_TRAIN];
	assert_true(n > COUNT / 2 && n < COUNT);
	read_hashes(source, SOURCE_TRAIN, 4, 1, 1, 0, 3 * n, a);
	read_hashes(source, SOURCE_TRAIN, 7, 4, 1, 0, 3 * n, b);
	assert_memory_equal(a, b, 3 * (size_t)n * sizeof(*a));
	read_hashes(source, SOURCE_TRAIN, 1, 3, 1, n + 2, n, b);
	assert_memory_equal(a + n + 2, b, (size_t)n * sizeof(*a));
	read_hashes(source, SOURCE_TRAIN, 4, 2, 2, 0, n, b);
	assert_memory_not_equal(a, b, (size_t)n * sizeof(*a));
	assert_memory_not_equal(a, a + n, (size_t)n * sizeof(*a));
	for (int epoch = 0; epoch < 3; epoch++) {
		qsort(a + epoch * n, (size_t)n, sizeof(*a), compare_hashes);
		assert_memory_equal(a, a + epoch * n, (size_t)n * sizeof(*a));
	}
	for (int i = 1; i < n; i++)
		assert_true(a[i] != a[i - 1]);
	source->free(source);
}

/* Validation samples are others, come once, in order, and the last batch is smaller. */
static void test_validation(void **state)
{
	struct source *source;
	struct feed *feed;
	struct feed_batch batch = {0};
	uint64_t a[COUNT], b[COUNT];
	int train, val, seen = 0;

	(void)state;
	training_fixture_dataset();
	source = training_fixture_source(2);
	train = (int)source->count[SOURCE_TRAIN];
	val = (int)source->count[SOURCE_VAL];
	assert_int_equal(train + val, COUNT);
	read_hashes(source, SOURCE_TRAIN, 1, 1, 1, 0, train, a);
	feed = open_feed(source, SOURCE_VAL, 3, 2, 1);
	assert_int_equal(feed_batches(feed), (val + 2) / 3);
	for (int round = 0; round < 2; round++) {
		seen = 0;
		feed_seek(feed, 0);
		for (int64_t i = 0; i < feed_batches(feed); i++) {
			take(feed, &batch);
			for (int k = 0; k < batch.batch.samples; k++, seen++) {
				uint64_t h = hash_sample(&batch.batch, k);

				assert_true(round == 0 || h == b[seen]);
				b[seen] = h;
			}
		}
		assert_int_equal(seen, val);
	}
	for (int i = 0; i < train; i++)
		for (int k = 0; k < val; k++)
			assert_true(a[i] != b[k]);
	feed_batch_free(&batch);
	feed_free(feed);
	source->free(source);
}

/* A picture of 6 x 6 stands in the middle of 8 x 8; rows are filled up by </s>. */
static void test_batches(void **state)
{
	struct source *source;
	struct feed *feed;
	struct feed_batch batch = {0};
	int longest = 0, targets = 0;

	(void)state;
	training_fixture_dataset();
	source = training_fixture_source(1);
	feed = open_feed(source, SOURCE_TRAIN, 5, 1, 1);
	feed_seek(feed, 0);
	take(feed, &batch);
	for (int i = 0; i < 5 * SIDE * SIDE; i++) {
		int x = i % SIDE, y = i / SIDE % SIDE;

		if (x < 1 || y < 1 || x > SIDE_PX || y > SIDE_PX)
			assert_int_equal(batch.batch.pixels[i], 255);
	}
	for (int k = 0; k < 5; k++) {
		int rows = batch.batch.rows;

		while (rows > 0 && batch.ids[k * batch.batch.rows + rows - 1] == 2)
			rows--;
		longest = rows + 1 > longest ? rows + 1 : longest;
		for (int i = 0; i < batch.batch.rows; i++) {
			targets += batch.targets[k * batch.batch.rows + i] >= 0;
			assert_true(i < rows || batch.targets[k * batch.batch.rows + i] < 0);
		}
	}
	assert_int_equal(longest, batch.batch.rows);
	assert_int_equal(targets, batch.batch.target_count);
	assert_true(source->rows >= longest);
	feed_batch_free(&batch);
	feed_free(feed);
	source->free(source);
}

/* A file of LLaVA's layout is the same samples; joined, those of a folder validate. */
static void test_files(void **state)
{
	struct model_config config = training_fixture_config();
	struct dataset_files files = {.image_folder = fixture_out}, all = {fixture_out, NULL, true};
	struct source *folder, *file, *val, *joined;
	uint64_t a[COUNT], b[COUNT];
	struct err err = {0};
	int n;

	(void)state;
	training_fixture_dataset();
	files.path = fixture_path(fixture_out, "train.json");
	folder = training_fixture_source(2);
	file = dataset_source_open(&files, fixture_tokenizer, &config, 2, &err);
	if (!file)
		fail_msg("%s", err.msg);
	n = (int)folder->count[SOURCE_TRAIN];
	assert_int_equal(file->count[SOURCE_TRAIN], n);
	assert_int_equal(file->count[SOURCE_VAL], 0);
	read_hashes(folder, SOURCE_TRAIN, 3, 2, 1, 0, n, a);
	read_hashes(file, SOURCE_TRAIN, 3, 2, 1, 0, n, b);
	assert_memory_equal(a, b, (size_t)n * sizeof(*a));
	val = dataset_source_open(&all, fixture_tokenizer, &config, 2, &err);
	assert_int_equal(val->count[SOURCE_TRAIN], 0);
	assert_int_equal(val->count[SOURCE_VAL], COUNT);
	joined = source_join(file, val);
	assert_int_equal(joined->count[SOURCE_TRAIN], n);
	assert_int_equal(joined->count[SOURCE_VAL], COUNT);
	assert_int_equal(joined->rows, val->rows);
	read_hashes(joined, SOURCE_VAL, 3, 2, 1, 0, COUNT, b);
	for (int i = 0; i < n; i++) {
		int k = 0;

		while (k < COUNT && a[i] != b[k])
			k++;
		assert_true(k < COUNT);
	}
	joined->free(joined);
	folder->free(folder);
}

static void refuse_source(const struct model_config *config, enum err_code code, const char *part)
{
	struct dataset_files files = {.path = fixture_out};
	struct err err = {0};

	assert_null(dataset_source_open(&files, fixture_tokenizer, config, 1, &err));
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, part))
		fail_msg("'%s' lacks '%s'", err.msg, part);
}

static void test_refused_datasets(void **state)
{
	struct model_config config = training_fixture_config();
	struct dataset_files files = {.path = fixture_out};
	struct conversation c = {0};
	struct err err = {0};
	struct source *source;
	uint8_t pixels[16];

	(void)state;
	training_fixture_dataset();
	config.text.positions = 12;
	refuse_source(&config, ERR_LIMIT,
		      "picture and prompt included; the model has 12 positions");
	config.text.vocab = 100;
	refuse_source(&config, ERR_FORMAT, ", the model 100");
	config = training_fixture_config();
	config.vision.side = 4;
	source = dataset_source_open(&files, fixture_tokenizer, &config, 1, &err);
	assert_int_equal(source->read(source, 0, SOURCE_TRAIN, 0, &c, pixels, NULL, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, "is 6 x 6 pixels; the model takes 4 x 4"));
	conversation_free(&c);
	source->free(source);
}

#define CELLS reading_answers(READING_QUESTION_COUNT_, SIDE / 4 * (SIDE / 4)) /* of a picture */

/* --- a source that is made up --------------------------------------------------------------- */

/* Samples are slow by chance; those from `broken` on fail. */
struct fake {
	struct source base;
	int64_t broken;
	atomic_int inside[8]; /* calls by worker */
};

static int read_fake(struct source *source, int worker, enum source_split split, int64_t n,
		     struct conversation *conversation, uint8_t *pixels, int8_t *cells,
		     struct err *err)
{
	struct fake *f = (struct fake *)source;
	struct conversation_text text = {0};
	struct model_config config = training_fixture_config();
	struct timespec nap = {0, (long)(rng_mix64((uint64_t)n) % 300000)};

	(void)split;
	assert_int_equal(atomic_fetch_add(&f->inside[worker], 1), 0);
	nanosleep(&nap, NULL);
	conversation_lay(conversation, &text, &config);
	memset(pixels, (int)n, SIDE * SIDE);
	if (cells)
		memset(cells, (int)n % 100, CELLS);
	atomic_fetch_sub(&f->inside[worker], 1);
	return n >= f->broken ? err_set(err, ERR_FORMAT, "sample %d is broken", (int)n) : 0;
}

static void test_order(void **state)
{
	struct fake fake = {.base = {.count = {SOURCE_ENDLESS, 0}, .workers = 8, .read = read_fake},
			    .broken = INT64_MAX};
	struct feed *feed = open_feed(&fake.base, SOURCE_TRAIN, 5, 8, 1);
	struct feed_batch batch = {0};
	static const int64_t starts[] = {0, 30, 2, 100};

	(void)state;
	for (int s = 0; s < 4; s++) {
		feed_seek(feed, starts[s]);
		for (int64_t i = starts[s]; i < starts[s] + 20; i++) {
			take(feed, &batch);
			for (int k = 0; k < 5; k++)
				assert_int_equal(batch.pixels[k * SIDE * SIDE],
						 (uint8_t)(i * 5 + k));
		}
	}
	assert_true(feed_waited(feed) > 0);
	assert_null(batch.batch.cells);
	feed_batch_free(&batch);
	feed_free(feed);
}

/* What stands where comes along, where it was asked for. */
static void test_cells(void **state)
{
	struct fake fake = {.base = {.count = {SOURCE_ENDLESS, 0}, .workers = 3, .read = read_fake},
			    .broken = INT64_MAX};
	struct feed_settings settings = {.split = SOURCE_TRAIN,
					 .samples = 5,
					 .labels = true,
					 .shuffled = true,
					 .threads = 3};
	struct model_config config = training_fixture_config();
	struct feed_batch batch = {0};
	struct err err = {0};
	struct feed *feed = feed_new(&fake.base, &settings, &config, &err);

	(void)state;
	assert_non_null(feed);
	feed_seek(feed, 0);
	for (int i = 0; i < 20; i++) {
		take(feed, &batch);
		for (int k = 0; k < 5; k++) {
			assert_int_equal(batch.batch.cells[k * CELLS], (i * 5 + k) % 100);
			assert_int_equal(batch.batch.cells[(k + 1) * CELLS - 1], (i * 5 + k) % 100);
		}
	}
	feed_batch_free(&batch);
	feed_free(feed);
}

static void test_errors_in_turn(void **state)
{
	struct fake fake = {.base = {.count = {SOURCE_ENDLESS, 0}, .workers = 8, .read = read_fake},
			    .broken = 12};
	struct feed *feed = open_feed(&fake.base, SOURCE_TRAIN, 5, 8, 1);
	struct feed_batch batch = {0};
	struct err err = {0};

	(void)state;
	feed_seek(feed, 0);
	take(feed, &batch);
	take(feed, &batch);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(feed_next(feed, &batch, &err), -1);
		assert_string_equal(err.msg, "sample 12 is broken");
	}
	feed_seek(feed, 1);
	take(feed, &batch);
	assert_int_equal(batch.pixels[0], 5);
	feed_batch_free(&batch);
	feed_free(feed);
	/* one that nothing was asked of, and one that is freed while its threads work */
	feed = open_feed(&fake.base, SOURCE_TRAIN, 5, 2, 1);
	feed_free(feed);
	feed = open_feed(&fake.base, SOURCE_TRAIN, 5, 4, 1);
	feed_seek(feed, 0);
	feed_free(feed);
}

/* --- rows ----------------------------------------------------------------------------------- */

#define STEP 8

/* Rows to a multiple, and no more than there are positions, hold no targets and a token. */
static void check_rows(const struct batch *got, const struct batch *want, int positions)
{
	int rows = (want->rows + STEP - 1) / STEP * STEP;

	assert_int_equal(got->rows, rows < positions ? rows : positions);
	assert_int_equal(got->target_count, want->target_count);
	for (int sample = 0; sample < got->samples; sample++)
		for (int row = 0; row < got->rows; row++) {
			int at = sample * got->rows + row, from = sample * want->rows + row;
			bool past = row >= want->rows;

			assert_int_equal(got->targets[at], past ? -1 : want->targets[from]);
			assert_true(got->ids[at] >= 0 && (past || got->ids[at] == want->ids[from]));
		}
}

static void test_row_step(void **state)
{
	struct source *source;
	struct model_config config = training_fixture_config();
	struct feed_settings settings = {
		.samples = 3, .shuffled = true, .seed = 4, .row_step = STEP, .threads = 1};
	struct feed_batch got = {0}, want = {0};
	struct feed *stepped, *plain;
	struct err err = {0};

	(void)state;
	training_fixture_dataset();
	source = training_fixture_source(2);
	plain = open_feed(source, SOURCE_TRAIN, 3, 1, 4);
	settings.first_worker = 1;
	stepped = feed_new(source, &settings, &config, &err);
	assert_non_null(stepped);
	feed_seek(plain, 0);
	feed_seek(stepped, 0);
	for (int i = 0; i < 8; i++) {
		take(plain, &want);
		while (!feed_ready(stepped))
			nanosleep(&(struct timespec){0, 1000000}, NULL);
		take(stepped, &got);
		check_rows(&got.batch, &want.batch, config.text.positions);
	}
	feed_batch_free(&got);
	feed_batch_free(&want);
	feed_free(stepped);
	feed_free(plain);
	source->free(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conversation),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_moved_pictures),
		cmocka_unit_test_teardown(test_epochs, fixture_clean),
		cmocka_unit_test_teardown(test_validation, fixture_clean),
		cmocka_unit_test_teardown(test_batches, fixture_clean),
		cmocka_unit_test_teardown(test_files, fixture_clean),
		cmocka_unit_test_teardown(test_refused_datasets, fixture_clean),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_errors_in_turn),
		cmocka_unit_test_teardown(test_row_step, fixture_clean),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, training_fixture_setup, training_fixture_teardown);
}
