# SPDX-License-Identifier: Apache-2.0
"""Programs of Debian that were not written for us, against the real server: rsyslog, whose output
module is a plugin linked with the driver, and PHP, whose extension has a private copy of it. They
do what they do without the profiler, what they write is the same, and the report has their phases
with the server's own counts. And one that has nothing of the driver: phasetap says so.
"""

import contextlib
import glob
import os
import signal
import socket
import subprocess
import unittest

import pymongo

import support

TARGETS = os.path.join(support.ROOT, "tests", "targets", "packaged")
AUDIT = os.path.join(support.BUILD, "lib", "libphasetap-audit.so")
MESSAGES = ["batch %d of Zoë, 100 %% done" % number for number in range(30)]
CONNECTION = 11
FETCH_S = 300
# What the server's page has under another name than its command (hello by OP_QUERY), or shakes
# hands with.
UNCOUNTED = {"unknown", "hello", "isMaster", "ismaster"}


def load_tests(loader, tests, pattern):
    """These programs use the driver that Debian links or bundles, whichever driver the masker is
    built against: a run for another driver would only repeat this one.
    """
    del loader, pattern
    return unittest.TestSuite() if support.DRIVER else tests


def has_ended(pid):
    """Gone, or waiting for somebody to ask for its status: nobody does in containers without an
    init."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    return True


class Programs(support.EndToEnd):
    """Where the programs are, and what is common to a run of one."""

    @classmethod
    def setUpClass(cls):
        done = support.run([os.path.join(TARGETS, "real_packages")], timeout=FETCH_S)
        if done.returncode != 0:
            raise RuntimeError("no programs to test with: " + done.stderr)
        cls.root = done.stdout.strip()
        cls.libraries = os.path.join(cls.root, "usr", "lib-of-this-machine")
        cls.database = "real_" + cls.__name__.lower()
        cls.client = pymongo.MongoClient(support.server_uri())
        cls.addClassCleanup(cls.client.close)
        cls.addClassCleanup(cls.client.drop_database, cls.database)

    @classmethod
    def found(cls, *pattern):
        (path,) = glob.glob(os.path.join(cls.root, *pattern))
        return path

    def documents(self, collection, volatile=()):
        """Everything in it, without the fields that differ between any two runs."""
        found = self.client[self.database][collection].find().sort("_id", 1)
        return [
            {key: value for key, value in document.items() if key not in volatile}
            for document in found
        ]

    def assert_nothing_lost(self, report):
        self.assertEqual(report["connections"]["failed"], 0)
        self.assertEqual(report["profiler"]["events_dropped"], 0)
        self.assertEqual(report["profiler"]["handles_not_followed"], 0)


class Served:
    """Commands that the server counted during a `with` block: `counts`, by name."""

    def __enter__(self):
        self.before, self.counts = support.server_counts(), {}
        return self

    def __exit__(self, *_):
        counts = support.server_counts() - self.before
        self.counts = {name: count for name, count in counts.items() if name not in UNCOUNTED}


class Rsyslog(Programs):
    """A daemon that opens its plugin in a local scope, and inserts a document for each message."""

    VOLATILE = ("_id", "time", "time_rcvd")

    def configure(self, collection):
        """Its configuration, and the command line that reads it. Socket and pid file are in the
        scratch folder."""
        with open(self.path("rsyslog.conf"), "w", encoding="utf-8") as file:
            file.write(
                'global(workDirectory="%s")\n'
                'module(load="imuxsock" SysSock.Use="off")\n'
                'input(type="imuxsock" Socket="%s")\n'
                'module(load="ommongodb")\n'
                'action(type="ommongodb" uristr="%s" db="%s" collection="%s")\n'
                % (
                    self.folder,
                    self.path("log.sock"),
                    support.server_uri(),
                    self.database,
                    collection,
                )
            )
        modules = os.path.join(self.libraries, "rsyslog")
        daemon, names = self.found("usr", "sbin", "rsyslogd"), ("rsyslog.conf", "rsyslog.pid")
        return [daemon, "-C", "-M", modules, "-f", self.path(names[0]), "-i", self.path(names[1])]

    def start(self, command, settings):
        """Started, and ready for messages."""
        for name in ("log.sock", "rsyslog.pid"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path(name))
        environment = support.clean_environment(LD_LIBRARY_PATH=self.libraries, **settings)
        with open(self.path("stderr"), "wb") as errors:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors
            )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        support.wait_for(
            lambda: os.path.exists(self.path("log.sock")) and self.pid(), 20, "rsyslog's socket"
        )
        return process

    def pid(self):
        """Number of the daemon, as it notes it itself; None before."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            with open(self.path("rsyslog.pid"), encoding="utf-8") as file:
                return int(file.read())
        return None

    def send(self, collection):
        """All messages, until they are in the server."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            for message in MESSAGES:
                sender.sendto(
                    b"<13>Oct 11 22:14:15 masker[4711]: " + message.encode(), self.path("log.sock")
                )
        stored = self.client[self.database][collection]
        support.wait_for(
            lambda: stored.count_documents({}) >= len(MESSAGES), 30, "rsyslog's documents"
        )

    def stop(self, process):
        """Ended by SIGTERM, to the daemon itself; what it printed."""
        pid = self.pid()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        support.wait_for(lambda: has_ended(pid), 20, "rsyslog's end")
        status = process.wait(20)
        with open(self.path("stderr"), encoding="utf-8") as file:
            return status, support.without_stamps(file.read())

    def work(self, collection, launcher=(), options=("-n",), **settings):
        """One life of the daemon: its outcome, the documents, and the inserts that the server
        counted."""
        self.client[self.database][collection].drop()
        command = [*launcher, *self.configure(collection), *options]
        with Served() as served:
            process = self.start(command, settings)
            self.addCleanup(self.kill_what_is_left)
            self.send(collection)
            outcome = self.stop(process)
        return outcome, self.documents(collection, self.VOLATILE), served.counts.get("insert", 0)

    def kill_what_is_left(self):
        """A daemon that the test did not get to stop."""
        pid = self.pid()
        if pid and not has_ended(pid):
            os.kill(pid, signal.SIGKILL)

    def bare(self, *options):
        """What it does without the profiler."""
        outcome, documents, inserts = self.work("bare", options=options)
        self.assertEqual(outcome[0], 0, outcome[1])
        self.assertEqual([document["msg"].strip() for document in documents], MESSAGES)
        self.assertEqual(inserts, len(MESSAGES))
        return outcome, documents, inserts

    def check_log(self, path, inserts):
        """Complete, with one entry for each insert that the server counted, and the connection."""
        log, report = self.good_log(path), self.report(path)
        phase = report["phases"]["Document Insertion"]
        self.assertEqual(phase["count"], inserts)
        self.assertEqual(len(phase["entries"]), inserts)
        self.assertEqual((phase["documents"], phase["failed"]), (inserts, 0))
        self.assertEqual(report["commands"]["insert"]["count"], inserts)
        self.assertEqual(report["phases"]["Database Connection"]["count"], 1)
        self.assertEqual(len(log.of(CONNECTION)), 1)
        self.assert_nothing_lost(report)

    def test_run(self):
        """Under `phasetap run`, which SIGTERM to the daemon ends too."""
        outcome, documents, inserts = self.bare("-n")
        launcher = [support.PHASETAP, "run", "--quiet", "-o", self.path("run.bson"), "--"]
        self.assertEqual(self.work("profiled", launcher), (outcome, documents, inserts))
        self.check_log(self.path("run.bson"), inserts)

    def test_preload(self):
        outcome, documents, inserts = self.bare("-n")
        settings = {"LD_PRELOAD": support.PRELOAD, "PHASETAP_OUTPUT": self.path("run.bson")}
        self.assertEqual(self.work("profiled", **settings), (outcome, documents, inserts))
        self.check_log(self.path("run.bson"), inserts)

    def test_audit(self):
        """What reaches the preload by itself is not seen twice."""
        outcome, documents, inserts = self.bare("-n")
        settings = {
            "LD_AUDIT": AUDIT,
            "LD_PRELOAD": support.PRELOAD,
            "PHASETAP_OUTPUT": self.path("run.bson"),
        }
        self.assertEqual(self.work("profiled", **settings), (outcome, documents, inserts))
        self.check_log(self.path("run.bson"), inserts)

    def test_daemon(self):
        """Without -n the first process ends when the daemon, its child, is ready; the daemon alone
        uses the driver."""
        outcome, documents, inserts = self.bare()
        folder = self.make_folder("logs")
        settings = {"LD_PRELOAD": support.PRELOAD, "PHASETAP_OUTPUT": folder}
        self.assertEqual(
            self.work("profiled", options=(), **settings), (outcome, documents, inserts)
        )
        (path,) = self.logs_in(folder)
        self.check_log(path, inserts)


class Php(Programs):
    """An extension with a copy of the driver of its own. PHP may open it deep-bound (8.2 does): its
    calls then stay inside it, and are seen by the loader's auditing alone.
    """

    PHASES = {
        "Database Connection": 2,
        "Collection Administration": 1,
        "Document Insertion": 3,
        "Document Update": 1,
        "Document Deletion": 1,
        "Document Query": 5,
        "Index Creation": 1,
        "Count Documents": 1,
        "Command": 1,
    }
    # The server has no such command, and no sessions to end by the two clients.
    REFUSED = {"other": 1, "endSessions": 2}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        extension = cls.found("usr", "lib", "php", "*", "mongodb.so")
        cls.settings = {"LD_LIBRARY_PATH": cls.libraries}
        cls.php = [cls.found("usr", "bin", "php[0-9].[0-9]"), "-n", "-d", "extension=" + extension]
        cls.script = [
            *cls.php,
            os.path.join(TARGETS, "real_work.php"),
            support.server_uri(),
            cls.database,
        ]
        cls.bare, cls.bare_data, cls.bare_counts = cls.work(cls.script)
        if cls.bare[0] != 0:
            raise RuntimeError("PHP's script fails without the profiler: %s%s" % cls.bare[1:])

    @classmethod
    def work(cls, command, **settings):
        """One run of the script: all that is seen of it, its data, and the commands that the server
        counted."""
        with Served() as served:
            done = support.run(command, env={**cls.settings, **settings})
        return support.what_is_seen(done), cls.data(), served.counts

    @classmethod
    def data(cls):
        """The collection's documents, and its indexes."""
        patients = cls.client[cls.database]["patients"]
        indexes = {name: index["key"] for name, index in patients.index_information().items()}
        return list(patients.find().sort("_id", 1)), indexes

    def is_deep_bound(self):
        """Whose functions the loader itself says that it gave the extension."""
        settings = {**self.settings, "LD_PRELOAD": support.PRELOAD, "LD_DEBUG": "bindings"}
        done = support.run([*self.php, "-r", ""], env=settings)
        name = "mongoc_bulk_operation_execute"
        bound = [
            line
            for line in done.stderr.splitlines()
            if "mongodb.so [0] to" in line and "`%s'" % name in line
        ]
        self.assertEqual(len(bound), 1, "the loader does not tell")
        return "libphasetap.so" not in bound[0]

    def check_log(self, path, counts):
        """Complete, with every phase of the script and every command that the server counted."""
        self.good_log(path)
        report = self.report(path)
        phases = {
            name: phase["count"]
            for name, phase in report["phases"].items()
            if name != "Document Masking"
        }
        self.assertEqual(phases, self.PHASES)
        commands = {name: row["count"] for name, row in report["commands"].items()}
        counts = dict(counts)
        self.assertEqual(commands.pop("other"), counts.pop("noSuchCommand"))
        self.assertEqual(commands, counts)
        refused = {name: row["failed"] for name, row in report["commands"].items() if row["failed"]}
        self.assertEqual(refused, self.REFUSED)
        self.assertEqual(report["run"]["processes"][0]["driver"]["soname"], "mongodb.so")
        self.check_documents(report["phases"])
        self.assert_nothing_lost(report)

    def check_documents(self, phases):
        """As PHP itself printed them: 250 inserted at once, three of which the second is a
        duplicate, and a bulk that changes, removes and inserts."""
        insertion = phases["Document Insertion"]
        left = [insertion["outcome"][key] for key in ("requested", "refused", "not_attempted")]
        self.assertEqual((insertion["documents"], left), (252, [254, 1, 1]))
        self.assertEqual(insertion["failed"], 1)
        update, deletion = phases["Document Update"], phases["Document Deletion"]
        changed = (
            update["writes"]["modified"],
            update["writes"]["upserted"],
            deletion["writes"]["removed"],
            insertion["writes"]["inserted"] - 251,
        )
        self.assertIn("changed: [%d,%d,%d,%d]\n" % changed, self.bare[1])
        self.assertIn("read: [%d," % phases["Document Query"]["documents"], self.bare[1])

    def check_like_bare(self, seen, data, counts):
        self.assertEqual(seen, self.bare)
        self.assertEqual(counts, self.bare_counts)
        self.assertEqual(data, self.bare_data)

    def test_preload(self):
        """Without auditing: PHP's work is that of the bare run, whether or not the preload sees any
        of it."""
        folder = self.make_folder("logs")
        settings = {"LD_PRELOAD": support.PRELOAD, "PHASETAP_OUTPUT": folder}
        seen, data, counts = self.work(self.script, **settings)
        self.check_like_bare(seen, data, counts)
        if self.is_deep_bound():
            for path in self.logs_in(folder):
                self.assertEqual(self.commands_of(self.good_log(path)), {})
        else:
            self.check_log(*self.logs_in(folder), counts)

    def test_run(self):
        """The same under `phasetap run`, which says why nothing was seen, and of which file."""
        launcher = [support.PHASETAP, "run", "-o", self.path("run.bson"), "--"]
        (status, text, errors), data, counts = self.work([*launcher, *self.script])
        own = [line for line in errors.splitlines(keepends=True) if line.startswith("phasetap: ")]
        rest = "".join(line for line in errors.splitlines(keepends=True) if line not in own)
        self.check_like_bare((status, text, rest), data, counts)
        if self.is_deep_bound():
            self.assertIn("cannot tell whether libmongoc was called", "".join(own))
            self.assertIn("mongodb.so", "".join(own))
        else:
            self.check_log(self.path("run.bson"), counts)

    def test_run_with_audit(self):
        launcher = [
            support.PHASETAP,
            "run",
            "--audit",
            "--quiet",
            "-o",
            self.path("run.bson"),
            "--",
        ]
        self.check_like_bare(*self.work([*launcher, *self.script]))
        self.check_log(self.path("run.bson"), self.bare_counts)

    def test_preload_with_audit(self):
        log, settings = self.path("run.bson"), {"LD_AUDIT": AUDIT, "LD_PRELOAD": support.PRELOAD}
        self.check_like_bare(*self.work(self.script, PHASETAP_OUTPUT=log, **settings))
        self.check_log(log, self.bare_counts)

    def test_audit_with_opcache(self):
        """PHP compiling to machine code beside it."""
        cache = self.found("usr", "lib", "php", "*", "opcache.so")
        jit = [
            "zend_extension=" + cache,
            "opcache.enable_cli=1",
            "opcache.jit=tracing",
            "opcache.jit_buffer_size=16M",
        ]
        command = [
            *self.php,
            *(word for setting in jit for word in ("-d", setting)),
            *self.script[len(self.php) :],
        ]
        log, settings = self.path("run.bson"), {"LD_AUDIT": AUDIT, "LD_PRELOAD": support.PRELOAD}
        self.check_like_bare(*self.work(command, PHASETAP_OUTPUT=log, **settings))
        self.check_log(log, self.bare_counts)


class WithoutTheDriver(Programs):
    """Python's driver is one of its own: it works as ever, there is no log, and phasetap says
    why."""

    def script(self):
        return [
            "/usr/bin/python3",
            os.path.join(TARGETS, "real_pymongo.py"),
            support.server_uri(),
            self.database,
        ]

    def test_preload(self):
        seen, _ = self.profiled_like_bare(self.script())
        self.assertEqual((seen.returncode, seen.stdout), (0, "50 1225\n"))
        self.assertEqual(os.listdir(self.folder), [])

    def test_run(self):
        for audit in ([], ["--audit"]):
            with self.subTest(audit=audit):
                done = support.phasetap(
                    "run", *audit, "-o", self.path("run.bson"), "--", *self.script()
                )
                self.assertEqual((done.returncode, done.stdout), (0, "50 1225\n"))
                self.assert_sentence(
                    done.stderr, "no libmongoc call was seen", "not linked with libmongoc"
                )
                self.assertEqual(os.listdir(self.folder), [])
