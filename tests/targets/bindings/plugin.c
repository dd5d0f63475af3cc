/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.so: the only part of a program that is linked with libmongoc, as in rsyslog or postfix.
 * Loaded by plugin_host. */
#include "driver_work.h"

__attribute__((visibility("default"))) int plugin_run(const char *uri, int rounds);

int plugin_run(const char *uri, int rounds)
{
    mongoc_init();
    return work_rounds(uri, rounds);
}
