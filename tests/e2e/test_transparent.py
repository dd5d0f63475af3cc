# SPDX-License-Identifier: Apache-2.0
"""The program cannot tell: its data, output and exit status are the same with and without the
preload, in success and in failure.
"""

import os
import unittest

import pymongo

import support

DATABASE = "transparent"
DOCUMENTS = 120  # a replace scans the collection on the test server


class Transparent(support.EndToEnd):
    def generate(self, collections="patients,encounters"):
        self.masker(
            "--uri",
            support.server_uri(),
            "--db",
            DATABASE,
            "--collections",
            collections,
            "--drop",
            "--generate",
            "%d" % DOCUMENTS,
            "--seed",
            "7",
        )

    def dump(self):
        """Everything in the database: collection -> documents by _id, and the keys of its
        indexes."""
        with pymongo.MongoClient(support.server_uri()) as client:
            database = client[DATABASE]
            return {
                name: (list(database[name].find().sort("_id")), index_keys(database[name]))
                for name in sorted(database.list_collection_names())
            }

    def same_data(self, *options):
        """Masks the same documents twice, bare and profiled: same data, same output."""
        arguments = [
            support.MASKER,
            "--uri",
            support.server_uri(),
            "--db",
            DATABASE,
            "--rules",
            support.RULES,
            "--drop",
            "--collections",
            "patients,encounters",
            *options,
        ]
        outcomes = []
        for output in (None, self.path("run.bson")):
            self.generate()
            done = support.run(arguments, output=output)
            outcomes.append((*support.what_is_seen(done), self.dump()))
        self.assertEqual(outcomes[0][0], 0, outcomes[0][2])
        self.assertEqual(outcomes[0], outcomes[1])
        self.assertGreaterEqual(len(outcomes[1][3]["patients"][0]), DOCUMENTS)
        return self.good_log(self.path("run.bson"))

    def test_copy_with_one_thread(self):
        log = self.same_data("--mode", "copy", "--batch-size", "100")
        self.assertGreater(sum(doc["n"] for doc in log.of(10)), 0)

    def test_copy_with_workers(self):
        self.same_data("--mode", "copy", "--batch-size", "50", "--workers", "3")

    def test_in_place(self):
        self.same_data("--mode", "in-place")

    def test_no_server(self):
        done, _ = self.profiled_like_bare(
            [
                support.MASKER,
                "--uri",
                "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300",
                "--mode",
                "copy",
                "--rules",
                support.RULES,
            ]
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertNotEqual(done.stderr, "")

    def test_a_collection_with_a_bad_name(self):
        done, _ = self.profiled_like_bare(
            [
                support.MASKER,
                "--uri",
                support.server_uri(),
                "--db",
                DATABASE,
                "--mode",
                "copy",
                "--rules",
                support.RULES,
                "--collections",
                "bad$name",
            ]
        )
        self.assertNotEqual(done.returncode, 0)

    def test_a_wrong_option(self):
        done, log = self.profiled_like_bare([support.MASKER, "--no-such-option"])
        self.assertEqual(done.returncode, 2)
        self.assertFalse(os.path.exists(log))

    def test_write_errors(self):
        """The peer refuses every 30th document; the masker says so in the same words."""
        with support.Peer(
            "--collection", "masking.patients=500:600", "--write-error", "11000@30"
        ) as peer:
            arguments = [
                support.MASKER,
                "--uri",
                peer.uri,
                "--mode",
                "copy",
                "--rules",
                support.RULES,
                "--batch-size",
                "500",
            ]
            bare = support.run(arguments)
        with support.Peer(
            "--collection",
            "masking.patients=500:600",
            "--write-error",
            "11000@30",
            "--port",
            peer.uri.split(":")[-1],
        ) as peer:
            seen = support.run(arguments, output=self.path("run.bson"))
        self.assertEqual(support.what_is_seen(seen), support.what_is_seen(bare))
        self.assertNotEqual(seen.returncode, 0)
        errors = self.report(self.path("run.bson"))["write_errors"]
        self.assertEqual([(row["code"], row["count"] > 0) for row in errors], [(11000, True)])

    def test_failing_commands(self):
        for command, code in (
            ("find", 13),
            ("insert", 13),
            ("createIndexes", 67),
            ("getMore", 43),
            ("ping", 11601),
        ):
            with self.subTest(command=command):
                with support.Peer(
                    "--collection", "masking.patients=300:600", "--fail", "%s=%d" % (command, code)
                ) as peer:
                    arguments = [
                        support.MASKER,
                        "--uri",
                        peer.uri,
                        "--mode",
                        "copy",
                        "--rules",
                        support.RULES,
                        "--batch-size",
                        "100",
                    ]
                    done, log = self.profiled_like_bare(
                        arguments, output=self.path(command + ".bson")
                    )
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(self.report(log)["commands"][command]["failed"], 1)


def index_keys(collection):
    return sorted(str(sorted(index["key"].items())) for index in collection.list_indexes())


if __name__ == "__main__":
    unittest.main()
