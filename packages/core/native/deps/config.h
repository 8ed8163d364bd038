// SPDX-License-Identifier: Apache-2.0
/* What autoconf would have found out for libelf on Linux with gcc or clang. */
#pragma once

#if __has_include(<error.h>)
#define HAVE_ERROR_H 1
#elif __has_include(<err.h>)
#define HAVE_ERR_H 1
#endif

#define HAVE_DECL_MEMPCPY      1
#define HAVE_DECL_MEMRCHR      1
#define HAVE_DECL_POWEROF2     1
#define HAVE_DECL_REALLOCARRAY 1
#ifdef __GLIBC__
#define HAVE_DECL_RAWMEMCHR 1
#endif
#define HAVE_FALLTHROUGH 1
#define HAVE_MREMAP	 1
#define HAVE_STDATOMIC_H 1
#define HAVE_VISIBILITY	 1
#define PACKAGE_NAME	 "elfutils"

#include <eu-config.h>
