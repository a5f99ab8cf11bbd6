"""The numbers of a formula in words, in which groups they are read, and between what each may lie."""

from rankings.formula import Constants

WORDS = {
    "rectified": "整改 分值", "on_time": "按期 分值", "coverage": "覆盖 分值", "finding": "发现 分值", "enforcement": "执法 分值",
    "reporting": "报送 分值", "window_months": "月排名计分月数", "window_weeks": "周统计计分周数", "limit_days_general": "一般隐患计分期限上限（天）",
    "limit_days_major": "重大隐患计分期限上限（天）", "review_days": "待复查按已整改计的天数", "spot_percent": "当场整改占比上限（%）",
    "shrinkage": "平滑条数", "believed_least": "可信条数下限", "believed_percent": "可信条数倍数（%）", "coverage_percent": "每周检查覆盖目标（%）",
    "firms_per_inspector": "每名检查人员每周检查家数", "repeat_days": "重复发现天数", "enforcement_percent": "执法满分线（同类平均的 %）",
    "base": "扣分企业数下限", "overdue_general_each": "逾期一般隐患每条扣分", "overdue_general_most": "逾期一般隐患扣分上限",
    "overdue_major_each": "逾期重大隐患每条扣分", "overdue_major_most": "逾期重大隐患扣分上限", "reopened_each": "返潮每条扣分",
    "reopened_most": "返潮扣分上限", "missed_each": "漏查每家扣分", "missed_most": "漏查扣分上限", "missed_days": "漏查回看天数",
}  # fmt: skip
# Smallest and largest number each may be; what is not named may be 0 … 100.
RANGES = {
    "window_months": (1, 12), "window_weeks": (1, 12), "limit_days_general": (1, 999), "limit_days_major": (1, 999),
    "shrinkage": (1, 100), "review_days": (0, 90), "believed_least": (0, 1000), "believed_percent": (100, 1000), "coverage_percent": (1, 100),
    "firms_per_inspector": (1, 100), "repeat_days": (0, 90), "enforcement_percent": (1, 100), "base": (1, 1000), "missed_days": (0, 90),
}  # fmt: skip
# Heading, what stands below it, names: every number of `rankings.formula.Constants` once, in the order of pages and forms.
GROUPS = (
    (
        "分值", "六部分合计 100 分；谁都没有的部分不计，其余折算为 100 分。",
        ("rectified", "on_time", "coverage", "finding", "enforcement", "reporting"),
    ),
    (
        "窗口与期限", "计分时段到本期最后一天为止；计分期限从发现之日起算，经市安委办批准方案的除外。",
        ("window_months", "window_weeks", "limit_days_general", "limit_days_major", "review_days"),
    ),
    (
        "两率", "整改率、按期率怎样算：条数少的向同表平均靠拢，检查得少的单位只认一部分条数。",
        ("spot_percent", "shrinkage", "believed_least", "believed_percent"),
    ),
    (
        "覆盖与发现", "检查目标按在册企业数和核定检查人员数取低者，不低于前者的一半。",
        ("coverage_percent", "firms_per_inspector", "repeat_days", "enforcement_percent"),
    ),
    (
        "扣分", "按每百家在册企业计，不足下限的按下限计，各有上限。",
        (
            "base", "overdue_general_each", "overdue_general_most", "overdue_major_each", "overdue_major_most", "reopened_each",
            "reopened_most", "missed_each", "missed_most", "missed_days",
        ),
    ),
)  # fmt: skip


def changed(before, after):
    """``{name: (old, new)}`` of the numbers that differ, in the order of `GROUPS`; both as versions are stored."""
    before, after = (Constants.of_dict(numbers).as_dict() for numbers in (before, after))
    names = (name for _, _, group in GROUPS for name in group)
    return {name: (before[name], after[name]) for name in names if before[name] != after[name]}
