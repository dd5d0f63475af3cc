/* SPDX-License-Identifier: Apache-2.0 */
/* The command line; settings.h is the manual, README.md in the folder above the user's. */
#include "settings.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

static bool number(const char *text, char stop, uint64_t max, uint64_t *value, const char **rest)
{
    char *end;
    errno = 0;
    unsigned long long parsed = strtoull(text, &end, 10);
    if (end == text || *text == '-' || errno != 0 || parsed > max ||
        (*end != stop && *end != '\0')) {
        return false;
    }
    *value = parsed;
    *rest = *end == '\0' ? end : end + 1;
    return true;
}

static bool whole_number(const char *text, uint64_t max, uint64_t *value)
{
    const char *rest;
    return number(text, '\0', max, value, &rest) && *rest == '\0';
}

/* The settings of the command with the name of that length; NULL when there is no such command. */
static struct command_settings *command_named(struct settings *settings, const char *text,
                                              size_t len)
{
    char name[64];
    if (len >= sizeof name) {
        return NULL;
    }
    memcpy(name, text, len);
    name[len] = '\0';
    int index = command_index(name);
    return index < 0 ? NULL : &settings->commands[index];
}

/* Splits NAME=REST, looks NAME up in the command table; NULL when there is no such command. */
static struct command_settings *command_part(struct settings *settings, const char *text,
                                             const char **rest)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL) {
        return NULL;
    }
    *rest = equals + 1;
    return command_named(settings, text, (size_t)(equals - text));
}

/* When a fault strikes: N for every Nth time, =N for the Nth only, nothing for every time. */
static bool read_events(struct fault *fault, const char *text)
{
    fault->every = 1;
    fault->once = *text == '=';
    text += fault->once;
    return (*text == '\0' && !fault->once) ||
           (whole_number(text, UINT64_MAX - 1, &fault->every) && fault->every > 0);
}

/* CODE, CODE@N or CODE@=N. */
static bool read_fault(struct fault *fault, const char *text)
{
    uint64_t code = 0;
    const char *rest;
    if (!number(text, '@', INT32_MAX, &code, &rest) || code == 0) {
        return false;
    }
    fault->code = (int32_t)code;
    return read_events(fault, rest);
}

/* Fractions are allowed; `stop` or the end ends it. */
static bool read_milliseconds(const char *text, char stop, uint64_t *ns, const char **rest)
{
    char *end;
    double ms = strtod(text, &end);
    if (end == text || (*end != stop && *end != '\0') || !isfinite(ms) || ms < 0 || ms > 3600e3) {
        return false;
    }
    *ns = (uint64_t)(ms * 1e6);
    *rest = *end == '\0' ? end : end + 1;
    return true;
}

static bool read_delay(struct settings *settings, const char *text)
{
    const char *rest;
    uint64_t *delay_ns;
    if (strncmp(text, "connect=", 8) == 0) {
        delay_ns = &settings->connect_delay_ns;
        rest = text + 8;
    } else {
        struct command_settings *command = command_part(settings, text, &rest);
        if (command == NULL) {
            return false;
        }
        delay_ns = &command->delay_ns;
    }
    return read_milliseconds(rest, '\0', delay_ns, &rest);
}

static bool read_document_delay(struct settings *settings, const char *text)
{
    const char *rest;
    struct command_settings *command = command_part(settings, text, &rest);
    return command != NULL && read_milliseconds(rest, '\0', &command->document_delay_ns, &rest);
}

static bool read_skipped_delay(struct settings *settings, const char *text)
{
    uint64_t *delay_ns = &settings->commands[command_index("find")].skipped_delay_ns;
    return read_milliseconds(text, '\0', delay_ns, &text);
}

/* COMMAND=MS@N or COMMAND=MS@=N. */
static bool read_stall(struct settings *settings, const char *text)
{
    const char *rest;
    struct command_settings *command = command_part(settings, text, &rest);
    if (command == NULL || !read_milliseconds(rest, '@', &command->stall_ns, &rest)) {
        return false;
    }
    command->stall.code = 1;
    return read_events(&command->stall, rest);
}

