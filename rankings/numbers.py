"""The numbers of a formula in words, and between what each may lie."""

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
