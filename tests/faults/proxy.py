"""A line to a server that can be cut, or hang, without touching the server."""

import contextlib
import socket
import struct
import threading

SIZE = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: the other side gets a reset, not an end


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Proxy:
    """`flow()`: bytes pass. `hang()`: connections are accepted and nothing passes. `refuse()`: all are cut, new ones refused."""

    def __init__(self, host, port):
        self.target = (host, port)
        self.flowing = threading.Event()
        self.flowing.set()
        self.lock = threading.Lock()
        self.lines = set()
        self.listener = None
        self.port = free_port()
        self.flow()

    def flow(self):
        self.flowing.set()
        if self.listener is None:
            self.listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
            threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def hang(self):
        self.flowing.clear()

    def refuse(self):
        listener, self.listener = self.listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
            listener.close()
        self.cut()

    def cut(self):
        """Resets what stands; new connections are as before."""
        with self.lock:
            lines, self.lines = self.lines, set()
        for line in lines:
            self._reset(line)

    close = refuse

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.lines.add(client)
            threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client):
        """One connection, until both sides have ended it."""
        self.flowing.wait()
        with client:
            with contextlib.suppress(OSError), socket.create_connection(self.target, timeout=10) as server:
                server.settimeout(None)
                with self.lock:
                    self.lines.add(server)
                other = threading.Thread(target=self._pump, args=(client, server), daemon=True)
                other.start()
                self._pump(server, client)
                other.join()
                with self.lock:
                    self.lines.discard(server)
            with self.lock:
                self.lines.discard(client)

    def _pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(SIZE):
                self.flowing.wait()
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _reset(line):
        """Whoever waits on it wakes and closes it: the other side is told by a reset."""
        with contextlib.suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            line.shutdown(socket.SHUT_RDWR)
