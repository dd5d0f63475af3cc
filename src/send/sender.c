/* SPDX-License-Identifier: Apache-2.0 */
#include "send/sender.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "send/answer.h"
#include "send/gzip.h"
#include "text/safe_text.h"
#include "text/usage.h"
#include "text/version.h"

#define URL_BYTES        2048
#define CONNECT_MS       10000L
#define PAUSE_FIRST_NS   200000000LL
#define PAUSE_HIGHEST_NS 10000000000LL
#define NS_PER_S         1000000000LL

/* ---- the address ---- */

bool pt_send_check_url(const char *url)
{
    const char *host = strstr(url, "://");
    bool known = strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
    if (!known || host == NULL || host[3] == '\0' || host[3] == '/' ||
        strlen(url) > URL_BYTES - 32) {
        (void)pt_fail(PT_EXIT_USAGE, "--otlp takes the address of a collector, such as "
                                     "http://127.0.0.1:4318");
        return false;
    }
    host += 3;
    if (memchr(host, '@', strcspn(host, "/?#")) != NULL) {
        (void)pt_fail(PT_EXIT_USAGE,
                      "--otlp takes no user or password, since others can read a command line; put "
                      "a header into OTEL_EXPORTER_OTLP_HEADERS or into the file of --headers");
        return false;
    }
    if (host[strcspn(host, "?#")] != '\0') {
        (void)pt_fail(PT_EXIT_USAGE, "--otlp takes an address without '?' and '#'");
        return false;
    }
    return true;
}

static void full_url(char out[URL_BYTES], const char *base, const char *path)
{
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/') {
        length--;
    }
    snprintf(out, URL_BYTES, "%.*s%s", (int)length, base, path);
}

/* ---- one attempt ---- */

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct pt_sender *sender = context;
    size_t given = size * count;
    size_t room = sizeof sender->answer - sender->answer_length;
    memcpy(sender->answer + sender->answer_length, bytes, given < room ? given : room);
    sender->answer_length += given < room ? given : room;
    return given;
}

static bool add_header(struct pt_sender *sender, const char *line)
{
    struct curl_slist *longer = sender->curl->curl_slist_append_(sender->headers, line);
    sender->headers = longer != NULL ? longer : sender->headers;
    return longer != NULL;
}

/* No "Expect: 100-continue": it costs a round trip, and some collectors never answer it. */
static bool add_headers(struct pt_sender *sender)
{
    bool added = add_header(sender, "Content-Type: application/json") &&
                 add_header(sender, "Content-Encoding: gzip") && add_header(sender, "Expect:");
    for (size_t i = 0; added && i < sender->settings.headers->count; i++) {
        added = add_header(sender, sender->settings.headers->lines[i]);
    }
    return added;
}

#define SET(option, value) sender->curl->curl_easy_setopt_(sender->handle, option, value)

static void set_up(struct pt_sender *sender)
{
    char agent[64];
    snprintf(agent, sizeof agent, "phasetap/%s", pt_version());
    SET(CURLOPT_USERAGENT, agent);
    SET(CURLOPT_HTTPHEADER, sender->headers);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_WRITEFUNCTION, take_answer);
    SET(CURLOPT_WRITEDATA, sender);
    SET(CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, sender->settings.timeout_ms);
}

int pt_sender_open(struct pt_sender *sender, const struct pt_send_settings *settings)
{
    memset(sender, 0, sizeof *sender);
    sender->settings = *settings;
    sender->curl = pt_curl_load();
    if (sender->curl == NULL) {
        return PT_EXIT_FAILED;
    }
    sender->handle = sender->curl->curl_easy_init_();
    if (sender->handle == NULL || !add_headers(sender)) {
        return pt_fail(PT_EXIT_FAILED, "nothing was sent: out of memory");
    }
    set_up(sender);
    return PT_EXIT_OK;
}

void pt_sender_close(struct pt_sender *sender)
{
    if (sender->curl != NULL) {
        sender->curl->curl_slist_free_all_(sender->headers);
        sender->curl->curl_easy_cleanup_(sender->handle);
    }
}

/* Codes behind which the same request may succeed; a request that was answered in part may have
 * been taken. */
static bool is_passing(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return true;
    default:
        return false;
    }
}

struct attempt {
    enum pt_answer_kind kind;
    CURLcode code;
    long status;            /* of HTTP */
    int64_t retry_after_ns; /* 0: the collector named no time */
};

