"""A gunicorn worker that takes a thread only for a request that has arrived whole: waitress reads and writes, gunicorn keeps the processes.

gunicorn's own threads read from the network themselves, so eight clients that send a byte a second are a stopped site. waitress reads
all connections in one loop, keeps what has come (a large body in a temporary file), and does the same with the answer: docs/adr/0038.
"""

import logging
import os
import socket
import tempfile
import time
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error

from evidence import room

# Seconds until the head of a request must be there, and a body more than begun.
HEAD_SECONDS = 30
# Bytes a second below which a body is no upload but a drip: Apache's mod_reqtimeout uses the same.
SLOWEST = 500
# And until all of it must be there, however much came at first: the proxy in front allows as long.
LONGEST_SECONDS = 600
# Seconds that a kept connection may be silent; longer than the proxy's, so that the proxy never sends into a closed one.
SILENT_SECONDS = 75
# Connections of one process. Near the end, who has been sending longest makes room: nobody can close the door by holding it.
CONNECTIONS = 1000
SPARE = 50
MIB = 1024 * 1024
# A registration with its photos and documents; the proxy in front allows as much (deploy/Caddyfile).
LARGEST_BODY = 81 * MIB
# A body up to here stays in memory, and is taken whatever room there is: signing in and forms without files go on.
SMALL_BODY = 64 * 1024
# Bytes of bodies that one process holds, arriving or being worked on. Beyond, the largest that is still arriving makes room: counted is
# what has come, not what was announced, so that nobody closes the door by announcing.
HELD = 512 * MIB
TOO_LARGE = "一次提交的内容超过 80 MB，没有保存。请返回上一页，减少照片或附件，分几次提交。"
BUSY = "同时上传的内容太多，没有保存。请稍后重试。"
NOT_UNDERSTOOD = "请求无法识别。请检查网址后重试。"
FAILED = "系统出错，请稍后重试；仍然出错时请联系系统管理员。"
SENTENCES = {413: TOO_LARGE, 503: BUSY, 507: f"{room.SENTENCE}。"}
# What is waiting to be fetched by a slow reader before the thread that makes it waits as well.
UNSENT = 256 * MIB
# A warning for every request that waits a moment for its thread.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class BusyError(Error):
    code = 503
    reason = "Service Unavailable"


class FullError(Error):
    code = 507
    reason = "Insufficient Storage"


class Parser(HTTPRequestParser):
    """Ends with an error as soon as it knows that the body is not small and `refusal()` names one: at the head, or where a body of
    unknown length grows. Nothing of it is on disk by then.
    """

    is_asked = False

    def __init__(self, refusal, adj):
        super().__init__(adj)
        self.refusal = refusal

    def received(self, data):
        consumed = super().received(data)
        # What more may come at once counts: it would be on disk before the next look.
        size = self.body_bytes_received + self.adj.recv_bytes if self.chunked else self.content_length
        if not self.is_asked and size >= SMALL_BODY:
            self.is_asked = True
            self.error = self.error or self.refusal()
            self.completed = self.completed or self.error is not None
        if self.error:
            self.expect_continue = False  # who is refused is not asked for the body first
        return consumed


class _Told:
    """A task that is counted and written to the access log."""

    def service(self):
        try:
            super().service()
        finally:
            self.channel.server.worker.done(self)


class PageTask(_Told, WSGITask):
    def execute(self):
        if self.channel.server.worker.stopping:
            self.set_close_on_finish()
        super().execute()


