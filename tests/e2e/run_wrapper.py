# SPDX-License-Identifier: Apache-2.0
"""What the tests of `phasetap run` as a wrapper share."""

import os

import support


def run_command(*options):
    return [support.PHASETAP, "run", "--quiet", *options, "--"]


class Wrapper(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.peer = support.Peer().__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def script(self, name, text):
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)
        return path
