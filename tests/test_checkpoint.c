/* SPDX-License-Identifier: MIT */
/*
 * checkpoint: folders come back with the same numbers, from every layout of names; what is missing,
 * wrong or not finite is named; readers see the old folder or the new one, whenever the disk fills up
 * or the process dies.
 */
#include <config.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "formats/model/checkpoint.h"
#include "formats/model/vocab.h"
#include "tests/disk_faults.h"
#include "tests/random_shapes.h"

static char folder[] = "/tmp/test_checkpoint.XXXXXX";

/* Every test starts in an empty folder. */
static int enter_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_checkpoint.XXXXXX");
	return !mkdtemp(folder) || chdir(folder) < 0;
}

static int leave_folder(void **state)
{
	struct err err = {0};

	(void)state;
	disk_fault = DISK_GOOD;
	return chdir("/") < 0 || fs_remove_tree(folder, &err) < 0;
}

/* A model of next to nothing. */
static struct model_config tiny(void)
{
	struct model_config config;
	struct err err = {0};

	if (model_config_preset(&config, "nano", 32, 40, &err) < 0)
		fail_msg("%s", err.msg);
	config.vision.width = 12;
	config.vision.heads = 2;
	config.vision.layers = 2;
	config.vision.mlp = 20;
	config.text.width = 8;
	config.text.heads = 2;
	config.text.kv_heads = 1;
	config.text.head_dim = 6;
	config.text.layers = 1;
	config.text.mlp = 10;
	return config;
}

/* Random numbers that BF16 keeps as they are; gaps are 0. */
static struct checkpoint random_checkpoint(struct model_config config, uint64_t seed)
{
	struct checkpoint c = {.config = config, .tensors = model_tensors_new(&config)};
	struct rng rng = rng_seed(seed, 1);

	c.numbers = mem_alloc(c.tensors->numbers, sizeof(float));
	for (int i = 0; i < c.tensors->count; i++) {
		const struct model_tensor *t = &c.tensors->all[i];

		for (size_t j = 0; j < t->count; j++)
			c.numbers[t->offset + j] = (float)ldexp((double)rng_range(&rng, -127, 127),
								(int)rng_range(&rng, -12, 3));
	}
	return c;
}

static void write_good(const struct checkpoint *c, const char *path)
{
	struct err err = {0};

	if (checkpoint_write(c, path, SAFETENSORS_BF16, NULL, NULL, &err) < 0)
		fail_msg("%s", err.msg);
}

static void assert_same(const struct checkpoint *a, const struct checkpoint *b)
{
	assert_int_equal(a->tensors->numbers, b->tensors->numbers);
	assert_memory_equal(a->numbers, b->numbers, a->tensors->numbers * sizeof(float));
}

static void assert_holds(const char *path, const struct checkpoint *c)
{
	struct checkpoint back;
	struct err err = {0};

	if (checkpoint_read(&back, path, &err) < 0)
		fail_msg("%s", err.msg);
	assert_same(&back, c);
	checkpoint_free(&back);
}

