/* SPDX-License-Identifier: Apache-2.0 */
/* The generator: see generate.h. Encounters and claims refer to the patient of the same index by
 * `mrn`. */
#include "generate.h"

#include "compat.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

#define MILLISECONDS_PER_DAY INT64_C(86400000)

/* 2026-01-01: the day that generated dates are counted back from, so that they do not depend on the
 * clock. */
#define TODAY_MS INT64_C(1767225600000)

static void put_text(bson_t *out, const char *key, const char *value)
{
    bson_append_utf8(out, key, -1, value, -1);
}

static void put_phone(bson_t *out, const char *key, random_source *source)
{
    char phone[24];
    snprintf(phone, sizeof phone, "(%03u) 555-%04u", 200 + random_below(source, 700),
             random_below(source, 10000));
    put_text(out, key, phone);
}

static void put_full_name(bson_t *out, const char *key, random_source *source)
{
    char name[64];
    const char *given = words_pick(&words_given, source);
    snprintf(name, sizeof name, "%s %s", given, words_pick(&words_family, source));
    put_text(out, key, name);
}

static void put_email(bson_t *out, const char *key, const char *given, const char *family,
                      random_source *source)
{
    char email[80];
    snprintf(email, sizeof email, "%s.%s%u@mail.example", given, family,
             random_below(source, 1000));
    put_text(out, key, email);
}

static void put_past_date(bson_t *out, const char *key, uint32_t first_day, uint32_t days,
                          random_source *source)
{
    const int64_t day = first_day + random_below(source, days);
    bson_append_date_time(out, key, -1, TODAY_MS - day * MILLISECONDS_PER_DAY);
}

static void put_mrn(bson_t *out, uint64_t seed, uint32_t index)
{
    char mrn[32];
    snprintf(mrn, sizeof mrn, "MRN%03u%08u", (unsigned)(seed % 1000), index);
    put_text(out, "mrn", mrn);
}

static void put_member_id(bson_t *out, uint64_t seed, uint32_t index)
{
    random_source source = {.state = seed * 31 + index};
    char member[32];
    snprintf(member, sizeof member, "M%09u", random_below(&source, 1000000000));
    put_text(out, "member_id", member);
}

static void put_name(bson_t *out, const char *given, const char *family, random_source *source)
{
    bson_t name;
    const char middle[2] = {(char)('A' + random_below(source, 26)), '\0'};
    BSON_APPEND_DOCUMENT_BEGIN(out, "name", &name);
    put_text(&name, "given", given);
    put_text(&name, "middle", middle);
    put_text(&name, "family", family);
    bson_append_document_end(out, &name);
}

static void put_address(bson_t *out, const char *key, const char *use, random_source *source)
{
    bson_t address;
    char text[64];
    BSON_APPEND_DOCUMENT_BEGIN(out, key, &address);
    put_text(&address, "use", use);
    snprintf(text, sizeof text, "%u %s", 1 + random_below(source, 999),
             words_pick(&words_street, source));
    put_text(&address, "street", text);
    put_text(&address, "city", words_pick(&words_city, source));
    put_text(&address, "state", words_pick(&words_state, source));
    snprintf(text, sizeof text, "%05u", random_below(source, 100000));
    put_text(&address, "zip", text);
    bson_append_document_end(out, &address);
}

static void put_contact(bson_t *out, const char *key, random_source *source)
{
    bson_t contact;
    BSON_APPEND_DOCUMENT_BEGIN(out, key, &contact);
    put_text(&contact, "relation", words_pick(&words_relation, source));
    put_full_name(&contact, "name", source);
    put_phone(&contact, "phone", source);
    put_email(&contact, "email", "contact", words_pick(&words_family, source), source);
    bson_append_document_end(out, &contact);
}

static void put_visit(bson_t *out, const char *key, random_source *source)
{
    bson_t visit;
    BSON_APPEND_DOCUMENT_BEGIN(out, key, &visit);
    put_past_date(&visit, "date", 1, 1500, source);
    put_text(&visit, "department", words_pick(&words_department, source));
    put_text(&visit, "diagnosis", words_pick(&words_diagnosis, source));
    put_text(&visit, "note", words_pick(&words_note, source));
    BSON_APPEND_INT32(&visit, "systolic", (int32_t)(95 + random_below(source, 70)));
    bson_append_document_end(out, &visit);
}

typedef void (*put_element)(bson_t *out, const char *key, random_source *source);

static void put_array(bson_t *out, const char *key, uint32_t count, put_element put,
                      random_source *source)
{
    bson_t array;
    compat_array_begin(out, key, -1, &array);
    for (uint32_t i = 0; i < count; i++) {
        char index[16];
        snprintf(index, sizeof index, "%u", i);
        put(&array, index, source);
    }
    bson_append_array_end(out, &array);
}

static void put_home(bson_t *out, const char *key, random_source *source)
{
    put_address(out, key, key[0] == '0' ? "home" : "work", source);
}