static struct attempt perform(struct pt_sender *sender)
{
    struct attempt attempt = {.kind = PT_ANSWER_WRONG};
    curl_off_t retry_after_s = 0;
    sender->answer_length = 0;
    attempt.code = sender->curl->curl_easy_perform_(sender->handle);
    if (attempt.code != CURLE_OK) {
        attempt.kind = is_passing(attempt.code) ? PT_ANSWER_AGAIN : PT_ANSWER_WRONG;
        return attempt;
    }
    sender->curl->curl_easy_getinfo_(sender->handle, CURLINFO_RESPONSE_CODE, &attempt.status);
    sender->curl->curl_easy_getinfo_(sender->handle, CURLINFO_RETRY_AFTER, &retry_after_s);
    attempt.kind = pt_answer_kind(attempt.status);
    /* A day is longer than anybody waits, and does not overflow. */
    attempt.retry_after_ns = (retry_after_s > 86400 ? 86400 : retry_after_s) * NS_PER_S;
    return attempt;
}

/* ---- a request ---- */

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void pause_for(int64_t ns)
{
    struct timespec left = {ns / NS_PER_S, ns % NS_PER_S};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
}

/* Between the pause and half of it, so that many senders do not come back at once. */
static int64_t spread(int64_t pause_ns)
{
    return pause_ns - now_ns() % (pause_ns / 2);
}

static void describe(const struct pt_sender *sender, const struct attempt *attempt, char *text,
                     size_t room)
{
    if (attempt->code != CURLE_OK) {
        snprintf(text, room, "%s", sender->curl->curl_easy_strerror_(attempt->code));
    } else {
        snprintf(text, room, "the collector answered HTTP status %ld", attempt->status);
    }
}

/* Attempts until the collector has answered for good or the time is over. */
static struct attempt insist(struct pt_sender *sender)
{
    int64_t begin_ns = now_ns();
    int64_t pause_ns = PAUSE_FIRST_NS;
    for (;;) {
        struct attempt attempt = perform(sender);
        int64_t wait_ns = spread(pause_ns);
        wait_ns = attempt.retry_after_ns > wait_ns ? attempt.retry_after_ns : wait_ns;
        if (attempt.kind != PT_ANSWER_AGAIN ||
            now_ns() - begin_ns + wait_ns > sender->settings.retry_ns) {
            return attempt;
        }
        pause_for(wait_ns);
        sender->counts.repeated++;
        pause_ns = 2 * pause_ns < PAUSE_HIGHEST_NS ? 2 * pause_ns : PAUSE_HIGHEST_NS;
    }
}

/* Whether to go on behind that answer. */
static bool settle(struct pt_sender *sender, const struct attempt *attempt, int64_t items)
{
    char why[256];
    int64_t rejected = items;
    describe(sender, attempt, why, sizeof why);
    if (attempt->kind == PT_ANSWER_TAKEN) {
        rejected = pt_answer_rejected(sender->answer, sender->answer_length, items);
    } else if (attempt->kind == PT_ANSWER_REFUSED) {
        pt_warn("a request was refused with %" PRId64 " items: %s", items, why);
    } else {
        bool wrong = attempt->kind == PT_ANSWER_WRONG;
        (void)pt_fail(PT_EXIT_FAILED, "cannot send to '%s': %s; %s", sender->settings.url, why,
                      wrong ? "check the address, its certificate and the headers"
                            : "run the command again when the collector works");
        return false;
    }
    sender->counts.requests++;
    sender->counts.refused += rejected;
    sender->counts.accepted += items - rejected;
    return true;
}

bool pt_sender_post(struct pt_sender *sender, const char *path, const char *text, size_t length,
                    int64_t items)
{
    char url[URL_BYTES];
    struct pt_gzip body;
    if (!pt_gzip(&body, text, length)) {
        (void)pt_fail(PT_EXIT_FAILED, "cannot send: out of memory");
        return false;
    }
    full_url(url, sender->settings.url, path);
    SET(CURLOPT_URL, url);
    SET(CURLOPT_POSTFIELDS, (char *)body.bytes);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.length);
    struct attempt attempt = insist(sender);
    SET(CURLOPT_POSTFIELDS, NULL);
    free(body.bytes);
    return settle(sender, &attempt, items);
}
