# SPDX-License-Identifier: Apache-2.0
"""PHASETAP_NAMES: with `alias` and `hash` no name that the program, its configuration or the
machine chose is in anything that phasetap writes but the key file, in which `alias` keeps them."""

import ctypes
import glob
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import unittest

import canaries
import support

STEM = "Zaunkoenig"  # of every name that the program uses
HOST = "wintergoldhaehnchen"
PROGRAM = "Rohrdommel-profiled"
TOKEN = r"(?:db|coll|phase|server|program|host|thread|object|key|text)-[0-9a-f]{16}"
NEW_UTS = 0x04000000  # CLONE_NEWUTS of <sched.h>
SECRET = STEM + "secret"


def take_host_name():
    """In the child: another host name, where the process may have one of its own."""
    if ctypes.CDLL(None).unshare(NEW_UTS) == 0:
        socket.sethostname(HOST)


@unittest.skipIf(support.DRIVER, "names do not depend on the driver; test_privacy runs with each")
class Names(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer().__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def setUp(self):
        super().setUp()
        self.program = self.path(PROGRAM)
        shutil.copy(support.target("named"), self.program)
        self.port = self.peer.uri.split("/")[2]
        self.words = (STEM, PROGRAM, HOST, self.port, SECRET)

    def record(self, mode, output, **more):
        done = support.run(
            [self.program, self.peer.uri, STEM],
            output=output,
            env={"PHASETAP_NAMES": mode},
            preexec_fn=take_host_name,
            **more,
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def outputs(self, log):
        return canaries.outputs_of(self, log, self.make_folder("out-" + os.path.basename(log)))

    def audit(self, log, status):
        done = support.phasetap("audit", log)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        return done.stdout

    def test_plain_names_are_found_by_the_search(self):
        """What is looked for below is there when it is not hidden."""
        log = self.path("run.bson")
        self.record("plain", log)
        found = self.outputs(log)
        for name in ("db", "coll", "fs", "thread", "phase", "key", "text"):
            word = (STEM + name)[:15]
            self.assertTrue(canaries.search({"log": found["log"]}, word), word)
        for output in ("report", "summary --long -v", "summary --json", "dump"):
            self.assertTrue(canaries.search({output: found[output]}, STEM + "coll"), output)
            self.assertTrue(canaries.search({output: found[output]}, self.port), output)
        for name in canaries.export_formats():
            output = "export --format " + name
            self.assertTrue(canaries.search({output: found[output]}, STEM), output)
        self.assertEqual(canaries.search(found, SECRET), [])
        self.assertIn("Names: ", self.audit(log, 0))
        self.assertEqual(glob.glob(self.path("*.names")), [])

    def test_hashed_names_are_nowhere(self):
        log = self.path("run.bson")
        self.record("hash", log)
        self.assertEqual(canaries.search(self.outputs(log), *self.words), [])
        self.assertEqual(glob.glob(self.path("*.names")), [])
        self.good_log(log)
        self.assertIn("which must be tokens", self.audit(log, 0))
        report = self.report(log)
        self.assertEqual(report["run"]["processes"][0]["names"], "hash")
        self.assertRegex(report["run"]["processes"][0]["program"], "^program-[0-9a-f]{16}$")
        done = support.phasetap("names", log)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assert_sentence(done.stderr, "hashed")

    def test_an_alias_is_translated_by_its_key_file(self):
        log = self.path("run.bson")
        self.record("alias", log)
        self.assertEqual(canaries.search(self.outputs(log), *self.words), [])
        keys = log + ".names"
        self.assertEqual(stat.S_IMODE(os.stat(keys).st_mode), 0o600)
        self.assertEqual(canaries.search({"keys": canaries.read(keys)}, STEM + "text", SECRET), [])
        names = self.table(log)
        self.assertLessEqual(
            {STEM + end for end in ("db", "coll", "fs", "phase", "key")}
            | {(STEM + "thread")[:15], PROGRAM, self.port},
            set(names.values()),
        )
        self.assertEqual(len(set(names.values())), len(names), "a name has two tokens")
        report = support.phasetap("report", log).stdout
        translated = json.loads(self.apply(report, log))
        self.assertEqual(translated["run"]["processes"][0]["program"], PROGRAM)
        self.assertIn(STEM + "phase", translated["phases"])
        self.assertIn("Document Masking", translated["phases"])
        # Texts of metadata have no line: they may be anything.
        self.assertEqual(
            {token.split("-")[0] for token in re.findall(TOKEN, json.dumps(translated))}, {"text"}
        )

    def table(self, *logs):
        done = support.phasetap("names", *logs)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return dict(line.split(None, 1) for line in done.stdout.splitlines())

    def apply(self, text, *logs):
        done = support.phasetap("names", "--apply", *logs, stdin=None, input=text)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_default_file_names_hide_the_program(self):
        for mode in ("alias", "hash"):
            folder = self.make_folder(mode)
            self.record(mode, folder)
            for name in os.listdir(folder):
                self.assertRegex(name, r"^program-[0-9a-f]{16}-\d{8}T\d{6}Z-\d+\.bson(\.names)?$")
            self.assertEqual(len(os.listdir(folder)), 2 if mode == "alias" else 1)

    def test_the_programs_of_one_run_have_the_same_tokens(self):
        """`phasetap run` starts a shell that starts the program twice."""
        folder = self.make_folder("logs")
        command = "'%s' '%s' %s && '%s' '%s' %s" % (2 * (self.program, self.peer.uri, STEM))
        done = support.phasetap(
            "run", "--names", "alias", "-o", folder, "--", "/bin/sh", "-c", command
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        logs = sorted(glob.glob(folder + "/*.bson"))
        self.assertEqual(len(logs), 2)
        self.assertEqual(self.table(logs[0]), self.table(logs[1]))
        # Another run has others.
        self.record("alias", self.path("alone.bson"))
        common = set(self.table(self.path("alone.bson"))) & set(self.table(logs[0]))
        self.assertEqual(common, set())

    def test_the_ring_and_a_killed_process_hide_names_too(self):
        """Without a writer everything but the beginning is in the ring, and stays there."""
        for mode in ("plain", "alias", "hash"):
            log = self.path(mode + ".bson")
            found = self.held_and_killed(mode, log, PHASETAP_WRITER="0")
            for name, data in found.items():
                hits = canaries.search({name: data}, STEM + "coll")
                if mode != "plain" or name in ("ring", "report"):
                    self.assertEqual(bool(hits), mode == "plain", (mode, name, hits))
            if mode != "plain":
                self.assertEqual(canaries.search(found, *self.words), [])

    def held_and_killed(self, mode, log, **env):
        """Outputs of a process that runs, and again when it was killed and its log completed."""
        victim = subprocess.Popen(
            [self.program, self.peer.uri, STEM, "hold"],
            env=support.clean_environment(
                LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log, PHASETAP_NAMES=mode, **env
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        support.read_line(victim.stdout, 30, "named")
        found = self.outputs(log)
        self.assertIn("ring", found)
        # The ring's header has the log's path, which the user chose.
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)
        victim.stdin.close()
        victim.stdout.close()
        done = support.phasetap("close", log)
        self.assertEqual(done.returncode, 0, done.stderr)
        found["log of the killed"] = canaries.read(log)
        return found

    def test_a_killed_process_leaves_its_key_file(self):
        """Names are in the key file as soon as their documents are in the log."""
        log = self.path("run.bson")
        self.held_and_killed("alias", log)
        tokens = {
            doc[key]
            for doc in support.read_log.Log(log).of(support.read_log.NAME)
            for key in ("database", "collection", "name")
            if re.fullmatch(TOKEN, doc.get(key, ""))
        }
        self.assertGreater(len(tokens), 4)
        self.assertLessEqual(tokens, set(self.table(log)))

    def test_a_misspelt_value_hides(self):
        log = self.path("run.bson")
        self.record("aliases", log)
        self.assertEqual(canaries.search(self.outputs(log), *self.words), [])
        self.assertEqual(self.report(log)["run"]["processes"][0]["names"], "hash")
        text = support.phasetap("summary", log).stdout
        self.assertIn("PHASETAP_NAMES is not valid", " ".join(text.split()))
        done = support.phasetap("run", "--names", "aliases", "-o", log, "--", "/bin/true")
        self.assertEqual(done.returncode, 125)

    def test_forked_children_share_their_parents_tokens(self):
        log = self.path("run.bson")
        done = support.run(
            [support.target("forks"), "both", self.peer.uri],
            output=log,
            env={"PHASETAP_NAMES": "alias"},
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        logs = sorted(glob.glob(self.path("*.bson")))
        self.assertGreater(len(logs), 1)
        tables = [self.table(one) for one in logs]
        for table in tables:
            self.assertIn("targets", table.values())
        common = set.intersection(*(set(table.items()) for table in tables))
        self.assertIn("targets", dict(common).values())

    def test_rotated_parts_share_a_key_file(self):
        log = self.path("run.bson")
        done = support.run(
            [support.target("work"), self.peer.uri, "3000"],
            output=log,
            env={"PHASETAP_NAMES": "alias", "PHASETAP_ROTATE": "64K:100"},
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        parts = glob.glob(self.path("run.*.bson"))
        self.assertGreater(len(parts), 1)
        self.assertEqual(glob.glob(self.path("*.names")), [log + ".names"])
        for part in parts:
            self.assertEqual(self.table(part), self.table(log))

    def test_a_key_file_is_never_overwritten(self):
        log = self.path("run.bson")
        self.record("alias", log)
        before = canaries.read(log + ".names")
        os.rename(log, self.path("kept.bson"))
        self.record("alias", log)
        self.assertEqual(canaries.read(log + ".names"), before)
        self.assertEqual(len(glob.glob(self.path("run-*.bson"))), 1)
        self.assertEqual(len(glob.glob(self.path("run-*.bson.names"))), 1)
        # `phasetap run -o` replaces a log, and its key file with it.
        os.rename(self.path("kept.bson"), log)
        done = support.phasetap(
            "run", "--names", "alias", "-o", log, "--", self.program, self.peer.uri, STEM
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(canaries.read(log + ".names"), before)
        self.assertIn(STEM + "coll", self.table(log).values())
        # Beside a log that has none, it is that of a log which was moved away.
        os.unlink(log)
        before = canaries.read(log + ".names")
        self.record("plain", log)
        done = support.phasetap("run", "-o", log, "--", self.program, self.peer.uri, STEM)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(canaries.read(log + ".names"), before)

    def test_without_a_key_file_an_alias_is_a_hash(self):
        """A name that is too long for a key file beside it."""
        log = self.path("x" * 245 + ".bson")
        self.record("alias", log)
        self.assertEqual(self.report(log)["run"]["processes"][0]["names"], "hash")
        self.assertEqual(self.logs_in(self.folder), sorted([self.program, log]))

    def test_audit_finds_a_name_among_tokens(self):
        log = self.path("run.bson")
        self.record("hash", log)
        data = canaries.read(log)
        token = re.search(rb"coll-[0-9a-f]{16}", data).group(0)
        with open(log, "wb") as file:
            file.write(data.replace(token, b"patients of ward 7 xx"[: len(token)]))
        text = self.audit(log, 1)
        self.assertRegex(text, r"collection +a name that is no token +1\b.*NOT IN THE SCHEMA")

    def test_names_tells_what_it_cannot_translate(self):
        plain, alias = self.path("plain.bson"), self.path("alias.bson")
        self.record("plain", plain)
        self.record("alias", alias)
        kept = self.path("elsewhere")
        os.rename(alias + ".names", kept)
        for arguments, mention in (
            ((), "--help"),
            ((plain,), "as they are"),
            ((alias,), "key file"),
            ((kept, alias), "key file"),
            ((self.path("missing"),), "missing"),
            ((self.program,), PROGRAM),
        ):
            done = support.phasetap("names", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assert_sentence(done.stderr, mention)
        self.assertIn(STEM + "coll", self.table(kept).values())
        out = self.path("run.pftrace")
        support.phasetap("export", "--format", "perfetto", alias, "-o", out)
        with open(out, "rb") as file:
            done = support.phasetap("names", "--apply", kept, stdin=file)
        self.assertEqual(done.returncode, 2)
        self.assert_sentence(done.stderr, "no text")


if __name__ == "__main__":
    unittest.main()
