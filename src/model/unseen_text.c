/* SPDX-License-Identifier: Apache-2.0 */
#include "model/unseen_text.h"

#include <stdio.h>

#include <phasetap/log_format.h>

#include "log/log_texts.h"

static const char *advice_of(int32_t why, bool audited)
{
    switch (why) {
    case PT_UNSEEN_LOADED:
    case PT_UNSEEN_COPY:
    case PT_UNSEEN_CALLER:
        return audited ? "; with --audit: it was never called, or it was bound without the PLT "
                         "(-fno-plt)"
                       : "; 'phasetap run --audit' sees such calls";
    case PT_UNSEEN_HIDDEN:
        return "; link it with the shared libmongoc";
    default:
        return "";
    }
}

void pt_unseen_sentence(char text[PT_UNSEEN_BYTES], const struct pt_unseen_driver *unseen,
                        bool calls_seen, bool audited)
{
    const char *object = unseen->object != NULL ? unseen->object : "?";
    const char *reason = pt_unseen_reason(unseen->why);
    const char *advice = advice_of(unseen->why, audited);
    if (calls_seen) {
        snprintf(text, PT_UNSEEN_BYTES, "calls of the driver in %s were not seen: %s%s", object,
                 reason, advice);
    } else {
        snprintf(text, PT_UNSEEN_BYTES, PT_MAYBE_UNSEEN "%s: %s%s", object, reason, advice);
    }
}
