/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loader_cache.h: the file in which ldconfig lists the libraries of the system's folders
 * (/etc/ld.so.cache), in the format that glibc has written since 2.2. The older format is only
 * skipped where it precedes the newer one, as in caches made with `ldconfig -c compat`.
 *
 * The file is untrusted: its size is limited, and every offset in it is checked. A cache that
 * cannot be read or makes no sense is an empty one. Any thread.
 */
#ifndef PHASETAP_LOADER_CACHE_H
#define PHASETAP_LOADER_CACHE_H

#include <stddef.h>
#include <stdint.h>

#define PT_LOADER_CACHE "/etc/ld.so.cache"

struct pt_loader_cache {
    char *bytes;   /* of the newer format, with a zero behind them; NULL: empty */
    size_t length; /* without that zero */
};

void pt_loader_cache_read(struct pt_loader_cache *cache, const char *path);
void pt_loader_cache_release(struct pt_loader_cache *cache);

/*
 * The path for a soname, for this tool's architecture; NULL when there is none. It lives as long as
 * the cache. Of several, the one that needs no special processor, since that is what any machine
 * loads and the others are builds of the same source.
 */
const char *pt_loader_cache_find(const struct pt_loader_cache *cache, const char *name);

#endif
