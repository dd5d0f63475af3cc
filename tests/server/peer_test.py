#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""peer_test.py PEER: holds the peer against what a driver expects of a server. Exit status 0 when all holds."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import bson
import pymongo
from pymongo.errors import BulkWriteError, OperationFailure, WriteError

PEER = sys.argv.pop(1)
DOCUMENTS, DOCUMENT_BYTES = 5000, 400
SOURCE = "--collection=db.src=%d:%d" % (DOCUMENTS, DOCUMENT_BYTES)


class Peer(unittest.TestCase):
    def start(self, *options):
        """A client of a new peer with these options, each given as --name=value."""
        words = [word for option in options for word in option.split("=", 1)]
        process = subprocess.Popen([PEER, "--until-eof", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process = process
        self.addCleanup(self.stop, process)
        uri = re.match(rb"uri=(\S+) pid=(\d+)", process.stdout.readline()).group(1).decode()
        client = pymongo.MongoClient(uri, serverSelectionTimeoutMS=5000)
        self.addCleanup(client.close)
        return client

    def stop(self, process):
        process.stdin.close()
        self.assertEqual(process.wait(10), 0)
        process.stdout.close()

    def counts(self, client, command):
        return client.admin.command("phasetapStats")["commands"][command]

    def test_batches_give_every_document_once(self):
        client = self.start(SOURCE)
        for batch in (1, 7, 1000, DOCUMENTS, DOCUMENTS + 1):
            found = list(client.db.src.find(limit=50 if batch == 1 else 0).batch_size(max(batch, 2)))
            self.assertEqual([d["_id"] for d in found], list(range(50 if batch == 1 else DOCUMENTS)))
        self.assertEqual(len(bson.encode(client.db.src.find_one({"_id": 77}))), DOCUMENT_BYTES)

    def test_filters_and_counts(self):
        source = self.start(SOURCE).db.src
        self.assertEqual([d["_id"] for d in source.find({"_id": {"$gte": 100, "$lt": 103}})], [100, 101, 102])
        self.assertEqual(source.count_documents({}), DOCUMENTS)
        self.assertEqual(source.estimated_document_count(), DOCUMENTS)
        self.assertEqual(source.count_documents({"_id": {"$in": [1, 2, -1]}}), 2)
        self.assertEqual(len(source.distinct("name")), DOCUMENTS)
        self.assertIsNone(source.find_one({"_id": DOCUMENTS}))
        with self.assertRaises(OperationFailure) as raised:
            source.find_one({"a": {"$regex": "x"}})
        self.assertEqual(raised.exception.code, 2)

    def test_writes_are_counted_and_discarded(self):
        client = self.start(SOURCE)
        documents = [{"_id": i, "text": "x" * i} for i in range(2500)]
        client.db.dst.insert_many(documents)
        unacknowledged = client.db.get_collection("w0", write_concern=pymongo.WriteConcern(w=0))
        unacknowledged.insert_one({"_id": 1})
        self.assertEqual(client.db.dst.count_documents({}), 0)
        self.assertEqual(client.db.src.update_many({}, {"$set": {"b": 1}}).modified_count, DOCUMENTS)
        # The pool's one connection carries this after the unacknowledged insert, so that one is counted by then.
        counted = self.counts(client, "insert")
        self.assertEqual(counted["documents"], 2501)
        self.assertEqual(counted["bytes"], sum(len(bson.encode(d)) for d in documents + [{"_id": 1}]))

    def test_store_applies_writes(self):
        database = self.start(SOURCE, "--store").db
        database.dst.insert_many([{"a": i} for i in range(250)])
        update = database.dst.update_many({"a": {"$lt": 100}}, {"$set": {"b": "x"}})
        self.assertEqual((update.matched_count, update.modified_count), (100, 100))
        self.assertEqual(database.dst.delete_many({"b": "x"}).deleted_count, 100)
        self.assertEqual(database.dst.count_documents({}), 150)
        masks = [pymongo.ReplaceOne({"_id": i}, {"name": "masked"}) for i in range(DOCUMENTS)]
        self.assertEqual(database.src.bulk_write(masks).modified_count, DOCUMENTS)
        self.assertEqual(database.src.distinct("name"), ["masked"])
        upsert = database.dst.update_one({"_id": "new"}, {"$set": {"q": 1}}, upsert=True)
        self.assertEqual(upsert.upserted_id, "new")
        self.assertEqual(database.dst.find_one_and_delete({"_id": "new"}), {"_id": "new", "q": 1})
        with self.assertRaises(WriteError):
            database.dst.update_one({}, {"$inc": {"a": 1}})
        database.dst.drop()
        self.assertEqual(database.list_collection_names(), ["src"])

    def test_indexes(self):
        database = self.start(SOURCE).db
        database.src.create_index("name")
        self.assertEqual([i["name"] for i in database.src.list_indexes()], ["_id_", "name_1"])

    def test_ordered_faults(self):
        client = self.start("--write-error=11000@100", "--fail=ping=2@2")
        with self.assertRaises(BulkWriteError) as raised:
            client.db.t.insert_many([{"_id": i} for i in range(250)], ordered=False)
        self.assertEqual(raised.exception.details["nInserted"], 248)
        self.assertEqual([e["index"] for e in raised.exception.details["writeErrors"]], [99, 199])
        with self.assertRaises(BulkWriteError) as raised:
            client.db.t.insert_many([{"_id": i} for i in range(100)])
        self.assertEqual(raised.exception.details["nInserted"], 49)
        client.admin.command("ping")
        with self.assertRaises(OperationFailure):
            client.admin.command("ping")
        self.assertEqual(self.counts(client, "ping")["failed"], 1)

    def test_delay_is_at_least_as_ordered(self):
        client = self.start("--delay=find=2.5")
        client.admin.command("ping")
        start = time.perf_counter()
        for _ in range(20):
            client.db.t.find_one()
        self.assertGreaterEqual(time.perf_counter() - start, 20 * 0.0025)
        self.assertGreaterEqual(self.counts(client, "find")["service_ns"], 20 * 2500000)

    def test_unknown_command_and_write_batch_limit(self):
        client = self.start("--max-write-batch=100")
        with self.assertRaises(OperationFailure) as raised:
            client.db.command("noSuchCommand")
        self.assertEqual(raised.exception.code, 59)
        client.db.t.insert_many([{"a": i} for i in range(250)])
        self.assertEqual(self.counts(client, "insert")["commands"], 3)

    def test_stats_file_and_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "stats.json")
            client = self.start("--stats=" + path, "--unix=" + folder + "/s.sock", SOURCE, "--replica-set=rs0")
            address = "mongodb://" + (folder + "/s.sock").replace("/", "%2F")
            over_unix = pymongo.MongoClient(address, directConnection=True, serverSelectionTimeoutMS=5000)
            self.assertEqual(len(list(over_unix.db.src.find())), DOCUMENTS)
            over_unix.close()
            self.process.send_signal(signal.SIGUSR1)
            deadline = time.monotonic() + 5
            while not os.path.exists(path) and time.monotonic() < deadline:
                time.sleep(0.01)
            with open(path) as file:
                commands = json.load(file)["commands"]
            given = commands["find"]["documents"] + commands["getMore"]["documents"]
            self.assertEqual(given, DOCUMENTS)
            client.close()
            self.stop(self.process)

    def test_bad_options_are_refused(self):
        for line in ("--nosuch", "--port", "--port 70000", "--delay nosuch=1", "--collection x=1:2"):
            words = line.split()
            ended = subprocess.run([PEER, *words], stderr=subprocess.PIPE, timeout=10)
            self.assertEqual(ended.returncode, 2, words)
            self.assertRegex(ended.stderr, rb"^peer: .*--help\n$")


if __name__ == "__main__":
    unittest.main()
