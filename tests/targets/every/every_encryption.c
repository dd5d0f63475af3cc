/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explicit encryption: its functions read and write the collection `keys`, where data keys are
 * kept. The master key is local, so that no key service is asked.
 */
#include "every.h"

#include <string.h>

enum { MASTER_KEY_BYTES = 96 };

static void append_local_key(bson_t *providers)
{
    static const uint8_t key[MASTER_KEY_BYTES];
    bson_t local;
    BSON_APPEND_DOCUMENT_BEGIN(providers, "local", &local);
    BSON_APPEND_BINARY(&local, "key", BSON_SUBTYPE_BINARY, key, sizeof key);
    bson_append_document_end(providers, &local);
}

static mongoc_client_encryption_t *open_encryption(struct every *every)
{
    bson_t *providers = every_opts(every, "{}");
    append_local_key(providers);
    mongoc_client_encryption_opts_t *opts = mongoc_client_encryption_opts_new();
    mongoc_client_encryption_opts_set_keyvault_client(opts, every->client);
    mongoc_client_encryption_opts_set_keyvault_namespace(
        opts, mongoc_database_get_name(every->database), "keys");
    mongoc_client_encryption_opts_set_kms_providers(opts, providers);
    mongoc_client_encryption_t *encryption = mongoc_client_encryption_new(opts, &every->error);
    mongoc_client_encryption_opts_destroy(opts);
    every_check(every, encryption != NULL, "there is no encryption");
    return encryption;
}

static bool make_key(struct every *every, mongoc_client_encryption_t *encryption, bson_value_t *id)
{
    mongoc_client_encryption_datakey_opts_t *opts = mongoc_client_encryption_datakey_opts_new();
    const bool good = encryption != NULL && mongoc_client_encryption_create_datakey(
                                                encryption, "local", opts, id, &every->error);
    mongoc_client_encryption_datakey_opts_destroy(opts);
    return every_check(every, good, "no key was created");
}

/* Makes a key and hands it to `use`; a reply or document of `use` goes with its own end. */
static bool with_key(struct every *every, bool (*use)(struct every *, mongoc_client_encryption_t *,
                                                      const bson_value_t *))
{
    bson_value_t id = {.value_type = BSON_TYPE_NULL};
    mongoc_client_encryption_t *encryption = open_encryption(every);
    const bool good =
        make_key(every, encryption, &id) && (use == NULL || use(every, encryption, &id));
    bson_value_destroy(&id);
    mongoc_client_encryption_destroy(encryption);
    return good;
}

static bool create_datakey(struct every *every)
{
    return with_key(every, NULL);
}

static bool use_get_key(struct every *every, mongoc_client_encryption_t *encryption,
                        const bson_value_t *id)
{
    bson_t key;
    const bool good = mongoc_client_encryption_get_key(encryption, id, &key, &every->error);
    const bool there = good && bson_has_field(&key, "keyMaterial");
    bson_destroy(&key);
    return every_check(every, there, "the key was not found");
}

static bool get_key(struct every *every)
{
    return with_key(every, use_get_key);
}

static bool use_get_keys(struct every *every, mongoc_client_encryption_t *encryption,
                         const bson_value_t *id)
{
    (void)id;
    return every_drain(every, mongoc_client_encryption_get_keys(encryption, &every->error), -1);
}

static bool get_keys(struct every *every)
{
    return with_key(every, use_get_keys);
}

static bool use_get_key_by_alt_name(struct every *every, mongoc_client_encryption_t *encryption,
                                    const bson_value_t *id)
{
    bson_t key;
    (void)id;
    const bool good =
        mongoc_client_encryption_get_key_by_alt_name(encryption, "nobody", &key, &every->error);
    bson_destroy(&key);
    return every_check(every, good, "looking for the key failed");
}

static bool get_key_by_alt_name(struct every *every)
{
    return with_key(every, use_get_key_by_alt_name);
}

