"""Is it alive, and does it work? /healthz and /readyz."""

import time

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.http import require_GET

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


def mark_done(task):
    """Remembers that `task` (a dotted name) ended well now; tasks that nobody watches leave nothing."""
    if task in OLDEST:
        cache.set(f"done:{task}", time.time(), KEPT)


def database_problem():
    """None, or what is wrong with the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # whatever the driver raises is the answer here
        return f"{type(error).__name__}"


def broker_problem():
    """None, or why the broker does not answer within two seconds."""
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:  # as above: each transport has errors of its own
        return f"{type(error).__name__}"


def task_problem(task):
    """None, or how long ago `task` last ended well when that is too long, or lies in the future: a clock was set back."""
    try:
        done_at = cache.get(f"done:{task}")
    except Exception as error:  # an unreachable cache is a finding, not a crash
        return f"{type(error).__name__}"
    if done_at is None:
        return "never ran"
    age = time.time() - done_at
    if age < -TOLERATED:
        return f"{-age:.0f} s in the future"
    return f"{age:.0f} s ago" if age > OLDEST[task] else None


def problems():
    """Every check's name with its problem, None where all is well."""
    found = {"database": database_problem(), "broker": broker_problem()}
    return found | {task: task_problem(task) for task in OLDEST}


SPOKEN = {
    "database": "数据库",
    "broker": "任务队列",
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
