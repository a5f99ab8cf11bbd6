"""The columns of the ledger, each defined once: workbook, import, API, conditions and the page's list are derived from here.

Synonyms were collected from ledgers found in the wild (construction, street and sector forms, coal); the first ones are
trusted most when two columns of a file mean the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import reduce
from typing import Any

from accounts.models import Unit
from criteria.models import CELL, Criterion
from hazards import cells
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from inspections.models import Sector


class Kind(Enum):
    """What a value is, and with it how the import judges it (imports.rows)."""

    TEXT = auto()
    CHOICE = auto()  # one of the words of its model field
    FLAG = auto()
    NUMBER = auto()
    DAY = auto()  # any day
    PAST = auto()  # a day on which something happened: not in the future, not before the hazard was found
    DUE = auto()  # a day by which something is due: not before the hazard was found
    UNIT = auto()  # looked up among the units of the city
    SECTOR = auto()
    CRITERION = auto()  # looked up among the items of the standards


DAYS = frozenset({Kind.DAY, Kind.PAST, Kind.DUE})
ASKABLE = DAYS | {Kind.CHOICE, Kind.FLAG, Kind.NUMBER}


@dataclass(frozen=True)
class Asked:
    """The condition a column brings to page, export and API: the parameter ``name`` (of a choice several values, of a flag 0
    or 1, of a number likewise, whether it is more than nothing), or of a day ``name``_from and ``name``_to; columns of other kinds bring none. Not ``offered``: only links ask it. ``choices``: those that the page offers, if not all."""

    name: str
    offered: bool = True
    choices: tuple = ()


@dataclass(frozen=True)
class LedgerColumn:
    """One column. :func:`column` derives from the model field whatever is not said.

    ``field`` names it in files and reports, ``stored`` is the path from a hazard to where it stands, ``heading`` the official
    one and ``label`` a shorter one for page and conditions. ``read`` turns a cell into the value (ParseError otherwise),
    ``limit`` is the longest text; ``words`` takes hazards.labels.Names and gives {value: what the cell says} (None: the value
    itself); ``width`` is that of the workbook, in characters. ``empty`` is what an empty cell means.

    The import enters a value as the file states it, except ``settled`` ones, which it settles together with state or enterprise;
    a row that is here already is ``compared`` with. ``api``: part of the API's rows. ``asked``: the condition it brings.
    ``listed``: the ledger page can show it as a column of its own, does so when ``visible``, on a phone at ``place`` of the
    card (a class) or at its foot; the others are drawn by the page's composed cells.
    """

    field: str
    stored: str
    heading: str
    label: str
    synonyms: tuple[str, ...]
    kind: Kind
    read: Callable
    limit: int | None
    words: Callable | None
    choices: tuple
    empty: Any
    width: int = 12
    settled: bool = False
    compared: bool = True
    api: bool = True
    asked: Asked | None = None
    listed: bool = True
    visible: bool = False
    place: str = ""

    @property
    def named(self):
        """The paths to the words of the value where it is a row of its own, else to the value."""
        words = {Kind.UNIT: ("short_name",), Kind.SECTOR: ("name",), Kind.CRITERION: CELL}.get(self.kind)
        return tuple(f"{self.stored}__{path}" for path in words) if words else (self.stored,)


_KINDS = {
    "CharField": Kind.TEXT, "TextField": Kind.TEXT, "DateField": Kind.DAY, "BooleanField": Kind.FLAG,
    "SmallIntegerField": Kind.NUMBER, "PositiveSmallIntegerField": Kind.NUMBER, "IntegerField": Kind.NUMBER,
    "PositiveIntegerField": Kind.NUMBER, "DecimalField": Kind.NUMBER,
}  # fmt: skip


def column(stored, synonyms="", **said):
    """The column stored at the path ``stored`` of a hazard, also called by one of ``synonyms``; ``said``: what of
    :class:`LedgerColumn` does not follow from its model field."""
    source = reduce(lambda model, name: model._meta.get_field(name).related_model, stored.split("__")[:-1], Hazard)
    source = source._meta.get_field(stored.split("__")[-1])
    heading = said.get("heading", source.verbose_name)
    kind = said.get("kind") or _kind_of(source)
    derived = {
        "field": stored, "heading": heading, "label": heading, "kind": kind, "read": _reader(kind, source),
        "limit": {Kind.TEXT: source.max_length, Kind.UNIT: Unit._meta.get_field("name").max_length}.get(kind),
        "words": _words(kind, source), "choices": tuple(source.flatchoices), "empty": _empty(source),
    }  # fmt: skip
    if "asked" in said and kind not in ASKABLE:
        raise TypeError(f"column {stored!r}: no condition for {kind.name}; give it a filter in hazards/filters.py")
    return LedgerColumn(stored=stored, synonyms=tuple(synonyms.split()), **(derived | said))


def _kind_of(source):
    if source.choices:
        return Kind.CHOICE
    kind = {Unit: Kind.UNIT, Sector: Kind.SECTOR, Criterion: Kind.CRITERION}.get(source.related_model) or _KINDS.get(
        source.get_internal_type()
    )
    if kind is None:
        raise TypeError(f"column {source.name!r}: a ledger has no cells for a {source.get_internal_type()}")
    return kind


def _reader(kind, source):
    if kind is Kind.CHOICE:
        return cells.one_of(source.flatchoices)
    if kind is Kind.NUMBER:
        return cells.amount_for(source)
    days = {Kind.DUE: cells.deadline_of, Kind.DAY: cells.day_of_cell, Kind.PAST: cells.day_of_cell}
    return {**days, Kind.FLAG: cells.yes_of}.get(kind, cells.plain)


def _words(kind, source):
    return {
        Kind.CHOICE: lambda names: dict(source.flatchoices),
        Kind.FLAG: lambda names: {True: "是"},
        Kind.UNIT: lambda names: names.full,
        Kind.SECTOR: lambda names: names.sectors,
        Kind.CRITERION: lambda names: names.criteria,
    }.get(kind)


def _empty(source):
    if source.null:
        return None
    if source.get_internal_type() == "BooleanField":
        return False
    is_text = source.get_internal_type() in ("CharField", "TextField")
    return "" if is_text and source.blank else source.get_default()


# In the API a person stands among the responsibilities.
PERSON = {"read": cells.names_of, "api": False}

COLUMNS = (
    column("number", "隐患编号 台账编号 隐患编码", read=cells.number_of, limit=None, width=22, settled=True, compared=False, listed=False),
    column(
        "level", "隐患级别 等级 级别 隐患分级 隐患定级", read=cells.level_of, label="等级", width=10, settled=True,
        asked=Asked("level"), listed=False,
    ),
    column(
        "description",
        "隐患内容 问题描述 隐患问题描述 不合格项描述 重大隐患描述 隐患名称 存在问题 存在的问题 存在隐患 存在的隐患 存在的主要问题 "
        "存在的安全隐患 主要问题 隐患问题 问题隐患 问题及隐患 安全隐患 事故隐患 隐患情况 具体问题 检查发现的问题 发现的问题 问题内容 隐患 问题",
        width=40, settled=True, listed=False,
    ),
    column("accident_type", "隐患类别 隐患分类 事故类型 问题类型 可能导致的事故类型"),
    column("location", "隐患部位 隐患地点 被检查部位 检查部位 具体位置 位置 部位 检查地点 地点", width=16),
    column(
        "enterprise__name",
        "生产经营单位名称 生产经营单位 被检查单位名称 被检查单位 受检单位 单位名称 企业 检查对象 场所名称 隐患单位 责任单位 整改责任单位 "
        "施工单位 整改责任单位施工",
        field="enterprise", width=28, settled=True, compared=False, api=False, listed=False,
    ),
    column(
        "enterprise__uscc", "信用代码 社会信用代码 统一信用代码", field="uscc", read=cells.uscc_of, limit=None, width=22,
        settled=True, compared=False, api=False,
    ),
    column("sector", "所属行业 行业 领域 行业类别 所属领域"),
    column(
        "territorial_unit", "所属乡镇 乡镇街道 乡镇 街道 镇街 所属街道 所在乡镇 属地单位 属地责任单位 辖区",
        field="territory", words=lambda names: names.short, limit=None, width=18, settled=True, api=False,
    ),
    column("found_by_unit", "排查单位 检查部门 上报单位 填报单位", field="found_by", width=24, settled=True),
    column("inspectors", "检查人员 排查人 排查人员 发现人 上报人", read=cells.names_of),
    column(
        "found_on", "检查日期 检查时间 排查时间 发现日期 发现时间 上报日期 上报时间 登记日期", settled=True, asked=Asked("found"),
    ),
    column("basis", "依据 依据条款 判定依据条款 违反判定依据具体条款 违反条款 法律依据 检查依据", width=20),
    column(
        "requirement",
        "整改措施及要求 整改要求 整改措施 处置措施 治理措施 整改建议 防范措施 处理方式 整改内容", width=36,
    ),
    column("territorial_person", "属地负责人 属地监管责任人 包保责任人", **PERSON),
    column("competent_unit", "主管部门 行业部门 主管单位 行业主管责任部门", field="competent", width=20, api=False),
    column("competent_person", "行业主管责任人 主管部门责任人 行业主管部门责任人", **PERSON),
    column("supervising_unit", "监管单位 监管责任部门 监管责任单位", field="supervising", width=20, api=False),
    column("supervising_person", "监管部门责任人 监管人", **PERSON),
    column(
        "enterprise_person",
        "整改责任人 整改责任部门/责任人 整改责任部门责任人 责任人 整改负责人 企业负责人 管控责任人 负责人", **PERSON,
    ),
    column("issued_on", "下达时间 整改通知日期 通知日期 交办日期 交办时间", kind=Kind.PAST, settled=True),
    column(
        "deadline",
        "整改时限 限期日期 限时时间 限期整改日期 限期整改时间 隐患治理期限 治理期限 整改截止日期 整改完成期限 整改完成时限 要求完成时间 "
        "要求完成日期 要求整改期限 计划完成时间 完成时限 整改限期 限期",
        kind=Kind.DUE, settled=True, asked=Asked("due"), listed=False,
    ),
    column("original_deadline", "原整改期限 原期限", kind=Kind.DUE, settled=True),
    column(
        "rectified_on",
        "整改完成时间 实际整改完成时间 实际整改完成日期 实际完成时间 实际完成日期 完成日期 完成时间 整改日期 整改时间",
        kind=Kind.PAST, read=cells.day_or_state, settled=True, asked=Asked("rectified", offered=False),
    ),
    column("review_result", "复查情况 复查意见 验收结果 验收情况 验收意见 复核结果 核查情况", width=20),
    column("reviewed_on", "复查时间 验收日期 验收时间 复核日期 复核时间", kind=Kind.PAST, read=cells.day_or_state, settled=True),
    column("reviewer_name", "复查人员 验收人 验收人员 复核人 核查人", read=cells.names_of),
    column(
        "state",
        "状态 处理状态 整改状态 销号情况 是否销号 是否闭环 闭环情况 是否整改 是否整改完成 是否完成整改 整改情况",
        heading="隐患状态", label="状态", read=cells.state_of, width=10, settled=True, listed=False,
        asked=Asked("state", choices=tuple((state.value, state.label) for state in (*OPEN_STATES, State.CLOSED, State.VOIDED))),
    ),
    column(
        "closed_on", "销号时间 闭环日期 闭环时间 关闭日期", kind=Kind.PAST, read=cells.day_or_state, settled=True,
        asked=Asked("closed"),
    ),
    # Beyond the official form, so that an exported ledger imports back without loss.
    column("criterion", "判定条目", width=40, compared=False),
    column("feedback_on", "反馈时间 整改反馈日期", kind=Kind.PAST, settled=True),
    column("proposed_deadline", kind=Kind.DUE, settled=True),
    column("extensions", "已延期次数 延期情况", width=10),
    column("reopened", "返潮 重新打开次数 反弹次数", label="返潮", width=10, asked=Asked("reopened")),
    column("fault_cleared", "现象归零 隐患归零 故障归零情况", width=24, api=False),
    column("gap_closed", "管理归零情况 管理漏洞及堵塞措施", width=24, api=False),
    column("fixed_on_spot", "是否当场整改 当场整改情况", width=10, settled=True),
)  # fmt: skip

BY_FIELD = {column.field: column for column in COLUMNS}
SYNONYMS = {column.field: (column.heading, *column.synonyms) for column in COLUMNS}
HEADINGS = tuple(column.heading for column in COLUMNS)
# Without these a row cannot be entered; 隐患描述 may be empty only in rows that are history already.
REQUIRED = ("description", "found_on", "enterprise")


def asked_for(*kinds, offered=False):
    """The columns of ``kinds`` that bring a condition, with ``offered`` only those with a field for it on the page."""
    found = [column for column in COLUMNS if column.asked and column.kind in kinds]
    return [column for column in found if column.asked.offered or not offered]