static void refuse_read(const char *path, enum err_code code, const char *message)
{
	struct checkpoint c;
	struct err err = {0};

	assert_int_equal(checkpoint_read(&c, path, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void put(const char *path, const char *text)
{
	struct err err = {0};

	assert_int_equal(fs_write(path, text, strlen(text), &err), 0);
}

static void assert_text(const char *path, const char *text)
{
	struct buf b = {0};
	struct err err = {0};

	assert_int_equal(fs_read(path, 1 << 20, &b, &err), 0);
	assert_string_equal(b.data, text);
	buf_free(&b);
}

static void test_round_trip(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), test_seed());
	struct err err = {0};

	(void)state;
	write_good(&c, "m");
	assert_holds("m", &c);
	assert_false(exists("m.tmp"));
	c.numbers[c.tensors->embed_w] = 1.0f / 3;
	assert_int_equal(checkpoint_write(&c, "a/b/", SAFETENSORS_F32, NULL, NULL, &err), 0);
	assert_holds("a/b", &c);
	assert_false(exists("a/b.tmp"));
	checkpoint_free(&c);
	c = random_checkpoint(tiny(), test_seed() + 1);
	c.config.text.tied = true;
	model_tensors_free(c.tensors);
	c.tensors = model_tensors_new(&c.config);
	memset(c.numbers, 0, c.tensors->numbers * sizeof(float));
	c.numbers[c.tensors->embed_w + 5] = 3;
	write_good(&c, "tied");
	assert_holds("tied", &c);
	checkpoint_free(&c);
}

static void test_small_files(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 1);

	(void)state;
	write_good(&c, "m");
	assert_text("m/generation_config.json", "{\n"
						"  \"bos_token_id\": 1,\n"
						"  \"eos_token_id\": 2,\n"
						"  \"pad_token_id\": 0,\n"
						"  \"do_sample\": false,\n"
						"  \"max_new_tokens\": 1024\n"
						"}\n");
	assert_text("m/preprocessor_config.json",
		    "{\n"
		    "  \"image_processor_type\": \"CLIPImageProcessor\",\n"
		    "  \"processor_class\": \"LlavaProcessor\",\n"
		    "  \"do_convert_rgb\": true,\n"
		    "  \"do_resize\": true,\n"
		    "  \"size\": {\"shortest_edge\": 32},\n"
		    "  \"resample\": 3,\n"
		    "  \"do_center_crop\": true,\n"
		    "  \"crop_size\": {\"height\": 32, \"width\": 32},\n"
		    "  \"do_rescale\": true,\n"
		    "  \"rescale_factor\": 0.00392156862745098,\n"
		    "  \"do_normalize\": true,\n"
		    "  \"image_mean\": [1, 1, 1],\n"
		    "  \"image_std\": [0.25, 0.25, 0.25]\n"
		    "}\n");
	assert_text("m/processor_config.json", "{\n"
					       "  \"processor_class\": \"LlavaProcessor\",\n"
					       "  \"image_token\": \"<image>\",\n"
					       "  \"patch_size\": 16,\n"
					       "  \"num_additional_image_tokens\": 1,\n"
					       "  \"vision_feature_select_strategy\": \"default\"\n"
					       "}\n");
	assert_false(exists("m/tokenizer.json"));
	c.config.pad = -1;
	c.config.select = MODEL_SELECT_full;
	c.config.text.positions = 105;
	write_good(&c, "m");
	assert_text("m/generation_config.json", "{\n"
						"  \"bos_token_id\": 1,\n"
						"  \"eos_token_id\": 2,\n"
						"  \"do_sample\": false,\n"
						"  \"max_new_tokens\": 100\n"
						"}\n");
	checkpoint_free(&c);
}

/* In the file: three channels of 1/4, 1/2, 1/4; the dead norm; all names of the first layout. */
static void test_weights_file(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 2);
	const struct safetensor *t;
	struct safetensors *file;
	struct err err = {0};
	float v[768], *patches = c.numbers + c.tensors->patch_w;

	(void)state;
	write_good(&c, "m");
	file = safetensors_open("m/model.safetensors", &err);
	assert_non_null(file);
	assert_int_equal(safetensors_count(file), c.tensors->count + 2);
	t = safetensors_find(file, "vision_tower.vision_model.embeddings.patch_embedding.weight");
	assert_true(t->dtype == SAFETENSORS_BF16 && t->dims == 4 && t->shape[0] == 12 &&
		    t->shape[1] == 3 && t->shape[2] == 16 && t->shape[3] == 16);
	assert_int_equal(safetensors_floats(file, t, 768 * 7, 768, v, &err), 0);
	for (int i = 0; i < 256; i++)
		assert_true(v[i] == patches[256 * 7 + i] / 4 && v[256 + i] == 2 * v[i] &&
			    v[512 + i] == v[i]);
	t = safetensors_find(file, "vision_tower.vision_model.post_layernorm.weight");
	assert_int_equal(safetensors_floats(file, t, 0, t->count, v, &err), 0);
	assert_true(t->count == 12 && v[0] == 1 && v[11] == 1);
	t = safetensors_find(file, "vision_tower.vision_model.post_layernorm.bias");
	assert_int_equal(safetensors_floats(file, t, 0, t->count, v, &err), 0);
	assert_true(t->count == 12 && v[0] == 0 && v[11] == 0);
	safetensors_close(file);
	checkpoint_free(&c);
}

/* --- other writers */

/* How a changed file differs from what checkpoint_write makes. */
struct change {
	const char *from, *to; /* a beginning of names and what replaces it; to NULL: left out */
	const char *from2, *to2;
	const char *shape_of; /* its first size is halved, its second doubled */
	const char *more;     /* one tensor more, of one number */
	const char *bad;      /* the last number of this one is NaN */
	bool infinite;        /* ... or infinity */
};

