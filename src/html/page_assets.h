/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_assets.h: the fixed parts of the page, which the build makes from the files in html/page
 * (page/embed.cmake), and the charts' library if the build found it.
 */
#ifndef PHASETAP_PAGE_ASSETS_H
#define PHASETAP_PAGE_ASSETS_H

#include <stddef.h>

struct pt_page_asset {
    const char *name;
    const unsigned char *bytes;
    size_t length;    /* 0: absent */
    const char *hash; /* for Content-Security-Policy: "sha256-..." */
};

/* "page", "style", "charts", "script"; ended by one without a name. */
extern const struct pt_page_asset pt_page_assets[];

#endif
