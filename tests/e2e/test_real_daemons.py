# SPDX-License-Identifier: Apache-2.0
"""Daemons of Debian whose plugins are linked with the driver, against the real server: syslog-ng,
collectd, and kamailio, which forks its workers and gives up its privileges before they connect.
What the report counts is what the server counted and stored.
"""

import contextlib
import glob
import os
import pwd
import signal
import socket
import subprocess
import time
import unittest

import support
import test_real_programs as real

MESSAGES = 20
SIP = (
    "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:6000;branch=z9hG4bK%d\r\n"
    "From: <sip:b@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: %d@x\r\n"
    "CSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n"
)


def load_tests(loader, tests, pattern):
    """As in test_real_programs."""
    return real.load_tests(loader, tests, pattern)


class Daemon(real.Programs):
    """One life of a daemon in the foreground."""

    program = None

    def setUp(self):
        super().setUp()
        if not glob.glob(os.path.join(self.root, self.program)):
            self.skipTest("this suite has no " + self.program)
        self.folder_of_logs = self.make_folder("logs")

    def settings(self):
        return support.clean_environment(
            LD_LIBRARY_PATH=":".join(
                (self.libraries, os.path.join(self.root, "usr", "lib", "syslog-ng"))
            ),
            LD_PRELOAD=support.PRELOAD,
            PHASETAP_OUTPUT=self.folder_of_logs,
        )

    def start(self, *arguments):
        with open(self.path("stderr"), "wb") as errors:
            process = subprocess.Popen(
                [self.found(self.program), *arguments],
                env=self.settings(),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def stored(self, collection):
        return self.client[self.database][collection]

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        status = process.wait(30)
        with open(self.path("stderr"), encoding="utf-8", errors="replace") as file:
            self.assertEqual(status, 0, file.read())

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def send(self, count, address, text):
        kind = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        with socket.socket(kind, socket.SOCK_DGRAM) as sender:
            for number in range(count):
                sender.sendto(text(number).encode(), address)

    def check_inserts(self, served):
        """One run, with as many inserts as the server counted."""
        report = self.report(self.folder_of_logs)
        inserts = served.counts["insert"]
        self.assertEqual(report["commands"]["insert"]["count"], inserts)
        phase = report["phases"]["Document Insertion"]
        self.assertEqual((phase["count"], phase["failed"]), (inserts, 0))
        self.assertGreater(report["phases"]["Database Connection"]["count"], 0)
        self.assert_nothing_lost(report)
        return report

    def answers_if_it_loads(self, plugin):
        """The folders compiled into the program are the machine's, not the test's: any answer that
        names no wrong plugin."""
        done = support.run(
            [support.PHASETAP, "check", self.found(self.program)],
            env={"LD_LIBRARY_PATH": self.settings()["LD_LIBRARY_PATH"]},
        )
        self.assertIn(done.returncode, (1, 3), done.stdout)
        self.assertEqual(done.returncode == 3, plugin in done.stdout, done.stdout)


class SyslogNg(Daemon):
    program = "usr/sbin/syslog-ng"

    def test_messages(self):
        (modules,) = glob.glob(os.path.join(self.root, "usr/lib/syslog-ng/*.*/"))
        version = os.path.basename(os.path.dirname(modules))
        configuration = self.write(
            "syslog-ng.conf",
            "@version: %s\noptions { stats-freq(0); };\n"
            'source s { unix-dgram("%s"); };\n'
            'destination d { mongodb(uri("%s%s") collection("messages")); };\n'
            "log { source(s); destination(d); };\n"
            % (version, self.path("log.sock"), support.server_uri(), self.database),
        )
        with real.Served() as served:
            process = self.start(
                "-F", "--no-caps", "-f", configuration, "-p", self.path("pid"),
                "-R", self.path("persist"), "-c", self.path("ctl"), "--module-path=" + modules,
            )
            support.wait_for(lambda: os.path.exists(self.path("log.sock")), 20, "its socket")
            self.send(MESSAGES, self.path("log.sock"), "<13>Oct 11 22:14:15 a[1]: batch {}".format)
            stored = self.stored("messages")
            support.wait_for(lambda: stored.count_documents({}) >= MESSAGES, 30, "documents")
            self.stop(process)
        report = self.check_inserts(served)
        self.assertEqual(report["phases"]["Document Insertion"]["documents"], MESSAGES)
        self.assertEqual(report["run"]["ended"], "exit")
        self.answers_if_it_loads("afmongodb")


class Collectd(Daemon):
    program = "usr/sbin/collectd"

    def test_values(self):
        host, port = support.server_uri().split("/")[2].split(":")
        configuration = self.write(
            "collectd.conf",
            'BaseDir "%s"\nPIDFile "%s"\nPluginDir "%s"\nTypesDB "%s"\nInterval 0.05\n'
            "LoadPlugin load\nLoadPlugin write_mongodb\n<Plugin write_mongodb>\n"
            '  <Node "test">\n    Host "%s"\n    Port "%s"\n  </Node>\n</Plugin>\n'
            % (
                self.folder,
                self.path("pid"),
                os.path.join(self.root, "usr/lib/collectd"),
                self.write("types.db", "load shortterm:GAUGE:0:5000, midterm:GAUGE:0:5000, "
                           "longterm:GAUGE:0:5000\n"),
                host,
                port,
            ),
        )
        with real.Served() as served:
            process = self.start("-f", "-C", configuration)
            stored = self.client["collectd"]["load"]  # the plugin knows no other
            self.addCleanup(self.client.drop_database, "collectd")
            support.wait_for(lambda: stored.count_documents({}) >= MESSAGES, 60, "its values")
            self.stop(process)
        report = self.check_inserts(served)
        self.assertEqual(
            report["phases"]["Document Insertion"]["documents"], stored.count_documents({})
        )
        self.answers_if_it_loads("write_mongodb")


class Kamailio(Daemon):
    program = "usr/sbin/kamailio"

    def free_port(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def drop(self):
        """Options to become another user, who owns the folder of the logs."""
        if os.geteuid() != 0:
            return []
        nobody = pwd.getpwnam("nobody")
        os.chmod(self.folder, 0o755)
        os.chown(self.folder_of_logs, nobody.pw_uid, nobody.pw_gid)
        return ["-u", "nobody", "-g", str(nobody.pw_gid)]

    def settled(self, stored):
        """Number of documents, once it does not change any more; None before."""
        before = stored.count_documents({})
        return before if stored.count_documents({}) == before else None

    def live_inserts(self):
        report = self.report(self.folder_of_logs)
        return report["commands"].get("insert", {"count": 0})["count"]

    def call(self, port, stored, number):
        """One request, until its document is there. Before the workers listen it is lost."""
        before = stored.count_documents({})
        deadline = time.monotonic() + 30
        while stored.count_documents({}) == before:
            self.assertLess(time.monotonic(), deadline)
            with contextlib.suppress(ConnectionRefusedError, RuntimeError):
                self.send(1, ("127.0.0.1", port), lambda _: SIP % (number, number))
                support.wait_for(lambda: stored.count_documents({}) > before, 2, "its document")

    def test_workers_of_another_user(self):
        if os.geteuid() == 0:
            support.need_other_users(self)
        port = self.free_port()
        configuration = self.write(
            "kamailio.cfg",
            "#!KAMAILIO\ndebug=1\nlog_stderror=yes\nchildren=2\nlisten=udp:127.0.0.1:%d\n"
            'mpath="%s/kamailio/modules/"\nloadmodule "ndb_mongodb.so"\n'
            "modparam(\"ndb_mongodb\", \"server\", \"name=x;uri='%s%s'\")\n"
            'request_route {\n  mongodb_cmd_simple("x", "%s", "calls", '
            '"{ \\"insert\\": \\"calls\\", \\"documents\\": [ { \\"a\\": 1 } ] }", "res");\n'
            "  exit;\n}\n"
            % (port, self.libraries, support.server_uri(), self.database, self.database),
        )
        with real.Served() as served:
            process = self.start(
                "-DD", "-E", "-f", configuration, *self.drop(), "-Y", self.folder_of_logs,
                "-P", self.path("pid"), "-m", "16", "-M", "4",
            )
            stored = self.stored("calls")
            # One after the other: what waits in the socket would be taken while the daemon ends.
            for number in range(MESSAGES):
                self.call(port, stored, number)
            # live, too; a worker that is ended inside a call has not completed it
            support.wait_for(lambda: self.live_inserts() == self.settled(stored), 30, "all calls")
            self.stop(process)
        for path in glob.glob(os.path.join(self.folder_of_logs, "kamailio_*")):
            os.unlink(path)
        report = self.check_inserts(served)
        self.assertEqual(
            report["phases"]["Document Insertion"]["documents"], stored.count_documents({})
        )
        if os.geteuid() == 0:
            self.assertEqual(
                {os.stat(path).st_uid for path in self.logs_in(self.folder_of_logs)},
                {pwd.getpwnam("nobody").pw_uid},
            )
        self.answers_if_it_loads("mongodb.so")


class DropIns(support.HostCase):
    """The files for systemd: their folders are good for the users that the daemons become."""

    def keys(self, path):
        """Keys of [Service]; those of Environment= by their own names."""
        found = {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                key, equal, value = line.strip().partition("=")
                if key == "Environment":
                    key, equal, value = value.partition("=")
                if equal and not key.startswith("#"):
                    found[key] = value
        return found

    def test_logs_of_root_and_of_another_user(self):
        support.need_other_users(self)
        if os.geteuid() != 0:
            self.skipTest("needs root, to be another user")
        os.chmod(self.folder, 0o755)
        paths = glob.glob(os.path.join(support.ROOT, "docs", "systemd", "*.conf"))
        self.assertEqual(len(paths), 4)
        for path in paths:
            with self.subTest(path=path):
                keys = self.keys(path)
                name = keys["LogsDirectory"]
                self.assertEqual(keys["PHASETAP_OUTPUT"], "/var/log/" + name)
                self.assertTrue(keys["LD_PRELOAD"].endswith("/libphasetap.so"))
                folder = self.make_folder(name)
                os.chmod(folder, int(keys["LogsDirectoryMode"], 8))
                owned = keys["LogsDirectoryMode"] == "0700"
                if owned:  # by the unit's User=
                    os.chown(folder, 65534, 65534)
                for mode in ("user",) if owned else ("user", "capabilities"):
                    done = support.run(
                        [support.target("wrapped"), mode, self.peer.uri], output=folder
                    )
                    self.assertEqual(done.returncode, 0, done.stderr)
                users = {os.stat(log).st_uid for log in self.logs_in(folder)}
                self.assertEqual(users, {65534} if owned else {0, 65534})


if __name__ == "__main__":
    unittest.main()
