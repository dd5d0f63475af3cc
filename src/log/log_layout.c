/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log_layout.h"

#include <stddef.h>
#include <string.h>

/*
 * A template with all values 0 and one with all bits of the values set: what differs between the
 * two is a value, the rest is fixed. So the check is ((bytes ^ low) & ~(low ^ high)) == 0, a few
 * words per document.
 */
#define ONES_I(name) .type_##name = 0x10, .key_##name = #name, .name = -1,
#define ONES_L(name) .type_##name = 0x12, .key_##name = #name, .name = -1,
#define DEFINE_TEMPLATES(tag, FIELDS, pad, kind)                                                   \
    static const struct pt_doc_##tag low_##tag = PT_TEMPLATE(tag, FIELDS, pad);                    \
    static const struct pt_doc_##tag high_##tag = {.length = (int32_t)sizeof(struct pt_doc_##tag), \
                                                   FIELDS(ONES_I, ONES_L).type_pad = 0x0A,         \
                                                   .key_pad = pad};
PT_DOCUMENTS(DEFINE_TEMPLATES)

static inline uint64_t word_at(const void *bytes, size_t at)
{
    uint64_t word;
    memcpy(&word, (const uint8_t *)bytes + at, sizeof word);
    return word;
}

/* `size` is a constant at each call and a multiple of eight, so the loop unrolls. */
__attribute__((always_inline)) static inline bool matches(const uint8_t *data, const void *low,
                                                          const void *high, size_t size)
{
    uint64_t difference = 0;
    for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
        uint64_t base = word_at(low, at);
        difference |= (word_at(data, at) ^ base) & ~(base ^ word_at(high, at));
    }
    return difference == 0;
}

#define CHECK_CASE(tag, FIELDS, pad, kind_name)                                                    \
    case PT_KIND_##kind_name:                                                                      \
        fits = length_bytes == sizeof(struct pt_doc_##tag) &&                                      \
               matches(data, &low_##tag, &high_##tag, sizeof(struct pt_doc_##tag));                \
        break;

enum pt_layout pt_layout_check(int32_t kind, const uint8_t *data, uint32_t length_bytes)
{
    bool fits;
    switch (kind) {
        PT_DOCUMENTS(CHECK_CASE)
    default:
        return PT_LAYOUT_FREE;
    }
    return fits ? PT_LAYOUT_FIXED : PT_LAYOUT_BROKEN;
}
