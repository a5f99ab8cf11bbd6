"""The demonstration as a city: does it look alive, and would the rules of the product have let every row be written?"""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Unit, User
from demo import tricks
from demo.loading import SEED, load
from demo.tempers import DENSE_WEEKS, GAMING, IDLE, LIVELY, tempers_of
from demo.texts import read_rows, texts_for, trades_of_sector
from evidence.models import Document, Photo
from flags.kinds import Kind
from flags.models import Flag
from hazards.deadlines import LADDERS, RECTIFY, current_steps
from hazards.lifecycle import State
from hazards.models import (
    Extension,
    Feedback,
    Hazard,
    HazardEvent,
    Instruction,
    PlanDecision,
    RectificationPlan,
    Referral,
    Review,
    Transfer,
    VoidRequest,
)
from hazards.models.reach import reached_by
from hazards.models.transfer import Outcome
from hazards.waiting import groups_of
from inspections.models import OF_TWO, Enterprise, Inspection, Sector
from journal.audit import breaks
from journal.models import record_kinds
from journal.outbox import publish
from notifications.models import Notification
from notifications.operations import deliver_waiting
from tests.demo.left import IN_LEDGER, UNMADE, UNWAITED
from tests.demo.living import ALIKE, live_again, told
from workdays.operations import load_calendar

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("city"), pytest.mark.once]  # loaded once, in one process
TODAY = timezone.localdate


@pytest.fixture(scope="module", autouse=True)
def city(django_db_setup, django_db_blocker):
    """The least number of hazards that fills every week; rolled back at the end of the module. Tells how many statements that took."""
    sent = []

    def count(execute, *said):
        sent.append(1)
        return execute(*said)

    with django_db_blocker.unblock(), transaction.atomic():
        with connection.execute_wrapper(count):
            load(at=timezone.now(), scale=LIVELY, city="4114", password="Demo-of-the-tests-1")
        yield len(sent)
        transaction.set_rollback(True)


def test_the_work_grows_with_the_weeks_and_not_with_the_rows(city):
    """A single statement for each event would be more than are sent for everything."""
    assert city < HazardEvent.objects.count() / 2


@pytest.fixture
def tempers():
    townships = list(Unit.objects.townships())
    home = User.objects.get(username="township").unit
    return tempers_of(townships, home, SEED)


def test_every_township_has_its_firms():
    assert Enterprise.objects.count() >= 2000
    assert Unit.objects.townships().count() == 199
    assert Enterprise.objects.values("township").distinct().count() == 199
    assert Enterprise.objects.values("sector").distinct().count() == Sector.objects.count()
    assert Enterprise.objects.values("name").distinct().count() == Enterprise.objects.count()


def test_every_township_but_the_idle_is_visited_every_week(tempers):
    monday = TODAY() - timedelta(days=TODAY().weekday())
    for weeks_ago in range(1, DENSE_WEEKS + 1):
        first = monday - timedelta(weeks=weeks_ago)
        week = Inspection.objects.filter(inspected_on__range=(first, first + timedelta(days=6)))
        visited = set(week.filter(unit__level="township").values_list("unit__division_code", flat=True))
        assert [code for code, temper in tempers.items() if not temper.idle and code not in visited] == [], first


def test_two_years_are_told_and_the_last_half_is_dense():
    months = Counter(day.strftime("%Y-%m") for day in Hazard.objects.values_list("found_on", flat=True))
    assert len(months) >= 24
    recent = Hazard.objects.filter(found_on__gt=TODAY() - timedelta(days=182)).count()
    assert Hazard.objects.count() * 0.4 < recent < Hazard.objects.count() * 0.8


