/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export.h: the attribute of every function that libphasetap.so and its auditing module export.
 * Everything else is hidden by the compiler's default, so that no name of ours can be found by, or
 * collide with, the host program. tests/abi/symbols holds the exports against wrappers.def.
 */
#ifndef PT_EXPORT_H
#define PT_EXPORT_H

#define PT_EXPORT __attribute__((visibility("default")))

#endif
