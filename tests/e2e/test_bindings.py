# SPDX-License-Identifier: Apache-2.0
"""Whichever way a program reaches the driver, it runs as it does alone, and what was not seen is
said.

Each scenario runs bare, with libphasetap.so, and with the audit module beside it. Output, exit
status and the commands that the server receives are the same. A scenario whose calls are seen has
just these commands in its log; one whose calls are not, or not all of them, has a log that names
the object with the unseen driver, and `phasetap run` and the report say so.
"""

import collections
import os
import unittest

import support

AUDIT = os.path.join(support.BUILD, "lib", "libphasetap-audit.so")
NOT_OBSERVED = ("hello", "isMaster", "ismaster")  # of the driver's own; no monitoring tells of them
ROUNDS = 10
UNSEEN = 42
ALL, LESS = "all commands seen", "some or none seen"
HOST, LINKED = support.target("bind_host"), support.target("bind_linked")
PLUGIN, NO_PLT = support.target("bind_plugin.so"), support.target("bind_plugin_noplt.so")
OPEN, HIDDEN = support.target("bind_bundle_open.so"), support.target("bind_bundle_hidden.so")
OTHER = support.target("bind_plugin_other.so")
# A driver in a library of its own is named by its file or by the plugin that uses it.
SHARED = ("libmongoc-1.0.so.0", "libmongoc2.so.2", "bind_plugin.so", "bind_plugin_noplt.so")
COPY = ("bind_bundle_open.so",)
HIDDEN_COPIES = ("bind_bundle_hidden.so", "bind_static")


def soname():
    """Of the driver that the plugin is linked with."""
    needed = support.run(["readelf", "-d", PLUGIN]).stdout
    return next(name for name in SHARED if "[%s]" % name in needed)