static void put_allergy(bson_t *out, const char *key, random_source *source)
{
    put_text(out, key, words_pick(&words_allergy, source));
}

static void put_notes(bson_t *out, random_source *source)
{
    char notes[256];
    snprintf(notes, sizeof notes, "The patient %s; %s and %s.", words_pick(&words_note, source),
             words_pick(&words_note, source), words_pick(&words_note, source));
    put_text(out, "notes", notes);
}

static void put_insurance(bson_t *out, uint64_t seed, uint32_t index, random_source *source)
{
    bson_t insurance;
    BSON_APPEND_DOCUMENT_BEGIN(out, "insurance", &insurance);
    put_text(&insurance, "payer", words_pick(&words_payer, source));
    put_member_id(&insurance, seed, index);
    bson_append_document_end(out, &insurance);
}

static void put_patient(bson_t *out, uint64_t seed, uint32_t index, random_source *source)
{
    const char *given = words_pick(&words_given, source);
    const char *family = words_pick(&words_family, source);
    char ssn[16];
    const uint32_t area = 900 + random_below(source, 100); /* never issued, so nobody's number */
    snprintf(ssn, sizeof ssn, "%03u-%02u-%04u", area, 1 + random_below(source, 99),
             random_below(source, 10000));
    put_mrn(out, seed, index);
    put_name(out, given, family, source);
    put_text(out, "ssn", ssn);
    put_past_date(out, "dob", 365, 33000, source);
    put_text(out, "gender", random_below(source, 2) == 0 ? "female" : "male");
    put_email(out, "email", given, family, source);
    put_phone(out, "phone", source);
    put_array(out, "addresses", 1 + random_below(source, 2), put_home, source);
    put_array(out, "contacts", 1 + random_below(source, 2), put_contact, source);
    put_insurance(out, seed, index, source);
    put_array(out, "visits", 1 + random_below(source, 3), put_visit, source);
    put_array(out, "allergies", random_below(source, 4), put_allergy, source);
    BSON_APPEND_DOUBLE(out, "weight_kg", 45.0 + random_below(source, 700) / 10.0);
    BSON_APPEND_INT64(out, "balance_cents", (int64_t)random_below(source, 500000));
    BSON_APPEND_BOOL(out, "active", random_below(source, 10) != 0);
    put_notes(out, source);
}

static void put_encounter(bson_t *out, uint64_t seed, uint32_t index, random_source *source)
{
    bson_t provider;
    put_mrn(out, seed, index);
    put_full_name(out, "patient_name", source);
    put_past_date(out, "started", 30, 1000, source);
    put_past_date(out, "ended", 1, 29, source);
    put_text(out, "department", words_pick(&words_department, source));
    BSON_APPEND_DOCUMENT_BEGIN(out, "provider", &provider);
    put_full_name(&provider, "name", source);
    put_phone(&provider, "phone", source);
    bson_append_document_end(out, &provider);
    put_array(out, "visits", 1, put_visit, source);
    put_notes(out, source);
}

static void put_claim(bson_t *out, uint64_t seed, uint32_t index, random_source *source)
{
    char account[32];
    snprintf(account, sizeof account, "%04u-%04u-%04u", random_below(source, 10000),
             random_below(source, 10000), random_below(source, 10000));
    put_mrn(out, seed, index);
    put_full_name(out, "subscriber", source);
    put_text(out, "payer", words_pick(&words_payer, source));
    put_member_id(out, seed, index);
    put_text(out, "account", account);
    put_past_date(out, "service_date", 1, 1500, source);
    put_text(out, "diagnosis", words_pick(&words_diagnosis, source));
    BSON_APPEND_INT64(out, "amount_cents", (int64_t)(1000 + random_below(source, 900000)));
    put_notes(out, source);
}

/* The index comes first and in big-endian order, so that sorting by _id gives the order of
 * generation. */
static void put_id(bson_t *out, uint32_t index, random_source *source)
{
    bson_oid_t oid;
    const uint64_t number = random_next(source);
    for (int i = 0; i < 4; i++) {
        oid.bytes[i] = (uint8_t)(index >> (24 - 8 * i));
    }
    memcpy(oid.bytes + 4, &number, 8);
    BSON_APPEND_OID(out, "_id", &oid);
}

void generate_document(const char *collection, uint64_t seed, uint32_t index, bson_t *document)
{
    const bool encounters = strcmp(collection, "encounters") == 0;
    const bool claims = strcmp(collection, "claims") == 0;
    const uint64_t kind = encounters ? 2 : claims ? 3 : 1;
    random_source mixer = {.state = seed ^ kind << 60};
    random_source source = {.state = random_next(&mixer) + index * UINT64_C(0x632be59bd9b4e019)};
    put_id(document, index, &source);
    if (encounters) {
        put_encounter(document, seed, index, &source);
    } else if (claims) {
        put_claim(document, seed, index, &source);
    } else {
        put_patient(document, seed, index, &source);
    }
}
