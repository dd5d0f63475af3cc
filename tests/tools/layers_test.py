#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tests/tools/layers_test.py: tools/layers accepts a small tree that keeps the rules, and reports
each way of breaking them: every test plants one fault in a tree of its own and builds it with cc.
"""

import os
import subprocess
import sys
import tempfile
import unittest

LAYERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "layers")

# low <- high in src, and one file in preload.
TREE = {
    "src/LAYERS": "# from the bottom up\nlow:\nhigh: low\n",
    "src/low/number.h": "int pt_number(void);\n",
    "src/low/number.c": '#include "low/number.h"\nint pt_number(void) { return 1; }\n',
    "src/high/sum.h": "struct pt_sum {\n    int of;\n};\nint pt_sum(void);\n",
    "src/high/sum.c": '#include "high/sum.h"\n#include "low/number.h"\n'
    "int pt_sum(void) { return pt_number(); }\n",
    "preload/LAYERS": "base:\n",
    "preload/base/clock.h": "int pt_clock(void);\n",
    "preload/base/clock.c": '#include "base/clock.h"\nint pt_clock(void) { return 2; }\n',
}


class Layers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="phasetap-layers-")
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        for path, text in TREE.items():
            self.write(path, text)

    def write(self, path, text, mode="w"):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, encoding="utf-8") as file:
            file.write(text)

    def add(self, path, text):
        self.write(path, text, "a")

    def build(self):
        """Object files where CMake puts them: build/HALF/CMakeFiles/TARGET.dir/FOLDER/NAME.c.o."""
        for half in ("src", "preload"):
            top = os.path.join(self.root, half)
            out = os.path.join(self.root, "build", half, "CMakeFiles", "parts.dir")
            for folder, _, names in os.walk(top):
                made = os.path.join(out, os.path.relpath(folder, top))
                os.makedirs(made, exist_ok=True)
                for name in (name for name in names if name.endswith(".c")):
                    source, built = os.path.join(folder, name), os.path.join(made, name + ".o")
                    subprocess.run(["cc", "-I", top, "-c", source, "-o", built], check=True)

    def check(self, *arguments, build=True):
        if build:
            self.build()
        command = [sys.executable, LAYERS, "--root", self.root, "--build", self.root + "/build"]
        return subprocess.run(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )

    def assert_fault(self, *sentences):
        done = self.check()
        self.assertEqual(done.stderr.splitlines(), list(sentences))
        self.assertEqual(done.returncode, 1)

    def test_a_tree_that_keeps_the_rules(self):
        done = self.check()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_picture(self):
        done = self.check("--picture", "src")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(
            [line.strip() for line in done.stdout.splitlines()],
            [
                "src: 2 folders, 4 files, 10 lines",
                "low          2 files     3 lines; uses none",
                "high         2 files     7 lines; uses low 1",
                "circles of files: 0",
            ],
        )

    def test_a_forbidden_include(self):
        self.write("src/low/more.h", '#include "high/sum.h"\n')
        self.assert_fault("src/low/more must not use high/sum: #include")

    def test_a_forbidden_symbol_without_an_include(self):
        self.add("src/low/number.c", "int pt_sum(void);\nint pt_use(void) { return pt_sum(); }\n")
        self.assert_fault(
            "src/low/number must not use high/sum: pt_sum",
            "src: circle of 2 files: high/sum low/number",
        )

    def test_a_circle_by_symbols(self):
        call = "int pt_%s(void);\nint pt_%s(void) { return pt_%s(); }\n"
        self.write("src/low/a.c", call % ("b", "a", "b"))
        self.write("src/low/b.c", call % ("c", "b", "c"))
        self.write("src/low/c.c", call % ("a", "c", "a"))
        self.assert_fault("src: circle of 3 files: low/a low/b low/c")

    def test_a_circle_of_an_include_and_a_symbol(self):
        self.add("src/low/number.h", "int pt_twice(void);\n")
        self.add("src/low/number.c", "int pt_once(void) { return pt_twice(); }\n")
        text = '#include "low/number.h"\nint pt_twice(void) { return 2; }\n'
        self.write("src/low/twice.c", text)
        self.assert_fault("src: circle of 2 files: low/number low/twice")

    def test_a_folder_that_the_table_lacks(self):
        self.write("src/new/thing.h", "\n")
        self.assert_fault("src/new: this folder is not in src/LAYERS")

    def test_a_folder_on_two_lines_of_the_table(self):
        self.write("src/LAYERS", "low:\nmiddle:\nhigh: low\nhigh: middle\n")
        self.write("src/middle/more.h", "\n")
        self.add("src/high/sum.h", '#include "middle/more.h"\n')
        self.assertEqual(self.check().returncode, 0)

    def test_a_table_that_points_upwards(self):
        self.write("src/LAYERS", "low: high\nhigh: low\n")
        self.assert_fault("src/LAYERS: low may only use folders listed above it, not high")

    def test_a_header_of_one_name_in_both_halves(self):
        self.write("src/low/clock.h", "\n")
        self.assert_fault(
            "clock.h has two meanings: preload/base/clock.h and src/low/clock.h"
        )

    def test_a_struct_and_a_function_of_one_name_in_both_halves(self):
        self.add("preload/base/clock.h", "struct pt_sum {\n    long all;\n};\n")
        self.add("preload/base/clock.c", "int pt_number(void) { return 3; }\n")
        self.assert_fault(
            "pt_number() has two meanings: preload/base/clock and src/low/number",
            "struct pt_sum has two meanings: preload/base/clock.h and src/high/sum.h",
        )

    def test_a_source_that_was_not_built(self):
        self.build()
        self.write("src/low/late.c", "int pt_late(void) { return 4; }\n")
        done = self.check(build=False)
        self.assertEqual(
            done.stderr, "src/low/late.c: there is no object file of it; build first\n"
        )
        self.assertEqual(done.returncode, 1)

    def test_wrong_usage(self):
        self.assertEqual(self.check("tools").returncode, 2)
        done = self.check("--build", self.root + "/nowhere")
        self.assertEqual(done.returncode, 2)
        self.assertIn("build first", done.stderr)


if __name__ == "__main__":
    unittest.main()
