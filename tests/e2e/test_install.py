# SPDX-License-Identifier: Apache-2.0
"""`cmake --install` into a prefix gives the tool, the preload object and the header, and `phasetap
run` works from there.
"""

import glob
import os
import subprocess
import unittest

import support


class Install(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.prefix = self.path("prefix")
        done = support.run(["cmake", "--install", support.BUILD, "--prefix", self.prefix])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def installed(self):
        return sorted(
            os.path.relpath(os.path.join(folder, name), self.prefix)
            for folder, _, names in os.walk(self.prefix)
            for name in names
        )

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
        (library,) = glob.glob(os.path.join(self.prefix, "**", "libphasetap.so"), recursive=True)
        done = support.run(["readelf", "-d", library])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("mongoc", done.stdout)
        self.assertNotIn("bson", done.stdout)


if __name__ == "__main__":
    unittest.main()
