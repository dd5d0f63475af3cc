# SPDX-License-Identifier: Apache-2.0
"""`phasetap check --environment`: each circumstance that keeps a process from recording is found
and named, with what to do; and a process in it records nothing indeed.
"""

import os
import resource
import shutil
import subprocess
import unittest

import support

AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


class Environment(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer().__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.tool = [support.PHASETAP, "check", "--environment"]

    def check(self, status, *mentions, prefix=(), program=(), env=None, **more):
        done = support.run([*prefix, *self.tool, *program], env=env, **more)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        for mention in mentions:
            self.assertRegex(done.stdout, mention)
        for line in done.stdout.splitlines()[:-1]:
            self.assertRegex(line, "^(ok|note|problem): ")
        problems = [line for line in done.stdout.splitlines() if line.startswith("problem: ")]
        self.assertEqual(status, 1 if problems else 0)
        return done.stdout

    def records(self, env, **more):
        """Whether the driver's program leaves a log in the test's folder under these settings."""
        env = {"LD_PRELOAD": support.PRELOAD, **env}
        done = support.run([support.target("work"), self.peer.uri, "2"], env=env, **more)
        self.assertEqual((done.returncode, done.stdout), (0, "failed 0\n"))
        logs = [name for _, _, files in os.walk(self.folder) for name in files if ".bson" in name]
        return bool(logs)

    def problem(self, env, *mentions, **more):
        self.check(1, *mentions, env=env, **more)
        self.assertFalse(self.records(env, **more))

    def test_nothing_wrong(self):
        env = {"PHASETAP_OUTPUT": self.make_folder("logs"), "LD_PRELOAD": support.PRELOAD}
        self.check(
            0, "ok: logs go into '%s'" % env["PHASETAP_OUTPUT"], "nothing here keeps", env=env
        )
        self.assertTrue(self.records(env))

    def test_folders(self):
        os.makedirs(self.path("open"))
        os.chmod(self.path("open"), 0o777)
        os.makedirs(self.path("open/below"))
        os.chmod(self.path("open/below"), 0o700)
        os.makedirs(self.path("foreign"))
        os.chown(self.path("foreign"), 12345, 12345)
        for name, mention in (
            ("missing/run.bson", "problem: .*missing.*No such file"),
            ("open", "problem: others can write into .*0777.*chmod"),
            ("open/below", "problem: everybody can write into '%s'.*chmod" % self.path("open")),
            ("open/below/run.bson", "problem: everybody can write into .*open"),
            ("foreign", "problem: .*foreign.* belongs to user 12345"),
        ):
            with self.subTest(output=name):
                self.problem({"PHASETAP_OUTPUT": self.path(name)}, mention)

    def test_an_output_that_is_no_file(self):
        self.problem({"PHASETAP_OUTPUT": "/dev/null"}, "problem: .*/dev/null.*neither")

    def test_a_home_that_does_not_exist(self):
        home = self.path("ghost")
        env = {"HOME": home, "XDG_STATE_HOME": None}
        self.problem(env, "problem: HOME names '%s', which does not exist" % home)
        self.assertFalse(os.path.exists(home))
        env = {"HOME": None, "XDG_STATE_HOME": None}
        self.problem(env, "problem: there is no folder for logs")

    def test_a_read_only_and_a_full_disk(self):
        for name, options in (("ro", "ro"), ("full", "size=64k")):
            with self.subTest(disk=name):
                folder = self.make_folder(name)
                mount = ["mount", "-t", "tmpfs", "-o", options + ",mode=0700", "tmpfs", folder]
                subprocess.run(mount, check=True)
                self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
                mention = "read-only" if name == "ro" else "is full"
                self.check(1, "problem: .*" + mention, env={"PHASETAP_OUTPUT": folder})

    def test_another_user(self):
        """The same folder, looked at by the user that a service runs as."""
        support.need_other_users(self)
        tool = self.path("phasetap")
        shutil.copy(support.PHASETAP, tool)
        self.tool[0] = tool
        folder = self.make_folder("logs")
        env = {"PHASETAP_OUTPUT": folder}
        self.check(
            1,
            r"problem: this user \(65534\) cannot write.*LogsDirectory",
            prefix=AS_NOBODY,
            env=env,
        )
        os.chown(folder, 65534, 65534)
        self.check(0, "ok: logs go into", prefix=AS_NOBODY, env=env)

    def test_what_the_loader_is_to_load(self):
        output = {"PHASETAP_OUTPUT": self.make_folder("logs")}
        text, other = self.path("libphasetap.so"), self.path("other", "libphasetap.so")
        with open(text, "w", encoding="utf-8") as file:
            file.write("no object")
        os.makedirs(self.path("other"))
        shutil.copy(support.PRELOAD, other)
        with open(other, "r+b") as file:
            file.seek(18)  # e_machine
            file.write(b"\x15\x00")
        for path, mention in (
            (text, "problem: LD_PRELOAD names .*no shared object"),
            (other, "problem: LD_PRELOAD names .*another architecture"),
            (self.path("none", "libphasetap.so"), "problem: LD_PRELOAD names .*No such file"),
        ):
            with self.subTest(path=path):
                # The loader that starts the tool complains too.
                done = support.run(self.tool, env={**output, "LD_PRELOAD": path})
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertRegex(done.stdout, mention)
        self.check(0, "note: LD_PRELOAD is not set", env=output)
        self.check(1, "LD_PRELOAD is set, but not to", env={**output, "LD_PRELOAD": "libm.so.6"})

    def test_a_set_user_id_program(self):
        program = self.path("work")
        shutil.copy(support.target("work"), program)
        output = {"PHASETAP_OUTPUT": self.make_folder("logs")}
        self.check(0, "ok: of .*linked with libmongoc", program=[program], env=output)
        os.chown(program, 65534, 65534)
        os.chmod(program, 0o4755)
        self.check(1, "problem: of .*raised privileges", program=[program], env=output)

    def test_switched_off(self):
        env = {"PHASETAP_OUTPUT": self.make_folder("logs"), "PHASETAP_ENABLE": "off"}
        self.problem(env, "problem: PHASETAP_ENABLE")

    def test_a_file_size_limit(self):
        env = {"PHASETAP_OUTPUT": self.make_folder("logs")}
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        self.problem(env, "problem: RLIMIT_FSIZE", preexec_fn=limit)
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))
        self.check(0, "note: RLIMIT_FSIZE .*private memory", env=env, preexec_fn=limit)

    def test_a_ring_larger_than_files_may_be_is_in_private_memory(self):
        log = self.path("run.bson")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))
        with support.Peer() as peer:
            support.run([support.target("work"), peer.uri, "2"], output=log, preexec_fn=limit)
        self.assertEqual(self.good_log(log).manifest["ring_place"], "memory")

    def test_an_address_space_limit(self):
        env = {"PHASETAP_OUTPUT": self.make_folder("logs")}
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
        self.check(0, "note: RLIMIT_AS leaves 200 MiB", env=env, preexec_fn=limit)

    def test_process_1_of_a_container(self):
        env = {"PHASETAP_OUTPUT": self.make_folder("logs")}
        support.need_own_mounts(self)
        prefix = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self.check(0, "note: this is a container, and process 1 of it", prefix=prefix, env=env)

    def test_wrong_use(self):
        for program in (["a", "b"], [self.path("missing")]):
            done = support.run([*self.tool, *program])
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assert_sentence(done.stderr, "check")


if __name__ == "__main__":
    unittest.main()
