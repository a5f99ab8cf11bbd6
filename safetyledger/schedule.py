"""What beat nudges the worker to do, and when. Not a fact lives in a tick: the next one does what a lost one did not."""

from celery.schedules import crontab


def every(task, seconds):
    """A beat entry: a tick is a nudge, so one that waited longer than most of its period is dropped."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds * 0.9}}


def daily(task, hour, minute):
    """A beat entry: one that the machine slept through is made good as long as it is the same day's."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 20 * 3600}}


SCHEDULE = {
    "heartbeat": every("safetyledger.tasks.heartbeat", 10),
    "publish events": every("journal.tasks.publish", 10),
    "anchor the audit": daily("journal.tasks.anchor", hour=0, minute=20),
    "ask to verify": daily("safetyledger.tasks.ask_to_verify", hour=0, minute=40),
    "verify the audit": every("safetyledger.tasks.verify_audit", 30),
    "deliver notifications": every("notifications.tasks.deliver", 10),
    "send reminders": every("hazards.tasks.send_reminders", 15 * 60),
    "freeze periods": every("rankings.tasks.freeze_periods", 10 * 60),
    "drop waiting photos": daily("evidence.tasks.drop_waiting", hour=2, minute=30),
    "drop old sign-ins": daily("accounts.tasks.drop_old_sign_ins", hour=3, minute=10),
    "drop ended sessions": daily("accounts.tasks.drop_ended_sessions", hour=3, minute=20),
    # Up to the Sunday before: on Monday the week that ended, on the days after it only what a machine that was off had missed.
    "raise flags": daily("flags.tasks.raise_flags", hour=6, minute=0),
    "ask for reports": every("reporting.tasks.open_reports", 5 * 60),
    "remind of reports": every("reporting.tasks.send_reminders", 5 * 60),
    "refresh unpublished deadlines": daily("hazards.tasks.refresh_unpublished_deadlines", hour=1, minute=30),
}
