/* SPDX-License-Identifier: MIT */
/*
 * Writing: everything goes into FOLDER.tmp, each file synced; then that folder takes the other's name.
 * Where there is none, or an empty one, that is a rename(2); where there is a checkpoint already the
 * two folders are exchanged (renameat2 with RENAME_EXCHANGE) and the old one, now under .tmp, is
 * removed. Files renamed one by one would show the new config.json beside the old weights for a while.
 * File systems that cannot exchange get two renames, with a moment without any checkpoint between.
 *
 * A folder is only replaced when all that is in it has the name of a checkpoint's file: a mistyped
 * name must not cost anybody their files.
 */
#include <config.h>

#include "formats/model/checkpoint.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "formats/model/vocab_files.h"

#define CHUNK 4096
#define TOKENIZER_BYTES_MAX ((size_t)64 << 20)
#define NEW_TOKENS_MAX 1024

static const char *const tokenizer_files[] = {"tokenizer.json", "tokenizer_config.json",
					      "special_tokens_map.json", "chat_template.jinja"};

static const char *const own_files[] = {"config.json", "generation_config.json",
					"preprocessor_config.json", "processor_config.json",
					"model.safetensors"};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char *join(struct buf *path, const char *folder, const char *name)
{
	buf_clear(path);
	buf_str(path, folder);
	buf_char(path, '/');
	buf_str(path, name);
	return path->data;
}

static int write_text(const char *folder, const char *name, const struct buf *text, struct err *err)
{
	struct buf path = {0};
	int rc = fs_write_durable(join(&path, folder, name), text->data, text->len, err);

	buf_free(&path);
	return rc;
}

/* --- the small files */

static void put_generation(const struct model_config *config, struct buf *out)
{
	int room = config->text.positions - model_image_tokens(config);

	buf_str(out, "{\n  \"bos_token_id\": ");
	buf_int(out, config->bos);
	buf_str(out, ",\n  \"eos_token_id\": ");
	buf_int(out, config->eos);
	if (config->pad >= 0) {
		buf_str(out, ",\n  \"pad_token_id\": ");
		buf_int(out, config->pad);
	}
	buf_str(out, ",\n  \"do_sample\": false,\n  \"max_new_tokens\": ");
	buf_int(out, room < NEW_TOKENS_MAX ? room : NEW_TOKENS_MAX);
	buf_str(out, "\n}\n");
}

/* The same for each channel, as many digits as it takes. */
static void put_channels(double v, struct buf *out)
{
	char text[96];

	snprintf(text, sizeof(text), "[%.17g, %.17g, %.17g]", v, v, v);
	buf_str(out, text);
}

/* Resizing and cropping to the size a picture has already do nothing. */
static void put_preprocessor(const struct model_config *config, struct buf *out)
{
	int side = config->vision.side;

	buf_str(out, "{\n"
		     "  \"image_processor_type\": \"CLIPImageProcessor\",\n"
		     "  \"processor_class\": \"LlavaProcessor\",\n"
		     "  \"do_convert_rgb\": true,\n"
		     "  \"do_resize\": true,\n"
		     "  \"size\": {\"shortest_edge\": ");
	buf_int(out, side);
	buf_str(out, "},\n  \"resample\": 3,\n  \"do_center_crop\": true,\n"
		     "  \"crop_size\": {\"height\": ");
	buf_int(out, side);
	buf_str(out, ", \"width\": ");
	buf_int(out, side);
	buf_str(out, "},\n"
		     "  \"do_rescale\": true,\n"
		     "  \"rescale_factor\": 0.00392156862745098,\n"
		     "  \"do_normalize\": true,\n"
		     "  \"image_mean\": ");
	put_channels(config->vision.mean, out);
	buf_str(out, ",\n  \"image_std\": ");
	put_channels(config->vision.std, out);
	buf_str(out, "\n}\n");
}

/* LlavaProcessor counts patches, adds num_additional_image_tokens, takes one away for "default": one
 * of class it is, with both. */