static bool use_delete_key(struct every *every, mongoc_client_encryption_t *encryption,
                           const bson_value_t *id)
{
    bson_t reply;
    const bool good = mongoc_client_encryption_delete_key(encryption, id, &reply, &every->error);
    return every_reply(every, good, &reply, "deletedCount", 1);
}

static bool delete_key(struct every *every)
{
    return with_key(every, use_delete_key);
}

/* Both ways of naming a key want updates that not every server knows. */
static bool named(struct every *every, bool good)
{
    const char *message = every->error.message;
    if (!good && strstr(message, "does not know") != NULL) {
        return every_cannot(every, message);
    }
    return every_check(every, good, "the key's names were not changed");
}

static bool use_add_key_alt_name(struct every *every, mongoc_client_encryption_t *encryption,
                                 const bson_value_t *id)
{
    bson_t key;
    const bool good =
        mongoc_client_encryption_add_key_alt_name(encryption, id, "name", &key, &every->error);
    bson_destroy(&key);
    return named(every, good);
}

static bool add_key_alt_name(struct every *every)
{
    return with_key(every, use_add_key_alt_name);
}

static bool use_remove_key_alt_name(struct every *every, mongoc_client_encryption_t *encryption,
                                    const bson_value_t *id)
{
    bson_t key;
    const bool good =
        mongoc_client_encryption_remove_key_alt_name(encryption, id, "name", &key, &every->error);
    bson_destroy(&key);
    return named(every, good);
}

static bool remove_key_alt_name(struct every *every)
{
    return with_key(every, use_remove_key_alt_name);
}

static bool encrypt_text(struct every *every, mongoc_client_encryption_t *encryption,
                         const bson_value_t *id, bson_value_t *encrypted)
{
    char text[] = "078-05-1120";
    const bson_value_t value = {.value_type = BSON_TYPE_UTF8,
                                .value.v_utf8 = {text, sizeof text - 1}};
    mongoc_client_encryption_encrypt_opts_t *opts = mongoc_client_encryption_encrypt_opts_new();
    mongoc_client_encryption_encrypt_opts_set_keyid(opts, id);
    mongoc_client_encryption_encrypt_opts_set_algorithm(
        opts, MONGOC_AEAD_AES_256_CBC_HMAC_SHA_512_RANDOM);
    const bool good =
        mongoc_client_encryption_encrypt(encryption, &value, opts, encrypted, &every->error);
    mongoc_client_encryption_encrypt_opts_destroy(opts);
    return every_check(every, good, "encrypting failed");
}

static bool use_encrypt(struct every *every, mongoc_client_encryption_t *encryption,
                        const bson_value_t *id)
{
    bson_value_t encrypted;
    const bool good = encrypt_text(every, encryption, id, &encrypted);
    bson_value_destroy(&encrypted);
    return good;
}

static bool encrypt(struct every *every)
{
    return with_key(every, use_encrypt);
}

/* With an encryption of its own, which does not have the key at hand. */
static bool use_decrypt(struct every *every, mongoc_client_encryption_t *encryption,
                        const bson_value_t *id)
{
    bson_value_t encrypted, plain = {.value_type = BSON_TYPE_NULL};
    bool good = encrypt_text(every, encryption, id, &encrypted);
    mongoc_client_encryption_t *other = open_encryption(every);
    good = good && other != NULL &&
           mongoc_client_encryption_decrypt(other, &encrypted, &plain, &every->error);
    bson_value_destroy(&plain);
    bson_value_destroy(&encrypted);
    mongoc_client_encryption_destroy(other);
    return every_check(every, good, "decrypting failed");
}

static bool decrypt(struct every *every)
{
    return with_key(every, use_decrypt);
}

static bool use_rewrap(struct every *every, mongoc_client_encryption_t *encryption,
                       const bson_value_t *id)
{
    bson_t *filter = every_opts(every, "{}");
    BSON_APPEND_VALUE(filter, "_id", id);
    mongoc_client_encryption_rewrap_many_datakey_result_t *result =
        mongoc_client_encryption_rewrap_many_datakey_result_new();
    const bool good = mongoc_client_encryption_rewrap_many_datakey(encryption, filter, "local",
                                                                   NULL, result, &every->error);
    mongoc_client_encryption_rewrap_many_datakey_result_destroy(result);
    return named(every, good);
}

