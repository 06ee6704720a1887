/* SPDX-License-Identifier: MIT */
/*
 * dataset_converted_private: what the two files of dataset_converted.h share.
 *
 *	dataset_converted.c         open, add, close
 *	dataset_converted_finish.c  from a journal to a finished dataset
 */
#ifndef FORMATS_DATASET_CONVERTED_PRIVATE_H
#define FORMATS_DATASET_CONVERTED_PRIVATE_H

#include "formats/dataset/dataset_converted.h"
#include "formats/dataset/dataset_private.h"

/* F(name, what it is), in the order of the card; behind them come annotations and curves, on request. */
#define CONVERTED_FILES(F)                                                                         \
	F(CONVERTED_PICTURES "/", "pictures, PNG")                                                 \
	F(CONVERTED_MODELS "/", "the models' files as they were read")                             \
	F("train.json", "training samples: picture, prompt, program")                              \
	F("val.json", "validation samples, likewise")                                              \
	F(DATASET_SPLIT, "which model is in which of the two")                                     \
	F("failures.jsonl", "which models are in neither, and why")                                \
	F(DATASET_INFO, "counts and settings; there once the dataset is whole")                    \
	F("rendering_metadata.json", "size, views and style sheet of the pictures")                \
	F("tinyllava_metadata.json", "how TinyLLaVA and LLaVA load it")                            \
	F("README.md", "this card")

#define CONVERTED_ANNOTATIONS "annotations.jsonl"

struct converted {
	struct converted_settings settings;
	int lock;
	bool finished;
	struct converted_counts counts; /* where it is finished */
	struct outcomes *outcomes;      /* NULL where it is finished */
};

/* Writes everything but pictures and models. */
int converted_write_all(const struct converted *c, const struct converted_model *models,
			size_t count, struct err *err);

#endif
