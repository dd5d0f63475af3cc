/* SPDX-License-Identifier: Apache-2.0 */
#include "check/driver_inside.h"

#include <stdio.h>

#include "check/elf_file.h"

/* In two parts, so that this tool does not hold the message itself. */
static const char driver_message[] = "Cannot set callbacks on a pooled client, ";
static const char driver_message_end[] = "use mongoc_client_pool_set_apm_callbacks";

bool pt_driver_is_inside(const char *path)
{
    char message[sizeof driver_message + sizeof driver_message_end];
    snprintf(message, sizeof message, "%s%s", driver_message, driver_message_end);
    return pt_file_holds(path, message);
}