static void put_processor(const struct model_config *config, struct buf *out)
{
	buf_str(out, "{\n"
		     "  \"processor_class\": \"LlavaProcessor\",\n"
		     "  \"image_token\": ");
	buf_json_str(out, vocab_roles[VOCAB_ROLE_IMAGE]);
	buf_str(out, ",\n  \"patch_size\": ");
	buf_int(out, config->vision.patch);
	buf_str(out, ",\n"
		     "  \"num_additional_image_tokens\": 1,\n"
		     "  \"vision_feature_select_strategy\": ");
	buf_str(out, config->select == MODEL_SELECT_full ? "\"full\"" : "\"default\"");
	buf_str(out, "\n}\n");
}

static int write_texts(const struct model_config *config, enum safetensors_dtype dtype,
		       const char *folder, struct err *err)
{
	struct buf texts[4] = {{0}, {0}, {0}, {0}};
	int rc = 0;

	model_config_write(config, dtype == SAFETENSORS_BF16 ? "bfloat16" : "float32", &texts[0]);
	put_generation(config, &texts[1]);
	put_preprocessor(config, &texts[2]);
	put_processor(config, &texts[3]);
	for (int i = 0; i < 4; i++) {
		if (rc == 0)
			rc = write_text(folder, own_files[i], &texts[i], err);
		buf_free(&texts[i]);
	}
	return rc;
}

/* --- the tokenizer */

static int check_vocab(const struct vocab *vocab, const struct model_config *config,
		       struct err *err)
{
	const struct {
		enum vocab_role role;
		int id;
	} roles[] = {{VOCAB_ROLE_PAD, config->pad},
		     {VOCAB_ROLE_BOS, config->bos},
		     {VOCAB_ROLE_EOS, config->eos},
		     {VOCAB_ROLE_IMAGE, config->image}};

	if (vocab->token_count > (uint32_t)config->text.vocab)
		return err_set(err, ERR_FORMAT, "a vocabulary of %u tokens for a model of %d",
			       (unsigned)vocab->token_count, config->text.vocab);
	for (size_t i = 0; i < COUNT(roles); i++)
		if (roles[i].id >= 0 &&
		    vocab_find(vocab, vocab_roles[roles[i].role]) != (uint32_t)roles[i].id)
			return err_set(err, ERR_FORMAT,
				       "the model's %s is token %d, not so in its vocabulary",
				       vocab_roles[roles[i].role], roles[i].id);
	return 0;
}

static int sync_path(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot write %s", path);
	rc = fsync(fd) < 0 && errno != EINVAL ? err_errno(err, "cannot write %s", path) : 0;
	close(fd);
	return rc;
}

static int write_vocab(const struct vocab *vocab, const char *folder, struct err *err)
{
	struct buf path = {0};
	int rc = vocab_files_write(vocab, join(&path, folder, tokenizer_files[0]), err);

	for (size_t i = 0; rc == 0 && i < COUNT(tokenizer_files); i++)
		rc = sync_path(join(&path, folder, tokenizer_files[i]), err);
	buf_free(&path);
	return rc;
}

static int copy_tokenizer(const char *from, const char *folder, struct err *err)
{
	struct buf path = {0}, text = {0};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < COUNT(tokenizer_files); i++) {
		buf_clear(&text);
		rc = fs_read(join(&path, from, tokenizer_files[i]), TOKENIZER_BYTES_MAX, &text,
			     err);
		if (rc == 0)
			rc = write_text(folder, tokenizer_files[i], &text, err);
	}
	buf_free(&path);
	buf_free(&text);
	return rc;
}

/* --- the weights */

