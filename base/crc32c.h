/* SPDX-License-Identifier: MIT */
/*
 * crc32c: the checksum of iSCSI, and of TFRecord files (RFC 3720, 12.1; Castagnoli et al. 1993).
 *
 *	uint32_t crc = crc32c(0, head, head_len);
 *	crc = crc32c(crc, body, body_len);
 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of n more bytes behind those whose checksum is crc; 0 is that of none. */
uint32_t crc32c(uint32_t crc, const void *data, size_t n);

#endif
