/* SPDX-License-Identifier: MIT */
/* tfrecord_private: what writing and reading of records share. */
#ifndef FORMATS_TFRECORD_PRIVATE_H
#define FORMATS_TFRECORD_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

enum { TFRECORD_HEAD_BYTES = 8 + 4, TFRECORD_FOOT_BYTES = 4 };

uint32_t tfrecord_checksum(const void *data, size_t n);

#endif