static const char *changed_name(const char *name, const char *from, const char *to, char out[200])
{
	size_t n = from ? strlen(from) : 0;

	if (!from || strncmp(name, from, n) != 0)
		return name;
	if (!to)
		return NULL;
	snprintf(out, 200, "%s%s", to, name + n);
	return out;
}

/* m/model.safetensors anew, from itself, in F32. */
static void change_weights(struct change how)
{
	struct err err = {0};
	struct safetensors *file = safetensors_open("m/model.safetensors", &err);
	struct safetensors_writer *writer = safetensors_writer_new();
	const uint64_t one = 1;
	float zero = 0;

	assert_non_null(file);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < safetensors_count(file); i++) {
			const struct safetensor *t = safetensors_at(file, i);
			char first[200], second[200];
			const char *name = changed_name(t->name, how.from, how.to, first);
			float *numbers = mem_alloc(t->count, sizeof(float));
			uint64_t shape[4];

			name = name ? changed_name(name, how.from2, how.to2, second) : NULL;
			memcpy(shape, t->shape, sizeof(shape));
			if (how.shape_of && strcmp(t->name, how.shape_of) == 0) {
				shape[0] /= 2;
				shape[1] *= 2;
			}
			assert_int_equal(safetensors_floats(file, t, 0, t->count, numbers, &err),
					 0);
			if (how.bad && strcmp(t->name, how.bad) == 0)
				numbers[t->count - 1] = how.infinite ? -INFINITY : NAN;
			if (name && pass == 0)
				safetensors_declare(writer, name, SAFETENSORS_F32, t->dims, shape);
			else if (name)
				assert_int_equal(
					safetensors_add_floats(writer, numbers, t->count, &err), 0);
			free(numbers);
		}
		if (how.more && pass == 0)
			safetensors_declare(writer, how.more, SAFETENSORS_F32, 1, &one);
		else if (how.more)
			assert_int_equal(safetensors_add_floats(writer, &zero, 1, &err), 0);
		if (pass == 0)
			assert_int_equal(safetensors_start(writer, "m/model.safetensors", &err), 0);
	}
	assert_int_equal(safetensors_finish(writer, &err), 0);
	safetensors_close(file);
}

static void test_layouts(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 3);

	(void)state;
	write_good(&c, "m");
	change_weights((struct change){.from = "language_model.model.",
				       .to = "model.language_model.",
				       .from2 = "language_model.lm_head",
				       .to2 = "lm_head"});
	change_weights((struct change){.from = "vision_tower.",
				       .to = "model.vision_tower.",
				       .from2 = "multi_modal_projector.",
				       .to2 = "model.multi_modal_projector."});
	assert_holds("m", &c);
	change_weights((struct change){.from = "model.vision_tower.vision_model.",
				       .to = "model.vision_tower."});
	assert_holds("m", &c);
	change_weights((struct change){.from = "model.vision_tower.post_layernorm",
				       .more = "model.vision_tower.embeddings.position_ids"});
	assert_holds("m", &c);
	checkpoint_free(&c);
}

static void test_refuses_tensors(void **state)
{
#define M "m/model.safetensors: "
	static const struct {
		struct change change;
		const char *message;
	} bad[] = {
		{{.from = "language_model.model.norm.weight"},
		 M "'language_model.model.norm.weight' is missing"},
		{{.from = "vision_tower.vision_model.encoder.layers.1."},
		 M "'vision_tower.vision_model.encoder.layers.1.layer_norm1.weight' and 15 other "
		   "tensors are missing"},
		{{.more = "image_newline"}, M "unknown tensor 'image_newline'"},
		{{.more = "lm_head.weight"},
		 M "'language_model.lm_head.weight' and 'lm_head.weight' are the same tensor"},
		{{.shape_of = "language_model.lm_head.weight"},
		 M "'language_model.lm_head.weight' is [20, 16], must be [40, 8]"},
		{{.from = "language_model.model.norm.weight",
		  .more = "model.language_model.norm.weight"},
		 M "'model.language_model.norm.weight' is [1], must be [8]"},
		{{.bad = "language_model.lm_head.weight"},
		 M "'language_model.lm_head.weight' holds NaN"},
		{{.bad = "vision_tower.vision_model.embeddings.patch_embedding.weight"},
		 M "'vision_tower.vision_model.embeddings.patch_embedding.weight' holds NaN"},
		{{.bad = "multi_modal_projector.linear_1.bias", .infinite = true},
		 M "'multi_modal_projector.linear_1.bias' holds infinity"},
	};
#undef M
	struct checkpoint c = random_checkpoint(tiny(), 4);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_good(&c, "m");
		change_weights(bad[i].change);
		refuse_read("m", ERR_FORMAT, bad[i].message);
	}
	checkpoint_free(&c);
}

