# SPDX-License-Identifier: Apache-2.0
"""What a profiled program of one thread has more than the program alone: address space, resident
memory, threads, descriptors. The kernel's figures; none depends on time.
"""

import os
import unittest

import connecting
import support

ADDRESS_SPACE_KIB = 8 * 1024  # the README says so
RESIDENT_KIB = 1024
INSERTS = 50


class Alone(connecting.Steps):
    """The same program without the preload object."""

    def __init__(self, log):
        preload, support.PRELOAD = support.PRELOAD, ""
        try:
            super().__init__(log)
        finally:
            support.PRELOAD = preload


class Memory(support.EndToEnd):
    def status(self, make):
        """Of the program behind some inserts: KiB by key of /proc/PID/status, descriptors."""
        with support.Peer("--store") as peer, make(self.path("%s.bson" % make.__name__)) as steps:
            steps.all("client " + peer.uri, *["insert"] * INSERTS)
            folder = "/proc/%d" % steps.process.pid
            with open(folder + "/status", encoding="ascii") as file:
                lines = dict(line.split(":", 1) for line in file)
            descriptors = len(os.listdir(folder + "/fd"))
        keys = ("VmSize", "RssAnon", "RssShmem", "Threads")
        return {key: int(lines[key].split()[0]) for key in keys}, descriptors

    def test_one_thread(self):
        (alone, descriptors), (profiled, more) = self.status(Alone), self.status(connecting.Steps)
        added = {key: profiled[key] - alone[key] for key in alone}
        self.assertLess(added["VmSize"], ADDRESS_SPACE_KIB)
        self.assertLess(added["RssAnon"] + added["RssShmem"], RESIDENT_KIB)
        self.assertEqual((added["Threads"], more), (1, descriptors))


if __name__ == "__main__":
    unittest.main()
