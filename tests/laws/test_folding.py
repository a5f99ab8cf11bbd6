"""Texts are compared folded wherever people search, pick or match by them: every such place is found here and tried."""

import ast
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.filters import AccountEventFilter, PeopleFilter, SignInFilter, UnitEventFilter, UnitFilter
from accounts.models import AccountEvent, SignIn, UnitEvent, User
from accounts.operations import unit_named
from bulletins.filters import BulletinFilter, ReceiptFilter
from bulletins.models import Bulletin
from criteria.filters import CriterionFilter, OfferedFilter, StandardFilter
from criteria.models import Criterion, Standard
from disclosures.filters import DisclosureFilter
from disclosures.models import Disclosure
from enforcement.filters import MeasureFilter
from flags.filters import FlagFilter
from folding.fields import FoldedField
from folding.texts import fold
from hazards.filters import HazardFilter
from hazards.views.registration import find_enterprises
from imports.places import Places
from inspections.filters import EnterpriseFilter, InspectionFilter, SectorFilter
from inspections.models import Enterprise, Sector
from look.filters import ListFilter, WordsFilter
from rankings.filters import StaffFilter
from reporting.filters import ReportFilter
from reporting.models import Report
from responsibilities.filters import ChargeFilter, LineFilter
from responsibilities.models import Charge, Line
from tests.bulletin import bulletin
from tests.factories import (
    NOON,
    TODAY,
    EnterpriseFactory,
    HazardFactory,
    InspectionFactory,
    MeasureFactory,
    SectorFactory,
    UnitFactory,
    UserFactory,
)
from tests.flagged import flag
from tests.folding.spellings import spelled
from tests.laws.test_repository import WRITTEN, named, text_of

# --- every lookup of text in the code

# Lookups that compare texts some other way, each with its reason.
UNFOLDED_LOOKUPS = {
    "journal/audit.py": "numbers of a series, as the system wrote them",
    "bench/words.py": "LIKE is what the search is measured against",
    "hazards/urging.py": "keys of messages, as the system wrote them",
    "notifications/operations.py": "keys of messages, as the system wrote them",
    "demo/stories.py": "codes of divisions",
    "rankings/models/freeze.py": "codes of periods",
    "demo/upkeep.py": "codes of divisions; account names that are made up",
}
LOOKUPS = r"__(i?contains|i?startswith|i?endswith|iexact|i?regex|trigram\w*|search)\b"

# Texts made equal by hand, each with its reason; everything else goes through folding.texts.
OWN_WAYS = {
    "folding/texts.py": "the one way",
    "doors/api.py": "the method of a request",
    "flags/kinds.py": "a decimal without its zeros",
    "hazards/cells.py": "words for levels, states and yes, amounts, numbers: a vocabulary, not texts of people",
    "workbooks/cells.py": "dates, which are parsed",
    "workbooks/headings.py": "headings have a way of their own: asterisks and colons at their ends are no part of them",
    "workbooks/rows.py": "lines of totals and signatures: a vocabulary",
    "workbooks/detection.py": "names of files and bytes of formats",
    "evidence/contents.py": "names of the parts of a package",
    "workbooks/writing.py": "names of sheets",
    "demo/people.py": "account names that are made up",
    "bench/management/commands/bench.py": "names of measures on the command line",
    "accounts/models.py": "account names, as Django normalises them, in small letters",
    "accounts/operations/people.py": "account names, as Django normalises them",
    "accounts/operations/factors.py": "codes as apps and paper show them, without blanks and dashes",
    "accounts/factor_forms.py": "codes, likewise",
    "safetyledger/key_ring.py": "names of variables of the environment",
    "inspections/uscc.py": "a folded code in the capitals it is printed in",
}
BY_HAND = r"\.(lower|upper|casefold|swapcase)\(\)|\bnormalize(_username)?\(|\"\"\.join\([^)]*\.split\(\)\)"

# Names compared as they are, each with its reason.
EXACT_NAMES = {
    "accounts/forms.py": "account names, as people sign in with them",
    "accounts/management/commands/changepassword.py": "account names, as people sign in with them",
    "accounts/operations/people.py": "account names, as people sign in with them",
    "inspections/operations/enterprises.py": "account names, as people sign in with them",
    "imports/management/commands/import_ledger.py": "account names, as people sign in with them",
    "demo/people.py": "account names of the demonstration",
    "demo/loading.py": "account names of the demonstration",
    "hazards/operations/saved_views.py": "names that one person gave to views of their own",
    "hazards/management/commands/export_ledger.py": "account names, as people sign in with them",
    "accounts/management/commands/drf_create_token.py": "account names, as people sign in with them",
}
NAMES = {"name", "full_name", "short_name", "username", "actor_name"}
ASKING = {"filter", "exclude", "get", "Q", "get_object_or_404", "get_or_create"}