static void test_tied_head(void **state)
{
	struct model_config config = tiny();
	struct checkpoint c, back;
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	config.text.tied = true;
	c = random_checkpoint(config, 5);
	write_good(&c, "m");
	change_weights((struct change){.more = "lm_head.weight"});
	refuse_read("m", ERR_FORMAT,
		    "m/model.safetensors: 'lm_head.weight' is [1], must be [40, 8]");
	checkpoint_free(&c);

	/* Of a model that is not: its head is another matrix. */
	config.text.tied = false;
	c = random_checkpoint(config, 5);
	write_good(&c, "m");
	config.text.tied = true;
	model_config_write(&config, "float32", &text);
	put("m/config.json", text.data);
	buf_free(&text);
	refuse_read("m", ERR_FORMAT,
		    "m/model.safetensors: 'language_model.lm_head.weight' is not the embeddings, "
		    "which config.json ties it to");
	memcpy(c.numbers + c.tensors->head_w, c.numbers + c.tensors->embed_w,
	       40 * 8 * sizeof(float));
	write_good(&c, "n");
	assert_int_equal(rename("m/config.json", "n/config.json"), 0);
	assert_int_equal(checkpoint_read(&back, "n", &err), 0);
	assert_int_equal(back.tensors->count, c.tensors->count - 1);
	checkpoint_free(&back);
	checkpoint_free(&c);
}

static void test_refuses_folders(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 6), back;
	struct err err = {0};

	(void)state;
	refuse_read("m", ERR_IO, "cannot open m/config.json: No such file or directory");
	write_good(&c, "m");
	assert_int_equal(truncate("m/model.safetensors", 1000), 0);
	assert_int_equal(checkpoint_read(&back, "m", &err), -1);
	assert_non_null(strstr(err.msg, "m/model.safetensors: a header of "));
	assert_int_equal(unlink("m/model.safetensors"), 0);
	refuse_read("m", ERR_IO, "cannot open m/model.safetensors: No such file or directory");
	put("m/model.safetensors.index.json", "{}");
	refuse_read("m", ERR_UNSUPPORTED,
		    "m/model.safetensors.index.json: weights in several files");
	put("m/preprocessor_config.json", "{\"image_mean\":[0.5,0.5,0.5],\"image_std\":[0.5,1]}");
	refuse_read("m", ERR_UNSUPPORTED,
		    "m/preprocessor_config.json:1: 'image_std' is not the same for each channel");
	put("m/preprocessor_config.json", "{\"image_std\":[0]}");
	refuse_read("m", ERR_FORMAT,
		    "m/preprocessor_config.json:1: 'image_std' must be numbers from 0.001 to 1000");
	put("m/preprocessor_config.json", "{\"image_mean\":0.5}");
	refuse_read("m", ERR_FORMAT, "m/preprocessor_config.json:1: 'image_mean' must be a list");
	put("m/preprocessor_config.json", "{\"image_mean\":null}");
	put("m/processor_config.json", "{\"image_processor\":\n{\"image_mean\":[0.48,0.45]}}");
	refuse_read("m", ERR_UNSUPPORTED,
		    "m/processor_config.json:2: 'image_mean' is not the same for each channel");
	put("m/config.json", "{\"model_type\":\"gemma\"}");
	refuse_read("m", ERR_UNSUPPORTED,
		    "m/config.json:1: 'model_type' is 'gemma'; supported: llava");
	checkpoint_free(&c);
}

/* A config of a hundred thousand million parameters beside a few bytes costs nothing. */
static void test_large_config(void **state)
{
	struct model_config config = tiny();
	struct buf text = {0};
	struct err err = {0};

	(void)state;
	config.text.width = 65536;
	config.text.mlp = 1 << 19;
	assert_int_equal(mkdir("m", 0777), 0);
	model_config_write(&config, "float32", &text);
	put("m/config.json", text.data);
	buf_clear(&text);
	buf_bytes(&text, "\x02\0\0\0\0\0\0\0{}", 10);
	assert_int_equal(fs_write("m/model.safetensors", text.data, text.len, &err), 0);
	buf_free(&text);
	refuse_read("m", ERR_FORMAT,
		    "m/model.safetensors: 'vision_tower.vision_model.embeddings.class_embedding' "
		    "and 52 other tensors are missing");
}