/* Of a BF16 file the largest finite number: what is beyond becomes infinite. */
static int check_finite(const struct checkpoint *c, enum safetensors_dtype dtype, struct err *err)
{
	/* Halfway between the largest BF16 and 2^128. */
	double limit = dtype == SAFETENSORS_BF16 ? 0x1.ffp127 : INFINITY;

	for (int i = 0; i < c->tensors->count; i++) {
		const struct model_tensor *t = &c->tensors->all[i];

		for (size_t j = 0; j < t->count; j++)
			if (!(fabs((double)c->numbers[t->offset + j]) < limit))
				return err_set(err, ERR_FORMAT,
					       "'%s' holds %g, which %s cannot keep", t->name,
					       (double)c->numbers[t->offset + j],
					       safetensors_types[dtype].name);
	}
	return 0;
}

/* One channel [width, p * p] as three [width, 3, p * p]. */
static int add_patches(struct safetensors_writer *writer, const struct model_tensor *t,
		       const float *numbers, struct err *err)
{
	static const float shares[] = {0.25f, 0.5f, 0.25f};
	size_t n = t->count / t->shape[0];
	float part[CHUNK];

	for (uint64_t row = 0; row < t->shape[0]; row++)
		for (int channel = 0; channel < 3; channel++)
			for (size_t at = 0; at < n; at += CHUNK) {
				size_t m = n - at < CHUNK ? n - at : CHUNK;

				for (size_t i = 0; i < m; i++)
					part[i] = numbers[row * n + at + i] * shares[channel];
				if (safetensors_add_floats(writer, part, m, err) < 0)
					return -1;
			}
	return 0;
}

static int add_dead(struct safetensors_writer *writer, const struct model_config *config,
		    struct err *err)
{
	for (int value = 1; value >= 0; value--) {
		float number = (float)value;

		for (int i = 0; i < config->vision.width; i++)
			if (safetensors_add_floats(writer, &number, 1, err) < 0)
				return -1;
	}
	return 0;
}

static int add_numbers(struct safetensors_writer *writer, const struct checkpoint *c,
		       struct err *err)
{
	for (int i = 0; i < c->tensors->count; i++) {
		const struct model_tensor *t = &c->tensors->all[i];
		const float *numbers = c->numbers + t->offset;

		if ((t->is_patches ? add_patches(writer, t, numbers, err)
				   : safetensors_add_floats(writer, numbers, t->count, err)) < 0)
			return -1;
	}
	return add_dead(writer, &c->config, err);
}

static int write_weights(const struct checkpoint *c, enum safetensors_dtype dtype,
			 const char *folder, struct err *err)
{
	struct safetensors_writer *writer = safetensors_writer_new();
	uint64_t width = (uint64_t)c->config.vision.width;
	struct buf path = {0};
	int rc;

	for (int i = 0; i < c->tensors->count; i++) {
		const struct model_tensor *t = &c->tensors->all[i];

		safetensors_declare(writer, t->name, dtype, t->dims, t->shape);
	}
	safetensors_declare(writer, MODEL_DEAD_WEIGHT, dtype, 1, &width);
	safetensors_declare(writer, MODEL_DEAD_BIAS, dtype, 1, &width);
	rc = safetensors_start(writer, join(&path, folder, "model.safetensors"), err);
	if (rc == 0)
		rc = add_numbers(writer, c, err);
	if (rc == 0)
		rc = safetensors_finish(writer, err);
	else
		safetensors_drop(writer);
	buf_free(&path);
	return rc;
}

/* --- the folder */

