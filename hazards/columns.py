"""The official columns of the ledger: one table serves export headings and values, import synonyms and parsers.

Synonyms were collected from ledgers found in the wild (construction, street and sector forms, coal); the first ones are
trusted most when two columns of a file mean the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hazards import cells


@dataclass(frozen=True)
class LedgerColumn:
    """``field`` names the parsed value, ``heading`` is the official one, ``read`` turns a cell into the value (ParseError
    otherwise), ``limit`` is the longest text the ledger holds, ``width`` the column width in characters."""

    field: str
    heading: str
    synonyms: tuple[str, ...]
    read: Callable
    limit: int | None = None
    width: int = 12


def _column(field, heading, synonyms="", read=cells.plain, limit=None, width=12):
    return LedgerColumn(field, heading, tuple(synonyms.split()), read, limit, width)


COLUMNS = (
    _column("number", "编号", "隐患编号 台账编号 隐患编码", cells.number_of, width=22),
    _column("level", "隐患等级", "隐患级别 等级 级别 隐患分级 隐患定级", cells.level_of, width=10),
    _column(
        "description", "隐患描述",
        "隐患内容 问题描述 隐患问题描述 不合格项描述 重大隐患描述 隐患名称 存在问题 存在的问题 存在隐患 存在的隐患 存在的主要问题 "
        "存在的安全隐患 主要问题 隐患问题 问题隐患 问题及隐患 安全隐患 事故隐患 隐患情况 具体问题 检查发现的问题 发现的问题 问题内容 隐患 问题",
        limit=1000, width=40,
    ),
    _column("accident_type", "隐患类型", "隐患类别 隐患分类 事故类型 问题类型 可能导致的事故类型", limit=60),
    _column("location", "隐患位置", "隐患部位 隐患地点 被检查部位 检查部位 具体位置 位置 部位 检查地点 地点", limit=100, width=16),
    _column(
        "enterprise", "企业名称",
        "生产经营单位名称 生产经营单位 被检查单位名称 被检查单位 受检单位 单位名称 企业 检查对象 场所名称 隐患单位 责任单位 整改责任单位 "
        "施工单位 整改责任单位施工",
        limit=120, width=28,
    ),
    _column("uscc", "统一社会信用代码", "信用代码 社会信用代码 统一信用代码", cells.uscc_of, width=22),
    _column("sector", "行业领域", "所属行业 行业 领域 行业类别 所属领域"),
    _column("territory", "属地", "所属乡镇 乡镇街道 乡镇 街道 镇街 所属街道 所在乡镇 属地单位 属地责任单位 辖区", width=18),
    _column("found_by", "检查单位", "排查单位 检查部门 上报单位 填报单位", limit=100, width=24),
    _column("inspectors", "检查人", "检查人员 排查人 排查人员 发现人 上报人", cells.names_of, 100),
    _column("found_on", "排查日期", "检查日期 检查时间 排查时间 发现日期 发现时间 上报日期 上报时间 登记日期", cells.day_of_cell),
    _column("basis", "判定依据", "依据 依据条款 判定依据条款 违反判定依据具体条款 违反条款 法律依据 检查依据", limit=300, width=20),
    _column(
        "requirement", "整改措施与要求",
        "整改措施及要求 整改要求 整改措施 处置措施 治理措施 整改建议 防范措施 处理方式 整改内容", limit=2000, width=36,
    ),
    _column("territorial_person", "属地责任人", "属地负责人 属地监管责任人 包保责任人", cells.names_of, 40),
    _column("competent", "行业主管部门", "主管部门 行业部门 主管单位 行业主管责任部门", limit=100, width=20),
    _column("competent_person", "主管责任人", "行业主管责任人 主管部门责任人 行业主管部门责任人", cells.names_of, 40),
    _column("supervising", "监管部门", "监管单位 监管责任部门 监管责任单位", limit=100, width=20),
    _column("supervising_person", "监管责任人", "监管部门责任人 监管人", cells.names_of, 40),
    _column(
        "enterprise_person", "企业责任人",
        "整改责任人 整改责任部门/责任人 整改责任部门责任人 责任人 整改负责人 企业负责人 管控责任人 负责人", cells.names_of, 40,
    ),
    _column("issued_on", "下达日期", "下达时间 整改通知日期 通知日期 交办日期 交办时间", cells.day_of_cell),
    _column(
        "deadline", "整改期限",
        "整改时限 限期日期 限时时间 限期整改日期 限期整改时间 隐患治理期限 治理期限 整改截止日期 整改完成期限 整改完成时限 要求完成时间 "
        "要求完成日期 要求整改期限 计划完成时间 完成时限 整改限期 限期",
        cells.deadline_of,
    ),
    _column("original_deadline", "原定期限", "原整改期限 原期限", cells.deadline_of),
    _column(
        "rectified_on", "整改完成日期",
        "整改完成时间 实际整改完成时间 实际整改完成日期 实际完成时间 实际完成日期 完成日期 完成时间 整改日期 整改时间", cells.day_or_state,
    ),
    _column("review_result", "复查结果", "复查情况 复查意见 验收结果 验收情况 验收意见 复核结果 核查情况", limit=2000, width=20),
    _column("reviewed_on", "复查日期", "复查时间 验收日期 验收时间 复核日期 复核时间", cells.day_or_state),
    _column("reviewer_name", "复查人", "复查人员 验收人 验收人员 复核人 核查人", cells.names_of, 100),
    _column(
        "state", "隐患状态",
        "状态 处理状态 整改状态 销号情况 是否销号 是否闭环 闭环情况 是否整改 是否整改完成 是否完成整改 整改情况", cells.state_of, width=10,
    ),
    _column("closed_on", "销号日期", "销号时间 闭环日期 闭环时间 关闭日期", cells.day_or_state),
    # Beyond the official form, so that an exported ledger imports back without loss.
    _column("feedback_on", "反馈日期", "反馈时间 整改反馈日期", cells.day_of_cell),
    _column("proposed_deadline", "建议期限", "", cells.deadline_of),
    _column("fixed_on_spot", "当场整改", "是否当场整改 当场整改情况", cells.yes_of, width=10),
)  # fmt: skip

BY_FIELD = {column.field: column for column in COLUMNS}
SYNONYMS = {column.field: (column.heading, *column.synonyms) for column in COLUMNS}
HEADINGS = tuple(column.heading for column in COLUMNS)
# Without these a row cannot be entered; 隐患描述 may be empty only in rows that are history already.
REQUIRED = ("description", "found_on", "enterprise")