def test_the_tempers_show(tempers):
    """What a ranking has to find out can be found out."""
    of_kind = {temper: [code for code, one in tempers.items() if one is temper] for temper in set(tempers.values())}
    assert len(of_kind) == 5
    rows = Hazard.objects.filter(origin="inspection", level="general")

    def share(temper, condition):
        own = rows.filter(division_code__in=of_kind[temper])
        return own.filter(condition).count() / own.count()

    far = Q(deadline__gt=F("issued_on") + timedelta(days=40))
    late = Q(feedback_on__gt=F("deadline")) | Q(state="rectifying", deadline__lt=TODAY())
    for temper in of_kind:
        assert (share(temper, far) > 0.3) == (temper is GAMING), temper.name
        assert (share(temper, late) > 0.15) == (temper.late > 0.3), temper.name
    texts = {
        temper: rows.filter(division_code__in=codes).values("description").distinct().count()
        / rows.filter(division_code__in=codes).count()
        for temper, codes in of_kind.items()
    }
    assert min(texts, key=texts.get) is GAMING, "copied rows"
    visits = {
        temper: Inspection.objects.filter(division_code__in=codes).count() / len(codes)
        for temper, codes in of_kind.items()
    }
    assert min(visits, key=visits.get) is IDLE


def test_every_move_of_every_kind_of_record_has_been_made():
    for kind in record_kinds():
        made = set(kind.stream().objects.order_by().values_list("kind", flat=True).distinct())
        left_out = UNMADE.get(kind._meta.label, {})
        assert set(kind.lifecycle.moves) - made == set(left_out), kind


@pytest.mark.parametrize("username", ["inspector", "township", "department", "safety_office", "leader", "enterprise"])
def test_something_of_every_kind_waits_on_every_desk(username):
    person = User.objects.select_related("unit").get(username=username)
    rows = Hazard.objects.filter(reached_by(person)).visible_to(person)
    empty = {group.name for group in groups_of(person, TODAY()) if not group.among(rows, person).exists()}
    assert empty == set(UNWAITED.get(username, {}))


def test_what_was_asked_for_has_had_every_answer():
    assert set(Transfer.objects.values_list("outcome", flat=True)) >= {"", *Outcome.values} - {Outcome.LAPSED}
    assert set(VoidRequest.objects.values_list("ground", "decision__granted")) >= {
        ("error", None), ("error", True), ("error", False), ("duplicate", True),
    }  # fmt: skip
    assert Hazard.objects.exclude(split_from=None).values("split_from").distinct().count() >= 3
    assert Document.objects.exclude(object_id=None).count() > 5 and not Document.objects.waiting().exists()
    for rows in (Extension.objects, Instruction.objects, Referral.objects, Transfer.objects):
        places = set(rows.values_list("hazard__division_code", flat=True))
        assert len({code[:6] for code in places}) >= 3, f"{rows.model} all over the city"


def test_every_state_and_stage_is_there():
    for level in Hazard.Level.values:
        states = set(Hazard.objects.filter(level=level).values_list("state", flat=True))
        assert states >= IN_LEDGER, level
    rows = Hazard.objects.all()
    assert rows.filter(state__in=[State.DRAFT, State.DISCARDED]).values("state").distinct().count() == 2
    assert rows.filter(
        state=State.PENDING_REVIEW, feedback_on__lt=TODAY() - timedelta(days=settings.REVIEW_DAYS)
    ).exists()
    assert rows.filter(rounds__gte=3).exists()
    assert Review.objects.filter(passed=False).count() > 100
    assert rows.exclude(working_days=None).count() > 500
    assert rows.filter(state=State.RECTIFYING, enterprise_holder=None).exists(), "told to the township instead"
    assert set(rows.filter(origin="import").values_list("state", flat=True)) >= IN_LEDGER
    assert rows.filter(state=State.VOIDED, duplicate_of=None).exists()


