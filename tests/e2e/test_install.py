# SPDX-License-Identifier: Apache-2.0
"""`cmake --install` into a prefix gives the tool, the preload object, the header and what belongs
to them, and all of it works from there; so does the Debian package.
"""

import glob
import os
import re
import shutil
import subprocess
import unittest

import support


def load_tests(loader, tests, pattern):
    """Nothing here depends on the driver of the programs that are recorded."""
    del loader, pattern
    return unittest.TestSuite() if support.DRIVER else tests


class Installed(support.EndToEnd):
    """With a prefix."""

    def setUp(self):
        super().setUp()
        self.prefix = self.path("prefix")
        self.succeed("cmake", "--install", support.BUILD, "--prefix", self.prefix)

    def succeed(self, *arguments, **more):
        """The standard output of a command that must not fail."""
        done = support.run(arguments, **more)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def files_in(self, folder):
        return sorted(
            os.path.relpath(os.path.join(place, name), folder)
            for place, _, names in os.walk(folder)
            for name in names
        )

    def installed(self):
        return self.files_in(self.prefix)

    def found(self, name, folder=None):
        """The one installed file of this name."""
        folder = folder or self.prefix
        (path,) = glob.glob(os.path.join(folder, "**", name), recursive=True)
        return path


class Install(Installed):

    def test_what_is_installed(self):
        names = self.installed()
        self.assertIn("bin/phasetap", names)
        self.assertIn("include/phasetap/phasetap.h", names)
        self.assertEqual(
            len([name for name in names if os.path.basename(name) == "libphasetap.so"]), 1
        )
        self.assertEqual(
            [name for name in names if name.startswith("include/")],
            ["include/phasetap/macros.h", "include/phasetap/phasetap.h"],
        )
        self.assertIn("share/doc/phasetap/LICENSE", names)
        for name in (
            "share/man/man1/phasetap.1",
            "share/man/man1/phasetap-run.1",
            "share/bash-completion/completions/phasetap",
            "share/fish/vendor_completions.d/phasetap.fish",
            "share/zsh/site-functions/_phasetap",
            "share/doc/phasetap/REPORT.md",
            "share/doc/phasetap/systemd/rsyslog.conf",
        ):
            self.assertIn(name, names)
        self.assertEqual([], [name for name in names if "vendor-completions" in name])
        for folder, folders, files in os.walk(self.prefix):
            self.assertTrue(folders or files, folder)
        if os.path.exists("/usr/share/common-licenses/Apache-2.0"):
            self.assertIn("share/doc/phasetap/Apache-2.0", names)

    def test_run_works_from_the_prefix(self):
        log = self.path("run.bson")
        tool = os.path.join(self.prefix, "bin", "phasetap")
        with support.Peer() as peer:
            done = support.run(
                [tool, "run", "-o", log, "--", support.target("work"), peer.uri, "10"]
            )
        self.assertEqual((done.returncode, done.stdout), (0, "failed 0\n"), done.stderr)
        self.assertEqual(self.commands_of(self.good_log(log))["insert"], 10)
        report = support.run([tool, "report", log])
        self.assertEqual(report.returncode, 0, report.stderr)

    def test_the_installed_library_is_the_one_that_is_used(self):
        tool = os.path.join(self.prefix, "bin", "phasetap")
        done = support.run([tool, "run", "--quiet", "--", "sh", "-c", "echo $LD_PRELOAD"])
        self.assertTrue(
            os.path.realpath(done.stdout.strip()).startswith(os.path.realpath(self.prefix)),
            done.stdout,
        )

    def test_the_installed_header_is_enough_for_a_program(self):
        source = self.path("program.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write("#include <phasetap/phasetap.h>\nint main(void) { return 0; }\n")
        for compiler, standard in (("cc", "-std=c11"), ("c++", "-std=c++17")):
            language = "c" if compiler == "cc" else "c++"
            subprocess.run(
                [
                    compiler,
                    standard,
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-pedantic",
                    "-x",
                    language,
                    "-I",
                    os.path.join(self.prefix, "include"),
                    source,
                    "-o",
                    self.path("program"),
                ],
                check=True,
                timeout=60,
            )
            self.assertEqual(support.run([self.path("program")]).returncode, 0)

    def test_the_library_needs_no_driver(self):
        needed = self.succeed("readelf", "-d", self.found("libphasetap.so"))
        self.assertNotIn("mongoc", needed)
        self.assertNotIn("bson", needed)

    def test_the_tool_needs_no_libbson(self):
        """Else a tool that was built in Debian 12 or 13 would not start in sid."""
        needed = self.succeed("readelf", "-d", self.found("bin/phasetap"))
        self.assertIn("libc.so", needed)
        self.assertNotIn("bson", needed)

    def test_the_line_of_the_readme(self):
        """LD_PRELOAD as README.md writes it, but for the prefix and the program."""
        with open(os.path.join(support.ROOT, "README.md"), encoding="utf-8") as file:
            (line,) = re.findall(r"^    (LD_PRELOAD=.*)$", file.read(), re.M)
        line = line.replace("/opt/phasetap", self.prefix)
        self.assertIn(self.prefix, line)
        with support.Peer() as peer:
            work = "%s '%s' 10" % (support.target("work"), peer.uri)
            line = line.replace("./masker --config prod.json", work)
            done = support.run(["sh", "-c", line], cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "failed 0\n", ""))
        self.assertEqual(self.commands_of(self.good_log(self.path("run.bson")))["insert"], 10)

    def annotates(self, program, preload):
        """The program runs alone, and its phase is in the log when the object is preloaded."""
        log = self.path("own.bson")
        self.assertEqual(self.succeed(program), "done\n")
        env = {"LD_PRELOAD": preload, "PHASETAP_OUTPUT": log}
        self.assertEqual(self.succeed(program, env=env), "done\n")
        (entry,) = self.report(log)["phases"]["Load Checkpoint"]["entries"]
        self.assertEqual(entry["metadata"], {"attempt": 1})
        self.assertEqual(entry["result_metadata"]["documents"], 7)

    def test_a_consumer_by_pkg_config(self):
        env = {"PKG_CONFIG_PATH": os.path.dirname(self.found("phasetap.pc"))}
        flags = self.succeed("pkg-config", "--cflags", "--libs", "phasetap", env=env).split()
        preload = self.succeed("pkg-config", "--variable=preload", "phasetap", env=env).strip()
        version = self.succeed("pkg-config", "--modversion", "phasetap", env=env).strip()
        self.assertEqual(support.phasetap("--version").stdout, "phasetap %s\n" % version)
        source = os.path.join(support.ROOT, "tests", "consumer", "consumer.c")
        self.succeed("cc", "-Wall", "-Werror", source, *flags, "-o", self.path("consumer"))
        self.annotates(self.path("consumer"), preload)

    def test_a_consumer_by_cmake(self):
        source = os.path.join(support.ROOT, "tests", "consumer")
        build = self.make_folder("consumer")
        prefix = "-DCMAKE_PREFIX_PATH=" + self.prefix
        self.succeed("cmake", "-S", source, "-B", build, prefix)
        self.succeed("cmake", "--build", build)
        with open(os.path.join(build, "preload"), encoding="utf-8") as file:
            preload = file.read()
        self.assertEqual(os.path.realpath(preload), os.path.realpath(self.found("libphasetap.so")))
        self.annotates(os.path.join(build, "consumer"), preload)


