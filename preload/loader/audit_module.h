/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_module.h: the interface between the auditing module and libphasetap.so. The module looks
 * the function up by name among the exports of libphasetap.so; the number in the name changes with
 * the function's meaning.
 */
#ifndef PT_AUDIT_MODULE_H
#define PT_AUDIT_MODULE_H

#define PT_AUDIT_ENTRY  "phasetap_audit_v1"
#define PT_AUDIT_MODULE "libphasetap-audit.so"

/*
 * The object around the address `caller` is about to be bound to `original`, a function of this
 * name outside libphasetap.so. Returns the wrapper to bind it to instead; NULL: none, bind as
 * before. Called by the loader, on any thread, with its locks held.
 */
typedef const void *(*pt_audit_bind)(const char *name, const void *caller, void *original);

#endif
