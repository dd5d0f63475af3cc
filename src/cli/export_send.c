/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export_send.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <phasetap/option_value.h>

#include "cli/export_write.h"
#include "export/format_table.h"
#include "send/sender.h"
#include "text/usage.h"

#define TIMEOUT_VARIABLE   "OTEL_EXPORTER_OTLP_TIMEOUT"
#define TIMEOUT_HIGHEST_MS 3600000L
#define RETRY_HIGHEST_NS   (3600 * 1000000000LL)

struct signal {
    struct pt_sender *sender;
    const char *path;
};

static bool deliver(void *context, const struct pt_otlp_request *request)
{
    struct signal *signal = context;
    return pt_sender_post(signal->sender, signal->path, request->text, request->length,
                          request->items);
}

static struct pt_send_counts difference(struct pt_send_counts now, struct pt_send_counts before)
{
    return (struct pt_send_counts){.accepted = now.accepted - before.accepted,
                                   .refused = now.refused - before.refused};
}

/* `ret_counts`: items of this signal. */
static int send_signal(struct pt_sender *sender, const struct pt_log_list *list, const char *format,
                       const char *path, struct pt_send_counts *ret_counts)
{
    struct signal signal = {sender, path};
    struct pt_export export = {.deliver = deliver, .deliver_to = &signal};
    struct pt_send_counts before = sender->counts;
    int status = pt_export_write(pt_export_format(format), &export, list);
    *ret_counts = difference(sender->counts, before);
    return status;
}

static int tell(int status, const struct pt_sender *sender, const struct pt_send_counts *spans,
                const struct pt_send_counts *points)
{
    printf("%" PRId64 " spans and %" PRId64 " data points accepted, in %" PRId64
           " requests; %" PRId64 " attempts repeated\n",
           spans->accepted, points->accepted, sender->counts.requests, sender->counts.repeated);
    if (sender->counts.refused > 0) {
        status = pt_fail(PT_EXIT_FAILED,
                         "the collector refused %" PRId64 " spans and %" PRId64
                         " data points; see its own log for the reason",
                         spans->refused, points->refused);
    }
    if (status != PT_EXIT_OK && sender->counts.refused == 0) {
        pt_warn("not everything was sent; what is sent again has the same ids");
    }
    return status;
}

static int send_all(struct pt_sender *sender, const struct pt_log_list *list)
{
    struct pt_send_counts spans = {.accepted = 0}, points = {.accepted = 0};
    int status = send_signal(sender, list, "otlp", "/v1/traces", &spans);
    if (status == PT_EXIT_OK) {
        status = send_signal(sender, list, "otlp-metrics", "/v1/metrics", &points);
    }
    return tell(status, sender, &spans, &points);
}

/* ---- options ---- */

static bool take_retry(const char *text, int64_t *ret_ns)
{
    *ret_ns = PT_RETRY_DEFAULT_NS;
    if (text == NULL || (pt_option_ns(text, ret_ns) && *ret_ns <= RETRY_HIGHEST_NS)) {
        return true;
    }
    (void)pt_fail(PT_EXIT_USAGE,
                  "--retry-for takes a time from 0 to 1h such as 30s or 5m, not "
                  "'%s'",
                  text);
    return false;
}

/* An invalid value counts as unset, as OpenTelemetry's specification asks for. */
static long timeout_ms(void)
{
    const char *text = getenv(TIMEOUT_VARIABLE);
    char *end = NULL;
    errno = 0;
    long ms = text != NULL ? strtol(text, &end, 10) : 0;
    if (text == NULL || text[0] == '\0') {
        return PT_TIMEOUT_DEFAULT_MS;
    }
    if (errno != 0 || *end != '\0' || ms < 1 || ms > TIMEOUT_HIGHEST_MS) {
        pt_warn(TIMEOUT_VARIABLE " is no number of milliseconds from 1 to %ld; %ld are used",
                TIMEOUT_HIGHEST_MS, PT_TIMEOUT_DEFAULT_MS);
        return PT_TIMEOUT_DEFAULT_MS;
    }
    return ms;
}

int pt_export_send_check(const struct pt_send_given *given)
{
    int64_t retry_ns;
    return pt_send_check_url(given->url) && take_retry(given->retry, &retry_ns) ? PT_EXIT_OK
                                                                                : PT_EXIT_USAGE;
}

static bool take_headers(struct pt_headers *headers, const char *path)
{
    return pt_headers_from_environment(headers) &&
           (path == NULL || pt_headers_from_file(headers, path));
}

int pt_export_send(const struct pt_log_list *list, const struct pt_send_given *given)
{
    struct pt_headers headers = {.count = 0};
    struct pt_sender *sender = calloc(1, sizeof *sender);
    struct pt_send_settings settings = {.url = given->url, .headers = &headers};
    if (sender == NULL) {
        return pt_fail(PT_EXIT_FAILED, "nothing was sent: out of memory");
    }
    int status = PT_EXIT_USAGE;
    if (take_retry(given->retry, &settings.retry_ns) && take_headers(&headers, given->headers)) {
        settings.timeout_ms = timeout_ms();
        status = pt_sender_open(sender, &settings);
        if (status == PT_EXIT_OK) {
            status = send_all(sender, list);
        }
        pt_sender_close(sender);
    }
    pt_headers_release(&headers);
    free(sender);
    return status;
}
