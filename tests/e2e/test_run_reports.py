# SPDX-License-Identifier: Apache-2.0
"""What the processes below `phasetap run` report, and what it says of them: reports harm nobody,
what cannot be known is not claimed, and each process's log has a name of its own.
"""

import os
import shutil
import socket
import subprocess
import unittest

import support
from run_wrapper import Wrapper, run_command


class Handshake(Wrapper):
    """Reports of the preload object touch nothing but the tool's own socket."""

    def preloaded(self, address, *command, **more):
        return support.run(
            command or ("true",),
            env={"LD_PRELOAD": support.PRELOAD, "PHASETAP_HANDSHAKE": address},
            **more,
        )

    def test_a_path_as_address_is_not_opened(self):
        victim, fifo = self.path("victim"), self.path("fifo")
        with open(victim, "w", encoding="utf-8") as file:
            file.write("keep me")
        os.mkfifo(fifo)
        with open(victim, "r+", encoding="utf-8") as held:
            for address in (
                victim,
                fifo,
                "/proc/%d/fd/%d" % (os.getpid(), held.fileno()),
                victim + ":x",
            ):
                with self.subTest(address=address):
                    done = self.preloaded(address)
                    self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        with open(victim, encoding="utf-8") as file:
            self.assertEqual(file.read(), "keep me")

    def test_a_foreign_socket_is_not_spoken_to(self):
        """A name of another kind is no address of ours."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
            server.bind("\0other-%d" % os.getpid())
            server.listen()
            server.settimeout(0)
            done = self.preloaded("other-%d:x" % os.getpid())
            self.assertEqual(done.returncode, 0)
            self.assertRaises(BlockingIOError, server.accept)

    def test_a_listener_that_does_not_read_holds_up_nobody(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
            name = "phasetap-%016x" % os.getpid()
            server.bind("\0" + name)
            server.listen(1)
            for _ in range(5):
                self.assertEqual(self.preloaded(name + ":x").returncode, 0)

    def test_a_small_file_size_limit(self):
        for limit in (0, 1):
            for program in (["true"], [support.target("work"), self.peer.uri, "3"]):
                with self.subTest(limit=limit, program=program[0]):
                    command = [
                        "prlimit",
                        "--fsize=%d" % limit,
                        *run_command("-o", self.path("none.bson")),
                        *program,
                    ]
                    self.assertEqual(support.run(command).returncode, 0)

    def test_strangers_are_not_heard(self):
        """One that does not know the secret, one that says nothing, and many."""
        strange = self.script(
            "strange.py",
            "import os, socket\n"
            "name, token = os.environ['PHASETAP_HANDSHAKE'].split(':')\n"
            "def say(*lines):\n"
            "    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
            "    s.connect('\\0' + name)\n"
            "    for line in lines:\n"
            "        try:\n"
            "            s.send(line.encode())\n"
            "        except BrokenPipeError:\n"
            "            pass  # one message is read, then the listener hangs up\n"
            "    return s\n"
            "say('x' * len(token) + ' log /etc/passwd'), say('log /etc/passwd'), say('off 6 1')\n"
            "kept = [say() for _ in range(200)]\n"
            "say(token + ' unheard of', token + ' ')\n",
        )
        done = support.phasetap("run", "-o", self.path("none.bson"), "--", "python3", strange)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertNotIn("passwd", done.stderr)
        self.assertNotIn("disabled", done.stderr)

    def test_many_processes_at_once_are_all_heard(self):
        """The listener takes what its backlog held while it had no CPU."""
        work = '"%s" "%s" 1 >/dev/null & ' % (support.target("work"), self.peer.uri)
        folder = self.make_folder("many")
        done = support.phasetap("run", "-o", folder, "--", "sh", "-c", work * 40 + "wait")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("40 logs written", done.stderr)
        self.assertEqual(len(self.logs_in(folder)), 40)


class Knowledge(Wrapper):
    """What is said when the preload object was lost or could not record."""

    def told(self, *command, status=0, output=None, env=None):
        done = support.phasetap(
            "run", "-o", output or self.path("run.bson"), "--", *command, env=env
        )
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def cannot_tell(self, text):
        self.assert_sentence(text, "cannot tell", "because")
        self.assertNotIn("no libmongoc call was seen", text)
        self.assertNotIn("written", text)

    def work(self, rounds=5):
        return [support.target("work"), self.peer.uri, str(rounds)]

    def test_a_clean_environment(self):
        text = self.told(
            "env", "-i", "PATH=" + os.environ["PATH"], "MONGOC_DISABLE_SHM=1", *self.work()
        )
        self.cannot_tell(text)
        self.assertIn("'env'", text)
        self.assertIn("'work'", text)

    def test_a_wrapper_with_a_preload_of_its_own(self):
        wrapper = self.script("wrap.sh", '#!/bin/sh\nexport LD_PRELOAD=libm.so.6\nexec "$@"\n')
        text = self.told(wrapper, *self.work())
        self.cannot_tell(text)
        self.assertIn("'wrap.sh'", text)

    def test_a_static_program(self):
        text = self.told(support.target("work_static"))
        self.cannot_tell(text)
        self.assertIn("static", text)

    def test_a_set_user_id_program(self):
        folder = self.make_folder("setuid")
        os.chmod(self.folder, 0o755)
        os.chmod(folder, 0o755)
        program = os.path.join(folder, "work")
        shutil.copy(support.target("work"), program)
        os.chown(program, 65534, 65534)
        os.chmod(program, 0o4755)
        done = support.phasetap(
            "run", "-o", self.path("run.bson"), "--", program, self.peer.uri, "2"
        )
        self.cannot_tell(done.stderr.splitlines()[-1])

    def test_switched_off(self):
        for program in (self.work(), ["true"]):
            for options, env in ((("--no-enable",), {}), ((), {"PHASETAP_ENABLE": "off"})):
                with self.subTest(program=program[0], options=options):
                    done = support.phasetap(
                        "run", *options, "-o", self.path("n.bson"), "--", *program, env=env
                    )
                    self.assert_sentence(done.stderr, "no log", "disabled the recording")
                    self.assertNotIn("no libmongoc call was seen", done.stderr)

    def test_dropped_capabilities(self):
        """A process that may not look into the tool's own folders of /proc."""
        text = self.told(support.target("wrapped"), "capabilities", self.peer.uri)
        self.assertIn("log written", text)
        self.assertNotIn("no libmongoc call", text)

    def test_another_user_and_a_folder_of_its_own(self):
        support.need_other_users(self)
        os.chmod(self.folder, 0o755)
        folder = self.make_folder("logs")
        os.chown(folder, 65534, 65534)
        text = self.told(support.target("wrapped"), "user", self.peer.uri, output=folder)
        self.assertIn("log written", text)
        (log,) = self.logs_in(folder)
        self.assertEqual(os.stat(log).st_uid, 65534)

    def test_another_user_who_cannot_write(self):
        text = self.told(
            support.target("wrapped"), "user", self.peer.uri, output=self.make_folder("logs")
        )
        self.assert_sentence(text, "user 65534", "disabled", "check --environment")
        self.assertNotIn("no libmongoc call was seen", text)

    def test_a_root_of_its_own(self):
        """The log is found below it while the process lives; later the tool says where to look."""
        root = self.make_folder("root")
        log = self.path("run.bson")
        os.makedirs(root + self.folder, 0o700)
        text = self.told(support.target("wrapped"), "chroot", self.peer.uri, root, output=log)
        self.good_log(root + log, complete=False)
        self.assertRegex(
            text, "written; next: phasetap report %s|%s.* is not there.*chroot" % (root + log, log)
        )

    def test_a_network_of_its_own(self):
        """Where the socket is not: the log that -o names is found all the same."""
        text = self.told(support.target("wrapped"), "network", self.peer.uri)
        self.assertIn("log written", text)

    def test_a_log_that_was_removed(self):
        log = self.path("run.bson")
        text = self.told("sh", "-c", '"$@"; rm "$0"', log, *self.work())
        self.assert_sentence(text, log, "is not there")

    def test_a_program_that_was_watched_to_its_end(self):
        self.assertIn("no libmongoc call was seen", self.told("true"))


