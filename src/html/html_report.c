/* SPDX-License-Identifier: Apache-2.0 */
#include "html/html_report.h"

#include <string.h>

#include "html/island.h"
#include "html/page_assets.h"
#include "html/page_facts.h"
#include "html/view_json.h"
#include "text/json_out.h"
#include "text/version.h"

struct page {
    const struct pt_view *view;
    FILE *out;
    bool whole;
};

static const struct pt_page_asset *asset_of(const char *name)
{
    const struct pt_page_asset *asset = pt_page_assets;
    while (asset->name != NULL && strcmp(asset->name, name) != 0) {
        asset++;
    }
    return asset;
}

static void put_asset(struct page *page, const char *name)
{
    const struct pt_page_asset *asset = asset_of(name);
    fwrite(asset->bytes, 1, asset->length, page->out);
}

static void put_style(struct page *page)
{
    put_asset(page, "style");
}

static void put_script(struct page *page)
{
    put_asset(page, "script");
}

static void put_charts(struct page *page)
{
    if (asset_of("charts")->length > 0) {
        fputs("<script>", page->out);
        put_asset(page, "charts");
        fputs("</script>", page->out);
    }
}

static void put_policy(struct page *page)
{
    const struct pt_page_asset *charts = asset_of("charts");
    fprintf(page->out,
            "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '%s'; "
            "script-src '%s'",
            asset_of("style")->hash, asset_of("script")->hash);
    if (charts->length > 0) {
        fprintf(page->out, " '%s'", charts->hash);
    }
}

static void put_data(struct page *page)
{
    struct pt_json json;
    FILE *island = pt_island_open(page->out);
    if (island == NULL) {
        page->whole = false;
        return;
    }
    pt_json_init(&json, island, false);
    pt_json_open_object(&json, NULL);
    pt_json_string(&json, "version", pt_version());
    pt_json_bool(&json, "charts", asset_of("charts")->length > 0);
    pt_page_facts(&json, page->view->model);
    pt_view_json(&json, page->view);
    pt_json_close_object(&json);
    fclose(island);
}

/* What the page's file has in place of what is not known before a report: "@data@". */
static const struct {
    const char *mark;
    void (*put)(struct page *page);
} places[] = {{"policy@", put_policy},
              {"style@", put_style},
              {"data@", put_data},
              {"charts@", put_charts},
              {"script@", put_script}};

/* Length of the place that begins there, 0: none. */
static size_t fill_place(struct page *page, const char *text, size_t left)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t length = strlen(places[i].mark);
        if (length <= left && memcmp(text, places[i].mark, length) == 0) {
            places[i].put(page);
            return length;
        }
    }
    return 0;
}

bool pt_html_report(const struct pt_view *view, FILE *out)
{
    struct page page = {.view = view, .out = out, .whole = true};
    const struct pt_page_asset *asset = asset_of("page");
    const char *text = (const char *)asset->bytes, *end = text + asset->length;
    while (text < end) {
        const char *mark = memchr(text, '@', (size_t)(end - text));
        fwrite(text, 1, (size_t)((mark != NULL ? mark : end) - text), out);
        if (mark == NULL) {
            break;
        }
        text = mark + 1;
        text += fill_place(&page, text, (size_t)(end - text));
    }
    return page.whole;
}
