// SPDX-License-Identifier: Apache-2.0
// throws URI TIMES: exceptions that pass through the program while it works, threads that end by
// one that is caught, and objects whose destructors use the driver while the stack is unwound.
#include <mongoc/mongoc.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

class Collection {
  public:
    explicit Collection(const char *uri)
        : client(mongoc_client_new(uri)),
          collection(mongoc_client_get_collection(client, "faults", "work"))
    {
    }
    Collection(const Collection &) = delete;
    Collection &operator=(const Collection &) = delete;
    // Unwinding ends here: the last insert is made while an exception is on its way.
    ~Collection()
    {
        insert(-1);
        mongoc_collection_destroy(collection);
        mongoc_client_destroy(client);
    }
    void insert(int number)
    {
        bson_t document = BSON_INITIALIZER;
        BSON_APPEND_INT32(&document, "number", number);
        mongoc_collection_insert_one(collection, &document, nullptr, nullptr, nullptr);
        bson_destroy(&document);
    }

  private:
    mongoc_client_t *client;
    mongoc_collection_t *collection;
};

bool thrown_through(const char *uri)
{
    try {
        Collection collection(uri);
        collection.insert(1);
        throw std::runtime_error("on purpose");
    } catch (const std::runtime_error &) {
        return true;
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: throws URI TIMES\n");
        return 120;
    }
    mongoc_init();
    int caught = 0;
    for (int i = 0; i < std::atoi(argv[2]); i++) {
        caught += thrown_through(argv[1]) ? 1 : 0;
        std::thread([&] { caught += thrown_through(argv[1]) ? 1 : 0; }).join();
    }
    std::printf("caught %d\n", caught);
    return 0;
}
