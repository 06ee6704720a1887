/* SPDX-License-Identifier: MIT */
/* event_file: what is written, taken apart again by a decoder that shares nothing with the writer; its
 * name; runs that are resumed or new; disks that are full. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "formats/metrics/event_file.h"
#include "tests/disk_faults.h"
#include "tests/random_shapes.h"

static char folder[64];

/* Every test starts in an empty folder. */
static int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_event_file.XXXXXX");
	return !mkdtemp(folder) || chdir(folder) < 0;
}

static int leave_folder(void **state)
{
	struct err err = {0};

	(void)state;
	disk_fault = DISK_GOOD;
	return chdir("/") < 0 || fs_remove_tree(folder, &err) < 0;
}

/* --- the decoder ------------------------------------------------------------------------------ */

struct span {
	const uint8_t *at, *end;
};

struct field {
	int number, wire;
	uint64_t value;    /* wire 0, 1 and 5 */
	struct span bytes; /* wire 2 */
};

static uint64_t take_fixed(struct span *in, int bytes)
{
	uint64_t v = 0;

	assert_true(in->end - in->at >= bytes);
	for (int i = 0; i < bytes; i++)
		v += (uint64_t)*in->at++ << 8 * i;
	return v;
}

static uint64_t take_varint(struct span *in)
{
	uint64_t v = 0;

	for (int shift = 0;; shift += 7) {
		uint64_t byte = take_fixed(in, 1);

		assert_true(shift < 64);
		v |= (byte & 127) << shift;
		if (byte < 128)
			return v;
	}
}

static bool next_field(struct span *in, struct field *f)
{
	uint64_t key;

	if (in->at == in->end)
		return false;
	key = take_varint(in);
	*f = (struct field){.number = (int)(key >> 3), .wire = (int)(key & 7)};
	switch (f->wire) {
	case 0:
		f->value = take_varint(in);
		break;
	case 1:
	case 5:
		f->value = take_fixed(in, f->wire == 1 ? 8 : 4);
		break;
	case 2:
		key = take_varint(in);
		assert_true(key <= (uint64_t)(in->end - in->at));
		f->bytes = (struct span){in->at, in->at + key};
		in->at += key;
		break;
	default:
		fail_msg("wire type %d", f->wire);
	}
	return true;
}

/* The only field of that number. */
static bool find_field(struct span message, int number, int wire, struct field *out)
{
	struct field f;
	int found = 0;

	while (next_field(&message, &f)) {
		if (f.number != number)
			continue;
		assert_int_equal(f.wire, wire);
		*out = f;
		found++;
	}
	assert_true(found <= 1);
	return found == 1;
}

static uint64_t number_of(struct span message, int number)
{
	struct field f;

	return find_field(message, number, 0, &f) ? f.value : 0;
}

static struct span bytes_of(struct span message, int number)
{
	struct field f;

	if (!find_field(message, number, 2, &f))
		fail_msg("no field %d", number);
	return f.bytes;
}

static void assert_bytes(struct span bytes, const char *text)
{
	assert_int_equal(bytes.end - bytes.at, strlen(text));
	assert_memory_equal(bytes.at, text, strlen(text));
}

static double double_of(struct span message, int number)
{
	struct field f;
	double v;

	assert_true(find_field(message, number, 1, &f));
	memcpy(&v, &f.value, sizeof(v));
	return v;
}

/* Masked CRC-32C, bit by bit. */
static uint32_t checksum_of(const uint8_t *bytes, size_t n)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < n; i++)
		for (int bit = 0; bit < 8; bit++) {
			bool odd = (crc ^ bytes[i] >> bit) & 1;

			crc = crc >> 1 ^ (odd ? 0x82f63b78 : 0);
		}
	crc = ~crc;
	return (uint32_t)((crc >> 15 | (uint64_t)crc << 17) + 0xa282ead8);
}

/* The next record's Event. */
static bool next_event(struct span *in, struct span *event)
{
	const uint8_t *start = in->at;
	uint64_t n;

	if (in->at == in->end)
		return false;
	n = take_fixed(in, 8);
	assert_int_equal(take_fixed(in, 4), checksum_of(start, 8));
	assert_true(n <= (uint64_t)(in->end - in->at));
	*event = (struct span){in->at, in->at + n};
	in->at += n;
	assert_int_equal(take_fixed(in, 4), checksum_of(event->at, n));
	return true;
}

/* --- files ------------------------------------------------------------------------------------ */

static int is_event_file(const struct dirent *entry)
{
	return strncmp(entry->d_name, "events", 6) == 0;
}

/* How many event files there are; reads the last. */
static int read_last(struct buf *data, struct span *in)
{
	struct dirent **names;
	struct err err = {0};
	int n = scandir(".", &names, is_event_file, alphasort);

	assert_true(n >= 0);
	buf_clear(data);
	if (n && fs_read(names[n - 1]->d_name, 1 << 24, data, &err) < 0)
		fail_msg("%s", err.msg);
	*in = (struct span){(const uint8_t *)data->data, (const uint8_t *)data->data + data->len};
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return n;
}