static bool read_fail(struct settings *settings, const char *text)
{
    const char *rest;
    struct command_settings *command = command_part(settings, text, &rest);
    return command != NULL && read_fault(&command->fail, rest);
}

/* COMMAND, COMMAND@N or COMMAND@=N. */
static bool read_drop(struct settings *settings, const char *text)
{
    size_t len = strcspn(text, "@");
    struct command_settings *command = command_named(settings, text, len);
    if (command == NULL) {
        return false;
    }
    command->drop.code = 1;
    return read_events(&command->drop, text + len + (text[len] == '@'));
}

static bool read_write_concern_error(struct settings *settings, const char *text)
{
    const char *rest;
    struct command_settings *command = command_part(settings, text, &rest);
    return command != NULL && read_fault(&command->write_concern, rest);
}

static bool read_write_error(struct settings *settings, const char *text)
{
    const char *rest = text;
    struct command_settings *command = strchr(text, '=') != NULL
                                           ? command_part(settings, text, &rest)
                                           : &settings->commands[command_index("insert")];
    return command != NULL && read_fault(&command->write_error, rest);
}

/* database.collection=COUNT:BYTES */
static bool read_collection(struct settings *settings, const char *text)
{
    const char *equals = strrchr(text, '='), *dot = strchr(text, '.'), *rest;
    if (settings->collection_count == COLLECTION_LIMIT || equals == NULL || dot == NULL ||
        dot == text || dot + 1 >= equals || equals - text >= NAMESPACE_BYTES) {
        return false;
    }
    struct collection_settings *made = &settings->collections[settings->collection_count];
    memcpy(made->name_space, text, (size_t)(equals - text));
    if (!number(equals + 1, ':', INT32_MAX, &made->count, &rest) ||
        !whole_number(rest, 16 * 1024 * 1024, &made->document_bytes)) {
        return false;
    }
    settings->collection_count++;
    return true;
}

static bool read_i32(int32_t *value, const char *text)
{
    uint64_t parsed;
    if (!whole_number(text, INT32_MAX, &parsed)) {
        return false;
    }
    *value = (int32_t)parsed;
    return true;
}

static bool read_port(struct settings *settings, const char *text)
{
    uint64_t port;
    if (!whole_number(text, UINT16_MAX, &port)) {
        return false;
    }
    settings->port = (uint16_t)port;
    return true;
}

static bool read_max_write_batch(struct settings *settings, const char *text)
{
    return read_i32(&settings->max_write_batch, text) && settings->max_write_batch > 0;
}

static bool read_max_bson(struct settings *settings, const char *text)
{
    return read_i32(&settings->max_bson_bytes, text) && settings->max_bson_bytes > 0;
}

static bool read_max_message(struct settings *settings, const char *text)
{
    return read_i32(&settings->max_message_bytes, text) && settings->max_message_bytes > 0;
}

static bool read_max_wire_version(struct settings *settings, const char *text)
{
    return read_i32(&settings->max_wire_version, text);
}

static bool read_spin(struct settings *settings, const char *text)
{
    uint64_t spin_us;
    if (!whole_number(text, 1000000, &spin_us)) {
        return false;
    }
    settings->spin_ns = spin_us * 1000;
    return true;
}

static bool read_unix(struct settings *settings, const char *text)
{
    settings->unix_path = text;
    return text[0] == '/';
}

static bool read_replica_set(struct settings *settings, const char *text)
{
    settings->replica_set = text;
    return text[0] != '\0';
}

static bool read_stats(struct settings *settings, const char *text)
{
    settings->stats_path = text;
    return text[0] != '\0';
}

static bool set_store(struct settings *settings, const char *text)
{
    (void)text;
    return settings->store_writes = true;
}

static bool set_until_eof(struct settings *settings, const char *text)
{
    (void)text;
    return settings->until_eof = true;
}

