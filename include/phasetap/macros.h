/* SPDX-License-Identifier: Apache-2.0 */
/*
 * macros.h: the macros of the annotation interface. Part of <phasetap/phasetap.h>, which includes
 * it; programs include that.
 *
 *     PHASETAP_BEGIN(NAME, FIELD...)       enters a phase
 *     PHASETAP_END(NAME, FIELD...)         leaves it
 *     PHASETAP_SCOPE(NAME, FIELD...)       a phase that lasts to the end of the block
 *     PHASETAP_DOCUMENT(KEY, FIELD...)     a field: a document
 *     PHASETAP_LIST(KEY, FIELD...)         a field: a list, whose fields need no key
 *
 * None to 40 fields. In C they are evaluated by PHASETAP_BEGIN and PHASETAP_END only under the
 * preload object. In C++ a document or list must be made inside the call that takes it.
 */
#ifndef PHASETAP_MACROS_H
#define PHASETAP_MACROS_H

#define PHASETAP_JOIN_(a, b)    a##b
#define PHASETAP_JOIN(a, b)     PHASETAP_JOIN_(a, b)
#define PHASETAP_FIRST_(a, ...) a
#define PHASETAP_FIRST(...)     PHASETAP_FIRST_(__VA_ARGS__, 0)
/* 1: only a name. 2: fields too. Strict C11 and C++11 have no other way to tell. */
#define PHASETAP_PICK_(a, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16,   \
                       b17, b18, b19, b20, b21, b22, b23, b24, b25, b26, b27, b28, b29, b30, b31,  \
                       b32, b33, b34, b35, b36, b37, b38, b39, b40, picked, ...)                   \
    picked
#define PHASETAP_1_OR_2_(...)                                                                      \
    PHASETAP_PICK_(__VA_ARGS__, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,  \
                   2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 0)
#define PHASETAP_FIELDS_(...)                                                                      \
    PHASETAP_JOIN(PHASETAP_FIELDS_, PHASETAP_1_OR_2_(__VA_ARGS__))(__VA_ARGS__)
#ifdef __COUNTER__ /* so that one line may hold two scopes */
#define PHASETAP_UNIQUE_ PHASETAP_JOIN(phasetap_scope_, __COUNTER__)
#else
#define PHASETAP_UNIQUE_ PHASETAP_JOIN(phasetap_scope_, __LINE__)
#endif

static inline struct phasetap_field phasetap_last_(void)
{
    struct phasetap_field field = phasetap_int(NULL, 0);
    field.type = PHASETAP_LAST;
    return field;
}

static inline size_t phasetap_count_(const struct phasetap_field *fields)
{
    size_t count = 0;
    while (fields[count].type != PHASETAP_LAST) {
        count++;
    }
    return count;
}

#ifdef __cplusplus

/* The C++ form of a scoped phase. */
class phasetap_scoped_phase {
  public:
    template <typename... Fields>
    explicit phasetap_scoped_phase(const char *name, const Fields &...fields)
        : scope_(begin(name, {fields..., phasetap_last_()}))
    {
    }
    ~phasetap_scoped_phase()
    {
        phasetap_scope_end(&scope_);
    }
    phasetap_scoped_phase(const phasetap_scoped_phase &) = delete;
    phasetap_scoped_phase &operator=(const phasetap_scoped_phase &) = delete;

  private:
    static phasetap_scope begin(const char *name, std::initializer_list<phasetap_field> fields)
    {
        return phasetap_scope_begin(name, fields.begin(), fields.size() - 1);
    }
    phasetap_scope scope_;
};

inline void phasetap_begin_list(const char *name, std::initializer_list<phasetap_field> fields)
{
    phasetap_begin_with(name, fields.begin(), phasetap_count_(fields.begin()));
}

inline void phasetap_end_list(const char *name, std::initializer_list<phasetap_field> fields)
{
    phasetap_end_with(name, fields.begin(), phasetap_count_(fields.begin()));
}

inline phasetap_field phasetap_document_list(const char *key,
                                             std::initializer_list<phasetap_field> fields)
{
    return phasetap_document(key, fields.begin(), phasetap_count_(fields.begin()));
}

inline phasetap_field phasetap_list_list(const char *key,
                                         std::initializer_list<phasetap_field> fields)
{
    return phasetap_list(key, fields.begin(), phasetap_count_(fields.begin()));
}

#define PHASETAP_FIELDS_1(name)      {phasetap_last_()}
#define PHASETAP_FIELDS_2(name, ...) {__VA_ARGS__, phasetap_last_()}
#define PHASETAP_BEGIN(...)                                                                        \
    phasetap_begin_list(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__))
#define PHASETAP_END(...)                                                                          \
    phasetap_end_list(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__))
#define PHASETAP_DOCUMENT(...)                                                                     \
    phasetap_document_list(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__))
#define PHASETAP_LIST(...)                                                                         \
    phasetap_list_list(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__))
#define PHASETAP_SCOPE(...) phasetap_scoped_phase PHASETAP_UNIQUE_(__VA_ARGS__)
#else

static inline struct phasetap_field phasetap_document_of_(const char *key,
                                                          const struct phasetap_field *fields)
{
    return phasetap_document(key, fields, phasetap_count_(fields));
}

static inline struct phasetap_field phasetap_list_of_(const char *key,
                                                      const struct phasetap_field *fields)
{
    return phasetap_list(key, fields, phasetap_count_(fields));
}

static inline void phasetap_begin_of_(const char *name, const struct phasetap_field *fields)
{
    phasetap_begin_with(name, fields, phasetap_count_(fields));
}

static inline void phasetap_end_of_(const char *name, const struct phasetap_field *fields)
{
    phasetap_end_with(name, fields, phasetap_count_(fields));
}

static inline struct phasetap_scope phasetap_scope_of_(const char *name,
                                                       const struct phasetap_field *fields)
{
    return phasetap_scope_begin(name, fields, phasetap_count_(fields));
}

#define PHASETAP_FIELDS_1(name) ((const struct phasetap_field[]){phasetap_last_()})
#define PHASETAP_FIELDS_2(name, ...)                                                               \
    ((const struct phasetap_field[]){__VA_ARGS__, phasetap_last_()})
#define PHASETAP_BEGIN(...)                                                                        \
    do {                                                                                           \
        if (PHASETAP_ON) {                                                                         \
            phasetap_begin_of_(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__));        \
        }                                                                                          \
    } while (0)
#define PHASETAP_END(...)                                                                          \
    do {                                                                                           \
        if (PHASETAP_ON) {                                                                         \
            phasetap_end_of_(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__));          \
        }                                                                                          \
    } while (0)
#define PHASETAP_DOCUMENT(...)                                                                     \
    phasetap_document_of_(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__))
#define PHASETAP_LIST(...)                                                                         \
    phasetap_list_of_(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__))
#define PHASETAP_SCOPE(...)                                                                        \
    struct phasetap_scope PHASETAP_UNIQUE_ __attribute__((cleanup(phasetap_scope_end), unused)) =  \
        phasetap_scope_of_(PHASETAP_FIRST(__VA_ARGS__), PHASETAP_FIELDS_(__VA_ARGS__))
#endif
#endif
