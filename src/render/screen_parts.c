/* SPDX-License-Identifier: Apache-2.0 */
#include "render/screen_parts.h"

#include <string.h>

#include "base/saturate.h"

size_t pt_screen_rows(const struct pt_screen *screen, size_t count, size_t worth)
{
    size_t rows = screen->options->all ? count : worth;
    size_t top = screen->options->top;
    if (top > 0) {
        rows = top < count ? top : count;
    } else if (!screen->options->all && rows > PT_ROWS_FIT) {
        rows = PT_ROWS_FIT;
    }
    return rows + 1 == count && top == 0 ? count : rows;
}

void pt_screen_line(const struct pt_screen *screen, const char *label, const char *text)
{
    char first[PT_LABEL_COLUMNS + 1];
    snprintf(first, sizeof first, "%-*s", PT_LABEL_COLUMNS, label);
    struct pt_paragraph line = {.first = first,
                                .first_style = PT_BOLD,
                                .indent = pt_page_is_narrow(screen->page) ? 2 : PT_LABEL_COLUMNS,
                                .text = text};
    pt_page_paragraph(screen->page, &line);
}

void pt_screen_heading(const struct pt_screen *screen, const char *text)
{
    struct pt_paragraph heading = {.style = PT_BOLD, .text = text, .indent = 2, .first = ""};
    pt_page_paragraph(screen->page, &heading);
}

void pt_screen_blank(const struct pt_screen *screen)
{
    fputc('\n', screen->page->out);
}

bool pt_screen_is_phase(const struct pt_phase_stats *phase, const char *name)
{
    size_t length = strlen(name);
    return !phase->annotated && strncmp(phase->name, name, length) == 0 &&
           (phase->name[length] == '\0' || strcmp(phase->name + length, PT_RECOGNISED_SUFFIX) == 0);
}

struct pt_screen_documents pt_screen_documents(const struct pt_model *model)
{
    struct pt_screen_documents sum = {.outcome = pt_model_outcome(model)};
    for (size_t i = 0; i < model->phase_count; i++) {
        const struct pt_phase_stats *phase = &model->phases[i];
        int64_t documents = pt_phase_documents(phase);
        if (pt_screen_is_phase(phase, "Document Query") ||
            pt_screen_is_phase(phase, "Aggregation")) {
            sum.read = pt_add(sum.read, documents);
        } else if (pt_screen_is_phase(phase, "Document Insertion") ||
                   pt_screen_is_phase(phase, "Document Update")) {
            sum.written = pt_add(sum.written, documents);
            sum.writes |= phase->count > 0;
        } else if (pt_screen_is_phase(phase, "Document Deletion")) {
            sum.removed = pt_add(sum.removed, documents);
            sum.writes |= phase->count > 0;
        }
    }
    return sum;
}

const struct pt_part_words *pt_part_words(enum pt_part part)
{
    static const struct pt_part_words words[PT_PART_COUNT] = {
        [PT_PART_CONNECTION] = {'C', "connecting", "connecting"},
        [PT_PART_SERVER_WAIT] = {'e', "waiting for a server", "server wait"},
        [PT_PART_SERVER] = {'S', "server and network", "server"},
        [PT_PART_EVENTS] = {'a', "awaiting events", "events"},
        [PT_PART_DRIVER] = {'D', "driver on the CPU", "driver"},
        [PT_PART_COMPUTING] = {'M', "application computing", "computing"},
        [PT_PART_READY] = {'r', "ready without a CPU", "CPU wait"},
        [PT_PART_POOL_WAIT] = {'p', "waiting for a pooled client", "pool wait"},
        [PT_PART_WAITING] = {'w', "application waiting", "waiting"},
        [PT_PART_OUTSIDE] = {'O', "outside the pipeline", "outside"},
    };
    return &words[part];
}
