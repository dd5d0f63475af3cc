/* SPDX-License-Identifier: Apache-2.0 */
#include "export/otlp_ids.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The finalizer of splitmix64, a permutation of all 64-bit numbers that spreads each bit over all.
 * https://prng.di.unimi.it/splitmix64.c */
static uint64_t mix(uint64_t hash, uint64_t number)
{
    uint64_t z = hash + number + 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t hash_of(const struct pt_otlp_process *process)
{
    uint64_t hash = 0;
    for (const char *at = process->boot_id; at != NULL && *at != '\0'; at++) {
        hash = mix(hash, (uint8_t)*at);
    }
    hash = mix(hash, (uint64_t)process->pid_namespace);
    hash = mix(hash, (uint64_t)process->pid);
    hash = mix(hash, (uint64_t)process->start_ticks);
    return mix(hash, (uint64_t)process->loaded_ns);
}

struct pt_span_id pt_otlp_span_id(const struct pt_otlp_process *process, struct pt_otlp_event event)
{
    struct pt_span_id id;
    uint64_t hash = mix(hash_of(process), (uint64_t)(uint32_t)event.kind);
    hash = mix(hash, (uint64_t)(uint32_t)event.thread << 32 | (uint32_t)event.number);
    hash = mix(hash, (uint64_t)event.ns);
    /* All zero is no span id. */
    snprintf(id.text, sizeof id.text, "%016" PRIx64, hash != 0 ? hash : 1);
    return id;
}

bool pt_otlp_is_id(const char *text, size_t chars)
{
    return text != NULL && strlen(text) == chars && strspn(text, "0123456789abcdef") == chars &&
           strspn(text, "0") != chars;
}

struct pt_trace_id pt_otlp_trace_id(const char *given, const char *run,
                                    const struct pt_otlp_process *process)
{
    struct pt_trace_id id;
    uint64_t hash = hash_of(process);
    const char *taken = pt_otlp_is_id(given, PT_TRACE_ID_CHARS) ? given : run;
    if (pt_otlp_is_id(taken, PT_TRACE_ID_CHARS)) {
        memcpy(id.text, taken, sizeof id.text);
    } else {
        snprintf(id.text, sizeof id.text, "%016" PRIx64 "%016" PRIx64, mix(hash, 1), mix(hash, 2));
    }
    return id;
}
