# SPDX-License-Identifier: Apache-2.0
"""A server that holds getMores back until maxAwaitTimeMS would be over, as one does for a change
stream without events, and takes zlib messages. Loopback, a free port. `held_ns` is how long it held
them by its own clock."""

import struct
import time
import zlib

import bson
import streaming_server
from streaming_server import HELLO, OP_QUERY, OP_REPLY, state

OP_COMPRESSED = 2012
HOLD_S = 0.06


def cursor(batch):
    return {"cursor": {"id": bson.Int64(7), "ns": "test.docs", batch: []}, "ok": 1.0}


def hello():
    return {**state(1), "compression": ["zlib"]}


class Connection(streaming_server.Connection):
    def hold(self):
        start = time.monotonic_ns()
        time.sleep(HOLD_S)
        self.server.held_ns += time.monotonic_ns() - start

    def answer(self, flags, command, answered):
        name = next(iter(command))
        if name == "getMore":
            self.hold()
        answers = {"aggregate": cursor("firstBatch"), "getMore": cursor("nextBatch")}
        answers.update(dict.fromkeys(HELLO, hello()))
        self.message(answers.get(name, {"n": 1, "ok": 1.0}), answered)

    def handle_one(self):
        size, request, _, operation = struct.unpack("<iiii", self.receive(16))
        body = self.receive(size - 16)
        if operation == OP_QUERY:
            self.send(OP_REPLY, struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(hello()), request)
            return
        if operation == OP_COMPRESSED:
            body = zlib.decompress(body[9:])
            self.server.compressed += 1
        length = struct.unpack_from("<i", body, 5)[0]
        self.answer(0, bson.decode(body[5 : 5 + length]), request)


class HoldingServer(streaming_server.StreamingServer):
    handler = Connection

    def __init__(self):
        super().__init__()
        self.held_ns = self.compressed = 0
