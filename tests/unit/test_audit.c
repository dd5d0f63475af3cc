/* SPDX-License-Identifier: Apache-2.0 */
/* The audit: what is in the schema passes, anything else is counted; SHA-256 against the vectors of
 * its standard. */
#include <bson/bson.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "audit/sha256.h"
#include "log_maker.h"

static void check_hash(const char *text, size_t repeated, char *expected)
{
    char found[PT_SHA256_TEXT_BYTES];
    struct pt_sha256 hash;
    pt_sha256_start(&hash);
    for (size_t i = 0; i < repeated; i++) {
        pt_sha256_add(&hash, text, strlen(text));
    }
    pt_sha256_text(&hash, found);
    cr_assert(eq(str, found, expected));
}

Test(sha256, vectors)
{
    check_hash("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_hash("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    check_hash("a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* What is not in the schema of one document; it is destroyed. */
static int64_t unknown(bson_t *document)
{
    struct pt_audit *audit = calloc(1, sizeof *audit);
    bson_iter_t iter;
    struct pt_record record = {.data = bson_get_data(document), .length_bytes = document->len};
    cr_assert(bson_iter_init_find(&iter, document, "k"));
    record.kind = bson_iter_int32(&iter);
    pt_audit_record(audit, &record);
    int64_t count = audit->unknown;
    pt_audit_release(audit);
    free(audit);
    bson_destroy(document);
    return count;
}

Test(audit, passes_what_is_in_the_schema)
{
    cr_assert(eq(i64,
                 unknown(BCON_NEW("k", BCON_INT32(PT_KIND_DRIVER), "version", BCON_UTF8("1.30.4"),
                                  "soname", BCON_UTF8("x.so"))),
                 0));
    cr_assert(eq(
        i64, unknown(BCON_NEW("k", BCON_INT32(PT_KIND_END), "t", BCON_INT64(1), "___", BCON_NULL)),
        0));
    cr_assert(eq(i64,
                 unknown(BCON_NEW("k", BCON_INT32(PT_KIND_MANIFEST), "phases", "{", "1",
                                  BCON_UTF8("Document Query"), "}", "invalid_variables", "{",
                                  "PHASETAP_LIMIT", BCON_INT64(5), "}")),
                 0));
}

Test(audit, counts_what_is_not)
{
    bson_t *kind = BCON_NEW("k", BCON_INT32(99), "x", BCON_INT32(1));
    cr_assert(eq(i64, unknown(kind), 3)); /* the kind, and its fields */
    bson_t *field = BCON_NEW("k", BCON_INT32(PT_KIND_END), "ssn", BCON_UTF8("078-05-1120"));
    cr_assert(eq(i64, unknown(field), 1));
    bson_t *type = BCON_NEW("k", BCON_INT32(PT_KIND_END), "t", BCON_UTF8("078-05-1120"));
    cr_assert(eq(i64, unknown(type), 1));
    bson_t *padding = BCON_NEW("k", BCON_INT32(PT_KIND_END), "_", BCON_UTF8("hidden"));
    cr_assert(eq(i64, unknown(padding), 1));
    bson_t *key = BCON_NEW("k", BCON_INT32(PT_KIND_MANIFEST), "phases", "{", "Smith",
                           BCON_UTF8("Document Query"), "}");
    cr_assert(eq(i64, unknown(key), 1));
    bson_t *nested = BCON_NEW("k", BCON_INT32(PT_KIND_MANIFEST), "phases", "{", "1", "{", "}", "}");
    cr_assert(eq(i64, unknown(nested), 1));
}

Test(audit, limits_the_length_of_texts)
{
    char text[80];
    memset(text, 'x', sizeof text);
    text[65] = '\0';
    bson_t *longer = BCON_NEW("k", BCON_INT32(PT_KIND_DRIVER), "soname", BCON_UTF8(text));
    cr_assert(eq(i64, unknown(longer), 1));
}

/* No log makes the audit's memory grow: what finds no row is counted all the same. */
Test(audit, limits_its_rows)
{
    struct pt_audit *audit = calloc(1, sizeof *audit);
    for (int32_t kind = 1000; kind < 1000 + 2 * PT_AUDIT_ROWS; kind++) {
        bson_t *document = BCON_NEW("k", BCON_INT32(kind));
        struct pt_record record = {
            .data = bson_get_data(document), .length_bytes = document->len, .kind = kind};
        pt_audit_record(audit, &record);
        bson_destroy(document);
    }
    cr_assert(eq(sz, audit->row_count, PT_AUDIT_ROWS));
    cr_assert(eq(i64, audit->documents, 2 * PT_AUDIT_ROWS));
    cr_assert(eq(i64, audit->unknown, 4 * PT_AUDIT_ROWS));
    pt_audit_release(audit);
    free(audit);
}
