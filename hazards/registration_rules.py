"""What a visit and its hazards must hold, written once: verbs and forms judge by it, and the page's script reads it as data.

The script only says early what is missing; the form on the server has the last word.
"""

from dataclasses import dataclass

from hazards import deadlines
from hazards.due import NO_DATE, until
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
CHOSEN_DATE = Need("due_date", NO_DATE, {"due": ("date",)} | WITH_DEADLINE)
# An order without it tells nobody what to do (整改五落实之“措施”).
NO_REQUIREMENT = "请填写整改措施与要求，写明要做什么、做到什么程度"
NO_HAZARD = "至少登记一条隐患"
FAR_DEADLINE, FARTHEST = "整改期限不能晚于十年之后，请核对年份", 3660  # days
PAST_DEADLINE = "建议期限不能早于今天"
AFTER_PHOTOS = Need("after", "当场整改须上传至少一张整改后照片", {"fixed_on_spot": (True,)})


def problems(*, level, basis, proposed_deadline, today):
    """What forbids writing down a hazard with these facts: ``{column: sentence}``, empty when nothing does."""
    found = {}
    if BASIS.applies({"level": level}) and not basis:
        found["basis"] = BASIS.words
    if proposed_deadline and proposed_deadline < today:
        found["proposed_deadline"] = PAST_DEADLINE
    if proposed_deadline and proposed_deadline > deadlines.after_days(today, FARTHEST):
        found["proposed_deadline"] = FAR_DEADLINE
    return found


# Fields that a card shows only then; without script they all stand there, and the form judges.
ASKED = {
    "due": WITH_DEADLINE,
    "basis": {"level": (Hazard.Level.MAJOR.value,)},
    "fixed_on_spot": {"level": (Hazard.Level.GENERAL.value,)},
}


def served(visit, hazards, *, today, calendar, kept_days):
    """The rules as plain data for ``json_script``, from the classes of the two forms.

    ``{"visit": needs, "hazard": needs, "min_hazards": int, "too_few": sentence, "max_hazards": int, "kept_days": int,
    "asked": {field: {"when"}}, "until": {due: {"days", "working"}}}`` with needs as ``[{"field", "label", "when": {field:
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
        "asked": {field: {"when": when} for field, when in ASKED.items()},
        "until": until(hazards.form.base_fields["due"], today, calendar),
    }


def _needs_of(form):
    labels = {name: field.label for name, field in form.base_fields.items()} | form.photo_labels
    when = {name: {} for name, field in form.base_fields.items() if field.required}
    when |= {need.field: need.when for need in form.needs}
    return [{"field": name, "label": label, "when": when[name]} for name, label in labels.items() if name in when]
