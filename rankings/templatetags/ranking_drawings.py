"""The two small drawings of a ranking: eight periods as a line, a score as a bar."""

from urllib.parse import urlencode

from django import template

from look.words import NO_DATA
from rankings import drawing

register = template.Library()


@register.inclusion_tag("rankings/_spark.html")
def sparkline(values, label="得分"):
    """Eight periods as a small line; None is a period without data."""
    points = drawing.spark_points(values)
    said = "、".join(NO_DATA if value is None else str(value) for value in values)
    return {
        "path": drawing.spark_path(points),
        "last": points[-1] if points else None,
        "said": f"近 {len(values)} 期{label}：{said}",
    }


@register.inclusion_tag("rankings/_score_parts.html")
def score_parts(parts, deductions=0, labels=()):
    """The score bar: result parts blue, process parts grey, deductions red; ``labels`` name the parts aloud."""
    rects, minus = drawing.score_rects(parts, deductions)
    named = zip(labels or [f"第 {place} 项" for place in range(1, len(parts) + 1)], parts, strict=False)
    said = "，".join(f"{name} {'无数据' if value is None else value}" for name, value in named)
    return {"rects": rects, "minus": minus, "said": f"{said}，扣减 {deductions}"}


@register.inclusion_tag("rankings/_compared.html")
def compared(part):
    """What a part (`rankings.explained.Part`) earned as a bar of its full marks, with a mark at the peers' median."""
    scale = 1.32  # the drawing is 132 wide
    peers = NO_DATA if part.peer_points is None else f"{part.peer_points:.1f}"
    return {
        "me": None if part.me is None else round(part.me * scale, 1),
        "middle": None if part.middle is None else round(part.middle * scale, 1),
        "said": f"{part.label}得 {part.points} 分，同类中位 {peers}，满分 {part.full}",
    }


@register.filter
def addressed(pairs):
    """``a=1&b=2`` for an address."""
    return urlencode(dict(pairs))
