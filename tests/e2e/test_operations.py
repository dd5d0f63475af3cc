# SPDX-License-Identifier: Apache-2.0
"""Every function of the driver that does I/O, as tests/targets/every calls it: the log has each
command exactly once, in the right phase, with its documents, bytes and errors. operations.txt says
what is expected of each case; the canned peer counts by itself what it received and sent.
"""

import collections
import contextlib
import re
import time
import unittest

import operations
import support
from tls_front import TlsFront

PEER = (
    "--store --replica-set rs0 --max-wire-version 25"
    " --collection every.source=250:200 --collection every.work=250:200"
)
SETTLE_S = 20
HANDSHAKE = {"hello", "ismaster", "isMaster"}
# Cases that this driver or the peer does not allow, and why; the calls of these are expected as of
# any other.
CANNOT = {
    "client_encryption_add_key_alt_name": "does not know the update",
    "client_encryption_remove_key_alt_name": "does not know the update",
    "client_encryption_rewrap_many_datakey": "does not know the update",
}
# Debian 13's driver refuses these before anything is sent.
REFUSED_BY_DRIVER = (
    r"collection_aggregate(/\w+)? cannot: this build of the driver refuses every "
    r"mongoc_collection_aggr"
)


def every(*arguments, **more):
    return support.run([support.target("every"), *arguments], **more)


class Counted:
    """What the peer received and sent while a block of code ran."""

    def __init__(self, peer):
        self.peer = peer

    def __enter__(self):
        self.before = self.peer.totals()["commands"]
        return self

    def __exit__(self, *_):
        after = self.totals_at_rest()["commands"]
        self.rows = {
            name: self.grown(name, row) for name, row in after.items() if name not in HANDSHAKE
        }

    def totals_at_rest(self):
        """When the last connection is closed, everything that was sent has been counted, answered
        or not."""
        totals = self.peer.totals()
        deadline = time.monotonic() + SETTLE_S
        while totals["connections_open"] and time.monotonic() < deadline:
            time.sleep(0.005)
            totals = self.peer.totals()
        return totals

    def grown(self, name, row):
        old = self.before.get(name, {})
        return {key: value - old.get(key, 0) for key, value in row.items()}

    def of(self, key):
        """Name -> count, as the log spells the names."""
        return collections.Counter(
            {name.replace("unknown", "other"): row[key] for name, row in self.rows.items()}
        )

    def fetched(self):
        rows = ((name, self.rows.get(name)) for name in ("find", "getMore", "aggregate"))
        return {
            name: (row["documents"], row["bytes"]) for name, row in rows if row and row["commands"]
        }


def refused_by_driver(case, expected):
    """What is expected instead of a case that the driver does not let out: its error, in the same
    phase."""
    [phase] = {call.phase for call in expected.calls}
    word = next(word for word, text in operations.PHASES.items() if text == phase)
    return operations.parse_line(word + " x0 D20 failed", case)


def fits(calls, place, wanted):
    """Whether the call at that place is the expected one; what lies behind an end fits nothing."""
    return place < len(calls) and wanted is not None and calls[place].fits(wanted)


def list_faults(calls, wanted):
    """What differs between the calls of a log and those expected. One that is missing or too much
    shifts the others."""
    faults, place, number = [], 0, 0
    while place < len(calls) or number < len(wanted):
        now, then = (wanted[at] if at < len(wanted) else None for at in (number, number + 1))
        if (
            place < len(calls)
            and now is not None
            and not (fits(calls, place, then) or fits(calls, place + 1, now))
        ):
            if not calls[place].fits(now):
                faults.append("call %d is `%s`, expected `%s`" % (place, calls[place], now))
            place, number = place + 1, number + 1
        elif fits(calls, place, now):
            place, number = place + 1, number + 1
        elif now is None or fits(calls, place + 1, now):
            faults.append("call %d is `%s`, not expected" % (place, calls[place]))
            place += 1
        else:
            faults.append("before call %d there is no `%s`" % (place, now))
            number += 1
    return faults


def faults_of(recorded, expected, served):
    """Every way in which a log differs from the table and from what the peer counted."""
    commands, failed = recorded.commands()
    checks = [
        ("commands", +commands, served.of("commands") - expected.unmonitored),
        ("failed commands", +failed, +served.of("failed")),
        ("documents and bytes fetched", recorded.fetched(), served.fetched()),
        (
            "connections",
            recorded.connections,
            +collections.Counter({0: expected.connections, 1: expected.refused}),
        ),
    ]
    faults = [
        "%s: %s recorded, %s counted" % (what, own, truth)
        for what, own, truth in checks
        if own != truth
    ]
    faults += [
        "`%s` at the program's end" % call for call in recorded.ends if call.phase != "Teardown"
    ]
    return faults + recorded.misplaced() + list_faults(recorded.calls, expected.calls)