class RefusalTask(_Told, ErrorTask):
    """What the parser refuses before the application hears of it: no request at all, a head or a body that is too large."""

    def execute(self):
        error = self.request.error
        body = SENTENCES.get(error.code, NOT_UNDERSTOOD if error.code < 500 else FAILED).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "text/plain; charset=utf-8"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection that knows since when its present request is arriving."""

    task_class = PageTask
    error_task_class = RefusalTask

    def __init__(self, *args, **options):
        self.begun = time.monotonic()
        super().__init__(*args, **options)
        self.parser_class = partial(Parser, self.server.worker.refusal)

    def received(self, data):
        if self.request is None:
            self.begun = time.monotonic()
        return super().received(data)

    def drips(self, now):
        """Whether a request is arriving so slowly that nobody waits for its answer."""
        if self.request is None or not self.is_arriving():
            return False
        allowed = HEAD_SECONDS + self.request.body_bytes_received / SLOWEST
        return now - self.begun > min(allowed, LONGEST_SECONDS)

    def is_arriving(self):
        """Whether nothing of it is worked on and no answer is on its way."""
        return not self.requests and not self.total_outbufs_len

    def held(self):
        """Bytes of bodies that have come and are not done with."""
        return sum(request.body_bytes_received for request in [self.request, *self.requests] if request is not None)


class Server(TcpWSGIServer):
    """One listening socket; its requests wait for a thread in the lane of their address."""

    channel_class = Channel
    worker = None

    def add_task(self, task):
        path = getattr(task.requests[0], "path", None)  # absent where the head was refused
        self.worker.lanes.get(path, self.task_dispatcher).add_task(task)

    def maintenance(self, now):
        super().maintenance(now)
        moment = time.monotonic()
        for channel in self.active_channels.values():
            if channel.drips(moment):
                channel.will_close = True
        self.worker.make_room()
        too_many = len(self._map) + SPARE - self.adj.connection_limit
        if too_many > 0:
            # Who is being answered goes last: but slow readers alone must not close the door either.
            idle = [channel for channel in self.active_channels.values() if not channel.requests]
            for channel in sorted(idle, key=lambda channel: (not channel.is_arriving(), channel.begun))[:too_many]:
                channel.will_close = True


class BufferingWorker(Worker):
    stopping = False

    def run(self):
        adjustments = Adjustments(
            ident=None,
            asyncore_use_poll=True,
            cleanup_interval=1,
            channel_timeout=SILENT_SECONDS,
            connection_limit=CONNECTIONS,
            backlog=self.cfg.backlog,
            max_request_header_size=64 * 1024,
            max_request_body_size=LARGEST_BODY,
            inbuf_overflow=SMALL_BODY,
            outbuf_high_watermark=UNSENT,
            # Forwarding headers are TrustedProxyMiddleware's business alone.
            clear_untrusted_proxy_headers=False,
        )
        self.connections = {}
        self.pages = _threads(self.cfg.threads)
        self.lanes = {path: _threads(1) for path in settings.HEALTH_PATHS}
        self.servers = [self._serve(listener, adjustments) for listener in self.sockets]
        while self.alive:
            self._turn()
        self._stop()

    def _serve(self, listener, adjustments):
        # A descriptor of its own: gunicorn closes the listener it gave, waitress the one it was given.
        own = socket.socket(fileno=os.dup(listener.fileno()))
        own.setblocking(False)
        family = (own.family, own.type, own.proto, own.getsockname())
        server = Server(
            self._answer,
            self.connections,
            True,
            own,
            dispatcher=self.pages,
            adj=adjustments,
            sockinfo=family,
            bind_socket=False,
        )
        server.worker = self
        return server

    def _turn(self):
        """Reads, writes and accepts for a second at most, and tells gunicorn that this process lives."""
        self.notify()
        if self.ppid != os.getppid():
            self.log.info("Parent changed, shutting down: %s", self)
            self.alive = False
        wasyncore.loop(timeout=1, map=self.connections, use_poll=True, count=1)

    def _stop(self):
        """Accepts nothing more; what has arrived whole is answered, and the answers are sent, within gunicorn's time for it."""
        self.stopping = True
        end = time.monotonic() + self.cfg.graceful_timeout
        for server in self.servers:
            wasyncore.dispatcher.close(server)  # its own would also close what its threads wake the loop by
        while time.monotonic() < end and any(self._is_busy(server) for server in self.servers):
            self.notify()
            wasyncore.loop(timeout=0.1, map=self.connections, use_poll=True, count=1)
        for lane in (self.pages, *self.lanes.values()):
            lane.shutdown(timeout=0.5)

    def refusal(self):
        """None, or the error with which a body that is not small is refused now."""
        if _is_disk_full():
            return FullError("")
        return BusyError("") if sum(channel.held() for channel in self._channels()) >= HELD else None

    def make_room(self):
        """Closes the largest of what is arriving while there is more than there is room for; on a full disk, all that is not small."""
        channels = self._channels()
        over = sum(channel.held() for channel in channels) - (0 if _is_disk_full() else HELD)
        for channel in sorted(channels, key=Channel.held, reverse=True):
            if over <= 0 or channel.held() <= SMALL_BODY:
                break
            if channel.is_arriving():
                over -= channel.held()
                channel.will_close = True

    def _channels(self):
        return [channel for channel in self.connections.values() if isinstance(channel, Channel)]

    @staticmethod
    def _is_busy(server):
        return any(channel.requests or channel.total_outbufs_len for channel in list(server.active_channels.values()))

    def _answer(self, environ, start_response):
        """The application; the answer to HEAD is the head alone, which waitress leaves to the application and Django to the server."""
        environ["RAW_URI"] = environ["REQUEST_URI"]
        environ["wsgi.multiprocess"] = self.cfg.workers > 1
        body = self.wsgi(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    def done(self, task):
        """A request was answered, or could not be: a line in the log, and the end of this process after `max_requests` of them."""
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
        if self.log.access_log_enabled:
            self._log(task)

    def _log(self, task):
        request = task.request
        said = {
            "REMOTE_ADDR": task.channel.addr[0],
            "REQUEST_METHOD": getattr(request, "command", "-"),
            "RAW_URI": getattr(request, "request_uri", "-"),
            "SERVER_PROTOCOL": f"HTTP/{request.version}",
            "HTTP_REFERER": request.headers.get("REFERER", "-"),
            "HTTP_USER_AGENT": request.headers.get("USER_AGENT", "-"),
        }
        answer = SimpleNamespace(status=task.status, headers=task.response_headers, sent=task.content_bytes_written)
        took = timedelta(seconds=max(0.0, time.time() - task.start_time))
        self.log.access(answer, request.headers.items(), said, took)


def _is_disk_full():
    return room.missing(tempfile.gettempdir()) is not None


def _threads(count):
    threads = ThreadedTaskDispatcher()
    threads.set_thread_count(count)
    return threads
