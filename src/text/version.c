/* SPDX-License-Identifier: Apache-2.0 */
#include "text/version.h"

const char *pt_version(void)
{
    return PHASETAP_VERSION;
}

const char *pt_version_date(void)
{
    return PHASETAP_DATE;
}
