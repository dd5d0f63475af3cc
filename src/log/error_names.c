/* SPDX-License-Identifier: Apache-2.0 */
#include "log/error_names.h"

#include <stdbool.h>
#include <stddef.h>

#include <phasetap/log_format.h>

#include "log/error_codes.h"

#define DOMAIN_POOL 20

static const char *server_name(int32_t code)
{
    switch (code) {
#define NAME(number, name)                                                                         \
    case number:                                                                                   \
        return #name;
        PT_SERVER_CODES(NAME)
#undef NAME
    default:
        return NULL;
    }
}

static const char *driver_name(int32_t code)
{
    switch (code) {
#define NAME(number, name)                                                                         \
    case number:                                                                                   \
        return "MONGOC_ERROR_" #name;
        PT_DRIVER_CODES(NAME)
#undef NAME
    default:
        return NULL;
    }
}

static const char *name_in_domain(int32_t domain, int32_t code)
{
    static const struct {
        int32_t domain, code;
        const char *name;
    } rows[] = {
#define ROW(domain, number, name) {domain, number, "MONGOC_ERROR_" #name},
        PT_DRIVER_CODES_OF(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool in_domain = rows[i].domain == domain || (rows[i].domain == 0 && domain > DOMAIN_POOL);
        if (rows[i].code == code && in_domain) {
            return rows[i].name;
        }
    }
    return driver_name(code);
}

const char *pt_error_name(int32_t where, int32_t domain, int32_t code)
{
    return where == PT_ERROR_DRIVER ? name_in_domain(domain, code) : server_name(code);
}

const char *pt_error_domain_name(int32_t domain)
{
    switch (domain) {
#define NAME(number, name)                                                                         \
    case number:                                                                                   \
        return "MONGOC_ERROR_" #name;
        PT_DRIVER_DOMAINS(NAME)
#undef NAME
    default:
        return NULL;
    }
}
