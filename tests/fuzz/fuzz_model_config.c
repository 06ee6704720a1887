/* SPDX-License-Identifier: MIT */
/* model_config_parse; whatever it accepts must be written and read back the same, and small models have
 * a table of tensors that adds up. */
#include <config.h>

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "formats/model/model_config.h"
#include "formats/model/model_tensors.h"

#define LAYERS_MAX 40

static void check_round_trip(const struct model_config *config)
{
	struct buf out = {0}, again = {0};
	struct model_config back;
	struct err err;

	model_config_write(config, "float32", &out);
	if (model_config_parse(&back, "written", out.data, out.len, &err) < 0)
		abort();
	model_config_write(&back, "float32", &again);
	if (strcmp(out.data, again.data) != 0)
		abort();
	if (back.text.theta != config->text.theta || back.text.eps != config->text.eps ||
	    back.vision.eps != config->vision.eps)
		abort();
	buf_free(&out);
	buf_free(&again);
}

static void check_tensors(const struct model_config *config)
{
	struct model_tensors *tensors;

	if (config->vision.layers > LAYERS_MAX || config->text.layers > LAYERS_MAX)
		return;
	tensors = model_tensors_new(config);
	if (tensors->parameters != model_parameters(config))
		abort();
	for (int i = 0; i < tensors->count; i++)
		if (model_tensors_find(tensors, tensors->all[i].name) != i)
			abort();
	model_tensors_free(tensors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model_config config;
	struct err err = {0};

	if (model_config_parse(&config, "fuzz", (const char *)data, size, &err) == 0) {
		check_round_trip(&config);
		check_tensors(&config);
	} else if (err.code == ERR_NONE || strncmp(err.msg, "fuzz:", 5) != 0 ||
		   strchr(err.msg, '\n')) {
		abort();
	}
	return 0;
}
