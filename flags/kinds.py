"""The kinds of flags: what each looks at, in words, and how its figure is written."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models

from look.words import thousands_words


class Kind(models.TextChoices):
    BURST = "burst", "同一分钟集中销号"
    COPIED = "copied", "隐患描述雷同"
    PHOTO = "photo", "同一照片用于多条隐患"
    UNCHANGED = "unchanged", "整改前后照片相同"
    ON_SPOT = "on_spot", "几乎全部当场销号"
    FAR = "far", "整改期限远长于同类单位"
    NO_MEASURE = "no_measure", "查出隐患从不执法"
    FEW = "few", "查出隐患远少于同类单位"
    BACKDATED = "backdated", "事后补录"
    PERFUNCTORY = "perfunctory", "描述敷衍"
    MISSED = "missed", "漏查"


@dataclass(frozen=True)
class Manner:
    """``why`` says what raises a flag of the kind, with the numbers of the house in braces; ``figure`` names what ``own`` and
    ``peers`` of a flag are, and ``unit`` what they are counted in; ``least`` the setting of how many hazards alone raise one;
    ``days`` the setting of how many days it looks back."""

    why: str
    figure: str = ""
    unit: str = ""
    least: str = ""
    days: str = "FLAG_DAYS"


MANNERS = {
    Kind.BURST: Manner("同一单位在同一分钟内复查或验收通过 {FLAG_BURST_ROWS} 条以上，逐条核实来不及。"),
    Kind.COPIED: Manner(
        "描述逐字相同的有 {FLAG_COPIED_ROWS} 条以上，且这样的占本单位发现隐患的 {FLAG_COPIED_PERCENT}% 以上。",
        "描述雷同的占比",
        "%",
    ),
    Kind.PHOTO: Manner(
        "同一张照片（缩小、重新压缩后也算）出现在不同企业或不同日期的隐患里，共涉及 {FLAG_PHOTO_ROWS} 条以上。",
        least="FLAG_PHOTO_ROWS",
        days="FLAG_LONG_DAYS",
    ),
    Kind.UNCHANGED: Manner(
        "整改后的照片就是整改前的那一张，有 {FLAG_UNCHANGED_ROWS} 条以上。", least="FLAG_UNCHANGED_ROWS", days="FLAG_LONG_DAYS"
    ),
    Kind.ON_SPOT: Manner(
        "发现的隐患 {FLAG_SPOT_ROWS} 条以上，其中当场整改销号的占 {FLAG_SPOT_PERCENT}% 以上。",
        "当场销号的占比",
        "%",
        days="FLAG_LONG_DAYS",
    ),
    Kind.FAR: Manner(
        "下达一般隐患 {FLAG_FAR_ROWS} 条以上，整改期限平均超过 {FLAG_FAR_DAYS} 天，并达到同类单位中位数的 {FLAG_FAR_TIMES} 倍以上。",
        "平均整改期限",
        "天",
        days="FLAG_LONG_DAYS",
    ),
    Kind.NO_MEASURE: Manner(
        "没有一件责令限期整改、行政处罚等执法措施；按同类单位采取措施的比例，查出这么多有隐患的企业而一件都没有，碰巧的可能不到 {FLAG_MEASURES_CHANCE_PERCENT}%。",
        "有隐患的企业中采取执法措施的占比",
        "%",
        days="FLAG_LONG_DAYS",
    ),
    Kind.FEW: Manner(
        "平均每家在册企业查出的隐患不到同类单位中位数的 {FLAG_FEW_PERCENT}%；按中位数本应查出 {FLAG_FEW_EXPECTED} 条以上。",
        "每百家在册企业查出隐患",
        "条",
        days="FLAG_LONG_DAYS",
    ),
    Kind.BACKDATED: Manner(
        "排查日期过去 {FLAG_BACKDATED_DAYS} 天以上才登记的有 {FLAG_BACKDATED_ROWS} 条以上，占期内登记的 {FLAG_BACKDATED_PERCENT}% 以上（台账导入的不算）。",
        "事后补录的占比",
        "%",
    ),
    Kind.PERFUNCTORY: Manner(
        "只写“已整改”“存在安全隐患”一类，看不出是什么东西、什么问题的有 {FLAG_PERFUNCTORY_ROWS} 条以上，占本单位发现隐患的 {FLAG_PERFUNCTORY_PERCENT}% 以上。",
        "描述敷衍的占比",
        "%",
    ),
    Kind.MISSED: Manner(
        "上级单位在这家企业查出隐患之前，本乡镇（街道）在排名公式规定的漏查回看天数内去检查过，却没有登记过同类隐患。能说明隐患是检查之后才出现的，请写明并附上材料。",
        days="FLAG_LONG_DAYS",
    ),
}  # fmt: skip


class _Numbers(dict):
    """The numbers that a house may set, as they are now."""

    def __missing__(self, name):
        return getattr(settings, name)


def why(kind):
    """What raises a flag of ``kind``, in a sentence with the numbers in force."""
    return MANNERS[kind].why.format_map(_Numbers())


def days_of(kind):
    """How many days a flag of ``kind`` looks back."""
    return getattr(settings, MANNERS[kind].days)


def least(kind):
    """How many hazards a flag of ``kind`` is about at least, where that is said of their number alone; else 0."""
    name = MANNERS[kind].least
    return getattr(settings, name) if name else 0


def figure_words(kind, value):
    """``value`` of `Manner.figure` with its unit: ``93.3%``, ``58.3 天``; None is —."""
    if value is None:
        return "—"
    unit = MANNERS[kind].unit
    return f"{thousands_words(value.normalize() if value else 0)}{unit if unit == '%' else f' {unit}'}"