class Binding(support.EndToEnd):
    """One peer for all of a class, and the three runs."""

    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer(
            "--replica-set",
            "rs",
            "--collection",
            "bindings.one=12:150",
            "--collection",
            "bindings.two=7:150",
        ).__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def received(self, arguments, **more):
        """Runs a program; returns how it ended, and what the server received from it."""
        before = self.peer.counts()
        done = support.run(
            [word.replace("URI", self.peer.uri) for word in arguments], timeout=10, **more
        )
        after = self.peer.counts()
        return done, {
            name: after[name] - before.get(name, 0)
            for name in after
            if name not in NOT_OBSERVED and after[name] > before.get(name, 0)
        }

    def compare(self, arguments, preload, audit, unseen, env, idle):
        """The three runs; returns the log of the one with the preloaded object alone."""
        logs = []
        bare, sent = self.received(arguments, env=env)
        self.assertEqual(bare.returncode, 0, bare.stdout + bare.stderr)
        self.assertIn("failed 0\n", bare.stdout)
        for name, seen, settings in (
            ("preload", preload, {"LD_PRELOAD": support.PRELOAD}),
            ("audit", audit, {"LD_PRELOAD": support.PRELOAD, "LD_AUDIT": AUDIT}),
        ):
            logs.append(self.path("%s-%d.bson" % (name, len(os.listdir(self.folder)))))
            settings = {**(env or {}), **settings, "PHASETAP_OUTPUT": logs[-1]}
            done, seen_sent = self.received(arguments, env=settings)
            self.assertEqual(support.what_is_seen(done), support.what_is_seen(bare), name)
            self.assertEqual(seen_sent, sent, name)
            with self.subTest(arguments=" ".join(arguments), mode=name):
                self.judge(logs[-1], seen, sent, unseen, idle)
        return logs[0]

    def judge(self, path, seen, sent, unseen, idle):
        """Holds a log against what the server received. `idle`: a driver that nobody called, which
        it may name."""
        if seen == LESS and not os.path.exists(path):
            # searched for under `phasetap run` only
            self.assertLessEqual(set(unseen), set(HIDDEN_COPIES))
            return
        log = self.good_log(path)
        commands = self.commands_of(log)
        if seen == ALL:
            self.assertEqual(commands, sent)
            self.assertLessEqual(self.names(log), {idle})
            return
        self.assertLess(sum(commands.values()), sum(sent.values()))
        self.assertTrue(self.names(log) & set(unseen), self.names(log))

    def names(self, log):
        return {document["object"] for document in log.of(UNSEEN)}

    def same(self, *arguments, preload=ALL, audit=ALL, unseen=SHARED, env=None, idle=None):
        """`preload`, `audit`: what is seen of the commands; `unseen`: the objects of which one is
        named when not all is.
        """
        with self.subTest(arguments=" ".join(arguments)):
            return self.compare(list(arguments), preload, audit, unseen, env, idle)

    def said(self, *arguments, unseen, options=()):
        """`phasetap run` and the report of what it left say why nothing was seen, naming one of
        these objects."""
        with self.subTest(arguments=" ".join(arguments), options=options):
            log = self.path("run-%d.bson" % len(os.listdir(self.folder)))
            done, sent = self.received(
                [support.PHASETAP, "run", *options, "-o", log, "--", *arguments]
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(sum(sent.values()), 0)
            self.assertTrue(any(name in done.stderr for name in unseen), done.stderr)
            report = support.phasetap("report", log)
            self.assertEqual(report.returncode, 0, report.stderr)
            self.assertIn("cannot tell whether libmongoc was called, because", report.stdout)
            self.assertIn("cannot tell whether libmongoc was called, because", done.stderr)
            self.assertTrue(any(name in report.stdout for name in unseen), report.stdout)

    def check(self, program, status, words):
        self.check_one_of(program, {status: words})

    def check_one_of(self, program, answers):
        """`answers`: what it says by its exit status."""
        with self.subTest(program=program):
            done = support.phasetap("check", program)
            self.assertEqual(done.stderr, "")
            self.assertIn(done.returncode, answers, done.stdout)
            self.assertIn(answers[done.returncode], done.stdout)


class Linked(Binding):
    """Programs that are linked with the driver."""

    def test_ways_of_linking(self):
        for name in ("work", "work_noplt", "work_now", "work_lazy"):
            self.same(support.target(name), "URI", str(ROUNDS))
        self.same(LINKED, "plain", "URI")

    def test_all_bound_at_the_start(self):
        self.same(support.target("work_lazy"), "URI", str(ROUNDS), env={"LD_BIND_NOW": "1"})
        self.same(HOST, "local", "URI", PLUGIN, env={"LD_BIND_NOW": "1"})

    def test_a_driver_that_binds_its_own_calls(self):
        self.same(support.target("bind_symbolic"), "plain", "URI")

    def test_exceptions_through_calls(self):
        """What was sent by a call that an exception left is recorded, and the work afterwards
        is."""
        for scenario, caught in (("transaction", 5), ("inside", 0), ("event", 5), ("pool", 5)):
            log = self.same(support.target("bind_throw"), scenario, "URI")
            counts = self.commands_of(support.read_log.Log(log))
            self.assertEqual(
                counts["insert"], ROUNDS + (5 if scenario in ("transaction", "inside") else 0)
            )
            self.assertEqual(counts["ping"], ROUNDS)
            self.assertEqual(
                counts.get("abortTransaction", 0), caught if scenario == "transaction" else 0
            )

    def test_static_copy(self):
        program = support.target("bind_static")
        self.same(program, "plain", "URI", preload=LESS, audit=LESS, unseen=HIDDEN_COPIES)
        self.said(program, "plain", "URI", unseen=HIDDEN_COPIES)
        self.said(program, "plain", "URI", unseen=HIDDEN_COPIES, options=("--audit",))

    def test_plugin_beside_the_program(self):
        self.same(LINKED, "local", "URI", PLUGIN)
        self.same(LINKED, "deep", "URI", PLUGIN, preload=LESS)

    def test_copy_beside_the_program(self):
        """An open copy that is opened locally is no copy: its calls go to the driver of the
        program. Opened deep, it is one that nobody sees, and a hidden one always.
        """
        self.same(LINKED, "local", "URI", OPEN, idle=COPY[0])
        self.same(LINKED, "deep", "URI", OPEN, preload=LESS, unseen=COPY)


class Plugins(Binding):
    """Programs that are not linked with the driver, and load a plugin that is."""

    def test_ways_of_opening(self):
        for scenario in ("local", "global", "local_stay"):
            self.same(HOST, scenario, "URI", PLUGIN)
            self.same(HOST, scenario, "URI", NO_PLT)

    def test_deep_binding(self):
        for scenario in ("deep", "global_deep", "deep_stay"):
            self.same(HOST, scenario, "URI", PLUGIN, preload=LESS)
            self.said(HOST, scenario, "URI", PLUGIN, unseen=SHARED)
        self.same(HOST, "deep_stay", "URI", NO_PLT, preload=LESS, audit=LESS)

    def test_jumps_into_the_driver(self):
        for scenario in ("tail", "tail_new"):
            for plugin in (PLUGIN, OPEN):
                self.same(HOST, scenario, "URI", plugin)

    def test_unloaded_and_loaded_again(self):
        for scenario in ("reload", "again"):
            self.same(HOST, scenario, "URI", PLUGIN)
        self.same(HOST, "reload", "URI", PLUGIN, OPEN)

    def test_destructors_that_call_the_driver(self):
        for scenario in ("kept", "kept_exit"):
            for plugin in (PLUGIN, OPEN):
                self.same(HOST, scenario, "URI", plugin)

    def test_destructors_that_wait_for_threads(self):
        """The threads call some functions for the first time then, while the loader is locked."""
        for scenario in ("workers", "workers_exit"):
            for plugin in (PLUGIN, OPEN):
                self.same(HOST, scenario, "URI", plugin)

    def test_copy_with_exports(self):
        for scenario in ("local", "global", "local_stay"):
            self.same(HOST, scenario, "URI", OPEN)
        for scenario in ("deep", "deep_stay"):
            self.same(HOST, scenario, "URI", OPEN, preload=LESS, unseen=COPY)
            self.said(HOST, scenario, "URI", OPEN, unseen=COPY)

    def test_hidden_copy(self):
        for scenario in ("local", "local_stay", "deep_stay"):
            self.same(HOST, scenario, "URI", HIDDEN, preload=LESS, audit=LESS, unseen=HIDDEN_COPIES)
        for scenario in ("local", "local_stay"):
            self.said(HOST, scenario, "URI", HIDDEN, unseen=HIDDEN_COPIES)

    def test_one_log_for_all_runs_without_a_call_that_is_seen(self):
        """As of a command that only prints its version, and loads the driver for that. Who asks for
        a log gets one each time."""
        folder, asked = self.make_folder("logs"), self.path("asked.bson")
        program = [HOST, "deep", "URI", OPEN]
        for output in (folder, folder, asked):
            done, _ = self.received(program, output=output)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(folder), ["bind_host-unseen.bson"])
        for path in (os.path.join(folder, "bind_host-unseen.bson"), asked):
            self.assertEqual(self.names(self.good_log(path)), set(COPY))
        self.received([HOST, "local", "URI", OPEN], output=folder)
        self.assertEqual(len(os.listdir(folder)), 2)
        self.said(*program, unseen=COPY)

    def test_functions_looked_up_by_name(self):
        handle = support.target("bind_handle")
        for scenario in ("default", "next", "program"):
            self.same(handle, scenario, "URI", soname())
        self.same(handle, "handle", "URI", soname(), preload=LESS)


