"""Geometry of the small drawings: sparkline, score bar.

Pure functions from figures to numbers a template writes as SVG attributes or ``w-N`` classes, because the pages carry
no style attributes.
"""

from look.words import decimal_or_none

SPARK_WIDTH, SPARK_HEIGHT, SPARK_INSET = 84, 24, 4


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


def ceiling(value):
    """The smallest of 1, 2, 4, 6, 8, 10, 20, 40 … that ``value`` (≥ 1) does not pass: where an axis ends."""
    step = 1
    while True:
        for top in (step, 2 * step, 4 * step, 6 * step, 8 * step):
            if value <= top:
                return top
        step *= 10


WALL = {"width": 650, "left": 56, "top": 24, "base": 150, "line_top": 184, "line_base": 250, "bar": 19}


def wall_trend(found, closed, overdue):
    """Bars of what was ``found`` and ``closed`` and below them the line of what is ``overdue``, lists of whole numbers of the same length:
    ``{bars: [{x, y, height, look}], slots: [x], line: path, ends: [(x, y, value)], grid: [(y, value)]}`` in a box of 650 × 282."""
    top, high = ceiling(max([*found, *closed, 1])), ceiling(max([*overdue, 1]))
    slot = (WALL["width"] - WALL["left"]) / max(len(found), 1)
    middles = [WALL["left"] + slot * (place + 0.5) for place in range(len(found))]
    bars = []
    for look, shift, values in (("b1", -WALL["bar"] - 1, found), ("b2", 1, closed)):
        for middle, value in zip(middles, values, strict=True):
            height = round((WALL["base"] - WALL["top"]) * value / top, 1)
            bars.append(
                {"x": round(middle + shift, 1), "y": round(WALL["base"] - height, 1), "height": height, "look": look}
            )
    drop = WALL["line_base"] - WALL["line_top"]
    points = [
        (round(middle, 1), round(WALL["line_base"] - drop * value / high, 1))
        for middle, value in zip(middles, overdue, strict=True)
    ]
    ends = [(*points[place], overdue[place]) for place in sorted({0, len(points) - 1})] if points else []
    return {
        "bars": bars, "slots": [round(middle, 1) for middle in middles], "line": spark_path(points), "ends": ends,
        "grid": [(WALL["base"], 0), (WALL["top"], top), (WALL["line_base"], 0), (WALL["line_top"], high)], "bar": WALL["bar"],
    }  # fmt: skip