def test_every_step_of_the_ladders_is_stood_on_today():
    stood = defaultdict(set)
    for level, due in Hazard.objects.filter(state=State.RECTIFYING).values_list("level", "deadline").distinct():
        stood[level] |= {(step.audience, step.offset) for step in current_steps(level, due, TODAY())}
    for level, ladder in LADDERS[RECTIFY].items():
        fixed = {(audience, offset) for audience, offsets in ladder.offsets.items() for offset in offsets}
        assert fixed - stood[level] == set()
        assert any(offset > max(ladder.offsets["holder"]) for audience, offset in stood[level]), "and far beyond"


def test_what_went_out_of_use_is_still_there():
    assert Unit.objects.filter(is_active=False).count() == 1
    assert Enterprise.objects.filter(sector__is_active=False).exists()
    stopped = User.objects.filter(state="stopped")
    assert Hazard.objects.filter(registered_by__in=stopped).exists()
    assert User.objects.filter(state="pending").count() == 3
    closed = Enterprise.objects.filter(status="closed")
    assert closed.count() > 10
    assert Hazard.objects.filter(enterprise__in=closed).exists()


@pytest.mark.parametrize("username", ["inspector", "township", "department", "safety_office"])
def test_the_accounts_have_work_of_every_kind(username):
    person = User.objects.get(username=username)
    rows = Hazard.objects.visible_to(person)
    assert rows.filter(state=State.DRAFT, registered_by=person).exists()
    assert rows.filter(state=State.REGISTERED).exists()
    assert rows.overdue(TODAY()).filter(level="major").exists()
    assert rows.overdue(TODAY()).filter(level="general").exists()
    assert rows.filter(state=State.RECTIFYING, deadline__range=(TODAY(), TODAY() + timedelta(days=3))).exists()
    assert rows.filter(state=State.PENDING_REVIEW).exclude(feedback_by=person).exists()
    assert person.notifications.filter(read_at=None).exists() or username == "inspector"


def test_major_hazards_have_plans_progress_and_acceptances():
    majors = Hazard.objects.filter(level="major", origin="inspection")
    rectifying = majors.filter(state=State.RECTIFYING)
    assert rectifying.filter(plan_filed_on__isnull=False).exists(), "one to decide on"
    assert rectifying.filter(plan_filed_on=None, plan_approved_on=None).exists(), "one to file"
    assert rectifying.filter(progress_due_on__lt=TODAY()).exists(), "one that owes progress"
    assert majors.filter(report_owed_on__isnull=False).exists() and majors.exclude(receipts_since=None).exists()
    assert PlanDecision.objects.filter(approved=False).exists()
    answered = Feedback.objects.filter(hazard__level="major")
    assert answered.count() > 20 and not answered.filter(Q(fault_cleared="") | Q(gap_closed="")).exists()
    accepted = Review.objects.filter(feedback__hazard__level="major")
    assert accepted.count() > 20 and not accepted.filter(Q(first_officer=None) | Q(expert_opinion="")).exists()
    counted = RectificationPlan.objects.by_sector(Hazard.objects.all())
    assert sum(row["planned"] for row in counted) == majors.exclude(plan_approved_on=None).count()


def test_the_firm_of_the_account_has_every_stage():
    own = Hazard.objects.visible_to(User.objects.get(username="enterprise"))
    assert set(own.values_list("state", flat=True)) >= {"registered", "rectifying", "pending_review", "closed"}
    assert own.overdue(TODAY()).exists()
    assert own.filter(state="rectifying", rounds__gte=1).exists(), "one that failed its review"
    assert own.filter(level="major").exists()


# Rules, over every row.


def test_audit_finds_nothing():
    assert list(breaks()) == []


def test_the_mailer_has_nothing_to_send(mailoutbox):
    publish(at=timezone.now())
    assert deliver_waiting(at=timezone.now() + timedelta(days=7)) == 0
    assert mailoutbox == []
    assert not Notification.objects.exclude(next_try_at=None).exists()
    assert not Notification.objects.filter(created_at__date__lt=TODAY() - timedelta(days=20)).exists()
    assert 0 < Notification.objects.filter(read_at=None).count() < 5000