def places(pattern):
    return {named(path) for path in WRITTEN if re.search(pattern, text_of(path))}


def test_no_lookup_compares_texts_another_way():
    assert places(LOOKUPS) == set(UNFOLDED_LOOKUPS)


def test_no_module_folds_by_hand():
    assert places(BY_HAND) == set(OWN_WAYS)


def asked_by_name(path):
    """Whether a module asks the database for rows by the exact text of a name."""
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = {(word.arg or "").removesuffix("__in").split("__")[-1] for word in node.keywords}
            if called in ASKING and words & NAMES:
                return True
    return False


def test_no_row_is_looked_up_by_the_very_spelling_of_a_name():
    assert {named(path) for path in WRITTEN if asked_by_name(path)} <= set(EXACT_NAMES)


# --- every list that can be searched, and every other place where a name finds a row

COUNTY = "梁园区"
TEXT = "双八·（ＡＢ）第3“冷库”—甲"
PERSON = "艾力·阿不都（乙）"


@pytest.fixture
def world(db):
    """One row of everything that is looked up by text, and another one that is not meant."""
    township = UnitFactory(code="411402001", name=TEXT, short_name="双八（新）")
    other = UnitFactory(code="411402002", name="别的地方", short_name="别处")
    person = UserFactory(full_name=PERSON, username="Ma.Lin-3", unit=township, role="manager")
    UserFactory(full_name="别人", unit=other)
    firm = EnterpriseFactory(name=TEXT, township=township, uscc="91411400MA3X0000XA", sector=None)
    InspectionFactory(enterprise=EnterpriseFactory(township=other, name="别家", sector=None))
    SectorFactory(name=TEXT, code="ZZA")
    standard = Standard.objects.create(name=TEXT, number="标准〔2026〕1号", state="listed")
    Criterion.objects.create(standard=standard, article="第九九条", item="（乙）", wording=TEXT)
    for kind, record in ((AccountEvent, person), (UnitEvent, township)):
        kind.objects.create(record=record, sequence=1, kind="edit", actor_name=PERSON, at=NOON, to_state="", digest="")
    InspectionFactory(enterprise=firm, created_by=person)
    MeasureFactory(enterprise=firm, number="（商）应急罚〔2026〕12号")
    MeasureFactory(enterprise=EnterpriseFactory(township=other, name="又一家", sector=None))
    Disclosure.objects.create(person=person, at=NOON, kind=Disclosure.Kind.PRINT, what="隐患台账")
    SignIn.objects.create(person=person, at=NOON, name_key="a", peer_key="a", result=SignIn.Result.SUCCESS)
    UnitFactory(code="411402", name=f"{COUNTY}人民政府", short_name=COUNTY)
    facts = {"sector": Sector.objects.get(code="ZZA"), "state": "current", "valid_from": TODAY}
    for unit in (township, other):
        flag(unit, manager=None, office=None)
    office = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    one = bulletin(office, "issued", at=NOON)
    Bulletin.objects.filter(pk=one.pk).update(title=TEXT, folded=fold(TEXT))
    Charge.objects.create(unit=township, holder=person, **facts)
    Charge.objects.create(unit=other, holder=UserFactory(full_name="另一人", unit=other), **facts)
    for place, body in ((township, other), (other, other)):
        Line.objects.create(place=place, competent=body, **facts)
    facts = {"state": "pending", "due_on": TODAY, "due_at": NOON}
    for body in (township, other):
        week = {"kind": "weekly", "period": "2026-W46", "division_code": body.division_code}
        Report.objects.create(unit=body, **week, **facts)
    store = EnterpriseFactory(township=other, name="仓储（Ｂ）号库", sector=None)
    Report.objects.create(
        enterprise=store, kind="monthly", period="2026-10", division_code=other.division_code, **facts
    )
    for kind in PEOPLE:
        HazardFactory(enterprise__township=other, enterprise__name=f"{kind}家", **{f"{kind}_person": f"包保{kind}"})
    HazardFactory(enterprise=firm, number="YH-4114-2026-000077", description="甲", territorial_person=PERSON)
    return {"township": township, "person": person, "firm": firm, "sector": Sector.objects.get(code="ZZA")}


