/* SPDX-License-Identifier: Apache-2.0 */
/* version.h: the version of the tool and its date (YYYY-MM-DD), from the build. */
#ifndef PHASETAP_VERSION_H
#define PHASETAP_VERSION_H

const char *pt_version(void);
const char *pt_version_date(void);

#endif