def test_visits_are_paid_by_two_to_firms_that_work():
    visits = Inspection.objects.annotate(
        people=Count("inspectors", distinct=True), found=Count("hazards", distinct=True)
    )
    assert not visits.filter(kind__in=OF_TWO, people__lt=2).exists()
    assert not visits.filter(nothing_found=True, found__gt=0).exists()
    assert not visits.filter(nothing_found=False, found=0).exists()
    assert not visits.exclude(inspectors=F("created_by")).exists()
    assert not visits.filter(inspected_on__gte=TODAY()).exists()
    closing = Q(enterprise__status="closed", inspected_on__gt=TODAY() - timedelta(days=20))
    assert not visits.filter(closing).exists()


def test_hazards_keep_the_rules_of_registering():
    rows = Hazard.objects.filter(origin="inspection")
    assert not rows.filter(level="major", basis="").exists()
    assert not rows.filter(fixed_on_spot=True).exclude(level="general", closed_on=F("found_on")).exists()
    assert not rows.filter(proposed_deadline__lt=F("found_on")).exists()
    assert not rows.filter(issued_on__lt=F("found_on")).exists()
    assert not rows.filter(original_deadline__lt=F("issued_on")).exists()
    assert not rows.exclude(found_by_unit=F("inspection__unit")).exists()
    assert not rows.exclude(enterprise=F("inspection__enterprise")).exists()


def test_working_days_are_counted_by_the_calendar():
    calendar = load_calendar()
    for hazard in Hazard.objects.exclude(working_days=None).filter(rounds__lte=1):
        counted = calendar.add_working_days(hazard.counted_from, hazard.working_days)
        assert (hazard.original_deadline, hazard.deadline_unpublished) == (counted.date, not counted.published), hazard


def test_reviews_follow_feedback_by_somebody_else_and_pictures_are_shown():
    assert not Review.objects.filter(at__lte=F("feedback__at")).exists()
    assert not Review.objects.filter(by=F("feedback__by")).exists()
    parts = set(Photo.objects.filter(stage="after").values_list("part", flat=True))
    assert set(Feedback.objects.values_list("uid", flat=True)) - parts == set()
    on_spot = set(Hazard.objects.filter(fixed_on_spot=True).values_list("pk", flat=True))
    assert on_spot - set(Photo.objects.filter(stage="after", part=None).values_list("object_id", flat=True)) == set()
    assert not Photo.objects.waiting().exists()
    assert not Photo.objects.filter(taken_at__gt=F("uploaded_at")).exists()


def test_pictures_are_many_and_a_file_is_sent_twice_only_where_rows_are_copied(tempers):
    assert Photo.objects.values("kept_sha256").distinct().count() > 100
    twice = Photo.objects.values("sha256").annotate(n=Count("pk")).filter(n__gt=1).values("sha256")
    rows = Hazard.objects.filter(pk__in=Photo.objects.filter(sha256__in=twice).values("object_id"))
    assert {tempers[code] for code in rows.values_list("division_code", flat=True)} == {GAMING}


def test_hazards_fit_the_trade_of_the_firm():
    """No wood dust in a cold store: a trade is known by the end of a firm's name and its sector."""
    for firm in Enterprise.objects.select_related("sector").prefetch_related("hazards"):
        trades = [
            row for row in trades_of_sector(firm.sector.code) if firm.name.endswith(tuple(row["tails"].split("|")))
        ]
        groups = " ".join(row["groups"] for row in trades)
        for hazard in firm.hazards.all():
            fitting = {row["accident_type"] for row in texts_for(groups, hazard.level)}
            assert hazard.accident_type in fitting, (firm.name, hazard.description)
    assert len(read_rows("texts.csv")) >= 200