class Case(support.EndToEnd):
    def no_faults(self, faults):
        if faults:
            self.fail("%d faults:\n%s" % (len(faults), "\n".join(faults)))


class EachAlone(Case):
    """One process for each case."""

    def outcome_faults(self, case, done):
        """A case is ok, or cannot be run for a reason that is known of this driver."""
        if done.stdout == case + " ok\n" and case not in CANNOT:
            return []
        reason = CANNOT.get(case)
        if (
            done.returncode == 3
            and reason
            and done.stdout.startswith(case + " cannot: ")
            and reason in done.stdout
        ):
            return []
        return ["it said: " + done.stdout + done.stderr]

    def case_faults(self, peer, case, expected, number):
        log = self.path("%d.bson" % number)
        with Counted(peer) as served:
            done = every(peer.uri, case, output=log)
        recorded = operations.Recorded(support.read_log.Log(log))
        if re.match(REFUSED_BY_DRIVER, done.stdout) and recorded.version.startswith("1.30."):
            return faults_of(recorded, refused_by_driver(case, expected), served)
        return (
            self.outcome_faults(case, done)
            + recorded.log.broken_rules()
            + faults_of(recorded, expected, served)
        )

    def test_each_case_is_recorded_as_the_table_says(self):
        table, cases = operations.read_table(), every("--list").stdout.split()
        self.assertGreater(len(cases), 140)
        self.assertEqual(
            [case for case in cases if case not in table], [], "operations.txt lacks these cases"
        )
        with support.Peer(*PEER.split()) as peer:
            for number, case in enumerate(cases):
                with self.subTest(case=case):
                    self.no_faults(self.case_faults(peer, case, table[case], number))


class AllTogether(Case):
    """All cases in one process: single client and pool, plain and TLS. The calls are those of each
    case alone, and so are the numbers of the report.
    """

    def cases(self):
        """Those that this driver does not refuse."""
        with support.Peer(*PEER.split()) as peer:
            refuses = re.match(REFUSED_BY_DRIVER, every(peer.uri, "collection_aggregate").stdout)
        listed = every("--list").stdout.split()
        return [
            case for case in listed if not (refuses and case.startswith("collection_aggregate"))
        ]

    @staticmethod
    def expected(cases):
        """The lines of the cases as one. They share a client but for those that say how many
        connections they make."""
        table = operations.read_table()
        lines = [table[case] for case in cases]
        return operations.Expected(
            [call for line in lines for call in line.calls],
            1 + sum(line.connections for line in lines if line.own),
            sum(line.refused for line in lines),
            sum((line.unmonitored for line in lines), collections.Counter()),
        )

    def check(self, *options, tls=False):
        log, cases = self.path("run.bson"), self.cases()
        with support.Peer(*PEER.split()) as peer:
            with (
                TlsFront(self.folder, peer.uri) if tls else contextlib.nullcontext(peer.uri)
            ) as uri:
                with Counted(peer) as served:
                    done = every(*options, uri, *cases, output=log)
        said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
        self.assertEqual(
            [case for case in cases if said[case] != "ok"],
            [case for case in cases if case in CANNOT],
        )
        recorded, expected = operations.Recorded(self.good_log(log)), self.expected(cases)
        self.no_faults(faults_of(recorded, expected, served))
        self.check_report(self.report(log), expected, served)

    def check_report(self, report, expected, served):
        counts = {name: row["count"] for name, row in report["commands"].items()}
        self.assertEqual(counts, dict(served.of("commands") - expected.unmonitored))
        failed = {name: row["failed"] for name, row in report["commands"].items() if row["failed"]}
        self.assertEqual(failed, dict(+served.of("failed")))
        phases = collections.Counter(
            phase
            for call in expected.calls
            for phase, _, _, counts in call.entries()
            if phase != "Teardown" and counts
        )
        phases["Database Connection"] = expected.connections + expected.refused
        found = {
            name: row["count"]
            for name, row in report["phases"].items()
            if name != "Document Masking"
        }
        self.assertEqual(found, dict(phases))
        self.assertEqual(report["connections"]["established"], expected.connections)
        self.assertEqual(report["connections"]["failed"], expected.refused)
        self.check_amounts(report, expected)

    def check_amounts(self, report, expected):
        """Documents and bytes of each phase of which the table says all."""
        sums = collections.defaultdict(list)
        for call in expected.calls:
            for phase, *amounts, _ in call.entries():
                sums[phase].append(amounts)
        for phase, amounts in sums.items():
            for key, column in zip(("documents", "bytes"), zip(*amounts)):
                if operations.ANY not in column and phase != "Teardown":
                    row = report["phases"][phase]
                    if key == "documents" and "outcome" in row:
                        key, row = "requested", row["outcome"]
                    self.assertEqual(
                        (phase, row.get(key, 0)),
                        (phase, sum(map(int, column))),
                        key,
                    )

    def test_single_client(self):
        self.check()

    def test_pooled_client(self):
        self.check("--pool")

    def test_single_client_with_tls(self):
        self.check(tls=True)

    def test_pooled_client_with_tls(self):
        self.check("--pool", tls=True)


