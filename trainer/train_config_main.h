/* SPDX-License-Identifier: MIT */
/*
 * train_config_main: options of cadtrain out of a YAML file.
 *
 *	struct train_options o = train_options_default();
 *	if (train_config_read(&o, "train.yaml", &err) < 0) ...
 *
 * Keys are those of train_options_table and the names that users of TinyLLaVA and transformers know, at
 * the top or below "training". A key without a value, or null, says nothing.
 */
#ifndef TRAINER_TRAIN_CONFIG_MAIN_H
#define TRAINER_TRAIN_CONFIG_MAIN_H

#include "trainer/train_options_main.h"

/* Sets what the file gives; its texts lie in options->texts. ERR_FORMAT with file:line for an unknown key,
 * a value of the wrong kind or out of range, one option given twice, steps beside epochs; else as
 * yaml_read. */
int train_config_read(struct train_options *options, const char *path, struct err *err);

#endif