class Package(Installed):
    def setUp(self):
        super().setUp()
        if shutil.which("dpkg-deb") is None:
            self.skipTest("no Debian system")
        config = os.path.join(support.BUILD, "CPackConfig.cmake")
        self.succeed("cpack", "-G", "DEB", "--config", config, "-B", self.path("out"))
        (self.package,) = glob.glob(self.path("out", "*.deb"))

    def field(self, name):
        return self.succeed("dpkg-deb", "-f", self.package, name).strip()

    def test_what_it_says_and_holds(self):
        self.assertEqual(self.field("Package"), "phasetap")
        self.assertEqual(
            support.phasetap("--version").stdout, "phasetap %s\n" % self.field("Version")
        )
        needed = {word.split()[0] for word in self.field("Depends").split(", ")}
        self.assertEqual(needed - {"libncursesw6", "libtinfo6"}, {"libc6", "zlib1g"})
        self.assertEqual(self.field("Recommends"), "libcurl4 | libcurl4t64")
        root = self.path("root")
        self.succeed("dpkg-deb", "-x", self.package, root)
        held = set(self.files_in(os.path.join(root, "usr")))
        installed = set(self.installed())
        packed = {name[:-3] if name.endswith(".gz") else name for name in held}
        self.assertEqual(
            installed - packed,
            {
                "share/zsh/site-functions/_phasetap",
                "share/doc/phasetap/LICENSE",
                "share/doc/phasetap/Apache-2.0",
            },
        )
        self.assertEqual(
            packed - installed,
            {
                "share/zsh/vendor-completions/_phasetap",
                "share/doc/phasetap/copyright",
                "share/doc/phasetap/changelog",
                "share/doc/phasetap/libbson.copyright",
            },
        )
        self.records_from(os.path.join(root, "usr"))

    def records_from(self, prefix):
        log = self.path("run.bson")
        tool = os.path.join(prefix, "bin", "phasetap")
        with support.Peer() as peer:
            work = [support.target("work"), peer.uri, "10"]
            done = self.succeed(tool, "run", "-qo", log, "--", *work)
        self.assertEqual(done, "failed 0\n")
        self.assertEqual(self.commands_of(self.good_log(log))["insert"], 10)
        self.assertIn("10 documents", self.succeed(tool, "summary", "--brief", log))


if __name__ == "__main__":
    unittest.main()
