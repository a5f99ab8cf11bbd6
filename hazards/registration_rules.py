"""What a visit and its hazards must hold, written once: verbs and forms judge by it, and the page's script reads it as data.

The script only says early what is missing; the form on the server has the last word.
"""

from dataclasses import dataclass

from django.utils import dateformat

from hazards import deadlines
from hazards.models import Hazard
from inspections.models import OF_TWO
from inspections.operations import TOO_FEW


@dataclass(frozen=True)
class Need:
    """``field`` must be filled while each field named in ``when`` has one of its values; ``words`` say that it is missing."""

    field: str
    words: str
    when: dict[str, tuple]

    def applies(self, given):
        """Whether it is to be met where ``given`` (field → value, as a form cleaned it) stands."""
        return all(given.get(name) in values for name, values in self.when.items())


SECOND_INSPECTOR = Need("colleague", TOO_FEW, {"kind": OF_TWO})
BASIS = Need("basis", "重大隐患须写明判定依据（标准名称、文号和条款）", {"level": (Hazard.Level.MAJOR.value,)})
WITH_DEADLINE = {"fixed_on_spot": (False,)}  # what is rectified already is given none
CHOSEN_DATE = Need("due_date", "请选择截止日期", {"due": ("date",)} | WITH_DEADLINE)
NO_HAZARD = "至少登记一条隐患"
FAR_DEADLINE, FARTHEST = "整改期限不能晚于十年之后，请核对年份", 3660  # days
PAST_DEADLINE = "建议期限不能早于今天"
AFTER_PHOTOS = Need("after", "当场整改须上传至少一张整改后照片", {"fixed_on_spot": (True,)})


def served(visit, hazards, *, today, kept_days):
    """The rules as plain data for ``json_script``, from the classes of the two forms.

    ``{"visit": needs, "hazard": needs, "min_hazards": int, "too_few": sentence, "max_hazards": int, "kept_days": int,
    "asked": {"due": {"when"}}, "until": {due: {"days", "working"}}}`` with needs as ``[{"field", "label", "when": {field:
    [value, …]}}, …]``, an empty ``when`` meaning always. ``asked``: fields that are shown only then. ``kept_days``: how long
    a draft in the browser is worth restoring.
    """
    return {
        "visit": _needs_of(visit),
        "hazard": _needs_of(hazards.form),
        "min_hazards": hazards.min_num,
        "too_few": NO_HAZARD,
        "max_hazards": hazards.max_num,
        "kept_days": kept_days,
        "asked": {"due": {"when": WITH_DEADLINE}},
        "until": _until(hazards.form, today),
    }


def _needs_of(form):
    labels = {name: field.label for name, field in form.base_fields.items()} | form.photo_labels
    when = {name: {} for name, field in form.base_fields.items() if field.required}
    when |= {need.field: need.when for need in form.needs}
    return [{"field": name, "label": label, "when": when[name]} for name, label in labels.items() if name in when]


def _until(form, today):
    """The words beside the choice of a deadline. Which day a number of working days ends on is settled when it is saved."""
    words = {}
    for value, _ in form.base_fields["due"].choices:
        if value.isdigit():
            day = dateformat.format(deadlines.after_days(today, int(value)), "m-d l")
            working = f"{value} 个工作日，扣除放假安排" if int(value) else "今日 24:00"
            words[value] = {"days": f"至 {day} 24:00", "working": working}
    return words
