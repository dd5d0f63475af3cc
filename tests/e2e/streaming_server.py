# SPDX-License-Identifier: Apache-2.0
"""A server that streams its state to monitors (exhaust hello), which the canned peer does not:
awaited heartbeats.

It answers hello, and ping once each monitor has had its second state; every other command is `ok:
1`. The stream of a monitor is two states long: the first at once, the second 50 ms later; then it
is silent. Loopback, a free port.
"""

import socketserver
import struct
import threading
import time

import bson

HELLO = ("hello", "isMaster", "ismaster")
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
MORE_TO_COME, EXHAUST_ALLOWED = 2, 1 << 16
PROCESS = bson.ObjectId("0123456789abcdef01234567")


def state(counter):
    return {
        "helloOk": True,
        "ismaster": True,
        "isWritablePrimary": True,
        "topologyVersion": {"processId": PROCESS, "counter": bson.Int64(counter)},
        "maxBsonObjectSize": 16777216,
        "maxMessageSizeBytes": 48000000,
        "maxWriteBatchSize": 100000,
        "localTime": bson.datetime.datetime(2026, 1, 1),
        "logicalSessionTimeoutMinutes": 30,
        "connectionId": 1,
        "minWireVersion": 0,
        "maxWireVersion": 21,
        "readOnly": False,
        "ok": 1.0,
    }


class Connection(socketserver.BaseRequestHandler):
    def receive(self, size):
        data = b""
        while len(data) < size:
            more = self.request.recv(size - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def send(self, operation, body, answered):
        self.request.sendall(
            struct.pack("<iiii", 16 + len(body), answered, answered, operation) + body
        )

    def message(self, document, answered, flags=0):
        self.send(OP_MSG, struct.pack("<IB", flags, 0) + bson.encode(document), answered)

    def stream(self, answered):
        """A monitor's connection: two states, then none. The first thread that is through lets
        pings pass."""
        self.message(state(1), answered, MORE_TO_COME)
        time.sleep(0.05)
        self.message(state(1), answered, MORE_TO_COME)
        time.sleep(0.1)  # for the monitor to see it
        self.server.streamed.set()

    def answer(self, flags, command, answered):
        name = next(iter(command))
        if name in HELLO and flags & EXHAUST_ALLOWED:
            self.stream(answered)
        elif name in HELLO:
            self.message(state(1), answered)
        else:
            self.server.streamed.wait(5)
            self.message({"ok": 1.0}, answered)

    def handle_one(self):
        size, request, _, operation = struct.unpack("<iiii", self.receive(16))
        body = self.receive(size - 16)
        if operation == OP_QUERY:
            self.send(OP_REPLY, struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(state(1)), request)
        else:
            flags, length = struct.unpack_from("<I", body)[0], struct.unpack_from("<i", body, 5)[0]
            self.answer(flags, bson.decode(body[5 : 5 + length]), request)

    def handle(self):
        try:
            while True:
                self.handle_one()
        except OSError:
            pass


class StreamingServer(socketserver.ThreadingTCPServer):
    """As a context: `uri`, and its threads end with their connections."""

    handler = Connection
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.handler)
        self.uri = "mongodb://127.0.0.1:%d/" % self.server_address[1]
        self.streamed = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()