/* --- writing */

static void refuse_write(const struct checkpoint *c, const char *path, enum safetensors_dtype dtype,
			 enum err_code code, const char *message)
{
	struct err err = {0};

	assert_int_equal(checkpoint_write(c, path, dtype, NULL, NULL, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, code);
}

static void test_refuses_numbers(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 7);
	float *number = &c.numbers[c.tensors->norm_w + 3];
	struct err err = {0};

	(void)state;
	*number = NAN;
	refuse_write(&c, "m", SAFETENSORS_F32, ERR_FORMAT,
		     "cannot write m: 'language_model.model.norm.weight' holds nan, which F32 "
		     "cannot keep");
	*number = 0x1.ffp127f;
	refuse_write(&c, "m", SAFETENSORS_BF16, ERR_FORMAT,
		     "cannot write m: 'language_model.model.norm.weight' holds 3.39618e+38, which "
		     "BF16 cannot keep");
	assert_false(exists("m") || exists("m.tmp"));
	assert_int_equal(checkpoint_write(&c, "m", SAFETENSORS_F32, NULL, NULL, &err), 0);
	assert_holds("m", &c);
	*number = 0x1.fep127f;
	write_good(&c, "m");
	assert_holds("m", &c);
	checkpoint_free(&c);
}

static void test_replaces_checkpoints_only(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 8), d = random_checkpoint(tiny(), 9);

	(void)state;
	assert_int_equal(mkdir("m", 0777), 0);
	write_good(&c, "m");
	write_good(&d, "m");
	assert_holds("m", &d);
	assert_false(exists("m.tmp"));
	put("m/notes", "mine");
	refuse_write(&c, "m", SAFETENSORS_BF16, ERR_USAGE,
		     "m holds notes, which is no file of a checkpoint");
	assert_text("m/notes", "mine");
	assert_holds("m", &d);
	assert_int_equal(unlink("m/notes"), 0);
	assert_int_equal(mkdir("m.tmp", 0777), 0);
	put("m.tmp/config.json", "left by a crash");
	put("m.tmp/model.safetensors.tmp", "left by a crash");
	write_good(&c, "m");
	assert_holds("m", &c);
	assert_false(exists("m.tmp"));
	assert_int_equal(mkdir("m.tmp", 0777), 0);
	put("m.tmp/notes", "mine");
	refuse_write(&d, "m", SAFETENSORS_BF16, ERR_USAGE,
		     "m.tmp holds notes, which is no file of a checkpoint");
	assert_text("m.tmp/notes", "mine");
	put("file", "");
	refuse_write(&d, "file", SAFETENSORS_BF16, ERR_IO,
		     "cannot open folder file: Not a directory");
	checkpoint_free(&c);
	checkpoint_free(&d);
}

static void test_tokenizer(void **state)
{
	const char *from = source_file("samples/tokenizer");
	struct err err = {0};
	struct buf path = {0};
	struct model_config config = tiny();
	struct checkpoint c = random_checkpoint(config, 10);
	struct vocab *vocab, *back;

	(void)state;
	assert_int_equal(checkpoint_write(&c, "m", SAFETENSORS_BF16, NULL, from, &err), 0);
	assert_true(exists("m/chat_template.jinja") && exists("m/special_tokens_map.json") &&
		    exists("m/tokenizer_config.json"));
	vocab = vocab_read("m/tokenizer.json", &err);
	assert_non_null(vocab);
	assert_int_equal(checkpoint_write(&c, "n", SAFETENSORS_BF16, vocab, NULL, &err), -1);
	buf_str(&path, "cannot write n: a vocabulary of ");
	buf_int(&path, vocab->token_count);
	buf_str(&path, " tokens for a model of 40");
	assert_string_equal(err.msg, path.data);
	buf_free(&path);
	checkpoint_free(&c);

	config.text.vocab = (int)vocab->token_count + 7;
	c = random_checkpoint(config, 11);
	assert_int_equal(checkpoint_write(&c, "n", SAFETENSORS_BF16, vocab, NULL, &err), 0);
	back = vocab_read("n/tokenizer.json", &err);
	assert_non_null(back);
	assert_int_equal(back->token_count, vocab->token_count);
	vocab_free(back);
	assert_true(exists("n/chat_template.jinja") && exists("n/special_tokens_map.json") &&
		    exists("n/tokenizer_config.json"));
	c.config.eos = 3;
	assert_int_equal(checkpoint_write(&c, "n", SAFETENSORS_BF16, vocab, NULL, &err), -1);
	assert_string_equal(err.msg, "cannot write n: the model's </s> is token 3, not so in its "
				     "vocabulary");
	c.config.eos = 2;
	assert_int_equal(checkpoint_write(&c, "n", SAFETENSORS_BF16, NULL, "nowhere", &err), -1);
	assert_string_equal(err.msg,
			    "cannot open nowhere/tokenizer.json: No such file or directory");
	assert_false(exists("n.tmp"));
	vocab_free(vocab);
	checkpoint_free(&c);
}