static bool rewrap_many_datakey(struct every *every)
{
    return with_key(every, use_rewrap);
}

#if MONGOC_CHECK_VERSION(1, 24, 0)
static bool use_encrypt_expression(struct every *every, mongoc_client_encryption_t *encryption,
                                   const bson_value_t *id)
{
    bson_t encrypted;
    const bson_t *expression =
        every_doc(every, "{\"$and\": [{\"age\": {\"$gte\": 23}}, {\"age\": {\"$lte\": 35}}]}");
    const bson_value_t least = {.value_type = BSON_TYPE_INT32};
    const bson_value_t most = {.value_type = BSON_TYPE_INT32, .value.v_int32 = 200};
    mongoc_client_encryption_encrypt_range_opts_t *limits =
        mongoc_client_encryption_encrypt_range_opts_new();
    mongoc_client_encryption_encrypt_opts_t *opts = mongoc_client_encryption_encrypt_opts_new();
    mongoc_client_encryption_encrypt_range_opts_set_sparsity(limits, 1);
    mongoc_client_encryption_encrypt_range_opts_set_min(limits, &least);
    mongoc_client_encryption_encrypt_range_opts_set_max(limits, &most);
    mongoc_client_encryption_encrypt_opts_set_range_opts(opts, limits);
    mongoc_client_encryption_encrypt_opts_set_keyid(opts, id);
    mongoc_client_encryption_encrypt_opts_set_contention_factor(opts, 0);
    mongoc_client_encryption_encrypt_opts_set_algorithm(opts, MONGOC_ENCRYPT_ALGORITHM_RANGE);
    mongoc_client_encryption_encrypt_opts_set_query_type(opts, MONGOC_ENCRYPT_QUERY_TYPE_RANGE);
    const bool good = mongoc_client_encryption_encrypt_expression(encryption, expression, opts,
                                                                  &encrypted, &every->error);
    bson_destroy(&encrypted);
    mongoc_client_encryption_encrypt_range_opts_destroy(limits);
    mongoc_client_encryption_encrypt_opts_destroy(opts);
    return every_check(every, good, "encrypting failed");
}

static bool encrypt_expression(struct every *every)
{
    return with_key(every, use_encrypt_expression);
}

static bool create_encrypted_collection(struct every *every)
{
    const bson_t *options =
        every_doc(every, "{\"encryptedFields\": {\"fields\": [{\"path\": \"ssn\","
                         " \"bsonType\": \"string\", \"keyId\": null}]}}");
    mongoc_client_encryption_t *encryption = open_encryption(every);
    mongoc_collection_t *made = NULL;
    if (encryption != NULL) {
        made = mongoc_client_encryption_create_encrypted_collection(
            encryption, every->database, "encrypted", options, NULL, "local", NULL, &every->error);
    }
    mongoc_client_encryption_destroy(encryption);
    const bool good = every_check(every, made != NULL, "the collection was not created");
    mongoc_collection_destroy(made);
    return good;
}
#endif

const struct every_case EVERY_ENCRYPTION[] = {
    {"client_encryption_create_datakey", create_datakey},
    {"client_encryption_get_key", get_key},
    {"client_encryption_get_keys", get_keys},
    {"client_encryption_get_key_by_alt_name", get_key_by_alt_name},
    {"client_encryption_delete_key", delete_key},
    {"client_encryption_add_key_alt_name", add_key_alt_name},
    {"client_encryption_remove_key_alt_name", remove_key_alt_name},
    {"client_encryption_encrypt", encrypt},
    {"client_encryption_decrypt", decrypt},
    {"client_encryption_rewrap_many_datakey", rewrap_many_datakey},
#if MONGOC_CHECK_VERSION(1, 24, 0)
    {"client_encryption_encrypt_expression", encrypt_expression},
    {"client_encryption_create_encrypted_collection", create_encrypted_collection},
#endif
    {NULL, NULL},
};
