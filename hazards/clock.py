"""Geometry of the time bar from issue to deadline, extension and today.

Pure functions from days to shares that a template writes as ``w-N`` classes, because pages carry no style attributes.
"""

from dataclasses import dataclass

# A part narrower than this cannot hold "延期 5 天".
NARROWEST = 16


@dataclass(frozen=True)
class Stretch:
    """One part of the time bar: ``share`` in percent of the width, ``look`` the class ext, over, left or empty."""

    look: str
    share: int
    head: str
    words: str


def clock_stretches(
    issued_on, original_deadline, deadline, today, short, answered_on=None, answer="完成", *, is_over=False, cause=""
):
    """The time bar from issue to deadline, extension and today, as a list of :class:`Stretch` whose shares sum to 100.

    All dates are ``date``; ``original_deadline`` may equal ``deadline``; ``short`` writes a date. ``answered_on`` is the
    day that stopped the clock (None while it runs) and ``answer`` its word, 反馈 or 完成; the bar ends there when it ``is_over``.
    ``cause`` says what gave another deadline where it was no extension (退回重定期限). Empty without issue or deadline.
    """
    if issued_on is None or deadline is None:
        return []
    original = original_deadline or deadline
    day = answered_on or today
    said = f"{short(day)} {answer}" if answered_on else f"今日 {short(day)}"
    moved = _moved((deadline - original).days, cause)
    if deadline < original:  # it was brought forward: the first one no longer counts for anything
        original, moved = deadline, f"，{moved}"
    else:
        moved = "" if deadline == original else moved
    if is_over and answered_on and day <= deadline:
        return _shared(_closed_in_time(issued_on, original, deadline, day, said, short, cause, moved))
    if day < original and deadline == original:
        early = f"提前 {(deadline - day).days} 天" if answered_on else ""
        used = max((day - issued_on).days, 0)
        return _shared(_before_deadline(used, (deadline - day).days, said, early, f"期限 {short(deadline)}"))
    given = max((original - issued_on).days, 0)
    head = "原期限" if deadline > original else "期限"
    parts = [("", given, f"{head} {short(original)}", f"{given} 天" + (moved if deadline == original else ""))]
    if deadline > original:
        parts.append((_look(cause), (deadline - original).days, f"现期限 {short(deadline)}", moved))
    if day > deadline:
        over = (day - deadline).days
        parts.append(("over", over, said, f"逾期 {over} 天"))
    elif answered_on:
        look, days, head, note = parts[-1]
        early = f"，提前 {(deadline - day).days} 天" if day < deadline else ""
        parts[-1] = (look, days, head, f"{note}，{said}{early}")
    return _shared(parts)


def _moved(days, cause):
    """How the deadline in force differs from the first one."""
    if days < 0:
        return f"{cause or '调整'}，提前 {-days} 天"
    return f"{cause}，加 {days} 天" if cause else f"延期 {days} 天"


def _look(cause):
    return "again" if cause else "ext"


def _closed_in_time(issued_on, original, deadline, day, said, short, cause, moved):
    """The parts of what was closed by its deadline: nothing is left, the bar ends with the completion."""
    early = f"提前 {(deadline - day).days} 天，" if day < deadline else ""
    if day <= original:
        return [("", max((day - issued_on).days, 0), said, f"{early}期限 {short(deadline)}")]
    given = max((original - issued_on).days, 0)
    return [
        ("", given, f"原期限 {short(original)}", f"{given} 天"),
        (_look(cause), (day - original).days, said, f"{early}现期限 {short(deadline)}，{moved}"),
    ]


def _before_deadline(used, left, said, early, limit):
    """The parts while the deadline is ahead; a day not yet used fills nothing. ``early`` is "" while the clock runs."""
    if used == 0:
        return [("left", left, limit, f"{said}，{early}" if early else f"已用 0 天，剩 {left} 天")]
    return [("", used, said, early or f"已用 {used} 天"), ("left", left, limit, "" if early else f"剩 {left} 天")]


def _shared(parts):
    total = sum(max(days, 1) for _, days, _, _ in parts)
    shares = [max(NARROWEST, round(100 * max(days, 1) / total)) for _, days, _, _ in parts]
    widest = shares.index(max(shares))
    shares[widest] += 100 - sum(shares)
    return [Stretch(look, share, head, words) for (look, _, head, words), share in zip(parts, shares, strict=True)]