/* --- disks */

/* At whatever moment the disk fills up, what was there stays. */
static void test_full_disk(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 12), d = random_checkpoint(tiny(), 13);
	long steps = 0;
	int rc = -1;

	(void)state;
	write_good(&c, "m");
	for (; rc < 0; steps++) {
		struct err err = {0};

		assert_true(steps < 200);
		disk_fault = DISK_FULL;
		disk_steps_left = steps;
		rc = checkpoint_write(&d, "m", SAFETENSORS_BF16, NULL, NULL, &err);
		disk_fault = DISK_GOOD;
		if (rc < 0) {
			struct checkpoint now;

			assert_non_null(strstr(err.msg, ": No space left on device"));
			assert_false(exists("m.tmp"));
			/* Only syncing the folder above can fail once the new one is there. */
			assert_int_equal(checkpoint_read(&now, "m", &err), 0);
			if (memcmp(now.numbers, d.numbers, d.tensors->numbers * sizeof(float)) != 0)
				assert_same(&now, &c);
			checkpoint_free(&now);
		}
	}
	assert_true(steps > 20);
	assert_holds("m", &d);
	checkpoint_free(&c);
	checkpoint_free(&d);
}

/* At whatever moment the process dies there is a whole checkpoint, and the next writer goes on. */
static void test_crashes(void **state)
{
	struct checkpoint c = random_checkpoint(tiny(), 14), d = random_checkpoint(tiny(), 15);
	int status = -1;
	long steps = 0;

	(void)state;
	for (; status != 0; steps++) {
		struct checkpoint now;
		struct err err = {0};
		pid_t child;

		assert_true(steps < 200);
		write_good(&c, "m");
		child = fork();
		if (child == 0) {
			disk_fault = DISK_CRASH;
			disk_steps_left = steps;
			_exit(checkpoint_write(&d, "m", SAFETENSORS_BF16, NULL, NULL, &err) < 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == DISK_CRASHED);
		assert_int_equal(checkpoint_read(&now, "m", &err), 0);
		if (memcmp(now.numbers, d.numbers, d.tensors->numbers * sizeof(float)) != 0)
			assert_same(&now, &c);
		checkpoint_free(&now);
	}
	assert_true(steps > 20);
	assert_holds("m", &d);
	assert_false(exists("m.tmp"));
	checkpoint_free(&c);
	checkpoint_free(&d);
}

/* What pixels are read as is of the folder, wherever transformers keeps it. */
static void test_pixels(void **state)
{
	static const char halves[] = "{\"image_mean\":[0.5,0.5,0.5],\"image_std\":[0.5,0.5,0.5]}";
	struct checkpoint c = random_checkpoint(tiny(), 1), back;
	struct err err = {0};

	(void)state;
	c.config.vision.mean = 0.3;
	c.config.vision.std = 0.1;
	write_good(&c, "m");
	assert_int_equal(checkpoint_read(&back, "m", &err), 0);
	assert_true(back.config.vision.mean == 0.3 && back.config.vision.std == 0.1);
	checkpoint_free(&back);
	put("m/preprocessor_config.json", halves);
	assert_int_equal(checkpoint_read(&back, "m", &err), 0);
	assert_true(back.config.vision.mean == 0.5 && back.config.vision.std == 0.5);
	checkpoint_free(&back);
	checkpoint_free(&c);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
	const struct CMUnitTest tests[] = {
		T(test_round_trip),
		T(test_small_files),
		T(test_pixels),
		T(test_weights_file),
		T(test_layouts),
		T(test_refuses_tensors),
		T(test_tied_head),
		T(test_refuses_folders),
		T(test_large_config),
		T(test_refuses_numbers),
		T(test_replaces_checkpoints_only),
		T(test_tokenizer),
		T(test_full_disk),
		T(test_crashes),
	};
#undef T

	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
