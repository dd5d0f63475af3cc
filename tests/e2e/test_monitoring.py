# SPDX-License-Identifier: Apache-2.0
"""Programs with monitoring of their own. tests/targets/events registers callbacks in the ways in
which programs do, and prints every event with all that it has, contexts and returned values
included: with and without the preload it prints the same, the driver's own log included, and our
log has every command that the server received.
"""

import collections
import difflib
import itertools
import os
import re
import unittest

import streaming_server
import support

EVENTS = support.target("events")
COLLECTION = ("--collection", "events.docs=5:150")
# Server selection that fails is to fail soon.
SOON = "serverSelectionTimeoutMS=300"
HANDSHAKES = {"hello", "isMaster", "ismaster"}

# What each scenario prints by itself: for each context (`none`: NULL) how many started, succeeded
# and failed events of commands came with it; and the contexts that came with events of servers and
# topologies.
WORK, WORK_POOL = (7, 6, 1), (9, 8, 1)
SINGLE = {
    "full": ({"A": WORK}, "A"),
    "ping": ({"A": (2, 2, 0)}, "A"),
    "after-first": ({"A": WORK}, "A"),
    "twice": ({"A": (1, 1, 0), "B": (6, 5, 1), "C": (2, 2, 0)}, "AC"),
    "cleared": ({"A": (1, 1, 0), "C": (1, 1, 0)}, "A"),
    "cleared-first": ({"B": (2, 2, 0)}, "B"),
    "empty-table": ({"B": (7, 0, 0)}, "B"),
    "only-started": ({"A": (7, 0, 0)}, ""),
    "only-succeeded": ({"A": (0, 6, 0)}, ""),
    "only-failed": ({"A": (0, 0, 1)}, ""),
    "only-servers": ({}, "A"),
    "no-context": ({"none": WORK}, "none"),
    "shared-table": ({"A": WORK, "B": (8, 7, 0), "C": (7, 0, 0)}, "ABC"),
    "many": ({"A": (2, 2, 0), "B": (2, 2, 0), "C": (3, 3, 0)}, "ABC"),
    "reused-tables": ({"A": (5, 2, 1), "B": (2, 2, 2)}, "AB"),
}
CROWDED = {
    "crowded-clients": ({"A": (24, 24, 0), "B": (24, 24, 0)}, ""),
    "crowded-tables": ({"A": (39, 26, 13)}, ""),
}
INSIDE = {
    "inside-plain": ({"A": WORK}, "A"),
    "inside-monitored": ({"A": WORK, "B": (12, 12, 0)}, "AB"),
    "inside-set": ({"A": (1, 0, 0), "B": (6, 6, 1)}, "AB"),
    "inside-cleared": ({"A": (1, 0, 0)}, "A"),
    "jump-out": ({"A": (7, 7, 1)}, "A"),
}
MADE_INSIDE = {
    "inside-new": ({"A": WORK, "B": (35, 30, 5)}, "A"),
    "inside-pool": ({"A": (2, 2, 0), "B": (8, 7, 1)}, ""),
}
COMMANDS = {
    "redacted": ({"A": (7, 5, 2)}, "A"),
    "unacknowledged": ({"A": (3, 3, 0)}, "A"),
    "bulk": ({"A": (16, 16, 0)}, "A"),
    "cursors": ({"A": (7, 7, 0)}, "A"),
}
POOL = {
    "pool": ({"A": WORK_POOL}, "A"),
    "pool-only-succeeded": ({"A": (0, 8, 0)}, ""),
    "pool-only-started": ({"A": (9, 0, 0)}, ""),
    "pool-no-context": ({"none": WORK_POOL}, "none"),
    "pool-twice": ({"A": (17, 15, 2)}, "A"),
    "pool-null": ({}, ""),
    "pool-client": ({"A": (3, 3, 0)}, "A"),
    "pool-client-only": ({}, ""),
    "pool-unused": ({}, "A"),
    "pool-shared-table": ({"A": WORK_POOL, "B": WORK, "C": (9, 8, 0)}, ""),
    "pool-threads": ({"A": (53, 45, 8)}, ""),
}
# Registered after the first pop: drivers before 1.30 leave popped clients without commands' events.
LATE = {
    "pool-late": ({"A": (14, 12, 2)}, "A"),
    "pool-late-null": ({}, ""),
    "pool-late-only-succeeded": ({"A": (0, 12, 0)}, ""),
    "pool-late-pushed": ({"A": (1, 1, 0)}, ""),
    "pool-many": ({"A": (5, 5, 0), "B": (5, 5, 0), "C": (0, 8, 0)}, ""),
}
LATE_1_30 = {
    "pool-late": ({"A": (22, 19, 3)}, "A"),
    "pool-late-null": ({}, ""),
    "pool-late-only-succeeded": ({"A": (0, 19, 0)}, ""),
    "pool-late-pushed": ({"A": WORK_POOL}, ""),
    "pool-many": ({"A": (6, 6, 0), "B": (6, 6, 0), "C": (0, 8, 0)}, ""),
}
LOG = {name: ({"A": (2, 2, 0)}, "A") for name in ("log-own", "log-default", "log-none")}
STRUCTURED = {
    "structured-client": ({"A": (6, 5, 1)}, "A"),
    "structured-only": ({}, ""),
    "pool-structured": ({}, ""),
    "pool-structured-late": ({}, ""),
}
ALONE = {  # each has a test of its own
    "database": ({"A": (9, 7, 2)}, "A"),  # endSessions fails where it is not known
    "session": ({"A": (11, 10, 1)}, "A"),
    "away": ({"A": (2, 1, 1)}, "A"),
    "pool-away": ({"A": (2, 1, 1)}, "A"),
    "pool-awaited": ({"A": (2, 2, 0)}, "A"),
}
GROUPS = (SINGLE, CROWDED, INSIDE, MADE_INSIDE, COMMANDS, POOL, LATE, LOG, STRUCTURED, ALONE)

