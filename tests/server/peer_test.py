#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""peer_test.py PEER: holds the peer against what a driver expects of a server. Exit status 0 when
all holds."""
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import bson
import pymongo
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    OperationFailure,
    WriteConcernError,
    WriteError,
)

PEER = sys.argv.pop(1)
DOCUMENTS, DOCUMENT_BYTES = 5000, 400
REPLICA_SET = ["--replica-set=rs0"]
SOURCE = "--collection=db.src=%d:%d" % (DOCUMENTS, DOCUMENT_BYTES)


# Flags and opcode of the wire protocol's OP_MSG.
MORE_TO_COME, EXHAUST_ALLOWED, OP_MSG = 2, 1 << 16, 2013


def receive(wire):
    """((request id, what it answers), flags, document) of the next OP_MSG."""
    data = b""
    while len(data) < 4 or len(data) < struct.unpack_from("<i", data)[0]:
        wanted = struct.unpack_from("<i", data)[0] - len(data) if len(data) >= 4 else 4 - len(data)
        part = wire.recv(wanted)
        if not part:
            raise EOFError("the peer closed the connection")
        data += part
    _, own, answered, _, flags = struct.unpack_from("<iiiiI", data)
    return (own, answered), flags, bson.decode(data[21:])


def exchange(wire, flags, command):
    body = struct.pack("<iiiIB", 7, 0, OP_MSG, flags, 0) + bson.encode(command)
    wire.sendall(struct.pack("<i", len(body) + 4) + body)
    return receive(wire)


class Peer(unittest.TestCase):
    def start(self, *options):
        """A client of a new peer with these options, each given as --name=value."""
        words = [word for option in options for word in option.split("=", 1)]
        process = subprocess.Popen(
            [PEER, "--until-eof", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.process = process
        self.addCleanup(self.stop, process)
        uri = re.match(rb"uri=(\S+) pid=(\d+)", process.stdout.readline()).group(1).decode()
        self.address = pymongo.uri_parser.parse_uri(uri)["nodelist"][0]
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
            found = list(
                client.db.src.find(limit=50 if batch == 1 else 0).batch_size(max(batch, 2))
            )
            self.assertEqual(
                [d["_id"] for d in found], list(range(50 if batch == 1 else DOCUMENTS))
            )
        self.assertEqual(len(bson.encode(client.db.src.find_one({"_id": 77}))), DOCUMENT_BYTES)

    def test_filters_and_counts(self):
        source = self.start(SOURCE).db.src
        self.assertEqual(
            [d["_id"] for d in source.find({"_id": {"$gte": 100, "$lt": 103}})], [100, 101, 102]
        )
        self.assertEqual(source.count_documents({}), DOCUMENTS)
        self.assertEqual(source.estimated_document_count(), DOCUMENTS)
        self.assertEqual(source.count_documents({"_id": {"$in": [1, 2, -1]}}), 2)
        self.assertEqual(
            source.count_documents({"$or": [{"_id": 1}, {"_id": {"$in": [2, 3]}}, {"_id": 1}]}), 3
        )
        self.assertEqual(source.count_documents({"$or": [{"_id": -1}]}), 0)
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
        self.assertEqual(
            client.db.src.update_many({}, {"$set": {"b": 1}}).modified_count, DOCUMENTS
        )
        # The pool's one connection carries this after the unacknowledged insert, so that one is
        # counted by then.
        counted = self.counts(client, "insert")
        self.assertEqual(counted["documents"], 2501)
        self.assertEqual(
            counted["bytes"], sum(len(bson.encode(d)) for d in documents + [{"_id": 1}])
        )

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

    def test_transactions_and_labels(self):
        client = self.start(*REPLICA_SET, "--store", "--fail=commitTransaction=112@=1")
        runs = []

        def body(session):
            runs.append(1)
            client.db.t.insert_one({"_id": len(runs)}, session=session)

        with client.start_session() as session:
            session.with_transaction(body)
            session.start_transaction()
            client.db.t.insert_one({"a": 1}, session=session)
            session.abort_transaction()
        self.assertEqual(len(runs), 2)
        self.assertEqual(self.counts(client, "commitTransaction")["commands"], 2)
        self.assertEqual(self.counts(client, "abortTransaction")["commands"], 1)

    def test_retries_after_errors_and_lost_connections(self):
        client = self.start(
            *REPLICA_SET, SOURCE, "--fail=insert=91@=1", "--drop=update@=2", "--drop=find@=1"
        )
        client.db.t.insert_one({"_id": 1})
        client.db.t.update_one({"_id": 1}, {"$set": {"a": 1}})
        client.db.t.update_one({"_id": 1}, {"$set": {"a": 2}})
        self.assertEqual(client.db.src.find_one({"_id": 5})["_id"], 5)
        for command, commands in (("insert", 2), ("update", 3), ("find", 2)):
            counted = self.counts(client, command)
            self.assertEqual((counted["commands"], counted["failed"]), (commands, 1), command)

    def test_lost_connection_without_retry(self):
        client = self.start("--drop=insert@2")
        client.db.t.insert_one({})
        with self.assertRaises(AutoReconnect):
            client.db.t.insert_one({})

    def test_write_concern_error(self):
        client = self.start("--write-concern-error=insert=64")
        with self.assertRaises(WriteConcernError) as raised:
            client.db.t.insert_one({})
        self.assertEqual(raised.exception.code, 64)

    def test_exhaust(self):
        """By hand: whether a driver asks this way depends on its version."""
        client = self.start(SOURCE)
        with socket.create_connection(self.address, 5) as wire:
            cursor = exchange(wire, 0, {"find": "src", "batchSize": 100, "$db": "db"})[2]["cursor"]
            request = {"getMore": cursor["id"], "collection": "src", "batchSize": 100, "$db": "db"}
            replies = [exchange(wire, EXHAUST_ALLOWED, request)]
            while replies[-1][1] == MORE_TO_COME:
                replies.append(receive(wire))
            self.assertEqual(replies[-1][1], 0)
        given = cursor["firstBatch"] + [
            d for _, _, reply in replies for d in reply["cursor"]["nextBatch"]
        ]
        self.assertEqual([d["_id"] for d in given], list(range(DOCUMENTS)))
        ids = [head for head, _, _ in replies]
        self.assertEqual([answered for _, answered in ids[1:]], [own for own, _ in ids[:-1]])
        counted = self.counts(client, "getMore")
        self.assertEqual(
            (counted["commands"], counted["documents"]), (len(replies), DOCUMENTS - 100)
        )

    def test_old_kill_cursors(self):
        client = self.start(SOURCE)
        with socket.create_connection(self.address, 5) as wire:
            cursor = exchange(wire, 0, {"find": "src", "batchSize": 100, "$db": "db"})[2]["cursor"][
                "id"
            ]
            wire.sendall(struct.pack("<iiiiiiq", 32, 1, 0, 2007, 0, 1, cursor))
            late = exchange(wire, 0, {"getMore": cursor, "collection": "src", "$db": "db"})[2]
        self.assertEqual(late["code"], 43)
        self.assertEqual(self.counts(client, "killCursors")["commands"], 1)

    def test_tailable(self):
        client = self.start("--store")
        client.db.t.insert_many([{"_id": i} for i in range(3)])
        cursor = client.db.t.find(
            {}, cursor_type=pymongo.CursorType.TAILABLE_AWAIT
        ).max_await_time_ms(30)
        self.assertEqual([next(cursor)["_id"] for _ in range(3)], [0, 1, 2])
        start = time.perf_counter()
        self.assertRaises(StopIteration, next, cursor)
        self.assertGreaterEqual(time.perf_counter() - start, 0.03)
        self.assertTrue(cursor.alive)
        client.db.t.insert_one({"_id": 3})
        self.assertEqual(next(cursor)["_id"], 3)

    def test_change_streams(self):
        client = self.start("--store", *REPLICA_SET, "--collection=db.src=3:200")
        for watched in (client.db.src, client.db, client):
            with watched.watch(max_await_time_ms=20) as stream:
                events = [stream.try_next() for _ in range(4)]
                self.assertEqual([e["documentKey"]["_id"] for e in events[:3]], [0, 1, 2])
                self.assertIsNone(events[3])
                self.assertEqual(events[0]["ns"], {"db": "db", "coll": "src"})
        client.db.src.insert_one({"_id": 3})
        with client.db.src.watch(resume_after=events[1]["_id"]) as stream:
            self.assertEqual([stream.next()["fullDocument"]["_id"] for _ in range(2)], [2, 3])
        alone = self.start(SOURCE)
        with self.assertRaises(OperationFailure):
            alone.db.src.watch()

    def test_bulk_write_command(self):
        """By hand: newer drivers do not let this command through as it is."""
        client = self.start("--store", "--max-wire-version=25", "--write-error=bulkWrite=11000@6")
        operations = [
            {"insert": 0, "document": {"_id": 1}}, {"insert": 1, "document": {"_id": 1}},
            {"update": 0, "filter": {"_id": 1}, "updateMods": {"$set": {"a": 1}}, "multi": False},
            {"update": 1, "filter": {"_id": 7}, "updateMods": {"$set": {"a": 1}}, "upsert": True},
            {"delete": 0, "filter": {}, "multi": True}, {"insert": 0, "document": {"_id": 9}}]
        names = [{"ns": "db.a"}, {"ns": "db.b"}]
        with socket.create_connection(self.address, 5) as wire:
            command = {
                "bulkWrite": 1,
                "ops": operations,
                "nsInfo": names,
                "ordered": True,
                "$db": "admin",
            }
            answer = exchange(wire, 0, command)[2]
        numbers = [
            answer["n" + key] for key in "Errors Inserted Matched Modified Upserted Deleted".split()
        ]
        self.assertEqual(numbers, [1, 2, 1, 1, 1, 1])
        results = answer["cursor"]["firstBatch"]
        self.assertEqual([r["ok"] for r in results], [1, 1, 1, 1, 1, 0])
        self.assertEqual((results[3]["upserted"], results[5]["code"]), ({"_id": 7}, 11000))
        self.assertEqual([d["_id"] for d in client.db.b.find()], [1, 7])
        self.assertEqual(client.db.a.count_documents({}), 0)
        self.assertEqual(self.counts(client, "bulkWrite")["documents"], 6)

    def test_administration(self):
        client = self.start(SOURCE, "--store")
        database = client.db
        database.src.create_index("name")
        database.src.drop_index("name_1")
        with self.assertRaises(OperationFailure):
            database.src.drop_index("name_1")
        database.src.rename("dst")
        self.assertEqual(database.list_collection_names(), ["dst"])
        self.assertEqual(database.dst.count_documents({}), DOCUMENTS)
        self.assertEqual(database.command("collStats", "dst")["size"], DOCUMENTS * DOCUMENT_BYTES)
        self.assertTrue(database.validate_collection("dst")["valid"])
        self.assertEqual(database.command("dbStats")["objects"], DOCUMENTS)
        self.assertEqual(client.list_database_names(), ["db"])
        self.assertEqual(database.command("usersInfo", 1)["users"], [])
        client.drop_database("db")
        self.assertEqual(client.list_database_names(), [])

    def test_find_and_modify(self):
        target = self.start("--store").db.t
        answer = target.database.command(
            "findAndModify", "t", query={"_id": 1}, update={"$set": {"a": 1}}, upsert=True
        )
        self.assertEqual(
            answer["lastErrorObject"], {"n": 1, "updatedExisting": False, "upserted": 1}
        )
        self.assertIsNone(answer["value"])
        after = target.find_one_and_update({"_id": 1}, {"$set": {"a": 2}}, return_document=True)
        self.assertEqual(after, {"_id": 1, "a": 2})
        self.assertEqual(target.find_one_and_delete({"_id": 1})["a"], 2)

    def test_projection_and_upserted_ids(self):
        database = self.start(SOURCE, "--store").db
        named = list(database.src.find({}, {"name": 1, "_id": 0}, batch_size=1000))
        self.assertEqual(([*named[-1]], len(named)), (["name"], DOCUMENTS))
        self.assertNotIn("notes", database.src.find_one({"_id": 3}, {"notes": 0}))
        made = database.t.update_one({"a": {"$eq": 1}}, {"$set": {"b": 2}}, upsert=True).upserted_id
        self.assertEqual(database.t.find_one({"a": 1}), {"_id": made, "a": 1, "b": 2})
        self.assertIsInstance(made, bson.ObjectId)

    def test_stats_file_and_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "stats.json")
            client = self.start(
                "--stats=" + path, "--unix=" + folder + "/s.sock", SOURCE, "--replica-set=rs0"
            )
            address = "mongodb://" + (folder + "/s.sock").replace("/", "%2F")
            over_unix = pymongo.MongoClient(
                address, directConnection=True, serverSelectionTimeoutMS=5000
            )
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
        for line in (
            "--nosuch",
            "--port",
            "--port 70000",
            "--delay nosuch=1",
            "--collection x=1:2",
            "--drop nosuch",
            "--drop insert@0",
            "--fail insert=91@=",
            "--write-concern-error insert",
        ):
            words = line.split()
            ended = subprocess.run([PEER, *words], stderr=subprocess.PIPE, timeout=10)
            self.assertEqual(ended.returncode, 2, words)
            self.assertRegex(ended.stderr, rb"^peer: .*--help\n$")


if __name__ == "__main__":
    unittest.main()