def test_numbers_run_with_time():
    rows = Hazard.objects.exclude(number=None).order_by("number").values_list("number", "registered_at__date")
    days = {}
    for number, day in rows:
        year = number[:12]
        assert days.get(year, day) <= day + timedelta(days=7), number
        days[year] = max(day, days.get(year, day))


def test_who_acted_was_at_work_and_saw_the_row():
    first = dict(User.objects.filter(events__kind__in=["add", "open"]).values_list("pk", "events__at"))
    left = dict(User.objects.filter(events__kind="deactivate").values_list("pk", "events__at"))
    for actor, at in HazardEvent.objects.exclude(actor=None).values_list("actor", "at").iterator():
        assert first[actor] <= at < left.get(actor, timezone.now())
    actors = HazardEvent.objects.order_by().values_list("actor", flat=True).distinct()
    for person in User.objects.filter(pk__in=list(actors)[::40], is_active=True).select_related("unit"):
        touched = Hazard.objects.filter(pk__in=HazardEvent.objects.filter(actor=person).values("record"))
        assert not touched.exclude(pk__in=Hazard.objects.visible_to(person).values("pk")).exists(), person


def test_rows_can_stand_as_their_fields_ask():
    for model in (Hazard, Enterprise, User, Unit, Inspection):
        for row in model.objects.order_by("?")[:300]:
            row.clean_fields(exclude={"password", "import_key", *(f.name for f in model._meta.fields if f.null)})


LIVED = {
    "draft", "discard", "register", "close_on_spot", "issue", "submit_feedback", "pass_review", "fail_review", "pass_acceptance",
    "fail_acceptance", "reset_review", "reset_acceptance", *ALIKE,
}  # fmt: skip


def lives():
    """Some lives of every kind, the richest first."""
    rows = Hazard.objects.filter(origin="inspection").exclude(events__actor__is_active=False).order_by("-version", "pk")
    # What the verbs have written themselves need not be written again.
    rows = rows.exclude(events__kind__in=set(Hazard.lifecycle.moves) - LIVED)
    picks = [
        rows.filter(rounds__gte=2)[:6],
        rows.filter(level="major")[:6],
        rows.exclude(working_days=None)[:6],
        rows.filter(fixed_on_spot=True)[:3],
        rows.filter(state="discarded")[:2],
        rows.filter(state="pending_review")[:3],
        rows.filter(state="rectifying", rounds=1)[:3],
    ]
    return list({hazard.pk: hazard for some in picks for hazard in some}.values())


def test_the_verbs_would_have_written_the_same():
    """Lives are made in memory; lived again through the verbs, on the same days by the same people, they come out alike."""
    for hazard in lives():
        events = list(hazard.events.select_related("actor__unit"))
        assert [told(event) for event in live_again(hazard, events)] == [told(event) for event in events], hazard


# What a township plays, and the kind of flag that is to find it.
FOUND_BY = {
    tricks.ON_SPOT: Kind.ON_SPOT, tricks.COPIED: Kind.COPIED, tricks.VAGUE: Kind.PERFUNCTORY, tricks.BACKDATED: Kind.BACKDATED,
    tricks.UNCHANGED: Kind.UNCHANGED, tricks.BURST: Kind.BURST, tricks.UNPUNISHED: Kind.NO_MEASURE,
}  # fmt: skip
STRAY = 5  # bodies out of some 230 that may be flagged for one kind without playing it


def test_flags_stand_over_who_plays_and_hardly_over_anybody_else(tempers):
    """Every trick is found by its kind; of the other bodies few are flagged (the figures stand in docs/adr/0029-flags.md)."""
    players = tricks.tricksters(tempers)
    flagged = defaultdict(set)
    for kind, code in Flag.objects.values_list("kind", "unit__code"):
        flagged[kind].add(code)
    assert [code for code, trick in players.items() if code not in flagged[FOUND_BY[trick]]] == []
    for trick, kind in FOUND_BY.items():
        assert len({code for code in flagged[kind] if players.get(code) != trick}) <= STRAY, kind
