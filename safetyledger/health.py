"""Is it alive, and does it work? /healthz and /readyz."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.http import require_GET

from evidence import room
from safetyledger.celery import app

# Oldest tolerated success of a task, in seconds. A sweep may miss one tick without alarm.
OLDEST = {
    "safetyledger.tasks.heartbeat": 60,
    "journal.tasks.publish": 120,
    "notifications.tasks.deliver": 120,
    "hazards.tasks.send_reminders": 2 * 15 * 60 + 120,
    "rankings.tasks.freeze_periods": 3 * 10 * 60 + 120,
}
KEPT = 7 * 24 * 3600
# By how much, in seconds, the clocks of web and worker may differ.
TOLERATED = 30
# Seconds after which what has not answered hangs.
PATIENCE = 1.5


def mark_done(task):
    """Remembers that `task` (a dotted name) ended well now; tasks that nobody watches leave nothing."""
    if task in OLDEST:
        caches["marks"].set(f"done:{task}", time.time(), KEPT)


def ask_database():
    """Raises what is wrong with the database; over a connection made for it, since one that stands may belong to what hung."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def ask_broker():
    """Raises when the broker does not answer."""
    impatient = app.conf.broker_transport_options | {"socket_timeout": 1, "socket_connect_timeout": 1}
    with app.connection_for_write(transport_options=impatient) as broker:
        broker.ensure_connection(max_retries=1, timeout=1)


def marks():
    """`{task: when it last ended well, in seconds of the clock}`, without those that never did."""
    found = caches["marks"].get_many([f"done:{task}" for task in OLDEST])
    return {key.removeprefix("done:"): moment for key, moment in found.items()}


def task_problem(done_at, allowed):
    """None, or how long ago a task last ended well when that is more than `allowed` seconds, or lies in the future: a clock was set back."""
    if done_at is None:
        return "never ran"
    age = time.time() - done_at
    if age < -TOLERATED:
        return f"{-age:.0f} s in the future"
    return f"{age:.0f} s ago" if age > allowed else None


class Asking:
    """Questions put to what may hang, each on a thread of its own; one that is still out is not put a second time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.out = {}
        self.threads = ThreadPoolExecutor(max_workers=3, thread_name_prefix="health")

    def all(self, questions, seconds):
        """`{name: (answer, None) or (None, what went wrong)}` after `seconds` at most."""
        with self.lock:
            for name, question in questions.items():
                if name not in self.out or self.out[name].done():
                    self.out[name] = self.threads.submit(question)
            asked = {name: self.out[name] for name in questions}
        wait(asked.values(), timeout=seconds)
        return {name: self._answer(future) for name, future in asked.items()}

    @staticmethod
    def _answer(future):
        if not future.done():
            return None, "no answer"
        # Whatever driver or transport raised is the answer here.
        error = future.exception()
        return (None, type(error).__name__) if error else (future.result(), None)


asking = Asking()


def problems():
    """Every check's name with its problem, None where all is well; within two seconds, whatever hangs."""
    questions = {"database": ask_database, "broker": ask_broker, "marks": marks}
    answers = asking.all(questions, PATIENCE)
    found = {name: answers[name][1] for name in ("database", "broker")}
    left = room.missing()
    found["disk"] = None if left is None else f"{left} MB left"
    done, unknown = answers["marks"]
    return found | {task: unknown or task_problem(done.get(task), allowed) for task, allowed in OLDEST.items()}


SPOKEN = {
    "database": "数据库",
    "broker": "任务队列",
    "disk": "存储空间",
    "safetyledger.tasks.heartbeat": "后台程序",
    "journal.tasks.publish": "办理记录分发",
    "notifications.tasks.deliver": "邮件发送",
    "hazards.tasks.send_reminders": "到期提醒",
    "rankings.tasks.freeze_periods": "冻结统计",
}


def spoken():
    """Every check in words, for who keeps the system: ``[(what, whether it is well, how it stands), …]``."""
    return [(SPOKEN[name], problem is None, _said(problem)) for name, problem in problems().items()]


def context(request):
    """The same for templates, asked only when one shows it."""
    return {"health": spoken}


def _said(problem):
    if problem is None:
        return "正常"
    if problem == "never ran":
        return "还没有运行过"
    if problem.endswith(" MB left"):
        return f"只剩 {problem.removesuffix(' left')}，已停止接收上传"
    seconds, _, when = problem.partition(" s ")
    if when == "ago":
        return f"最近一次成功在 {max(int(seconds) // 60, 1):,} 分钟前"
    return "上次成功的时间在将来，请核对服务器时钟" if when else "连接失败"


@login_not_required
@require_GET
def healthz(request):
    """200 while the web process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_GET
def readyz(request):
    """200 when database, broker, worker and sweeps are well, else 503; names checks, no inner details."""
    found = problems()
    well = not any(found.values())
    body = {"status": "ok" if well else "failing", "checks": {name: text or "ok" for name, text in found.items()}}
    return JsonResponse(body, status=200 if well else 503)
