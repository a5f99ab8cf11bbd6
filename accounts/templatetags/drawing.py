"""Geometry of the small drawings: time bar, sparkline, score bar.

Pure functions from figures to numbers a template writes as SVG attributes or ``w-N`` classes, because the pages carry
no style attributes.
"""

from dataclasses import dataclass

from accounts.templatetags.words import decimal_or_none

# A part of the time bar narrower than this cannot hold "延期 5 天".
NARROWEST = 16
SPARK_WIDTH, SPARK_HEIGHT, SPARK_INSET = 84, 24, 4


@dataclass(frozen=True)
class Stretch:
    """One part of the time bar: ``share`` in percent of the width, ``look`` the class ext, over, left or empty."""

    look: str
    share: int
    head: str
    words: str


def clock_stretches(issued_on, original_deadline, deadline, today, short, answered_on=None, answer="完成"):
    """The time bar from issue to deadline, extension and today, as a list of :class:`Stretch` whose shares sum to 100.

    All dates are ``date``; ``original_deadline`` may equal ``deadline``; ``short`` writes a date. ``answered_on`` is the
    day that stopped the clock (None while it runs) and ``answer`` its word, 反馈 or 完成. Empty without issue or
    deadline.
    """
    if issued_on is None or deadline is None:
        return []
    original = original_deadline or deadline
    day = answered_on or today
    said = f"{short(day)} {answer}" if answered_on else f"今日 {short(day)}"
    if day < original and deadline == original:
        early = f"提前 {(deadline - day).days} 天" if answered_on else ""
        used = max((day - issued_on).days, 0)
        return _shared(_before_deadline(used, (deadline - day).days, said, early, f"期限 {short(deadline)}"))
    given = max((original - issued_on).days, 0)
    parts = [("", given, f"{'原期限' if deadline != original else '期限'} {short(original)}", f"{given} 天")]
    if deadline > original:
        extra = (deadline - original).days
        parts.append(("ext", extra, f"现期限 {short(deadline)}", f"延期 {extra} 天"))
    if day > deadline:
        over = (day - deadline).days
        parts.append(("over", over, said, f"逾期 {over} 天"))
    elif answered_on:
        look, days, head, note = parts[-1]
        early = f"，提前 {(deadline - day).days} 天" if day < deadline else ""
        parts[-1] = (look, days, head, f"{note}，{said}{early}")
    return _shared(parts)


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


def spark_points(values):
    """``values`` (numbers, None for no data) as ``(x, y)`` in an 84 × 24 box; gaps stay out, a flat row is mid-way."""
    numbers = [decimal_or_none(value) for value in values]
    known = [float(number) for number in numbers if number is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    step = (SPARK_WIDTH - 2 * SPARK_INSET) / max(len(numbers) - 1, 1)
    drop = SPARK_HEIGHT - 2 * SPARK_INSET
    points = []
    for place, number in enumerate(numbers):
        if number is not None:
            height = (high - float(number)) / (high - low) if high > low else 0.5
            points.append((round(SPARK_INSET + place * step, 1), round(SPARK_INSET + height * drop, 1)))
    return points


def spark_path(points):
    """An SVG path ``M… L…`` through ``points``."""
    return "".join(f"{'M' if place == 0 else 'L'}{x} {y}" for place, (x, y) in enumerate(points))


def score_rects(parts, deductions):
    """Score parts side by side on 0…100: ``(rects, minus)``; a rect is ``{"look": "p1", "x": …, "width": …}``.

    ``parts`` is a list of points (None: nothing to divide, left out); ``deductions`` points taken off, drawn in red
    from the right end of the earned points. ``minus`` is None when nothing was deducted.
    """
    rects, x = [], 0.0
    for place, value in enumerate(parts, start=1):
        points = decimal_or_none(value)
        width = min(max(float(points or 0), 0.0), 100.0 - x)
        if width > 0:
            rects.append({"look": f"p{min(place, 6)}", "x": round(x, 2), "width": round(width, 2)})
            x += width
    taken = min(float(decimal_or_none(deductions) or 0), x)
    minus = {"x": round(x - taken, 2), "width": round(taken, 2)} if taken > 0 else None
    return rects, minus
