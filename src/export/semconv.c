/* SPDX-License-Identifier: Apache-2.0 */
#include "export/semconv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/otlp_batch.h"

#define PORT_HIGHEST 65535
#define OTHER        "other" /* a command that is not in the list of log_format.h */

/* The name of a database has no dot. */
static void split_namespace(struct pt_semconv *to, const char *name_space)
{
    const char *dot = strchr(name_space, '.');
    size_t length = dot != NULL ? (size_t)(dot - name_space) : strlen(name_space);
    snprintf(to->database, sizeof to->database, "%.*s", (int)length, name_space);
    if (dot != NULL) {
        snprintf(to->collection, sizeof to->collection, "%s", dot + 1);
    }
}

/* "host:port", "[::1]:port" or the path of a socket. */
static void split_address(struct pt_semconv *to, const char *server)
{
    const char *colon = server[0] != '/' ? strrchr(server, ':') : NULL;
    char *end = NULL;
    long port = colon != NULL ? strtol(colon + 1, &end, 10) : 0;
    bool has_port = port > 0 && port <= PORT_HIGHEST && *end == '\0';
    size_t length = has_port ? (size_t)(colon - server) : strlen(server);
    if (length > 2 && server[0] == '[' && server[length - 1] == ']') {
        server++;
        length -= 2;
    }
    snprintf(to->address, sizeof to->address, "%.*s", (int)length, server);
    to->port = has_port ? (int)port : 0;
}

void pt_semconv_of(struct pt_semconv *ret, const struct pt_trace_event *event,
                   const struct pt_trace_event *call)
{
    bool named = event->command != NULL && strcmp(event->command, OTHER) != 0;
    ret->operation = named ? event->command : NULL;
    ret->database[0] = ret->collection[0] = ret->address[0] = '\0';
    ret->port = 0;
    if (call != NULL && call->name_space != NULL) {
        split_namespace(ret, call->name_space);
    }
    if (event->server != NULL) {
        split_address(ret, event->server);
    }
}

void pt_semconv_span_name(const struct pt_semconv *semconv, char *text, size_t room)
{
    const char *target = semconv->collection[0] != '\0' ? semconv->collection : semconv->database;
    if (semconv->operation == NULL) {
        snprintf(text, room, "%s", target[0] != '\0' ? target : "mongodb");
    } else {
        snprintf(text, room, "%s%s%s", semconv->operation, target[0] != '\0' ? " " : "", target);
    }
}

void pt_semconv_put_namespace(struct pt_json *json, const struct pt_semconv *semconv)
{
    pt_otlp_text(json, "db.system.name", "mongodb");
    pt_otlp_text(json, "db.namespace", semconv->database);
    pt_otlp_text(json, "db.collection.name", semconv->collection);
}

void pt_semconv_put(struct pt_json *json, const struct pt_semconv *semconv, const char *error)
{
    pt_semconv_put_namespace(json, semconv);
    pt_otlp_text(json, "db.operation.name", semconv->operation);
    pt_otlp_text(json, "server.address", semconv->address);
    if (semconv->port > 0) {
        pt_otlp_int(json, "server.port", semconv->port);
    }
    pt_otlp_text(json, "error.type", error);
}
