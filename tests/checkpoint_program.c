/* SPDX-License-Identifier: MIT */
/*
 * checkpoint_program make FOLDER TOKENIZER PRESET SIDE DTYPE SEED: writes a checkpoint of random
 * numbers with the vocabulary of tokenizer.json; DTYPE is BF16 or F32.
 * checkpoint_program print FOLDER: reads one and prints each tensor's name, its numbers' count and the
 * SHA-256 of them as little-endian floats, for what reads checkpoints outside of cadgen
 * (bench/interop_checkpoint.py).
 * checkpoint_program config FOLDER: reads one's config.json and prints it as cadgen writes it.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "formats/model/checkpoint.h"

static int complain(const struct err *err)
{
	fprintf(stderr, "checkpoint_program: %s\n", err->msg);
	return 1;
}

static int make(char **argv)
{
	struct err err = {0};
	struct checkpoint c = {0};
	enum safetensors_dtype dtype =
		strcmp(argv[4], "F32") == 0 ? SAFETENSORS_F32 : SAFETENSORS_BF16;
	struct vocab *vocab = vocab_read(argv[1], &err);
	uint64_t seed;
	int64_t side;
	struct rng rng;
	int rc;

	if (!vocab)
		return complain(&err);
	if (num_int(argv[3], 1, 4096, &side) < 0 || num_uint64(argv[5], &seed) < 0 ||
	    model_config_preset(&c.config, argv[2], (int)side, (int)vocab->token_count, &err) < 0)
		return complain(&err);
	c.tensors = model_tensors_new(&c.config);
	c.numbers = mem_alloc(c.tensors->numbers, sizeof(float));
	rng = rng_seed(seed, 1);
	for (size_t i = 0; i < c.tensors->numbers; i++)
		c.numbers[i] = (float)(0.2 * (rng_unit(&rng) - 0.5));
	rc = checkpoint_write(&c, argv[0], dtype, vocab, NULL, &err);
	checkpoint_free(&c);
	vocab_free(vocab);
	return rc < 0 ? complain(&err) : 0;
}

static void print_tensor(const struct checkpoint *c, const struct model_tensor *t)
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex(c->numbers + t->offset, t->count * sizeof(float), hex);
	printf("%s %zu %s\n", t->name, t->count, hex);
}

static int print(const char *folder)
{
	struct err err = {0};
	struct checkpoint c;

	if (checkpoint_read(&c, folder, &err) < 0)
		return complain(&err);
	for (int i = 0; i < c.tensors->count; i++)
		print_tensor(&c, &c.tensors->all[i]);
	checkpoint_free(&c);
	return 0;
}

static int print_config(const char *folder)
{
	struct buf path = {0}, text = {0};
	struct model_config config;
	struct err err = {0};
	int rc;

	buf_str(&path, folder);
	buf_str(&path, "/config.json");
	rc = model_config_read(&config, path.data, &err);
	if (rc == 0) {
		model_config_write(&config, "float32", &text);
		fputs(text.data, stdout);
	}
	buf_free(&path);
	buf_free(&text);
	return rc < 0 ? complain(&err) : 0;
}

int main(int argc, char **argv)
{
	if (argc == 8 && strcmp(argv[1], "make") == 0)
		return make(argv + 2);
	if (argc == 3 && strcmp(argv[1], "print") == 0)
		return print(argv[2]);
	if (argc == 3 && strcmp(argv[1], "config") == 0)
		return print_config(argv[2]);
	fprintf(stderr, "usage: checkpoint_program make FOLDER TOKENIZER PRESET SIDE DTYPE SEED\n"
			"       checkpoint_program print|config FOLDER\n");
	return 2;
}