static const struct {
    const char *name;
    const char *value; /* how the help shows it; NULL: takes none */
    bool (*read)(struct settings *settings, const char *text);
    const char *help;
} OPTIONS[] = {
    {"--port", "N", read_port, "listen on 127.0.0.1:N (default: any free port)"},
    {"--unix", "/PATH", read_unix, "listen on this socket as well"},
    {"--collection", "DB.COLL=COUNT:BYTES", read_collection,
     "a collection of COUNT generated documents; repeatable"},
    {"--store", NULL, set_store, "apply inserts, updates and deletes (default: count and discard)"},
    {"--delay", "NAME=MS", read_delay,
     "delay the reply to a command, or `connect`; fractions allowed; repeatable"},
    {"--document-delay", "COMMAND=MS", read_document_delay,
     "delay it so much more for each document it carries"},
    {"--skipped-delay", "MS", read_skipped_delay, "delay a find for each document it skips"},
    {"--stall", "COMMAND=MS[@N]", read_stall,
     "delay every (Nth; @=N: only the Nth) such command so much more"},
    {"--fail", "COMMAND=CODE[@N]", read_fail,
     "reply ok: 0 to every (Nth; @=N: only the Nth) such command"},
    {"--drop", "COMMAND[@N]", read_drop,
     "close the connection instead of replying to every (Nth) such command"},
    {"--write-error", "[COMMAND=]CODE[@N]", read_write_error,
     "writeErrors for every (Nth) statement of insert"},
    {"--write-concern-error", "COMMAND=CODE[@N]", read_write_concern_error,
     "writeConcernError for every (Nth)"},
    {"--replica-set", "NAME", read_replica_set, "be the primary of a one-member replica set"},
    {"--max-write-batch", "N", read_max_write_batch, "maxWriteBatchSize in hello (default 100000)"},
    {"--max-bson", "BYTES", read_max_bson, "maxBsonObjectSize in hello (default 16777216)"},
    {"--max-message", "BYTES", read_max_message, "maxMessageSizeBytes in hello (default 48000000)"},
    {"--max-wire-version", "N", read_max_wire_version, "maxWireVersion in hello (default 21)"},
    {"--spin", "US", read_spin,
     "poll that long for the next message before sleeping: lower latency, more CPU"},
    {"--stats", "FILE", read_stats, "write counts as JSON on SIGUSR1 and at exit"},
    {"--until-eof", NULL, set_until_eof, "exit when standard input is closed"},
};
enum { OPTION_COUNT = sizeof OPTIONS / sizeof OPTIONS[0] };

static void print_help(void)
{
    puts("usage: peer [OPTION...]\n"
         "Answers the MongoDB wire protocol from memory on a loopback port; prints one line, "
         "`uri=... pid=...`.\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char head[64];
        const char *value = OPTIONS[i].value;
        snprintf(head, sizeof head, "%s%s%s", OPTIONS[i].name, value != NULL ? " " : "",
                 value != NULL ? value : "");
        printf("  %-41s %s\n", head, OPTIONS[i].help);
    }
}

static bool usage_error(const char *problem, const char *text, int *exit_status)
{
    fprintf(stderr, "peer: %s `%s`; see peer --help\n", problem, text);
    *exit_status = 2;
    return false;
}

static void set_defaults(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    settings->max_wire_version = 21;
    settings->max_write_batch = 100000;
    settings->max_bson_bytes = 16 * 1024 * 1024;
    settings->max_message_bytes = 48000000;
    for (size_t i = 0; COMMANDS[i].name != NULL; i++) {
        settings->commands[i].delay_ns = COMMANDS[i].default_delay_ns;
    }
}

static size_t option_index(const char *name)
{
    size_t i = 0;
    while (i < OPTION_COUNT && strcmp(OPTIONS[i].name, name) != 0) {
        i++;
    }
    return i;
}

bool settings_read(struct settings *settings, int argc, char **argv, int *exit_status)
{
    set_defaults(settings);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help();
            *exit_status = 0;
            return false;
        }
        size_t option = option_index(argv[i]);
        if (option == OPTION_COUNT) {
            return usage_error("unknown option", argv[i], exit_status);
        }
        const char *value = NULL;
        if (OPTIONS[option].value != NULL && (value = argv[++i]) == NULL) {
            return usage_error("missing value for", argv[i - 1], exit_status);
        }
        if (!OPTIONS[option].read(settings, value)) {
            return usage_error("invalid value", value, exit_status);
        }
    }
    return true;
}
