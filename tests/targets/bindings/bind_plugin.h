/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_plugin.h: what a plugin of the binding tests exports, as the functions of one struct that
 * the host finds by `bind_plugin`. The host knows nothing of the driver, so driver objects are
 * `void *` here.
 */
#ifndef BIND_PLUGIN_H
#define BIND_PLUGIN_H

#include <stdbool.h>

struct bind_plugin {
    void (*start)(void);          /* mongoc_init */
    void (*stop)(void);           /* mongoc_cleanup */
    const char *(*version)(void); /* of the driver that the plugin reaches */
    int (*work)(const char *mode, const char *uri, const char *name,
                char *line);       /* bind_do of bind_work.h */
    void (*destroy_nothing)(void); /* hands NULL to the driver's destroy functions */
    void *(*make_client)(const char *uri);
    /* These three end in a jump to the driver: it returns straight into the host, which is not
     * linked with it. */
    bool (*tail_ping)(void *client);
    void (*tail_destroy)(void *client);
    void *(*tail_make_client)(const char *uri);
    void (*keep_client)(
        const char *uri); /* the plugin's destructor destroys it, and calls mongoc_cleanup */
    void (*start_workers)(const char *uri,
                          int count); /* the destructor tells them to end, and joins them */
};

extern const struct bind_plugin bind_plugin;

#endif
