/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that begin with "!": what makes the run or its log incomplete. They stand before all
 * figures. */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "log/log_texts.h"
#include "render/screen_sections.h"

#define ALARM_BYTES 1024

/* Where an alarm goes: to the page or into JSON. */
struct sink {
    const struct pt_screen *screen;
    struct pt_json *json; /* NULL: text */
    size_t count;
};

static void alarm_text(struct sink *sink, enum pt_style style, const char *text)
{
    sink->count++;
    if (sink->json != NULL) {
        pt_json_string(sink->json, NULL, text);
        return;
    }
    if (sink->count == 1) {
        pt_screen_blank(sink->screen);
    }
    struct pt_paragraph paragraph = {
        .first = "! ", .indent = 2, .first_style = style, .style = style, .text = text};
    pt_page_paragraph(sink->screen->page, &paragraph);
}

static void alarm(struct sink *sink, enum pt_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void alarm(struct sink *sink, enum pt_style style, const char *format, ...)
{
    va_list arguments;
    char text[ALARM_BYTES];
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    alarm_text(sink, style, text);
}

/* A note of the model as a sentence of its own. */
static void alarm_note(struct sink *sink, const char *note)
{
    size_t length = strlen(note);
    char *text = malloc(length + 2);
    if (text == NULL) {
        return;
    }
    memcpy(text, note, length + 1);
    if (islower((unsigned char)text[0])) {
        text[0] = (char)toupper((unsigned char)text[0]);
    }
    if (length > 0 && text[length - 1] != '.') {
        strcpy(text + length, ".");
    }
    alarm_text(sink, PT_WARN, text);
    free(text);
}

static void alarm_documents(struct sink *sink)
{
    struct pt_outcome outcome = pt_model_outcome(sink->screen->model);
    const struct pt_insights *insights = &sink->screen->insights;
    int64_t lost = pt_add(outcome.refused, outcome.not_attempted);
    bool explained = insights->count > 0 && insights->items[0].about_data;
    if (lost > 0 && explained) {
        alarm(sink, PT_BAD, "%s of %s write operations %s not done (see 1).", PT_COUNT(lost),
              PT_COUNT(outcome.requested), lost == 1 ? "was" : "were");
    } else if (lost > 0) {
        alarm(sink, PT_BAD, "%s of %s write operations %s not done: %s refused, %s never sent.",
              PT_COUNT(lost), PT_COUNT(outcome.requested), lost == 1 ? "was" : "were",
              PT_COUNT(outcome.refused), PT_COUNT(outcome.not_attempted));
    }
    if (outcome.unknown > 0) {
        alarm(sink, PT_BAD,
              "Of %s write operations the outcome is unknown: the connection was lost, the server "
              "was interrupted, or nobody knows how the transaction ended.",
              PT_COUNT(outcome.unknown));
    }
    if (outcome.unacknowledged > 0) {
        alarm(sink, PT_WARN,
              "%s write operations were not acknowledged (write concern w: 0): whether they were "
              "done is unknown.",
              PT_COUNT(outcome.unacknowledged));
    }
}

static void alarm_ending(struct sink *sink)
{
    const struct pt_process *root = pt_model_ender(sink->screen->model);
    char text[PT_ENDING_BYTES];
    if (root == NULL) {
        return;
    }
    pt_process_ending_text(root, text, sizeof text);
    if (root->ending == PT_ENDED_RUNNING) {
        alarm(sink, PT_WARN, "The run has not ended: these are its figures so far.");
    } else if (root->ending == PT_ENDED_SIGNAL || root->ending == PT_ENDED_UNKNOWN) {
        alarm(sink, PT_WARN, "The run did not end by itself: %s.", text);
    }
}

static void alarm_annotations(struct sink *sink)
{
    const struct pt_model *model = sink->screen->model;
    const struct pt_process *root = pt_model_ender(model);
    bool running = root != NULL && root->ending == PT_ENDED_RUNNING;
    if (model->open_phases > 0 && !running) {
        alarm(sink, PT_WARN, "%s annotated %s never ended; they are in no figure.",
              PT_COUNT(model->open_phases), model->open_phases == 1 ? "phase was" : "phases were");
    }
    for (size_t i = 0; i < model->misuse_count; i++) {
        const struct pt_misuse_count *misuse = &model->misuses[i];
        alarm(sink, PT_WARN, "The annotation interface was misused %s %s: %s%s%s.",
              PT_COUNT(misuse->count), misuse->count == 1 ? "time" : "times",
              pt_misuse_text(misuse->what), misuse->name != NULL ? ": " : "",
              misuse->name != NULL ? misuse->name : "");
    }
}

static void all_alarms(struct sink *sink)
{
    const struct pt_model *model = sink->screen->model;
    alarm_documents(sink);
    alarm_ending(sink);
    for (size_t i = 0; i < model->alarm_count; i++) {
        alarm_note(sink, model->notes[i]);
    }
    alarm_annotations(sink);
}

void pt_screen_alarms(const struct pt_screen *screen)
{
    struct sink sink = {.screen = screen};
    all_alarms(&sink);
    if (sink.count == 0) {
        pt_screen_blank(screen);
    }
}

void pt_screen_alarms_json(const struct pt_screen *screen, struct pt_json *json)
{
    struct sink sink = {.screen = screen, .json = json};
    pt_json_open_array(json, "alarms");
    all_alarms(&sink);
    pt_json_close_array(json);
}