static bool is_ours(const char *name)
{
	for (size_t i = 0; i < COUNT(own_files); i++)
		if (strcmp(name, own_files[i]) == 0)
			return true;
	for (size_t i = 0; i < COUNT(tokenizer_files); i++)
		if (strcmp(name, tokenizer_files[i]) == 0)
			return true;
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Whether the folder may be replaced: absent, empty, or a checkpoint and nothing else. Files of an
 * unfinished one, NAME.tmp, count as its own. */
static int check_replaceable(const char *folder, struct err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return errno == ENOENT ? 0 : err_errno(err, "cannot open folder %s", folder);
	while (rc == 0 && (errno = 0, entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);
		char name[sizeof(entry->d_name)];

		memcpy(name, entry->d_name, len + 1);
		if (len > 4 && strcmp(name + len - 4, ".tmp") == 0)
			name[len - 4] = '\0';
		if (!is_ours(name))
			rc = err_set(err, ERR_USAGE,
				     "%s holds %s, which is no file of a checkpoint", folder,
				     entry->d_name);
	}
	if (rc == 0 && errno != 0)
		rc = err_errno(err, "cannot read folder %s", folder);
	closedir(dir);
	return rc;
}

/* tmp gets the folder's name; what was there is removed. */
static int take_place(const char *tmp, const char *folder, struct err *err)
{
	int used = fs_dir_in_use(folder, err);

	if (used < 0)
		return -1;
	if (used && renameat2(AT_FDCWD, tmp, AT_FDCWD, folder, RENAME_EXCHANGE) == 0)
		return fs_remove_tree(tmp, err);
	if (used && errno != EINVAL && errno != ENOSYS)
		return err_errno(err, "cannot replace %s", folder);
	if (used && fs_remove_tree(folder, err) < 0)
		return -1;
	if (rename(tmp, folder) < 0)
		return err_errno(err, "cannot write %s", folder);
	return 0;
}

static int write_all(const struct checkpoint *c, enum safetensors_dtype dtype,
		     const struct vocab *vocab, const char *tokenizer, const char *folder,
		     struct err *err)
{
	int rc = write_texts(&c->config, dtype, folder, err);

	if (rc == 0 && vocab)
		rc = write_vocab(vocab, folder, err);
	else if (rc == 0 && tokenizer)
		rc = copy_tokenizer(tokenizer, folder, err);
	return rc == 0 ? write_weights(c, dtype, folder, err) : rc;
}

/* The folder above, for its own name to survive a power cut. */
static int sync_above(const char *folder, struct err *err)
{
	struct buf above = {0};
	const char *base = fs_base_name(folder);
	int rc;

	buf_bytes(&above, folder, (size_t)(base - folder));
	if (above.len == 0)
		buf_str(&above, ".");
	rc = sync_path(above.data, err);
	buf_free(&above);
	return rc;
}

static int write_folder(const struct checkpoint *c, const char *folder,
			enum safetensors_dtype dtype, const struct vocab *vocab,
			const char *tokenizer, struct err *err)
{
	struct buf tmp = {0};
	struct err ignored;
	int rc;

	buf_str(&tmp, folder);
	buf_str(&tmp, ".tmp");
	rc = check_replaceable(folder, err);
	if (rc == 0)
		rc = check_replaceable(tmp.data, err);
	if (rc == 0)
		rc = fs_remove_tree(tmp.data, err);
	if (rc == 0)
		rc = fs_mkdirs(tmp.data, err);
	if (rc == 0) {
		rc = write_all(c, dtype, vocab, tokenizer, tmp.data, err);
		if (rc == 0)
			rc = take_place(tmp.data, folder, err);
		if (rc == 0)
			rc = sync_above(folder, err);
		else
			fs_remove_tree(tmp.data, &ignored);
	}
	buf_free(&tmp);
	return rc;
}

int checkpoint_write(const struct checkpoint *c, const char *folder, enum safetensors_dtype dtype,
		     const struct vocab *vocab, const char *tokenizer, struct err *err)
{
	struct buf name = {0};
	int rc;

	assert(dtype == SAFETENSORS_BF16 || dtype == SAFETENSORS_F32);
	/* "model/" would put .tmp into the folder. */
	buf_str(&name, folder);
	while (name.len > 1 && name.data[name.len - 1] == '/')
		name.data[--name.len] = '\0';
	rc = check_finite(c, dtype, err);
	if (rc == 0 && vocab)
		rc = check_vocab(vocab, &c->config, err);
	if (rc < 0)
		err_context(err, "cannot write %s", name.data);
	else
		rc = write_folder(c, name.data, dtype, vocab, tokenizer, err);
	buf_free(&name);
	return rc;
}