class Names(Wrapper):
    """Names of logs, and outputs that are none."""

    def preloaded(self, output, env=None, status=0):
        done = support.run(
            [support.target("work"), self.peer.uri, "2"],
            env={"LD_PRELOAD": support.PRELOAD, "PHASETAP_OUTPUT": output, **(env or {})},
        )
        self.assertEqual((done.returncode, done.stdout, done.stderr), (status, "failed 0\n", ""))

    def test_one_name_and_pid_any_number_of_times(self):
        """As in containers, where every process is number 1."""
        log = self.path("run.bson")
        env = support.clean_environment(LD_PRELOAD=support.PRELOAD, PHASETAP_OUTPUT=log)
        command = [
            "unshare",
            "--pid",
            "--fork",
            "--kill-child",
            support.target("work"),
            self.peer.uri,
            "1",
        ]
        for _ in range(14):
            subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
        logs = self.logs_in(self.folder)
        self.assertEqual(len(logs), 14)
        for path in logs:
            self.assertEqual(self.commands_of(self.good_log(path))["insert"], 1)

    def test_an_output_that_is_no_file(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        before = set(os.listdir("/dev"))
        for output in ("/dev/null", fifo):
            self.preloaded(output)
        self.assertEqual(
            [name for name in set(os.listdir("/dev")) - before if name.startswith("null")], []
        )
        self.assertEqual(os.listdir(self.folder), ["fifo"])

    def test_a_home_that_does_not_exist_is_not_made(self):
        for home in ("/nonexistent-of-a-service", self.path("ghost")):
            with self.subTest(home=home):
                self.preloaded("", {"HOME": home, "XDG_STATE_HOME": None})
                done = support.phasetap(
                    "run", "--", "true", env={"HOME": home, "XDG_STATE_HOME": None}
                )
                self.assertEqual(done.returncode, 125)
                self.assert_sentence(done.stderr, home)
                self.assertFalse(os.path.exists(home))


class Sanitizer(Wrapper):
    """A program with AddressSanitizer, which wants to be the first of the loaded objects."""

    SOURCE = (
        "#include <stdlib.h>\n#include <stdio.h>\n"
        "int main(int c, char **v) { (void)v; char *p = malloc(4); p[c > 1 ? 4 : 0] = 1;\n"
        'puts("fine"); free(p); }\n'
    )

    def setUp(self):
        super().setUp()
        self.program = self.path("sanitized")
        with open(self.path("s.c"), "w", encoding="utf-8") as file:
            file.write(self.SOURCE)
        subprocess.run(
            ["gcc", "-fsanitize=address", "-o", self.program, self.path("s.c")], check=True
        )

    def test_it_runs_at_any_depth_and_still_finds_errors(self):
        for command in ([self.program], ["sh", "-c", '"$0" $1; exit $?', self.program]):
            with self.subTest(command=command):
                prefix = run_command("-o", self.path("none.bson"))
                done = support.run([*prefix, *command])
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "fine\n", ""))
                done = support.run([*prefix, *command, "wrong"])
                self.assertEqual(done.returncode, 1)
                self.assertIn("heap-buffer-overflow", done.stderr)

    def test_options_of_the_user_stay(self):
        done = support.run(
            [*run_command("-o", self.path("none.bson")), "sh", "-c", "echo $ASAN_OPTIONS"],
            env={"ASAN_OPTIONS": "exitcode=9"},
        )
        self.assertTrue(done.stdout.endswith(":exitcode=9\n"), done.stdout)


if __name__ == "__main__":
    unittest.main()
