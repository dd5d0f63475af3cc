# SPDX-License-Identifier: Apache-2.0
"""What a report calls done: written documents against those that the peer stored, and what became
of the others; retries, servers and namespaces."""

import re
import unittest

import support

PEER = (
    "--store --replica-set rs0 --collection every.source=250:200 --collection every.work=250:200"
).split()
INSERTION, UPDATE, DELETION = "Document Insertion", "Document Update", "Document Deletion"
NOTHING_LEFT = {
    "refused": 0,
    "rolled_back": 0,
    "not_attempted": 0,
    "unacknowledged": 0,
    "unknown": 0,
}


class Done(support.EndToEnd):
    runs = 0

    def run_case(self, case, *options):
        """(report, what the peer counted, its address) of one case of tests/targets/every."""
        self.runs += 1
        log = self.path("%d.bson" % self.runs)
        with support.Peer(*PEER, *options) as peer:
            done = support.run([support.target("every"), peer.uri, case], output=log)
            served = peer.totals()["commands"]
        self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
        address = re.search(r"127\.0\.0\.1:\d+", peer.uri).group()
        return self.report(log), served, address

    def left(self, row):
        return {key: row["outcome"][key] for key in NOTHING_LEFT}

    def assert_balance(self, row):
        """Insertions that were asked for are done or have another outcome."""
        outcome = row["outcome"]
        done = row["writes"]["inserted"] if "writes" in row else 0
        self.assertEqual(outcome["requested"], done + sum(self.left(row).values()))

    def test_every_written_document_is_done(self):
        report, served, _ = self.run_case("collection_insert_many")
        phase = report["phases"][INSERTION]
        self.assertEqual(phase["documents"], served["insert"]["documents"])
        self.assertEqual(self.left(phase), NOTHING_LEFT)
        self.assertEqual(report["outcome"]["acknowledged"], served["insert"]["documents"])

    def test_ordered_bulk_stops_at_a_refused_document(self):
        report, served, _ = self.run_case(
            "bulk_operation_execute", "--write-error", "insert=11000@7"
        )
        phase = report["phases"][INSERTION]
        self.assertEqual(phase["documents"], 6)
        self.assertEqual(self.left(phase), {**NOTHING_LEFT, "refused": 1, "not_attempted": 13})
        self.assert_balance(phase)
        (error,) = report["write_errors"]
        self.assertEqual((error["code"], error["name"], error["count"]), (11000, "DuplicateKey", 1))
        self.assertEqual(error["first_time"], error["last_time"])
        entry = phase["entries"][0]
        self.assertLessEqual(entry["start_time"], error["first_time"])
        self.assertLessEqual(error["first_time"], entry["end_time"] + 1e-6)
        self.assertEqual(served["insert"]["commands"], 1)

    def test_unordered_bulk_attempts_all(self):
        report, _, _ = self.run_case(
            "bulk_operation_execute/unordered", "--write-error", "insert=11000@7"
        )
        phase = report["phases"][INSERTION]
        self.assertEqual(phase["documents"], 18)
        self.assertEqual(self.left(phase), {**NOTHING_LEFT, "refused": 2})
        self.assert_balance(phase)

    def test_unacknowledged_is_no_success(self):
        for case, phase, requested in (
            ("collection_insert_one/w0", INSERTION, 1),
            ("collection_update_one/w0", UPDATE, 1),
            ("collection_delete_one/w0", DELETION, 1),
            ("bulk_operation_execute/w0", INSERTION, 5),
        ):
            with self.subTest(case=case):
                report, _, _ = self.run_case(case)
                row = report["phases"][phase]
                self.assertEqual(row["documents"], 0)
                self.assertEqual(self.left(row), {**NOTHING_LEFT, "unacknowledged": requested})
                entry = row["entries"][0]["result_metadata"]
                self.assertEqual(entry["status"], "unacknowledged")
                (server,) = report["servers"]
                answered = [
                    row["min_seconds"]
                    for name, row in report["commands"].items()
                    if name not in ("insert", "update", "delete")
                ]
                if answered:
                    floor = server["lowest_round_trip_seconds"]
                    self.assertAlmostEqual(floor, min(answered), places=6)
                self.assertTrue(any("w: 0" in note for note in report["profiler"]["notes"]))

    def test_lost_connection_leaves_the_outcome_unknown(self):
        report, _, _ = self.run_case("collection_insert_one", "--drop", "insert")
        phase = report["phases"][INSERTION]
        self.assertEqual((phase["documents"], phase["failed"]), (0, 1))
        self.assertEqual(self.left(phase), {**NOTHING_LEFT, "unknown": 1})

    def test_refused_command_refuses_its_documents(self):
        report, _, _ = self.run_case("collection_insert_many", "--fail", "insert=13")
        phase = report["phases"][INSERTION]
        self.assertEqual(self.left(phase), {**NOTHING_LEFT, "refused": 3})
        (error,) = report["errors"]
        self.assertEqual((error["name"], error["where"]), ("Unauthorized", "server"))

    def test_write_that_could_not_connect_was_not_attempted(self):
        log = self.path("log.bson")
        with support.Peer(*PEER) as peer:
            dead = peer.uri
        done = support.run(
            [support.target("every"), dead, "collection_insert_one"], output=log
        )
        self.assertNotEqual(done.returncode, 0)
        phase = self.report(log)["phases"][INSERTION]
        self.assertEqual(self.left(phase), {**NOTHING_LEFT, "not_attempted": 1})

    def test_retry_is_counted_by_its_cause(self):
        for options, row in (
            (
                ["--fail", "insert=189@=1"],
                {"code": 189, "name": "PrimarySteppedDown", "where": "server"},
            ),
            (
                ["--drop", "insert@=1"],
                {"code": 4, "name": "MONGOC_ERROR_STREAM_SOCKET", "where": "driver"},
            ),
        ):
            with self.subTest(options=options):
                report, served, _ = self.run_case("collection_insert_one", *options)
                (retry,) = report["retries"]
                self.assertEqual({key: retry[key] for key in row}, row)
                self.assertEqual((retry["count"], retry["succeeded"]), (1, 1))
                phase = report["phases"][INSERTION]
                self.assertEqual((phase["documents"], phase["failed"]), (1, 0))
                self.assertEqual(self.left(phase), NOTHING_LEFT)
                self.assertEqual(served["insert"]["commands"], 2)

    def test_retry_that_fails_again(self):
        report, _, _ = self.run_case("collection_insert_one", "--fail", "insert=91")
        (retry,) = report["retries"]
        self.assertEqual((retry["name"], retry["count"]), ("ShutdownInProgress", 1))
        self.assertEqual(retry["succeeded"], 0)

    def test_read_is_retried_too(self):
        report, _, _ = self.run_case("collection_find_with_opts", "--fail", "find=91@=1")
        (retry,) = report["retries"]
        self.assertEqual((retry["code"], retry["succeeded"]), (91, 1))

    def test_second_batch_is_no_retry(self):
        report, _, _ = self.run_case(
            "bulk_operation_execute/split",
            "--max-write-batch",
            "300",
            "--write-error",
            "insert=11000@=100",
        )
        self.assertEqual(report["retries"], [])
        phase = report["phases"][INSERTION]
        self.assertEqual(self.left(phase), {**NOTHING_LEFT, "refused": 1, "not_attempted": 200})
        self.assert_balance(phase)

    def test_transaction_counts_when_it_is_committed(self):
        """Documents that are there afterwards, by case and fault: committed, of how many."""
        commit, abort = "client_session_commit_transaction", "client_session_abort_transaction"
        for case, options, done, left in (
            (commit, [], 1, {}),
            (commit + "/bulk", [], 2, {}),
            (commit, ["--fail", "commitTransaction=91@=1"], 1, {}),
            (commit, ["--fail", "commitTransaction=91"], 0, {"unknown": 1}),
            (commit, ["--drop", "commitTransaction"], 0, {"unknown": 1}),
            (commit, ["--fail", "commitTransaction=251"], 0, {"rolled_back": 1}),
            (commit + "/twice", ["--fail", "commitTransaction=50@=1"], 0, {"unknown": 1}),
            (abort, [], 0, {"rolled_back": 1}),
            (abort, ["--drop", "abortTransaction"], 0, {"rolled_back": 1}),
            (abort + "/outside", [], 1, {"rolled_back": 1}),
            ("client_session_destroy/in_transaction", [], 0, {"rolled_back": 1}),
            ("client_session_with_transaction", [], 1, {}),
            (
                "client_session_with_transaction",
                ["--fail", "commitTransaction=112@=1"],
                1,
                {"rolled_back": 1},
            ),
        ):
            with self.subTest(case=case, options=options):
                report, served, _ = self.run_case(case, *options)
                phase = report["phases"][INSERTION]
                self.assertEqual(phase["documents"], done)
                self.assertEqual(self.left(phase), {**NOTHING_LEFT, **left})
                self.assert_balance(phase)
                self.assertEqual(report["outcome"]["acknowledged"], done)
                self.assertEqual(done + sum(left.values()), served["insert"]["documents"])
                (row,) = (one for one in report["namespaces"] if one["phase"] == INSERTION)
                self.assertEqual((row["documents"], self.left(row)), (done, self.left(phase)))
                self.assertTrue(phase["entries"][0]["result_metadata"]["in_transaction"])
                self.assertEqual(phase["entries"][0]["result_metadata"]["inserted"], 1)

    def test_session_that_cannot_be_seen_leaves_the_outcome_of_an_abort_unknown(self):
        report, _, _ = self.run_case("client_session_abort_transaction/find_and_modify")
        self.assertEqual(self.left(report["phases"][INSERTION]), {**NOTHING_LEFT, "rolled_back": 1})
        phase = report["phases"][UPDATE]
        self.assertEqual((phase["documents"], phase["outcome"]["unknown"]), (0, 1))

    def test_mixed_bulk_is_an_entry_in_each_phase(self):
        report, served, _ = self.run_case("bulk_operation_execute/mixed")
        own = {}
        for name, command in ((INSERTION, "insert"), (UPDATE, "update"), (DELETION, "delete")):
            entry = next(
                one
                for one in report["phases"][name]["entries"]
                if one["metadata"]["namespace"] == "every.work"
            )
            result = entry["result_metadata"]
            self.assertEqual(result["commands"], served[command]["commands"])
            own[name] = (result["documents"], result["requested"])
        self.assertEqual(own, {INSERTION: (4, 4), UPDATE: (4, 3), DELETION: (3, 2)})
        entry = report["phases"][INSERTION]["entries"][0]
        others = sum(
            report["phases"][name]["entries"][0]["duration_seconds"] for name in (UPDATE, DELETION)
        )
        self.assertAlmostEqual(entry["result_metadata"]["other_phases_seconds"], others, places=6)

    def test_namespaces_add_up_to_their_phases(self):
        report, _, _ = self.run_case("bulk_operation_execute/mixed")
        for phase in (INSERTION, UPDATE, DELETION):
            rows = [row for row in report["namespaces"] if row["phase"] == phase]
            whole = report["phases"][phase]
            self.assertEqual({row["namespace"] for row in rows}, {"every.work"})
            for key in ("documents", "bytes", "commands", "failed"):
                self.assertEqual(sum(row[key] for row in rows), whole[key], (phase, key))
            self.assertEqual(sum(row["calls"] for row in rows), whole["count"])
            self.assertAlmostEqual(
                sum(row["total_seconds"] for row in rows), whole["total_duration"], places=6
            )

    def test_index_built_by_a_raw_command_belongs_to_its_collection(self):
        for case in (
            "database_command_simple/createIndexes",
            "collection_write_command_with_opts/createIndexes",
            "collection_create_index",
        ):
            with self.subTest(case=case):
                if case not in support.run([support.target("every"), "--list"]).stdout.split():
                    continue
                report, _, _ = self.run_case(case)
                rows = [row for row in report["namespaces"] if row["phase"] == "Index Creation"]
                self.assertEqual(len(rows), 1)
                self.assertRegex(rows[0]["namespace"], r"^every\.\w+$")

    def test_servers_have_their_commands(self):
        report, served, address = self.run_case("collection_find_with_opts", "--delay", "find=20")
        (server,) = report["servers"]
        self.assertEqual(server["address"], address)
        self.assertEqual(
            server["commands"], sum(row["count"] for row in report["commands"].values())
        )
        shortest = min(row["min_seconds"] for row in report["commands"].values())
        self.assertAlmostEqual(server["lowest_round_trip_seconds"], shortest, places=6)
        self.assertGreater(served["find"]["commands"], 0)

    def test_write_concern_error_undoes_nothing(self):
        report, served, _ = self.run_case(
            "collection_insert_one", "--write-concern-error", "insert=64"
        )
        phase = report["phases"][INSERTION]
        self.assertEqual(phase["documents"], served["insert"]["documents"])
        self.assertEqual((phase["failed"], self.left(phase)), (1, NOTHING_LEFT))
        (error,) = report["write_errors"]
        self.assertEqual((error["name"], error["where"]), ("WriteConcernTimeout", "write_concern"))


if __name__ == "__main__":
    unittest.main()