static struct event_file *open_file(int64_t resumed_at)
{
	struct err err = {0};
	struct event_file *file = event_file_open(".", resumed_at, &err);

	if (!file)
		fail_msg("%s", err.msg);
	return file;
}

static void close_file(struct event_file *file)
{
	struct err err = {0};

	assert_int_equal(event_file_close(file, &err), 0);
}

/* Past the record that every file begins with. */
static void skip_version(struct span *in)
{
	struct span event;

	assert_true(next_event(in, &event));
	assert_bytes(bytes_of(event, 3), "brain.Event:2");
	assert_true(fabs(double_of(event, 1) - event_file_time()) < 1000);
	assert_int_equal(number_of(event, 2), 0);
}

/* The next event's one value, of that step, time and tag. */
static struct span next_value(struct span *in, int64_t step, double wall_time, const char *tag)
{
	struct span event = {0}, value;

	assert_true(next_event(in, &event));
	assert_true((int64_t)number_of(event, 2) == step);
	assert_true(double_of(event, 1) == wall_time);
	value = bytes_of(bytes_of(event, 5), 1);
	assert_bytes(bytes_of(value, 1), tag);
	return value;
}

static float float_of(struct span value)
{
	struct field f;
	uint32_t bits;
	float v;

	assert_true(find_field(value, 2, 5, &f));
	bits = (uint32_t)f.value;
	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void test_name(void **state)
{
	char host[256] = "", expected[400];
	struct dirent **names;
	long seconds;
	int end = 0;

	(void)state;
	close_file(open_file(-1));
	assert_int_equal(scandir(".", &names, is_event_file, alphasort), 1);
	assert_int_equal(sscanf(names[0]->d_name, "events.out.tfevents.%10ld.%n", &seconds, &end),
			 1);
	assert_true(labs(seconds - (long)event_file_time()) < 1000);
	assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
	snprintf(expected, sizeof(expected), "%s.%ld.0", host, (long)getpid());
	assert_string_equal(names[0]->d_name + end, expected);
	free(names[0]);
	free(names);
}

static void test_scalars(void **state)
{
	static const struct {
		int64_t step;
		double time, value;
	} cases[] = {
		{1, 1.5, 0.1},     {127, 2e9, -3},         {128, 1789000000.123456, 1e-45},
		{16384, 0, 65504}, {INT64_MAX, 1, 3.0e38}, {0, 1, 0},
	};
	struct event_file *file = open_file(-1);
	struct buf data = {0};
	struct err err = {0};
	struct span in, event;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(event_file_scalar(file, "loss/train", cases[i].step, cases[i].time,
						   cases[i].value, &err),
				 0);
	assert_int_equal(event_file_scalar(file, "", 7, 1, NAN, &err), 0);
	/* Before it is closed. */
	assert_int_equal(read_last(&data, &in), 1);
	skip_version(&in);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(float_of(next_value(&in, cases[i].step, cases[i].time, "loss/train")) ==
			    (float)cases[i].value);
	assert_true(isnan(float_of(next_value(&in, 7, 1, ""))));
	assert_false(next_event(&in, &event));
	close_file(file);
	buf_free(&data);
}

/* Of all lengths in bits. */
static int64_t random_step(struct rng *rng)
{
	uint64_t step = (uint64_t)rng_u32(rng) << 31;

	return (int64_t)((step | rng_u32(rng)) >> rng_below(rng, 63));
}

/* Tags of all lengths about those whose length takes a byte more. */
static void test_random_scalars(void **state)
{
	uint64_t seed = test_seed();
	struct rng rng = rng_seed(seed, 1);
	struct event_file *file = open_file(-1);
	struct buf data = {0}, tag = {0};
	struct err err = {0};
	struct span in;

	(void)state;
	for (int i = 0; i < 300; i++) {
		int64_t step = random_step(&rng);

		buf_char(&tag, (char)('a' + i % 26));
		assert_int_equal(event_file_scalar(file, tag.data, step, i, rng_unit(&rng), &err),
				 0);
	}
	close_file(file);
	read_last(&data, &in);
	skip_version(&in);
	rng = rng_seed(seed, 1);
	buf_clear(&tag);
	for (int i = 0; i < 300; i++) {
		int64_t step = random_step(&rng);

		buf_char(&tag, (char)('a' + i % 26));
		assert_true(float_of(next_value(&in, step, i, tag.data)) == (float)rng_unit(&rng));
	}
	buf_free(&data);
	buf_free(&tag);
}

static void assert_image(struct span value, const struct image *expected)
{
	struct span message = bytes_of(value, 4), png = bytes_of(message, 4);
	struct image image;
	struct err err = {0};

	assert_int_equal(number_of(message, 1), expected->height);
	assert_int_equal(number_of(message, 2), expected->width);
	assert_int_equal(number_of(message, 3), expected->channels);
	assert_int_equal(fs_write("x.png", png.at, (size_t)(png.end - png.at), &err), 0);
	if (image_read_png(&image, "x.png", 1000, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(image.width, expected->width);
	assert_int_equal(image.height, expected->height);
	assert_int_equal(image.channels, expected->channels);
	for (int y = 0; y < image.height; y++)
		assert_memory_equal(image.px + (size_t)y * image.stride,
				    expected->px + (size_t)y * expected->stride,
				    (size_t)(image.width * image.channels));
	image_free(&image);
}

static void test_images(void **state)
{
	struct rng rng = rng_seed(test_seed(), 1);
	struct image grey = image_new(37, 5, 1), rgb = image_new(9, 60, 3);
	struct event_file *file = open_file(-1);
	struct buf data = {0};
	struct err err = {0};
	struct span in;

	(void)state;
	for (size_t i = 0; i < 37 * 5; i++)
		grey.px[i] = (uint8_t)rng_below(&rng, 256);
	for (size_t i = 0; i < 3 * 9 * 60; i++)
		rgb.px[i] = (uint8_t)rng_below(&rng, 256);
	assert_int_equal(event_file_image(file, "drawing", 3, 1, &grey, &err), 0);
	assert_int_equal(event_file_image(file, "scan", 4, 2, &rgb, &err), 0);
	close_file(file);
	read_last(&data, &in);
	skip_version(&in);
	assert_image(next_value(&in, 3, 1, "drawing"), &grey);
	assert_image(next_value(&in, 4, 2, "scan"), &rgb);
	image_free(&grey);
	image_free(&rgb);
	buf_free(&data);
}

static void assert_text(struct span value, const char *text)
{
	struct span tensor = bytes_of(value, 8), metadata = bytes_of(value, 9);

	assert_int_equal(number_of(tensor, 1), 7);   /* DT_STRING */
	assert_bytes(bytes_of(tensor, 2), "");       /* a scalar's shape */
	assert_bytes(bytes_of(tensor, 8), text);     /* string_val */
	assert_int_equal(number_of(metadata, 4), 2); /* DATA_CLASS_TENSOR */
	assert_bytes(bytes_of(bytes_of(metadata, 1), 1), "text");
}

static void test_texts(void **state)
{
	struct event_file *file = open_file(-1);
	struct buf data = {0};
	struct err err = {0};
	struct span in;

	(void)state;
	assert_int_equal(event_file_text(file, "program", 5, 1, "circle(x=1);\n⌀3", &err), 0);
	assert_int_equal(event_file_text(file, "program", 6, 1, "", &err), 0);
	close_file(file);
	read_last(&data, &in);
	skip_version(&in);
	assert_text(next_value(&in, 5, 1, "program"), "circle(x=1);\n⌀3");
	assert_text(next_value(&in, 6, 1, "program"), "");
	buf_free(&data);
}

/* A resumed run makes a further file, which voids steps; a new one begins alone. */
static void test_runs(void **state)
{
	struct buf data = {0};
	struct err err = {0};
	struct span in, event;

	(void)state;
	assert_int_equal(fs_write("metrics.jsonl", "", 0, &err), 0);
	close_file(open_file(-1));
	close_file(open_file(201));
	close_file(open_file(0));
	assert_int_equal(read_last(&data, &in), 3);
	skip_version(&in);
	assert_true(next_event(&in, &event));
	assert_int_equal(number_of(event, 2), 0);
	assert_int_equal(number_of(bytes_of(event, 7), 1), 1); /* START */
	close_file(open_file(-1));
	assert_int_equal(read_last(&data, &in), 1);
	skip_version(&in);
	assert_false(next_event(&in, &event));
	close_file(open_file(201));
	assert_int_equal(read_last(&data, &in), 2);
	skip_version(&in);
	assert_true(next_event(&in, &event));
	assert_int_equal(number_of(event, 2), 201);
	assert_int_equal(access("metrics.jsonl", F_OK), 0);
	buf_free(&data);
}

static void test_nowhere(void **state)
{
	struct err err = {0};

	(void)state;
	assert_null(event_file_open("no", -1, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "cannot read no: No such file or directory");
	assert_null(event_file_open("no", 5, &err));
	assert_non_null(strstr(err.msg, "cannot open no/events.out.tfevents."));
	assert_int_equal(event_file_close(NULL, &err), 0);
}

static void test_full_disk(void **state)
{
	struct event_file *file;
	struct buf data = {0};
	struct err err = {0};
	struct span in;

	(void)state;
	disk_fault = DISK_FULL;
	for (disk_steps_left = 0; disk_steps_left < 2;) {
		long steps = disk_steps_left;

		assert_null(event_file_open(".", 3, &err));
		assert_int_equal(err.code, ERR_IO);
		assert_non_null(strstr(err.msg, "No space left on device"));
		assert_int_equal(read_last(&data, &in), 0);
		disk_steps_left = steps + 1;
	}
	file = open_file(3);
	assert_int_equal(event_file_scalar(file, "loss", 4, 1, 2, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	disk_fault = DISK_GOOD;
	close_file(file);
	buf_free(&data);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
	const struct CMUnitTest tests[] = {
		T(test_name),  T(test_scalars), T(test_random_scalars), T(test_images),
		T(test_texts), T(test_runs),    T(test_nowhere),        T(test_full_disk),
	};
#undef T

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
