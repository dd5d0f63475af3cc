/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_handle SCENARIO URI SONAME: not linked with the driver; opens the library SONAME and asks
 * dlsym for each function, as bindings of scripting languages do. Scenarios say where dlsym looks:
 * `handle` (the driver's own handle), `default` (RTLD_DEFAULT), `next` (RTLD_NEXT), `program` (the
 * handle of the program).
 */
#include <dlfcn.h>
#include <mongoc/mongoc.h>

/* By hand: the formatter indents each line of such a list deeper than the last, on each run. */
/* clang-format off */
#define FUNCTIONS(F) \
    F(mongoc_init) F(mongoc_cleanup) \
    F(mongoc_client_new) F(mongoc_client_destroy) \
    F(mongoc_client_get_collection) F(mongoc_client_set_apm_callbacks) \
    F(mongoc_apm_callbacks_new) F(mongoc_apm_callbacks_destroy) \
    F(mongoc_apm_set_command_succeeded_cb) F(mongoc_apm_command_succeeded_get_context) \
    F(mongoc_uri_new) F(mongoc_uri_destroy) \
    F(mongoc_client_pool_new) F(mongoc_client_pool_pop) \
    F(mongoc_client_pool_push) F(mongoc_client_pool_destroy) \
    F(mongoc_collection_insert_one) F(mongoc_collection_find_with_opts) \
    F(mongoc_collection_count_documents) F(mongoc_collection_destroy) \
    F(mongoc_cursor_next) F(mongoc_cursor_error) \
    F(mongoc_cursor_destroy) F(bson_new) \
    F(bson_destroy) F(bcon_new) \
    F(bson_bcon_magic)
/* clang-format on */

#define POINTER(name) static __typeof__(&name) found_##name;
FUNCTIONS(POINTER)

/* Finds all of them before any of the names below becomes that of a pointer. */
static bool find_functions(void *where)
{
#define FIND(name) found_##name = (__typeof__(found_##name))dlsym(where, #name);
    FUNCTIONS(FIND)
#define FOUND(name) &&found_##name != NULL
    return true FUNCTIONS(FOUND);
}

#define mongoc_init                              found_mongoc_init
#define mongoc_cleanup                           found_mongoc_cleanup
#define mongoc_client_new                        found_mongoc_client_new
#define mongoc_client_destroy                    found_mongoc_client_destroy
#define mongoc_client_get_collection             found_mongoc_client_get_collection
#define mongoc_client_set_apm_callbacks          found_mongoc_client_set_apm_callbacks
#define mongoc_apm_callbacks_new                 found_mongoc_apm_callbacks_new
#define mongoc_apm_callbacks_destroy             found_mongoc_apm_callbacks_destroy
#define mongoc_apm_set_command_succeeded_cb      found_mongoc_apm_set_command_succeeded_cb
#define mongoc_apm_command_succeeded_get_context found_mongoc_apm_command_succeeded_get_context
#define mongoc_uri_new                           found_mongoc_uri_new
#define mongoc_uri_destroy                       found_mongoc_uri_destroy
#define mongoc_client_pool_new                   found_mongoc_client_pool_new
#define mongoc_client_pool_pop                   found_mongoc_client_pool_pop
#define mongoc_client_pool_push                  found_mongoc_client_pool_push
#define mongoc_client_pool_destroy               found_mongoc_client_pool_destroy
#define mongoc_collection_insert_one             found_mongoc_collection_insert_one
#define mongoc_collection_find_with_opts         found_mongoc_collection_find_with_opts
#define mongoc_collection_count_documents        found_mongoc_collection_count_documents
#define mongoc_collection_destroy                found_mongoc_collection_destroy
#define mongoc_cursor_next                       found_mongoc_cursor_next
#define mongoc_cursor_error                      found_mongoc_cursor_error
#define mongoc_cursor_destroy                    found_mongoc_cursor_destroy
#define bson_new                                 found_bson_new
#define bson_destroy                             found_bson_destroy
#define bcon_new                                 found_bcon_new
#define bson_bcon_magic                          found_bson_bcon_magic

#include "bind_work.h"

static void *place(const char *scenario, void *driver)
{
    if (strcmp(scenario, "default") == 0) {
        return RTLD_DEFAULT;
    }
    if (strcmp(scenario, "next") == 0) {
        return RTLD_NEXT;
    }
    return strcmp(scenario, "program") == 0 ? dlopen(NULL, RTLD_NOW) : driver;
}

int main(int argc, char **argv)
{
    static const char *const modes[] = {"client", "pool", "monitored"};
    if (argc != 4) {
        fprintf(stderr, "usage: bind_handle handle|default|next|program URI SONAME\n");
        return 2;
    }
    const bool own = strcmp(argv[1], "handle") == 0;
    void *driver = dlopen(argv[3], RTLD_NOW | (own ? RTLD_LOCAL : RTLD_GLOBAL));
    if (driver == NULL || !find_functions(place(argv[1], driver))) {
        fprintf(stderr, "bind_handle: %s\n", dlerror());
        return 97;
    }
    int failed = 0;
    char line[BIND_LINE_BYTES];
    mongoc_init();
    for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        failed += bind_do(modes[i], argv[2], "one", line);
        fputs(line, stdout);
    }
    mongoc_cleanup();
    printf("failed %d\n", failed);
    return failed == 0 ? 0 : 1;
}