class WithFaults(Case):
    """Cases against a peer that limits, refuses, or drops."""

    def fault_faults(self, options, case, expected, number):
        log = self.path("%d.bson" % number)
        with support.Peer(*PEER.split(), *options) as peer:
            with Counted(peer) as served:
                done = every(peer.uri, case, output=log)
        self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
        recorded = operations.Recorded(support.read_log.Log(log))
        expected.connections = recorded.connections[0]
        return recorded.log.broken_rules() + faults_of(recorded, expected, served)

    def test_each_fault_is_recorded_as_the_table_says(self):
        cases = set(every("--list").stdout.split())
        rows = [row for row in operations.read_faults() if row[1] in cases]
        self.assertGreater(len(rows), 40)
        for number, (options, case, expected) in enumerate(rows):
            with self.subTest(options=" ".join(options), case=case):
                self.no_faults(self.fault_faults(options, case, expected, number))


class Namespaces(Case):
    """The collection of a call, however the handle to it was made."""

    EXPECTED = {
        "collection_find_with_opts/one": ("mongoc_cursor_next", "every.source"),
        "collection_insert_one": ("mongoc_collection_insert_one", "every.target"),
        "collection_copy": ("mongoc_collection_estimated_document_count", "every.source"),
        "database_copy": ("mongoc_database_command_simple", "every."),
        "cursor_clone": ("mongoc_cursor_next", "every.source"),
        "bulk_operation_execute": ("mongoc_bulk_operation_execute", "every.target"),
        "bulk_operation_execute/built": ("mongoc_bulk_operation_execute", "every.target"),
        "database_create_collection": ("mongoc_database_create_collection", "every."),
        "collection_watch": ("mongoc_change_stream_next", "every.watched"),
        "collection_find_indexes_with_opts": (
            "mongoc_collection_find_indexes_with_opts",
            "every.source",
        ),
        "database_drop": ("mongoc_database_drop", "every_dropped1."),
    }

    def names_in(self, path):
        log = self.good_log(path)
        names = {
            number: "%(database)s.%(collection)s" % doc
            for number, doc in log.names.items()
            if "database" in doc
        }
        return {
            (log.manifest["functions"].get(str(doc["f"])), names.get(doc["ns"]))
            for doc in log.of(operations.SPAN)
        }

    def test_each_call_has_the_namespace_of_its_collection(self):
        with support.Peer(*PEER.split()) as peer:
            for number, (case, expected) in enumerate(self.EXPECTED.items()):
                with self.subTest(case=case):
                    path = self.path("%d.bson" % number)
                    every(peer.uri, case, output=path)
                    self.assertIn(expected, self.names_in(path))


class Connecting(Case):
    """What connects is not the application's time, whichever function does it."""

    HELLO_MS, CONNECT_MS = 60, 40

    def test_a_transaction_that_connects(self):
        """Beginning a transaction opens the pooled client's own connection."""
        delays = support.delays(hello=self.HELLO_MS, connect=self.CONNECT_MS)
        with support.Peer(*PEER.split(), *delays) as peer:
            done = every(
                "--pool",
                peer.uri,
                "client_session_commit_transaction",
                output=self.path("run.bson"),
            )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        log = self.good_log(self.path("run.bson"))
        [thread] = log.threads()
        parts = {name: spent / 1e6 for name, spent in log.partition(thread).items()}
        self.assertGreaterEqual(parts["connection"], 2 * (self.HELLO_MS + self.CONNECT_MS), parts)
        self.assertLess(parts["application_waiting"], self.HELLO_MS, parts)


if __name__ == "__main__":
    unittest.main()
