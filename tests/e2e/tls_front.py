# SPDX-License-Identifier: Apache-2.0
"""A TLS server in front of another on this machine: what comes in encrypted goes on in plain."""

import os
import re
import socket
import ssl
import subprocess
import threading

CERTIFICATE = (
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
).split()
BUFFER_BYTES = 1 << 16


class TlsFront:
    """A context whose value is the URI by which a driver reaches the server of `uri` through TLS.
    The driver must not follow the server's own idea of its address: the URI asks for a direct
    connection.
    """

    def __init__(self, folder, uri):
        self.host, port = re.match(r"mongodb://([\d.]+):(\d+)", uri).groups()
        self.port = int(port)
        self.pem = os.path.join(folder, "front.pem")
        command = ["openssl", *CERTIFICATE, "-keyout", self.pem, "-out", self.pem + ".crt"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.pem + ".crt", self.pem)
        self.listener = socket.create_server((self.host, 0))

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        options = "directConnection=true&tls=true&tlsAllowInvalidCertificates=true"
        return "mongodb://%s:%d/?%s" % (*self.listener.getsockname(), options)

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        """One connection; a client that does not shake hands is left alone."""
        try:
            outer = self.context.wrap_socket(plain, server_side=True)
            inner = socket.create_connection((self.host, self.port))
            for side in (outer, inner):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            plain.close()
            return
        back = threading.Thread(target=copy, args=(inner, outer), daemon=True)
        back.start()
        copy(outer, inner)
        back.join()
        outer.close()
        inner.close()


def copy(source, target):
    """Until the source ends; then the target is told so."""
    try:
        while data := source.recv(BUFFER_BYTES):
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