COMMAND_EVENT = re.compile(r"(?m)^(?:other )?command_(started|succeeded|failed) .*? context=(\w+) ")
SERVER_EVENT = re.compile(
    r"(?m)^(?:background )?(?:other )?(?:server|topology)_\w+ .*?context=(\w+) "
)


def with_option(uri, option):
    return (
        uri
        + ("&" if "?" in uri else "" if uri.endswith("/") else "/")
        + ("" if "?" in uri else "?")
        + option
    )


def command_events(text):
    """Context -> how many started, succeeded and failed events."""
    counts = collections.Counter(COMMAND_EVENT.findall(text))
    contexts = {context for _, context in counts}
    kinds = ("started", "succeeded", "failed")
    return {context: tuple(counts[kind, context] for kind in kinds) for context in contexts}


def ended(text):
    """Commands that the program was told to have ended."""
    return sum(row[1] + row[2] for row in command_events(text).values())


def server_contexts(text):
    return "".join(sorted(set(SERVER_EVENT.findall(text))))


def without_invented(text):
    """The driver's structured log in its own words, without numbers that it or the server
    invents."""
    numbers = (
        "requestId|operationId|durationMS|serverConnectionId|driverConnectionId|serverPort"
        "|remainingTimeMS"
    )
    text = re.sub(r'(\\*"(?:%s|connectionId|getMore|id)\\*" : )[-+.\de]+' % numbers, r"\1N", text)
    text = re.sub(r'(\\*"(?:getMore|id)\\*" : \{ \\*"\$numberLong\\*" : )\\*"\d+\\*"', r"\1N", text)
    return re.sub(
        r'(\\*"(?:\$oid|base64|\$date)\\*" : )(?:\\*"[^"\\]*\\*"|\{[^}]*\})', r"\1X", text
    )


def first_differences(wanted, shown, most=12):
    lines = difflib.unified_diff(wanted, shown, "bare", "profiled", lineterm="", n=0)
    return "\n".join(line[:200] for line in itertools.islice(lines, most))


