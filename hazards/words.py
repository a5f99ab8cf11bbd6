"""The words of a hazard wherever it is shown: level, state, deadline, the four responsibilities. Pure, no clock."""

import re

LEVELS = {"general": "一般", "major": "重大"}
STATES = {  # state → (css name, icon, word)
    "draft": ("draft", "circle-dashed", "草稿"),
    "registered": ("registered", "clipboard-list", "已登记"),
    "rectifying": ("rectifying", "progress", "整改中"),
    "pending_review": ("review", "eye-check", "待复查"),
    "closed": ("closed", "circle-check", "已销号"),
    "voided": ("discarded", "ban", "已作废"),
    "discarded": ("discarded", "ban", "已弃草稿"),
}
DEADLINE_ICONS = {"overdue": "clock-exclamation", "today": "hourglass", "soon": "hourglass", "done": "check"}
DUTIES = {  # kind → (seal, short word, long word)
    "territorial": ("属", "属地", "属地责任"),
    "competent": ("主", "行业主管", "行业主管"),
    "supervising": ("监", "监管", "监管责任"),
    "enterprise": ("企", "企业主体", "企业主体"),
}
SOON_DAYS = 3  # amber begins here: 剩 3 天; the filter 3 天内到期 means the same
NOT_ISSUED, NOT_REGISTERED = "未下达 —", "未登记 —"
# The place in front of an office: in 梁园区应急局 the reader of a cell needs 应急局.
PLACE_BEFORE_OFFICE = re.compile(r"^[\u4e00-\u9fff]{1,8}?[市县区](?=[\u4e00-\u9fff]{2,}[局办委]$)")


def deadline_words(state, deadline, rectified_on, today, feedback_on=None, issue_due_on=None):
    """How a hazard stands against its deadline: ``(kind, words)``.

    ``kind`` is ``overdue``, ``today``, ``soon``, ``plain``, ``done``, ``late`` or ``none``; dates are ``date`` or None.
    A deadline counts to 24:00 of its day. Once feedback is in (``feedback_on`` while it awaits review, ``rectified_on``
    once accepted) the clock has stopped and the words compare that day with the deadline. Before the order, ``issue_due_on`` is
    what it stands against.
    """
    if state in ("voided", "discarded"):
        return "none", "—"
    if state in ("pending_review", "closed") and rectified_on is not None:
        late = 0 if deadline is None else (rectified_on - deadline).days
        return ("done", "按期完成") if late <= 0 else ("late", f"逾期 {late} 天完成")
    if state == "closed":
        return "none", "—"
    if state == "draft":
        return "none", NOT_REGISTERED
    if state == "registered" and issue_due_on is not None:
        late = (today - issue_due_on).days
        return ("overdue", f"逾期 {late} 天未下达") if late > 0 else ("plain", f"{issue_due_on:%m-%d} 前下达")
    if deadline is None:
        return "none", NOT_ISSUED
    if state == "pending_review":
        return _feedback_words(deadline, feedback_on)
    left = (deadline - today).days
    if left < 0:
        return "overdue", f"逾期 {-left} 天"
    if left == 0:
        return "today", "今日到期"
    return ("soon" if left <= SOON_DAYS else "plain"), f"剩 {left} 天"


def _feedback_words(deadline, feedback_on):
    if feedback_on is None:
        return "plain", "已反馈"
    late = (feedback_on - deadline).days
    return ("done", "按期反馈") if late <= 0 else ("late", f"逾期 {late} 天反馈")


def answer_of(state, feedback_on, rectified_on):
    """The day that stopped the clock and its word: ``(date, "反馈" | "完成")``, the day None while the clock runs."""
    if state == "closed":
        return rectified_on, "完成"
    if state == "pending_review":
        return (feedback_on or rectified_on), "反馈"
    return None, ""


def short_body(name):
    """A body in a narrow cell: 梁园区应急局 → 应急局, 双八镇人民政府 → 双八镇; other names stay."""
    bare = name.removesuffix("人民政府").removesuffix("街道办事处")
    return PLACE_BEFORE_OFFICE.sub("", bare)


def within(name, county):
    """:func:`short_body` of a body named beside its ``county`` (梁园区消防大队 in 梁园区 → 消防大队); the county itself stays."""
    return short_body(name.removeprefix(county or "") or name)