PEOPLE = ("territorial", "competent", "supervising", "enterprise")
# filter class → the texts that must find exactly one row
SEARCHED = {
    PeopleFilter: (PERSON, "Ma.Lin-3"),
    DisclosureFilter: (PERSON, "Ma.Lin-3"),
    SignInFilter: (PERSON, "Ma.Lin-3"),
    UnitFilter: (TEXT, "双八（新）", "411402001"),
    AccountEventFilter: (PERSON, "Ma.Lin-3"),
    UnitEventFilter: (PERSON, TEXT),
    HazardFilter: (
        TEXT,
        "YH-4114-2026-000077",
        "91411400MA3X0000XA",
        PERSON,
        "双八（新）",
        f"{COUNTY}双八（新）",
        *(f"包保{kind}" for kind in PEOPLE),
    ),
    InspectionFilter: (TEXT,),
    EnterpriseFilter: (TEXT, "91411400MA3X0000XA"),
    SectorFilter: (TEXT, "ZZA"),
    MeasureFilter: (TEXT, "（商）应急罚〔2026〕12号"),
    FlagFilter: (TEXT, "双八（新）", "411402001"),
    StaffFilter: (TEXT, "双八（新）", "411402001"),
    ReportFilter: (TEXT, "双八（新）", "411402001", "仓储（Ｂ）号库"),
    ChargeFilter: (PERSON, "Ma.Lin-3", "双八（新）", "411402001"),
    LineFilter: ("双八（新）", "411402001"),
    StandardFilter: (TEXT, "标准〔2026〕1号"),
    CriterionFilter: (TEXT, "第九九条（乙）", "标准〔2026〕1号"),
    BulletinFilter: (TEXT,),
    ReceiptFilter: (TEXT, "双八（新）", "411402001"),
    OfferedFilter: (TEXT, "第九九条（乙）", "标准〔2026〕1号"),
}


def asked_for(kind, typed):
    options = {"user": User.objects.get(username="Ma.Lin-3"), "today": TODAY} if kind is HazardFilter else {}
    asked = kind({"q": typed[: 60 if kind is HazardFilter else 50]}, kind._meta.model.objects.all(), **options)
    assert not asked.errors
    return asked


MANY = settings(max_examples=12)


def searched_lists():
    """Every list filter of the house that takes words."""
    todo, found = [ListFilter], set()
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            if "q" in kind.base_filters and kind.__module__.split(".")[0] != "tests":
                found.add(kind)
    return found


def test_every_searched_list_is_tried():
    assert searched_lists() == set(SEARCHED)


@pytest.mark.parametrize("kind", SEARCHED, ids=lambda kind: kind.__name__)
@MANY
@given(data=st.data())
def test_a_list_finds_what_it_holds_however_it_is_typed(world, kind, data):
    for text in SEARCHED[kind]:
        asked = asked_for(kind, data.draw(spelled(text, blanks=())))
        [meant] = asked.qs
        # Blanks part words, and words are looked for one by one: others may hold them too.
        assert meant in asked_for(kind, data.draw(spelled(text))).qs


@MANY
@given(data=st.data())
def test_pickers_and_imports_find_what_is_meant_however_it_is_typed(world, data):
    same = spelled(TEXT)
    assert find_enterprises(world["person"], data.draw(same)) == [world["firm"]]
    assert find_enterprises(world["person"], "冷库 " + data.draw(spelled("双八"))) == [world["firm"]]
    assert unit_named(data.draw(same)) == world["township"]
    known = Places(world["township"])
    assert known.unit(data.draw(same)) == world["township"]
    assert known.sector(data.draw(same)) == world["sector"]
    assert known.person(world["township"], data.draw(spelled(PERSON))) == world["person"]


def test_what_is_typed_is_kept_as_typed(world):
    assert world["firm"].name == TEXT and Enterprise.objects.get(pk=world["firm"].pk).name == TEXT


def test_what_people_search_by_stands_folded_beside_it():
    """Whoever asks a column by ``__holds`` asks one that is written folded."""
    columns = {column for kind in SEARCHED for one in kind.base_filters.values() for column in columns_of(one)}
    assert columns
    for model, path in {
        (kind._meta.model, path) for kind in SEARCHED for one in kind.base_filters.values() for path in columns_of(one)
    }:
        for step in path.split("__"):
            field = model._meta.get_field(step)
            model = field.related_model or model
        assert isinstance(field, FoldedField), path


def columns_of(one):
    return one.columns if isinstance(one, WordsFilter) else ()