def what_is_seen(done, in_threads):
    """All that the program showed, line by line; those of the driver's threads, which come at any
    time, sorted."""
    out, err = (
        without_invented(re.sub(r"127\.0\.0\.1:\d+", "HOST", support.without_stamps(stream)))
        for stream in (done.stdout, done.stderr)
    )
    lines, errors = out.splitlines(), err.splitlines()
    status = "exit status %d" % done.returncode
    if not in_threads:
        return [*lines, *errors, status]
    told = [line for line in lines if not line.startswith("TIME: ")]
    logged = [line for line in lines if line.startswith("TIME: ")]
    return [*told, *sorted(logged), *sorted(errors), status]


class Monitoring(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer(*COLLECTION).__enter__()
        cls.addClassCleanup(cls.peer.__exit__)
        version = support.run([EVENTS, "--version"]).stdout.strip()
        cls.is_1_30 = tuple(int(part) for part in version.split(".")[:2]) >= (1, 30)

    def same(self, name, before=None, **more):
        """Runs a scenario bare and profiled; `before()` gives its arguments for each run. Returns
        the bare run's output, with its errors.
        """
        before = before or (lambda: [with_option(self.peer.uri, SOON)])
        in_threads = name.startswith(("pool", "log"))
        bare = support.run([EVENTS, name, *before()], **more)
        arguments = before()
        self.counted = self.peer.counts()
        self.log = self.path("%d.bson" % len(os.listdir(self.folder)))
        seen = support.run([EVENTS, name, *arguments], output=self.log, **more)
        self.assertEqual(bare.returncode, 0, bare.stderr)
        wanted, shown = what_is_seen(bare, in_threads), what_is_seen(seen, in_threads)
        if shown != wanted:
            self.fail(
                "%s shows something else when it is profiled:\n%s"
                % (name, first_differences(wanted, shown))
            )
        return bare.stdout + bare.stderr

    def expect(self, text, expected):
        """The bare run had the events that the scenario is about, so that comparing it means
        something."""
        self.assertEqual(command_events(text), expected[0])
        self.assertEqual(server_contexts(text), expected[1])

    def logged(self):
        """The last profiled run's commands in its log; a handshake is one only if the program sent
        it itself."""
        return {
            k: n
            for k, n in self.commands_of(self.good_log(self.log)).items()
            if k not in HANDSHAKES
        }

    def received(self):
        """What the peer received of it; what it does not know is `unknown`, and may have a name in
        our log."""
        counts = {
            k: n - self.counted.get(k, 0)
            for k, n in self.peer.counts().items()
            if k not in HANDSHAKES
        }
        return {k: n for k, n in counts.items() if n > 0}

    def assert_all_logged(self):
        logged, received = self.logged(), self.received()
        received_known = {k: n for k, n in received.items() if k != "unknown"}
        self.assertEqual({k: n for k, n in logged.items() if k in received_known}, received_known)
        self.assertEqual(sum(logged.values()), sum(received.values()))

    def check(self, group, **more):
        for name, expected in group.items():
            with self.subTest(scenario=name):
                self.expect(self.same(name, **more), expected)
                self.assert_all_logged()

    def peer_for(self, *options):
        peer = support.Peer(*COLLECTION, *options)
        self.addCleanup(peer.__exit__)
        return peer

    def test_every_scenario_is_in_a_test(self):
        listed = support.run([EVENTS, "--list"]).stdout.split()
        self.assertEqual(sorted(listed), sorted(name for group in GROUPS for name in group))

    def test_single_clients(self):
        self.check(SINGLE)

    def test_more_than_our_tables_hold(self):
        """9000 clients, 40000 tables of callbacks: the program gets all its events. Our log may
        have less, and says so.
        """
        for name, expected in CROWDED.items():
            with self.subTest(scenario=name):
                self.expect(self.same(name), expected)
                missing = sum(self.received().values()) - sum(self.logged().values())
                status = support.read_log.Log(self.log).of(support.read_log.STATUS)[-1]
                # A client sends at most three commands.
                self.assertGreaterEqual(status["handles"], missing // 3)

    def test_callbacks_that_do_more(self):
        """They use other clients, register others, and do not return."""
        self.check(INSIDE)

    def test_clients_made_inside_callbacks(self):
        self.check(MADE_INSIDE)

    def test_kinds_of_commands(self):
        self.check(COMMANDS)

    def test_redaction(self):
        """What drivers do not show in events, they do not show with us either."""
        text = self.same("redacted")
        shown = re.findall(r"name=(\w+) .*(?:command|reply)\((\d+) bytes\)=\{ *\}", text)
        hidden = ("createUser", "updateUser", "saslStart", "authenticate", "hello")
        for command in hidden:
            self.assertIn((command, "5"), shown)
        self.assertNotIn(
            "secret", "".join(line for line in text.splitlines() if line.startswith("command_"))
        )

    def test_pools(self):
        self.check(POOL)

    def test_pools_registered_late(self):
        self.check(LATE_1_30 if self.is_1_30 else LATE)

    def test_pools_that_destroy_clients(self):
        """minPoolSize (until 2.0) makes a push destroy a client; the next one may have its
        address."""
        uri = with_option(with_option(self.peer.uri, SOON), "minPoolSize=1")
        for name in ("pool", "pool-late", "pool-null", "pool-many"):
            with self.subTest(scenario=name):
                self.same(name, lambda: [uri])
                self.assert_all_logged()

    def test_what_registrations_return(self):
        """The bare program shows what this is about: pools take one registration, and their clients
        none."""
        text = self.same("pool-twice")
        returned = re.findall(r"(?m)^set pool table=(\w+) context=(\w+) -> (\d)$", text)
        self.assertEqual(
            returned,
            [("yes", "A", "1"), ("yes", "B", "0"), ("none", "none", "0"), ("yes", "B", "0")],
        )
        self.assertEqual(len(re.findall(r"ERROR.*once", text)), 3)
        text = self.same("pool-client")
        self.assertEqual(re.findall(r"(?m)^set client .* -> (\d)$", text), ["0", "0"])
        self.assertEqual(
            len(re.findall(r"ERROR.*Cannot set callbacks on a pooled client", text)), 2
        )

    def test_replica_set(self):
        """Transactions, and the end of the sessions."""
        peer = self.peer_for("--replica-set", "rs0")
        text = self.same("session", lambda: [peer.uri])
        self.expect(text, ALONE["session"])
        self.assertIn("transaction 1\n", text)
        self.assertEqual(sum(self.logged().values()), ended(text))

    def test_real_server(self):
        # from now on there is something to drop
        support.run([EVENTS, "database", support.server_uri()])
        text = self.same("database", lambda: [support.server_uri()])
        started = command_events(text)["A"][0]
        self.assertEqual((started, ended(text), sum(self.logged().values())), (9, 9, 9))
        self.assertIn("found 5 documents\n", text)
        self.assertIn("11000", text)

    def test_failing_commands(self):
        """The server refuses commands, documents and write concerns, and closes connections."""
        refused = ("--fail", "ping=11601", "--fail", "find=13", "--write-error", "11000@2")
        left_open = (
            "--fail",
            "getMore=43",
            "--write-concern-error",
            "insert=64",
            "--fail",
            "endSessions=13",
        )
        for scenario, options in (
            ("full", refused),
            ("pool", refused),
            ("full", left_open),
            ("pool", left_open),
            ("full", ("--fail", "insert=10107")),  # not primary: servers are looked for anew
            ("pool", ("--drop", "getMore")),
        ):
            with self.subTest(scenario=scenario, faults=options):
                peer = self.peer_for(*options)
                text = self.same(scenario, lambda: [with_option(peer.uri, SOON)])
                failed = sum(row[2] for row in command_events(text).values())
                self.assertGreater(failed, 1 if "--fail" in options else 0, text)
                self.assertEqual(sum(self.logged().values()), ended(text))

    def test_no_server(self):
        """A closed port: heartbeats fail, no command is sent."""
        text = self.same("full", lambda: ["mongodb://127.0.0.1:1/?" + SOON])
        self.assertRegex(
            text, r"server_heartbeat_failed host=127.0.0.1:1 awaited=0 context=A .*error=\d+/\d+\("
        )
        self.assertEqual(command_events(text), {})
        self.same("pool", lambda: ["mongodb://127.0.0.1:1/?" + SOON.replace("300", "50")])

    def test_login_refused(self):
        """A server that knows no login: it fails before the first command, with no event of its
        own."""
        uri = with_option(self.peer.uri.replace("//", "//masker:secret@"), SOON)
        text = self.same("ping", lambda: [uri])
        self.assertRegex(text, r'(?m)^\{"ping": 1\}: error ')
        self.assertEqual(command_events(text), {})

    def test_server_goes_away(self):
        def its_own():
            peer = self.peer_for()
            return [with_option(peer.uri, SOON), "%d" % peer.pid]

        for name in ("away", "pool-away"):
            with self.subTest(scenario=name):
                text = self.same(name, its_own)
                self.expect(text, ALONE[name])
                self.assertIn("server stopped\n", text)
                self.assertRegex(text, r"server_changed .* Standalone 1 \S+ -> Unknown")
                self.assertEqual(self.logged(), {"ping": 2})

    def test_awaited_heartbeats(self):
        """A server that streams its state to the pool's monitor."""
        servers = []

        def its_own():
            servers.append(streaming_server.StreamingServer())
            servers[-1].__enter__()
            self.addCleanup(servers[-1].__exit__)
            return [servers[-1].uri]

        text = self.same("pool-awaited", its_own)
        self.expect(text, ALONE["pool-awaited"])
        kinds = collections.Counter(re.findall(r"server_heartbeat_(\w+) \S+ awaited=(\d)", text))
        self.assertEqual(kinds["succeeded", "0"], 1)
        self.assertEqual(kinds["succeeded", "1"], 2)
        self.assertEqual(self.logged(), {"ping": 1, "endSessions": 1})

    def test_the_drivers_log(self):
        """Its default handler, none, and one of the program, which gets its own context."""
        self.check(LOG)
        messages = "once|pooled client|warning of"
        own, default = self.same("log-own"), self.same("log-default")
        self.assertEqual(
            len(re.findall(r"(?m)^background log \w+ \w+ context=C: .*(?:%s)" % messages, own)), 3
        )
        self.assertEqual(len(re.findall(r"(?m)^\d{4}/.*(?:%s)" % messages, default)), 3)
        self.assertNotRegex(self.same("log-none"), messages)

    def test_structured_log(self):
        """Drivers from 1.30 on have one; with older ones the scenarios say so, and use events
        alone."""
        self.check(
            STRUCTURED if self.is_1_30 else {name: ({"A": WORK}, "A") for name in STRUCTURED}
        )
        text = self.same("structured-client")
        if self.is_1_30:
            messages = re.findall(
                r"(?m)^structured command Debug context=([BC]) Command (\w+) ", text
            )
            counts = collections.Counter(messages)
            self.assertEqual((counts["B", "started"], counts["C", "started"]), (12, 1))
            self.assertEqual(re.findall(r"set log -> (\d)", text), ["1", "1", "1"])
        else:
            self.assertIn("this driver has no structured log\n", text)

    def test_structured_log_from_the_environment(self):
        more = {"MONGODB_LOG_ALL": "debug", "MONGODB_LOG_PATH": "stderr"}
        more["MONGODB_LOG_MAX_DOCUMENT_LENGTH"] = "unlimited"
        for name in ("full", "cleared", "only-succeeded", "pool", "pool-null", "structured-only"):
            with self.subTest(scenario=name):
                text = self.same(name, env=more)
                messages = re.findall(r"(?m)^MONGODB_LOG Debug command .*Command (\w+)", text)
                expected = self.is_1_30 and name != "structured-only"
                self.assertEqual(collections.Counter(messages)["started"] > 0, expected)
                self.assert_all_logged()


if __name__ == "__main__":
    unittest.main()
