/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers need to know of a request; request.h is the manual. */
#include "request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int32_t code;
    const char *name;
} CODE_NAMES[] = {
    {2, "BadValue"},
    {9, "FailedToParse"},
    {11, "UserNotFound"},
    {13, "Unauthorized"},
    {18, "AuthenticationFailed"},
    {26, "NamespaceNotFound"},
    {27, "IndexNotFound"},
    {43, "CursorNotFound"},
    {48, "NamespaceExists"},
    {50, "MaxTimeMSExpired"},
    {59, "CommandNotFound"},
    {64, "WriteConcernFailed"},
    {73, "InvalidNamespace"},
    {89, "NetworkTimeout"},
    {91, "ShutdownInProgress"},
    {112, "WriteConflict"},
    {121, "DocumentValidationFailure"},
    {189, "PrimarySteppedDown"},
    {251, "NoSuchTransaction"},
    {10107, "NotWritablePrimary"},
    {11000, "DuplicateKey"},
    {11600, "InterruptedAtShutdown"},
    {13435, "NotPrimaryNoSecondaryOk"},
    {40573, "Location40573"},
};

const char *error_code_name(int32_t code)
{
    for (size_t i = 0; i < sizeof CODE_NAMES / sizeof CODE_NAMES[0]; i++) {
        if (CODE_NAMES[i].code == code) {
            return CODE_NAMES[i].name;
        }
    }
    return "UnknownError";
}

bool request_fail(struct request *request, int32_t code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(request->error_text, sizeof request->error_text, format, arguments);
    va_end(arguments);
    request->error_code = code;
    return false;
}

bool request_name_space(struct request *request, const char *collection)
{
    const char *name = collection != NULL ? collection : bson_element_string(&request->command);
    if (name == NULL || name[0] == '\0') {
        return request_fail(request, 73, "collection name has invalid type or is empty");
    }
    int len = snprintf(request->name_space, NAMESPACE_BYTES, "%s.%s", request->database, name);
    return len < NAMESPACE_BYTES || request_fail(request, 73, "namespace is too long");
}

bool request_statements(struct request *request, const char *name, struct statements *statements)
{
    for (size_t i = 0; i < request->sequence_count; i++) {
        if (strcmp(request->sequences[i].name, name) == 0) {
            statements->sequence = request->sequences[i];
            return true;
        }
    }
    struct bson_view array;
    if (!bson_find_document(request->body, name, &array)) {
        return request_fail(request, 9, "the command has no `%s`", name);
    }
    statements->sequence.data = NULL;
    bson_walk_begin(&statements->walk, array);
    return true;
}

bool statements_next(struct statements *statements, struct bson_view *statement)
{
    struct sequence *sequence = &statements->sequence;
    if (sequence->data == NULL) {
        struct bson_element member;
        return bson_walk_next(&statements->walk, &member) &&
               bson_element_document(&member, statement);
    }
    if (!bson_view_take(statement, sequence->data, sequence->len_bytes)) {
        return false;
    }
    sequence->data += statement->len_bytes;
    sequence->len_bytes -= statement->len_bytes;
    return true;
}
