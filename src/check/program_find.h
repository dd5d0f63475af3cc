/* SPDX-License-Identifier: Apache-2.0 */
/* program_find.h: where programs and the preload object are. Returned texts belong to the caller.
 */
#ifndef PHASETAP_PROGRAM_FIND_H
#define PHASETAP_PROGRAM_FIND_H

/* The file that execvp() would run: as given when there is a slash in it, else from PATH. NULL when
 * there is none. */
char *pt_program_find(const char *name);

/*
 * The absolute path of libphasetap.so: PHASETAP_PRELOAD, or in the library folder beside the folder
 * of this tool. NULL when there is none.
 */
char *pt_preload_find(void);

/* The auditing module libphasetap-audit.so beside that preload object, NULL when there is none. */
char *pt_audit_find(const char *preload);

#endif
