# SPDX-License-Identifier: Apache-2.0
"""`phasetap check` reads files and executes nothing of them, and finds the libraries that the
dynamic loader finds.

The driver here is an empty library of its name. Each layout is also given to the loader itself
(`ld.so --list`), which is safe with files of our own: both must name the same file."""

import os
import re
import unittest

import support

DRIVER = "libmongoc-1.0.so.0"
EMPTY = "int phasetap_test_empty;\n"
MAIN = "int main(void) { return 0; }\n"
# Leaves a file behind when its code runs, in whatever process.
TRACE = """
#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void leave_trace(void)
{
    close(open("%s", O_CREAT | O_WRONLY, 0600));
}
unsigned la_version(unsigned version)
{
    leave_trace();
    return version;
}
"""


class Files(support.EndToEnd):
    def build(self, name, source, *options):
        """A program, or a library when -shared is among the options."""
        path = self.path(*name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if "-shared" in options:
            options = ("-fPIC", "-Wl,-soname," + os.path.basename(name), *options)
        done = support.run(
            ["cc", "-x", "c", "-", "-x", "none", "-Wl,--no-as-needed", *options, "-o", path],
            input=source,
            stdin=None,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def check(self, path, **more):
        done = support.phasetap("check", path, **more)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.stdout

    def listed(self, program, **more):
        """The driver's path, as the loader finds it; None when it finds none."""
        loader = re.search(
            r"program interpreter: (\S+)\]", support.run(["readelf", "-lW", program]).stdout
        ).group(1)
        text = support.run([loader, "--list", program], **more).stdout
        found = re.search(re.escape(DRIVER) + r" => (/\S+) \(0x", text)
        return os.path.realpath(found.group(1)) if found else None

    def found(self, program, **more):
        found = re.search(r"driver: \S+ \((\S+)\)", self.check(program, **more))
        return os.path.realpath(os.path.join(self.folder, found.group(1))) if found else None

    def agree(self, program, expected, **more):
        """`expected` is a folder below the test's, or None."""
        wanted = os.path.realpath(self.path(expected, DRIVER)) if expected else None
        self.assertEqual(self.listed(program, **more), wanted)
        self.assertEqual(self.found(program, **more), wanted)

    def test_audit_libraries_are_named_and_not_run(self):
        trace = self.path("trace")
        evil = self.build("evil.so", TRACE % trace, "-shared")
        program = self.build("program", MAIN, "-Wl,--audit=" + evil)
        plugin = self.build("plugin.so", EMPTY, "-shared", "-Wl,--audit=" + evil)
        depending = self.build("depending", MAIN, "-Wl,--depaudit=" + evil)
        for path in (program, plugin, depending):
            with self.subTest(path=path):
                self.assertIn("audit library: " + evil, self.check(path))
                self.assertFalse(os.path.exists(trace), "its code was run")
        support.run([program])
        self.assertTrue(os.path.exists(trace), "the trap does not work, so the test shows nothing")

    def test_constructors_and_loaders_are_not_run(self):
        trace = self.path("trace")
        self.build(DRIVER, TRACE % trace, "-shared")
        loader = self.build("loader", TRACE % trace + MAIN)
        for name, more in (("linked", []), ("odd", ["-Wl,--dynamic-linker=" + loader])):
            program = self.build(
                name, MAIN, self.path(DRIVER), "-Wl,-rpath," + self.folder, *more
            )
            self.assertIn("driver: " + DRIVER, self.check(program))
            self.assertFalse(os.path.exists(trace))

    def test_folders_of_the_program(self):
        for folder in ("libs", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"):
            driver = self.build(folder + "/" + DRIVER, EMPTY, "-shared")
        driver = self.path("libs", DRIVER)
        for tag in ("-Wl,--disable-new-dtags", "-Wl,--enable-new-dtags"):
            for number, (rpath, expected) in enumerate(
                (
                    (self.path("libs"), "libs"),
                    ("/nowhere:$ORIGIN/libs", "libs"),
                    ("${ORIGIN}/libs", "libs"),
                    ("$ORIGINAL/libs", None),
                    ("$ORIGIN/$LIB", os.path.join("lib", os.uname().machine + "-linux-gnu")),
                    ("$ORIGIN/none", None),
                )
            ):
                with self.subTest(tag=tag, rpath=rpath):
                    name = "program%d%s" % (number, tag[-11:-9])
                    program = self.build(name, MAIN, driver, tag, "-Wl,-rpath," + rpath)
                    if expected is None and os.path.exists(self.system_driver()):
                        self.assertEqual(self.found(program), self.listed(program))
                    else:
                        self.agree(program, expected)

    def system_driver(self):
        return "/usr/lib/%s-linux-gnu/%s" % (os.uname().machine, DRIVER)

    def test_the_environment_is_between_rpath_and_runpath(self):
        for folder in ("one", "two"):
            self.build(folder + "/" + DRIVER, EMPTY, "-shared")
        rpath, driver = "-Wl,-rpath," + self.path("one"), self.path("one", DRIVER)
        env = {"LD_LIBRARY_PATH": "/nowhere;" + self.path("two")}
        old = self.build("old", MAIN, driver, rpath, "-Wl,--disable-new-dtags")
        new = self.build("new", MAIN, driver, rpath, "-Wl,--enable-new-dtags")
        self.agree(old, "one", env=env)
        self.agree(new, "two", env=env)
        self.agree(new, "one")

    def test_only_rpath_is_inherited(self):
        """The driver is needed by a library that says nothing of its folder."""
        driver = self.build("deep/" + DRIVER, EMPTY, "-shared")
        middle = self.build("libs/libmiddle.so", EMPTY, "-shared", driver)
        folders = "-Wl,-rpath,%s:%s" % (self.path("libs"), self.path("deep"))
        loose = "-Wl,--allow-shlib-undefined"
        old = self.build("old", MAIN, middle, folders, "-Wl,--disable-new-dtags", loose)
        self.agree(old, "deep")
        new = self.build("new", MAIN, middle, folders, "-Wl,--enable-new-dtags", loose)
        self.assertEqual(self.found(new), self.listed(new))

    def test_libraries_that_need_each_other(self):
        first = self.build("libfirst.so", EMPTY, "-shared")
        second = self.build("libsecond.so", EMPTY, "-shared", first)
        self.build("libfirst.so", EMPTY, "-shared", second, "-Wl,-rpath,$ORIGIN")
        program = self.build("program", MAIN, first, "-Wl,-rpath," + self.folder)
        self.assertIn("not linked with libmongoc", self.check(program))

    def test_the_cache_and_what_is_missing(self):
        program = self.build("program", MAIN, "-lm")
        text = self.check(program)
        self.assertNotIn("missing library", text)
        gone = self.build("libgone.so", EMPTY, "-shared")
        program = self.build("program", MAIN, gone)
        os.unlink(gone)
        self.assertIn("missing library: libgone.so", self.check(program))

    def depends(self, path, status=3):
        """Exit status and text of a check whose answer may depend on what is loaded or started."""
        done = support.phasetap("check", path)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        return done.stdout

    def host_of(self, name, folder):
        """A program into which the folder of its plugins is compiled."""
        return self.build(name, 'const char *plugins = "%s";\n%s' % (folder, MAIN))

    def test_plugins_that_bring_the_driver_along(self):
        trace = self.path("trace")
        driver = self.build("libs/" + DRIVER, EMPTY, "-shared")
        self.build("plugins/plain.so", EMPTY, "-shared")
        host = self.host_of("host", self.path("plugins"))
        self.depends(host, status=1)
        plugin = self.build("plugins/more/uses.so", TRACE % trace, "-shared", driver)
        text = self.depends(host)
        self.assertIn("plugin: %s (linked with libmongoc)" % plugin, text)
        self.assertNotIn("plain.so", text)
        self.assertEqual(text.count("plugin: "), 1)
        self.assertFalse(os.path.exists(trace))

    def test_plugins_of_plugins(self):
        """As PHP is a module of a server and has extensions of its own."""
        driver = self.build("libs/" + DRIVER, EMPTY, "-shared")
        self.build("extensions/uses.so", EMPTY, "-shared", driver)
        source = 'const char *own = "%s";\n' % self.path("extensions")
        self.build("modules/language.so", source, "-shared")
        # the folder stands in a list, and as that of a file
        host = self.host_of("host", "/nowhere:" + self.path("modules", "first.so"))
        self.assertIn(self.path("extensions", "uses.so"), self.depends(host))

    def test_a_plugin_with_a_copy_that_cannot_be_seen(self):
        message = "Cannot set callbacks on a pooled client, " + (
            "use mongoc_client_pool_set_apm_callbacks"
        )
        self.build("plugins/hidden.so", 'const char *text = "%s";\n' % message, "-shared")
        host = self.host_of("host", self.path("plugins"))
        self.assertIn("static copy", self.depends(host, status=1))

    def script(self, name, text):
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)
        return path

    def test_scripts_and_what_they_start(self):
        driver = self.build("libs/" + DRIVER, EMPTY, "-shared")
        program = self.build("program", MAIN, driver, "-Wl,-rpath," + self.path("libs"))
        wrapper = self.script("wrapper", '#!/bin/sh\n# one\nA=1 exec "%s" "$@"\n' % program)
        text = self.depends(wrapper)
        self.assertIn("names: " + program, text)
        self.assertNotIn("environment:", text)
        cleaner = self.script("cleaner", "#!/bin/sh\nenv -i %s\n" % program)
        self.assertIn("environment:", self.depends(cleaner))
        comment = self.script("comment", "#!/bin/sh\n# %s\ntrue\n" % program)
        self.assertNotIn("names:", self.depends(comment))
        unknown = self.script("unknown", '#!/bin/sh\nexec "$PROGRAM"\n')
        self.assertIn("is a script", self.depends(unknown))

    def test_names_that_are_no_files(self):
        """A pipe or device as a library is not opened."""
        fifo = self.path("libfifo.so")
        self.build("libfifo.so", EMPTY, "-shared")
        program = self.build("program", MAIN, fifo, "-Wl,-rpath," + self.folder)
        os.unlink(fifo)
        os.mkfifo(fifo)
        self.assertIn("missing library: libfifo.so", self.check(program, timeout=20))


if __name__ == "__main__":
    unittest.main()
