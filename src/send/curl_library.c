/* SPDX-License-Identifier: Apache-2.0 */
#include "send/curl_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "text/usage.h"

#define CURL_SONAME "libcurl.so.4"

static struct pt_curl curl;

/* ISO C has no conversion from an object pointer to a function pointer; POSIX says that this one
 * works. */
static bool find(void *library, const char *name, void *function, size_t bytes)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, bytes);
    return found != NULL;
}

static bool find_all(void *library)
{
    bool found = true;
#define FIND(name) found = find(library, #name, &curl.name##_, sizeof curl.name##_) && found;
    PT_CURL_FUNCTIONS(FIND)
    return found;
}

const struct pt_curl *pt_curl_load(void)
{
    void *library = dlopen(CURL_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        (void)pt_fail(PT_EXIT_FAILED,
                      "sending needs libcurl: %s; install it (on Debian the package libcurl4)",
                      dlerror());
        return NULL;
    }
    if (!find_all(library) || curl.curl_global_init_(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        (void)pt_fail(PT_EXIT_FAILED, "%s cannot be used: it lacks a function or does not start",
                      CURL_SONAME);
        return NULL;
    }
    return &curl;
}
