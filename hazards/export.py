"""The ledger as a workbook, streamed in flat memory: all columns, to be worked with and read back, or the official form, to be printed."""

from django.utils import timezone

from hazards.columns import COLUMNS, HEADINGS
from hazards.labels import Names
from hazards.lifecycle import State, word_of
from hazards.models import Hazard
from hazards.words import deadline_words
from look.words import full_date
from workbooks.writing import Paper, stream_xlsx

FETCH = 2000
A3 = 8
# All columns lie on two sheets of A3 side by side; on one they could not be read.
WIDE = Paper(across=2, size=A3)
SIGNATURE = "　　".join(f"{who}：" + "　" * 12 for who in ("制表", "审核", "签发"))


def stream_ledger(queryset, *, title, at):
    """The .xlsx bytes of ``queryset`` (hazards, in its order), in pieces; ``title`` and the moment ``at`` head the sheet.

    One query for the rows, three for names; memory does not grow with the number of rows. On PostgreSQL the rows come
    through a server-side cursor.
    """
    stamp = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    return stream_xlsx(
        "隐患台账",
        HEADINGS,
        _rows(queryset),
        title=f"{title}（导出时间 {stamp}）",
        column_widths=[column.width for column in COLUMNS],
        paper=WIDE,
    )


def _rows(queryset):
    # Units, sectors and words are looked up in memory instead of joined (32 columns, 6 joins less).
    names = Names()
    translate = [(place, column.words(names).get) for place, column in enumerate(COLUMNS) if column.words]
    paths = [column.stored for column in COLUMNS]
    state, level = paths.index("state"), paths.index("level")
    for values in queryset.values_list(*paths).iterator(chunk_size=FETCH):
        row = list(values)
        for index, name in translate:
            row[index] = name(row[index])
        if values[level] == Hazard.Level.MAJOR:
            row[state] = word_of(values[state], values[level])
        yield row


# --- the official form: what a leader signs, on A4 landscape

FORM = {  # heading: width in characters
    "序号": 5, "编号": 12, "企业名称": 19, "隐患描述": 30, "等级": 6, "排查日期": 11, "属地责任": 12, "行业主管责任": 12,
    "监管责任": 12, "企业责任": 9, "整改期限": 11, "状态": 8, "整改情况": 24,
}  # fmt: skip
_PATHS = (
    "number", "enterprise__name", "description", "location", "level", "found_on",
    "territorial_unit", "territorial_person", "competent_unit", "competent_person", "supervising_unit", "supervising_person",
    "enterprise_person", "deadline", "state", "rectified_on", "feedback_on", "reviewed_on",
    "review_result", "fixed_on_spot", "issue_due_on",
)  # fmt: skip


def stream_form(queryset, *, title, conditions, count, at):
    """The official form of ``queryset`` (hazards, in its order) as .xlsx bytes in pieces: numbered rows under ``title``, the
    ``conditions`` in words, their ``count`` and the moment ``at`` in a note, a line to sign, row heights for long texts."""
    local = timezone.localtime(at)
    note = f"条件：{conditions}；共 {count:,} 条；制表时间：{local:%Y-%m-%d %H:%M}"
    paper = Paper(note=note, signature=SIGNATURE)
    rows = _form_rows(queryset, local.date())
    return stream_xlsx("隐患台账", list(FORM), rows, title=title, column_widths=list(FORM.values()), paper=paper)


def _form_rows(queryset, today):
    names, levels = Names(), dict(Hazard.Level.choices)
    for number, row in enumerate(queryset.values(*_PATHS).iterator(chunk_size=FETCH), 1):
        bodies = [
            "\n".join(filter(None, (names.full.get(row[f"{kind}_unit"], ""), row[f"{kind}_person"])))
            for kind in ("territorial", "competent", "supervising")
        ]
        where = f"（{row['location']}）" if row["location"] else ""
        yield [
            number, row["number"] or "草稿", row["enterprise__name"], row["description"] + where, levels[row["level"]],
            row["found_on"], *bodies, row["enterprise_person"], row["deadline"], word_of(row["state"], row["level"]), progress(row, today),
        ]  # fmt: skip


def progress(row, today):
    """How far the putting right is, in words, as of ``today``: 逾期 5 天未整改, 11-20 已反馈，待复查, 11-18 整改完成（按期） …

    ``row`` is a dict of the fields state, level, deadline, issue_due_on, rectified_on, feedback_on, reviewed_on, review_result,
    fixed_on_spot.
    """
    state, said = (
        row["state"],
        deadline_words(
            row["state"], row["deadline"], row["rectified_on"], today, row["feedback_on"], row["issue_due_on"]
        )[1],
    )
    if state == State.RECTIFYING:
        return f"{said}未整改" if row["deadline"] < today else f"整改中，{said}"
    if state == State.PENDING_REVIEW:
        return f"{said}，{word_of(state, row['level'])}"
    if state != State.CLOSED:
        if state != State.REGISTERED:
            return ""
        is_late = row["issue_due_on"] and row["issue_due_on"] < today
        return f"{said}整改" if is_late else "，".join(filter(None, ("未下达整改", row["issue_due_on"] and said)))
    if row["fixed_on_spot"]:
        done = "当场整改销号"
    else:
        done = f"{full_date(row['rectified_on'])} 整改（{said}）" if row["rectified_on"] else "已销号"
    judged = "验收" if row["level"] == Hazard.Level.MAJOR else "复查"
    reviewed = f"{full_date(row['reviewed_on'])} {judged}" if row["reviewed_on"] else ""
    return "；".join(filter(None, (done, reviewed, row["review_result"])))
