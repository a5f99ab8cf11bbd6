"""What a row holds stays valid for that row: what it points to goes out of use, and every form of it still works and keeps it."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit, User
from bulletins.models import Bulletin
from criteria.models import Standard
from enforcement.models import Measure
from flags.models import Flag
from hazards.models import Hazard
from inspections.models import Enterprise, Sector
from journal import acts
from journal.models import record_kinds
from rankings.models import Formula, Freeze, Staff
from reporting.models import Report
from responsibilities.models import Charge, Line
from tests import stages
from tests.factories import UnitFactory, UserFactory
from tests.laws.test_who import who_may

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who may and what is said: no database decides it

# {kind: how one of it goes out of use}; a kind that is not here never does.
GOES = {
    Unit: {"is_active": False, "state": "retired"},
    Sector: {"is_active": False, "state": "retired"},
    User: {"is_active": False, "state": "stopped"},
    Enterprise: {"status": Enterprise.Status.CLOSED},
}
# {kind: (who does it, {act: what it is told besides what its form shows})}. Acts of a hazard are done by whoever may.
DOERS = {
    Unit: ("sysadmin", {"edit": {"name": "另一个名称"}, "retire": {}}),
    User: ("sysadmin", {"edit": {"post": "副镇长"}, "reset_password": {}, "reset_factor": {}, "deactivate": {}}),
    Sector: ("sysadmin", {"edit": {"order": 77}, "retire": {"reason": "并入商贸"}}),
    Standard: ("office", {"edit": {"name": "另一个名称"}}),
    Enterprise: (
        "office",
        {"edit": {"phone": "0370-1"}, "join_member": {"username": "newcomer"}, "part_member": {"username": "member"}},
    ),
    Measure: (
        "office",
        {
            "apply_resumption": {"text": "已加装报警装置"},
            "decide_resumption": {"granted": "grant", "opinion": "已核实"},
            "lift_measure": {"reason": "已消除"},
            "correct_measure": {"number": "（梁）应急罚〔2026〕9号", "reason": "笔误"},
            "withdraw_measure": {"reason": "复议撤销"},
        },
    ),
}
DOERS |= {
    Flag: ("office", {"decide": {"dismissed": "dismiss", "reason": "属实"}, "relent": {"reason": "属实"}}),
    Line: (
        "office",
        {"replace": {"supervising": lambda: Unit.objects.get(code="411402-SW").pk}, "end": {"reason": "按职能"}},
    ),
    Report: (
        "office",
        {
            "file": {"report_as": "figures"},
            "return_report": {"reason": "请说明"},
            "chase": {"words": "请报"},
            "excuse": {"reason": "撤并"},
        },
    ),
    Charge: ("manager", {"replace": {"deputy": lambda: _colleague().pk}, "end": {"reason": "不再有这类企业"}}),
}
DOERS |= {
    Freeze: ("office", {"revise": {"reason": "登记有误"}}),
    Formula: ("office", {"amend_formula": {"reason": "再改"}, "publish_formula": {"since": lambda: timezone.localdate().isoformat()}, "discard_formula": {"reason": "暂缓"}}),
    Staff: ("office", {"correct_staff": {"reason": "笔误", "inspectors": 4}}),
}  # fmt: skip
DOERS |= {
    Bulletin: (
        "office",
        {
            "edit_bulletin": {"copies": "市纪委监委机关"}, "submit_bulletin": {}, "issue_bulletin": {},
            "return_bulletin": {"reason": "写明时间"}, "urge_readers": {}, "discard_bulletin": {"reason": "不再印发"},
        },
    ),
}  # fmt: skip
# The measure, flag, report or bulletin on which an act is possible.
MEASURED = {"apply_resumption": "suspension", "decide_resumption": "suspension+asked", "lift_measure": "seizure"}
MEASURED |= {"decide": "answered", "relent": "upheld", "return_report": "filed"}
MEASURED |= {"issue_bulletin": "pending", "return_bulletin": "pending", "urge_readers": "issued"}
BY_OTHERS = {"apply_resumption": "enterprise", "file": "manager"}
ORDERS = {"issue", "reopen"}  # they write down which unit gave the order
PEOPLE_PAGES = {"edit": "edit", "reset_password": "password", "reset_factor": "factor", "deactivate": "stop"}
# Acts that address a body or name somebody of it, which must be in use; that take a file; that do away with the row, bring it back, or are another administrator's.
LEFT_OUT = {
    (Unit, "restore"),
    (Sector, "restore"),
    (User, "grant"),
    (User, "end_access"),
    (Hazard, "instruct"),
    (Standard, "load_items"),
}
# A leader's, of whom there is none in the office; and what says nothing new to a draft without candidates, newly composed.
LEFT_OUT |= {(Bulletin, act) for act in ("instruct_readers", "choose_cases", "recompose_bulletin")}
# All that a flag points to when its unit answers is that unit and who answers.
LEFT_OUT |= {(Flag, "answer"), (Flag, "supplement")}
LEFT_OUT |= {(Report, "file")}  # by the unit itself, which is in use while somebody serves it
LEFT_OUT |= {(Hazard, act) for act in ("offer_transfer", "answer_transfer", "assign_transfer", "accept")}


def forms():
    """``[(kind, act, stage of the row), …]`` of every act that is done to a row on a page."""
    found = []
    for kind in record_kinds():
        for act in acts.acts_of(kind):
            if act.form and not act.creates and (kind, act.name) not in LEFT_OUT:
                places = (
                    [stage for stage in stages.stages_of(act.name) if who_may(act.name, stage)]
                    if kind is Hazard
                    else [""]
                )
                found += [(kind, act.name, stage) for stage in places]
    return found


def _colleague():
    return User.objects.filter(role="inspector", unit__code="411402001").first()


def pointing(kind):
    """The columns of ``kind`` that point to something that can go out of use."""
    return [field for field in kind._meta.concrete_fields if field.is_relation and field.related_model in GOES]


def retire(row, *, but):
    """All that ``row`` points to goes out of use, except what is in ``but``."""
    gone = []
    for field in pointing(type(row)):
        target = getattr(row, field.name)
        if target is not None and target not in but:
            type(target).objects.filter(pk=target.pk).update(**GOES[type(target)])
            gone.append(field.name)
    return gone


def page_of(kind, row, act):
    if kind is User:
        return reverse(f"accounts:person_{PEOPLE_PAGES[act]}", args=[row.pk])
    return reverse("hazards:act" if kind is Hazard else f"{kind._meta.app_label}:{kind.slug}_act", args=[row.pk, act])


# Fields that take any row, for the verb knows which and says the same of a row that is none: what a law of its own must try.
VERB_JUDGES = {("offer_transfer", "to_unit"), ("assign_transfer", "unit")}


def choices():
    """``[(kind, act), …]`` of every act that the API offers on a row and that names something which can go out of use."""
    return [(kind, act.name) for kind in record_kinds() for act in acts.acts_of(kind) if act.serializer]


def offered_by(act, row, doer):
    """``{field: queryset}`` of what a body may name that can go out of use."""
    view = SimpleNamespace(kwargs={"pk": row.pk} if row else {}, get_object=lambda: row)
    body = act.serializer(context={"request": SimpleNamespace(user=doer), "view": view})
    fields = {name: getattr(field, "child", field) for name, field in body.fields.items()}
    return {
        name: field.queryset
        for name, field in fields.items()
        if getattr(field, "queryset", None) is not None and field.queryset.model in (Sector, Unit, User)
    }


@pytest.mark.parametrize(("kind", "name"), choices(), ids=lambda value: getattr(value, "__name__", value))
def test_a_body_names_nothing_out_of_use_but_what_the_row_holds(kind, name):
    act, people = acts.named(kind, name), stages.cast()
    stage = next(iter(stages.stages_of(name)), "rectifying") if kind is Hazard else ""
    row = None if act.creates else stages.hazard(people, stage) if kind is Hazard else stages.KINDS[kind](people, "")
    for model in (Sector, Unit, User):
        model.objects.update(**GOES[model])
    for field, offered in offered_by(act, row, people["office"]).items():
        points = [one for one in pointing(kind) if row and one.related_model is offered.model]
        held = {getattr(row, one.attname) for one in points}
        if (name, field) not in VERB_JUDGES:
            assert set(offered.values_list("pk", flat=True)) <= held, (name, field)


def prepared(kind, act, stage):
    """``(row, who acts, what they type)``."""
    people = stages.cast()
    if kind is Hazard:
        may = who_may(act, stage)
        doer = people["office" if "office" in may else min(may)]
        row = stages.hazard(people, stage)
        return row, doer, stages.posted(act, doer, row.version)
    name, told = DOERS[kind]
    row = stages.KINDS[kind](people, MEASURED.get(act, ""))
    name = BY_OTHERS.get(act, name)
    if kind is Unit:
        row = UnitFactory(code="411402-JY", parent=UnitFactory(code="411402"))
    if kind is User:
        row.superior = people["manager"]
        if act == "reset_factor":
            row.factor_seal = "f" * 64
        if act == "edit":  # nobody who is in use is in a unit that is not
            row.is_active, row.state = False, "stopped"
        row.save()
    if act in ("join_member", "part_member"):
        person = UserFactory(role="enterprise", unit=None, username=told[act]["username"])
        if act == "part_member":
            row.members.add(person)
    return row, people[name], stages.now(told[act], people[name])


def test_every_kind_that_is_pointed_to_says_how_it_goes():
    assert {kind for kind, _, _ in forms()} <= {Hazard, *DOERS}
    pointed = {
        field.related_model for kind in record_kinds() for field in kind._meta.concrete_fields if field.is_relation
    }
    assert {kind for kind in pointed if any(hasattr(kind, name) for name in ("is_active", "status"))} == set(GOES)


@pytest.mark.parametrize(("kind", "act", "stage"), forms(), ids=lambda value: getattr(value, "__name__", value))
def test_a_form_keeps_what_the_row_holds_though_it_has_gone_out_of_use(client, kind, act, stage):
    row, doer, typed = prepared(kind, act, stage)
    gone = retire(row, but=(doer, doer.unit))
    assert gone or not [field for field in pointing(kind) if getattr(row, field.attname)], "nothing to retire"
    held = {field.attname: getattr(row, field.attname) for field in pointing(kind) if field.related_model is not User}
    if act in ORDERS:
        held.pop("issued_by_unit_id")
    client.force_login(doer)
    page = client.get(page_of(kind, row, act))
    assert page.status_code == 200, page.content.decode()
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    sent = {
        name: value for name, value in shown.items() if value is not None and value is not False and value != []
    } | typed
    answer = client.post(page_of(kind, row, act), sent)
    assert answer.status_code in (200, 302), getattr(
        answer.context and answer.context.get("form"), "errors", answer.status_code
    )
    after = kind.objects.get(pk=row.pk)
    assert {name: getattr(after, name) for name in held} == held
    assert after.version > row.version
