/* SPDX-License-Identifier: Apache-2.0 */
#include "report_case.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "intake/read_log.h"
#include "log/bson_field.h"
#include "model/model_finish.h"

struct log_maker maker;
struct pt_model model;
static char path[64];
bson_t report;

void report_case_start(void)
{
    setenv("TZ", "UTC", 1);
    snprintf(path, sizeof path, "/tmp/phasetap-report-%d.bson", (int)getpid());
    log_maker_init(&maker);
    log_maker_begin(&maker);
    pt_model_init(&model, 5);
    bson_init(&report);
}

void report_case_end(void)
{
    unlink(path);
    log_maker_release(&maker);
    pt_model_release(&model);
    bson_destroy(&report);
}

void read_log(void)
{
    log_maker_save(&maker, path);
    cr_assert(eq(int, pt_model_read(&model, path), PT_LOG_OK));
}

char *print(void (*printer)(const struct pt_model *, FILE *))
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    printer(&model, out);
    fclose(out);
    return text;
}

void make_report(void)
{
    bson_error_t error;
    pt_model_finish(&model);
    char *text = print(pt_report_json);
    bson_destroy(&report);
    cr_assert(bson_init_from_json(&report, text, -1, &error), "%s", error.message);
    free(text);
}

/* The element at a dotted path; array indices are keys. */
static bson_iter_t at(const char *dotted)
{
    bson_iter_t iter;
    bson_iter_t found;
    cr_assert(bson_iter_init(&iter, &report) && bson_iter_find_descendant(&iter, dotted, &found),
              "%s is missing", dotted);
    return found;
}

bool is_there(const char *dotted)
{
    bson_iter_t iter;
    bson_iter_t found;
    return bson_iter_init(&iter, &report) && bson_iter_find_descendant(&iter, dotted, &found);
}

int64_t integer(const char *dotted)
{
    bson_iter_t iter = at(dotted);
    int64_t number = -1;
    cr_assert(pt_iter_int(&iter, &number), "%s is no integer", dotted);
    return number;
}

double real(const char *dotted)
{
    bson_iter_t iter = at(dotted);
    cr_assert(eq(int, bson_iter_type(&iter), BSON_TYPE_DOUBLE), "%s", dotted);
    return bson_iter_double(&iter);
}

char *text_at(const char *dotted)
{
    bson_iter_t iter = at(dotted);
    cr_assert(eq(int, bson_iter_type(&iter), BSON_TYPE_UTF8), "%s", dotted);
    return (char *)bson_iter_utf8(&iter, NULL);
}
