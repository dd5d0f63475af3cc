/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export.h: marks the functions that libphasetap.so exports. Everything else is hidden, so that no
 * name of ours can collide with one of the host (tests/abi checks the list).
 */
#ifndef PT_EXPORT_H
#define PT_EXPORT_H

#define PT_EXPORT __attribute__((visibility("default")))

#endif