class Pair(Binding):
    """Two drivers in one process, each with a plugin of its own."""

    def by_collection(self, path):
        """Commands of spans, by the collection that the plugin used."""
        log = support.read_log.Log(path)
        names = {doc["id"]: doc.get("collection") for doc in log.of(support.read_log.NAME)}
        counts = collections.Counter()
        for span in log.of(support.read_log.SPAN):
            counts[names.get(span["ns"])] += span["c"]
        return {name: counts[name] for name in ("one", "two")}

    def both(self, *plugins):
        log = self.same(HOST, "two", "URI", *plugins)
        self.assertEqual(self.by_collection(log), {"one": 15, "two": 15})


class TwoDrivers(Pair):
    """A shared one and a copy."""

    def test_at_once(self):
        self.both(OPEN, PLUGIN)
        self.both(PLUGIN, OPEN)

    def test_hidden_copy(self):
        """Half of it is seen, and the other half is no secret."""
        log = self.path("run.bson")
        command = [support.PHASETAP, "run", "-o", log, "--", HOST, "two", "URI", PLUGIN, HIDDEN]
        bare, _ = self.received(command[5:])
        done, sent = self.received(command)
        self.assertEqual((done.returncode, done.stdout), (bare.returncode, bare.stdout))
        self.assertEqual(self.by_collection(log), {"one": 15, "two": 0})
        self.assertEqual(
            self.commands_of(self.good_log(log)), {name: count // 2 for name, count in sent.items()}
        )
        self.assertIn("bind_bundle_hidden.so", done.stderr)
        self.assertIn("bind_bundle_hidden.so", support.phasetap("report", log).stdout)

    def test_jumps(self):
        self.same(HOST, "tail_two", "URI", PLUGIN, OPEN)


class TwoVersions(Pair):
    """1.x and 2.x in one process, which want the newest libc: part of the run with that driver
    only."""

    def test_at_once(self):
        self.both(PLUGIN, OTHER)

    def test_in_turns(self):
        self.same(HOST, "reload", "URI", PLUGIN, OTHER)
        self.same(HOST, "reload", "URI", OTHER, PLUGIN)

    def test_jumps(self):
        self.same(HOST, "tail_two", "URI", PLUGIN, OTHER)


if support.DRIVER != "sid":
    del TwoVersions


class Check(Binding):
    """What `phasetap check` tells beforehand."""

    def test_programs(self):
        for name in ("bind_linked", "bind_throw", "bind_symbolic"):
            self.check(support.target(name), 0, "will be profiled")
        self.check(
            support.target("bind_static"),
            1,
            "static copy of the driver in: " + support.target("bind_static"),
        )
        answers = {1: "not linked with libmongoc, and no plugin that is was found"}
        if os.environ.get("PHASETAP_TEST_DRIVER"):
            # their run path names the folder of another suite's driver, which they may load
            answers[3] = "if it loads a plugin that uses libmongoc"
        for name in ("bind_host", "bind_handle"):
            self.check_one_of(support.target(name), answers)

    def test_plugins(self):
        self.check(PLUGIN, 0, "libmongoc")
        self.check(HIDDEN, 1, "static copy of the driver in: " + HIDDEN)
        self.check(OPEN, 0, "driver")


if __name__ == "__main__":
    unittest.main()
