/* SPDX-License-Identifier: Apache-2.0 */
#include "host/trace_context.h"

#include <stdlib.h>
#include <string.h>

/* Where the parts of VERSION-TRACEID-PARENTID-FLAGS begin, and where version 00 ends. */
#define TRACE_AT  3
#define PARENT_AT (TRACE_AT + PT_TRACE_ID_CHARS + 1)
#define FLAGS_AT  (PARENT_AT + PT_SPAN_ID_CHARS + 1)
#define END_AT    (FLAGS_AT + 2)

static struct pt_trace_context context; /* read-only behind the constructor */

/* True if `count` lower-case hexadecimal digits are there, and not all are zero unless they may. */
static bool is_hex(const char *text, size_t count, bool zero_allowed)
{
    bool zero = true;
    for (size_t i = 0; i < count; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        bool letter = text[i] >= 'a' && text[i] <= 'f';
        if (!digit && !letter) {
            return false;
        }
        zero = zero && text[i] == '0';
    }
    return zero_allowed || !zero;
}

/* ff is no version. */
static bool is_version(const char *text)
{
    return is_hex(text, 2, true) && !(text[0] == 'f' && text[1] == 'f');
}

/* Other versions than 00 may be longer. */
static bool is_end(const char *text)
{
    bool first = text[0] == '0' && text[1] == '0';
    return text[END_AT] == '\0' || (text[END_AT] == '-' && !first);
}

/* From the left to the right, so that nothing behind the end of the text is looked at. */
static bool is_valid(const char *text)
{
    return is_version(text) && text[TRACE_AT - 1] == '-' &&
           is_hex(text + TRACE_AT, PT_TRACE_ID_CHARS, false) && text[PARENT_AT - 1] == '-' &&
           is_hex(text + PARENT_AT, PT_SPAN_ID_CHARS, false) && text[FLAGS_AT - 1] == '-' &&
           is_hex(text + FLAGS_AT, 2, true) && is_end(text);
}

bool pt_trace_context_parse(struct pt_trace_context *ret_context, const char *text)
{
    memset(ret_context, 0, sizeof *ret_context);
    if (!is_valid(text)) {
        return false;
    }
    memcpy(ret_context->trace_id, text + TRACE_AT, PT_TRACE_ID_CHARS);
    memcpy(ret_context->parent_id, text + PARENT_AT, PT_SPAN_ID_CHARS);
    return true;
}

void pt_trace_context_begin(void)
{
    const char *text = secure_getenv("TRACEPARENT");
    if (text != NULL) {
        (void)pt_trace_context_parse(&context, text);
    }
}

void pt_trace_context_write(struct pt_bson *b)
{
    if (context.trace_id[0] != '\0') {
        pt_bson_string(b, "trace_id", context.trace_id, PT_TRACE_ID_CHARS);
        pt_bson_string(b, "parent_span_id", context.parent_id, PT_SPAN_ID_CHARS);
    }
}
