/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/insight.h"

const char *pt_confidence_text(enum pt_confidence confidence)
{
    static const char *const texts[] = {"certain", "likely", "possible", ""};
    return confidence <= PT_CANNOT_TELL ? texts[confidence] : "";
}
