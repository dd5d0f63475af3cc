/* SPDX-License-Identifier: Apache-2.0 */
/* driver_inside.h: whether a file holds a copy of the driver, exported or not. */
#ifndef PHASETAP_DRIVER_INSIDE_H
#define PHASETAP_DRIVER_INSIDE_H

#include <stdbool.h>

/* True if a message that is in every build of libmongoc stands in the file. */
bool pt_driver_is_inside(const char *path);

#endif
