/* SPDX-License-Identifier: MIT */
/*
 * sanitized: SANITIZED is defined where AddressSanitizer is compiled in, by whichever compiler.
 */
#ifndef BASE_SANITIZED_H
#define BASE_SANITIZED_H

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#endif
