/* SPDX-License-Identifier: Apache-2.0 */
/* Errors by code, from the replies and from the driver. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/log_format.h>

#include "log/error_names.h"
#include "log/log_texts.h"
#include "render/screen_sections.h"
#include "report/report.h"

#define ERRORS_SHOWN 5
#define TEXT_BYTES   2048

/* What an error of that origin was an error of. */
static const char *subject(int32_t where, bool several)
{
    switch (where) {
    case PT_ERROR_WRITE:
        return several ? "documents" : "document";
    case PT_ERROR_WRITE_CONCERN:
        return several ? "write concerns" : "write concern";
    case PT_ERROR_DRIVER:
        return several ? "calls in the driver" : "call in the driver";
    default:
        return several ? "commands" : "command";
    }
}

static bool is_cleanup(const char *command)
{
    return strcmp(command, "endSessions") == 0 || strcmp(command, "killCursors") == 0;
}

/* The command that failed, when all failed commands are of one kind and as many as the error
 * says; NULL otherwise. */
static const char *culprit(const struct pt_model *model, const struct pt_error_total *error)
{
    const char *name = NULL;
    if (error->where != PT_ERROR_SERVER) {
        return NULL;
    }
    for (size_t i = 0; i < model->command_count; i++) {
        const struct pt_command_use *command = &model->commands[i];
        if (command->failed > 0 && (name != NULL || command->failed != error->count)) {
            return NULL;
        }
        name = command->failed > 0 ? command->name : name;
    }
    return name;
}

/* " 11000 DuplicateKey" */
static size_t code_text(char *text, size_t room, int32_t where, int32_t domain, int32_t code)
{
    const char *name = pt_error_name(where, domain, code);
    return (size_t)snprintf(text, room, " %" PRId32 "%s%s", code, name != NULL ? " " : "",
                            name != NULL ? name : "");
}

static void error_text(const struct pt_model *model, const struct pt_error_total *error, char *text)
{
    const char *command = culprit(model, error);
    size_t at = strlen(text);
    at += (size_t)snprintf(text + at, TEXT_BYTES - at, "%s%s %s", at > 0 ? "; " : "",
                           PT_COUNT(error->count), subject(error->where, error->count != 1));
    if (command != NULL) {
        at += (size_t)snprintf(text + at, TEXT_BYTES - at, ": %.64s", command);
    }
    at += code_text(text + at, TEXT_BYTES - at, error->where, error->domain, error->code);
    if (error->name_space != NULL && command == NULL) {
        at += (size_t)snprintf(text + at, TEXT_BYTES - at, " in %.255s", error->name_space);
    }
    if (command != NULL && is_cleanup(command)) {
        snprintf(text + at, TEXT_BYTES - at, ", without effect on the data");
    }
}

static void put_retries(const struct pt_screen *screen)
{
    const struct pt_retries *retries = &screen->model->retries;
    for (size_t i = 0; i < retries->used; i++) {
        const struct pt_retry *retry = &retries->rows[i];
        char text[256];
        int at = snprintf(text, sizeof text, "%s after", PT_COUNT(retry->count));
        at += (int)code_text(text + at, sizeof text - (size_t)at, retry->where, retry->domain,
                             retry->code);
        if (retry->succeeded == retry->count) {
            snprintf(text + at, sizeof text - (size_t)at, ", all succeeded");
        } else {
            snprintf(text + at, sizeof text - (size_t)at, ", %s succeeded",
                     PT_COUNT(retry->succeeded));
        }
        pt_screen_line(screen, i == 0 ? "Retries" : "", text);
    }
}

static void put_errors(const struct pt_screen *screen)
{
    const struct pt_tally *errors = &screen->model->errors;
    size_t shown = screen->options->all ? errors->used : ERRORS_SHOWN;
    for (size_t i = 0; i < errors->used && i < shown; i++) {
        char text[TEXT_BYTES] = "";
        error_text(screen->model, &errors->errors[i], text);
        pt_screen_line(screen, i == 0 ? "Errors" : "", text);
    }
    if (errors->used == 0) {
        pt_screen_line(screen, "Errors", "none");
    }
    if (errors->used > shown) {
        char text[64];
        snprintf(text, sizeof text, "%zu more kinds (--long lists them)", errors->used - shown);
        pt_screen_line(screen, "", text);
    }
}

void pt_screen_errors(const struct pt_screen *screen)
{
    put_errors(screen);
    put_retries(screen);
}

void pt_screen_errors_json(const struct pt_screen *screen, struct pt_json *json)
{
    const struct pt_tally *errors = &screen->model->errors;
    pt_json_open_array(json, "errors");
    for (size_t i = 0; i < errors->used; i++) {
        const struct pt_error_total *error = &errors->errors[i];
        pt_json_open_object(json, NULL);
        pt_json_int(json, "count", error->count);
        pt_json_string(json, "where", pt_error_where_text(error->where));
        pt_json_int(json, "domain", error->domain);
        pt_json_int(json, "code", error->code);
        pt_json_string(json, "name", pt_error_name(error->where, error->domain, error->code));
        pt_json_string(json, "namespace", error->name_space);
        pt_json_string(json, "command", culprit(screen->model, error));
        pt_json_close_object(json);
    }
    pt_json_close_array(json);
    pt_report_retries(json, screen->model);
}
