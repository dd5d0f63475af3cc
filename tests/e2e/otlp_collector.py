# SPDX-License-Identifier: Apache-2.0
"""A collector of the OpenTelemetry Protocol that misbehaves as it is told, for the tests that send
to one."""

import gzip
import http.server
import json
import socket
import struct
import threading
import time


class Collector:
    """Listens on 127.0.0.1 as a context. `plan`: what it does with each attempt, in order; behind
    its end it accepts. An element is a status with further headers and an answer,
    (503, {"Retry-After": "1"}, "text"), or "cut": it reads the request and breaks the connection.

    attempts: (path, headers, moment) of each; accepted: (path, request as a value) of each one that
    it answered with 200."""

    def __init__(self, *plan):
        self.plan, self.attempts, self.accepted = list(plan), [], []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                collector.take(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.uri = "http://127.0.0.1:%d" % self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def take(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.attempts.append((handler.path, handler.headers, time.monotonic()))
        step = self.plan.pop(0) if self.plan else (200, {}, "{}")
        if step == "cut":
            self.cut(handler)
            return
        status, headers, answer = step
        if status == 200:
            text = gzip.decompress(body).decode()
            self.accepted.append((handler.path, json.loads(text)))
        self.answer(handler, status, headers, answer.encode())

    def answer(self, handler, status, headers, data):
        handler.send_response(status)
        for key, value in headers.items():
            handler.send_header(key, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def cut(self, handler):
        """A reset, not an ordered end."""
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()
        handler.wfile = handler.rfile = open("/dev/null", "r+b", buffering=0)

    def spans(self):
        return [span for path, request in self.accepted if path == "/v1/traces"
                for span in spans_of(request)]

    def points(self):
        return [point for path, request in self.accepted if path == "/v1/metrics"
                for point in points_of(request)]


def spans_of(request):
    return [span for resource in request["resourceSpans"] for scope in resource["scopeSpans"]
            for span in scope["spans"]]


def points_of(request):
    return [point for resource in request["resourceMetrics"]
            for scope in resource["scopeMetrics"] for metric in scope["metrics"]
            for point in metric["histogram"]["dataPoints"]]


def attributes(element):
    """Of a span, data point or resource, as a dictionary; integers are integers."""
    found = {}
    for one in element["attributes"]:
        (kind, value), = one["value"].items()
        found[one["key"]] = int(value) if kind == "intValue" else value
    return found
