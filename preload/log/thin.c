/* SPDX-License-Identifier: Apache-2.0 */
#include "log/thin.h"

#include <string.h>

#include "log/essential.h"
#include "log/log_file.h"
#include "log/totals.h"

#define PT_SLOWEST       16u
#define PT_SAMPLE_LEVEL  5u  /* of each doubling, 1 document in 32 of as many as came before */
#define PT_SHARES        128 /* failed and slow: each half the limit / 128 for each doubling */
#define PT_SLOWEST_ROWS  24u
#define PT_HIGHEST_LEVEL 32u

static struct {
    int64_t seen;                     /* documents so far */
    int64_t first_seen;               /* of them, before any was left out; 0: none was yet */
    uint32_t level;                   /* the sample is 1 call in 2^level */
    bool full;                        /* no call stays */
    int64_t failed_bytes, slow_bytes; /* kept since the level changed */
    int64_t slowest[PT_SLOWEST_ROWS][PT_SLOWEST];
    /* the last verdict, which holds for the other documents of the call */
    int32_t thread, call;
    bool keeps;
} state;

struct __attribute__((packed)) call_head {
    int32_t length;
    PT_FIELD_I(k)
    PT_FIELD_I(th)
    PT_FIELD_I(q)
};

static int64_t room_of_share(void)
{
    return pt_log_limit_bytes() / 2 / PT_SHARES;
}

static void find_level(void)
{
    uint32_t level = PT_SAMPLE_LEVEL;
    for (int64_t seen = state.first_seen * 2; seen < state.seen && level < PT_HIGHEST_LEVEL;
         seen *= 2) {
        level++;
    }
    if (level != state.level) {
        state.level = level;
        state.failed_bytes = state.slow_bytes = 0;
    }
}

bool pt_thin_begin(uint64_t committed_bytes, uint64_t bytes, int64_t documents)
{
    uint64_t limit = (uint64_t)pt_log_limit_bytes();
    state.seen += documents;
    state.call = -1;
    if (state.first_seen == 0 && committed_bytes + bytes <= limit / 2) {
        return false;
    }
    if (state.first_seen == 0) {
        state.first_seen = state.seen;
    }
    state.full = committed_bytes > limit - limit / 8;
    find_level();
    return true;
}

/* Equal for the documents of a call, and spread evenly. */
static uint32_t hash_of(int32_t thread, int32_t call)
{
    uint64_t mixed = ((uint64_t)(uint32_t)thread << 32 | (uint32_t)call) * 0x9E3779B97F4A7C15u;
    mixed ^= mixed >> 29;
    return (uint32_t)((mixed * 0xBF58476D1CE4E5B9u) >> 32);
}

static bool is_slow(const struct pt_doc_span *span)
{
    if (span->ph < 0 || span->ph >= (int32_t)PT_SLOWEST_ROWS) {
        return false;
    }
    int64_t *row = state.slowest[span->ph];
    uint32_t least = 0;
    for (uint32_t i = 1; i < PT_SLOWEST; i++) {
        least = row[i] < row[least] ? i : least;
    }
    bool slow = span->d > row[least];
    row[least] = slow ? span->d : row[least];
    return slow;
}

static bool fits_share(int64_t *used, uint64_t bytes)
{
    bool fits = *used + (int64_t)bytes <= room_of_share();
    *used += fits ? (int64_t)bytes : 0;
    return fits;
}

/* The documents of a call end with its span, which may lie in the next chunk. */
static const struct pt_doc_span *span_of(const struct call_head *head, const uint8_t *end)
{
    const uint8_t *at = (const void *)head;
    while (at < end) {
        const struct call_head *next = (const void *)at;
        const struct pt_doc_span *span = (const void *)at;
        if (!pt_totals_know(next->k) || next->th != head->th || next->q != head->q) {
            return NULL;
        }
        if (next->k == PT_KIND_SPAN && span->ph != PT_PHASE_SERVER_CHECK &&
            span->ph != PT_PHASE_POOL_WAIT) {
            return span;
        }
        at += (uint32_t)next->length;
    }
    return NULL;
}

static bool judge(const struct call_head *head, const uint8_t *end)
{
    const struct pt_doc_span *span = span_of(head, end);
    uint32_t mask = (1u << (state.level < 31 ? state.level : 31)) - 1;
    if ((hash_of(head->th, head->q) & mask) == 0 || span == NULL) {
        return (hash_of(head->th, head->q) & mask) == 0;
    }
    uint64_t bytes =
        (uint64_t)((const uint8_t *)span - (const uint8_t *)head) + (uint64_t)span->length;
    bool slow = is_slow(span);
    return (span->st != PT_STATUS_OK && fits_share(&state.failed_bytes, bytes)) ||
           (slow && fits_share(&state.slow_bytes, bytes));
}

bool pt_thin_keeps(const uint8_t *document, const uint8_t *end)
{
    const struct call_head *head = (const void *)document;
    if (state.full) {
        return false;
    }
    if (head->th != state.thread || head->q != state.call) {
        state.thread = head->th;
        state.call = head->q;
        state.keeps = judge(head, end);
    }
    return state.keeps;
}

void pt_thin_forget(void)
{
    memset(&state, 0, sizeof state);
}
