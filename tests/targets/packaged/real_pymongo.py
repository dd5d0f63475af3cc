#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""real_pymongo.py URI DATABASE: inserts and reads by Python's own driver, which has nothing of
libmongoc."""

import sys

import pymongo

with pymongo.MongoClient(sys.argv[1]) as client:
    client.drop_database(sys.argv[2])
    people = client[sys.argv[2]]["people"]
    people.insert_many([{"_id": number, "name": "n%d" % number} for number in range(50)])
    print(people.count_documents({}), sum(person["_id"] for person in people.find(batch_size=20)))
