"""A small cast: one city, a county, two townships, their bodies and people; and hazards in every state."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.models import Unit, User
from enforcement.models import Measure
from hazards.lifecycle import State
from hazards.models import Hazard, Reminder
from inspections.models import Enterprise, Inspection, Sector

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, tzinfo=ZONE)  # a Friday, ISO week 47
TODAY = NOON.date()


class UnitFactory(DjangoModelFactory):
    """A township government unless told otherwise; ``code`` decides where it lies."""

    class Meta:
        model = Unit
        django_get_or_create = ["code"]

    code = "411402001"
    division_code = factory.LazyAttribute(lambda unit: unit.code.split("-")[0])
    name = factory.LazyAttribute(lambda unit: f"单位{unit.code}")
    short_name = factory.SelfAttribute("name")
    kind = factory.LazyAttribute(
        lambda unit: (
            "government" if "-" not in unit.code else "committee_office" if unit.code.endswith("-AWB") else "department"
        )
    )
    level = factory.LazyAttribute(lambda unit: {4: "city", 6: "county", 9: "township"}[len(unit.division_code)])
    function = factory.LazyAttribute(lambda unit: unit.code.split("-")[1] if unit.kind == "department" else "")
    is_active = True
    state = factory.LazyAttribute(lambda unit: "active" if unit.is_active else "retired")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"人员{n:03d}")
    phone = "13900000000"
    role = "manager"
    unit = factory.SubFactory(UnitFactory)
    is_active = True
    state = factory.LazyAttribute(lambda person: "active" if person.is_active else "pending")


class SectorFactory(DjangoModelFactory):
    """An active sector, like all rows of factories without events."""

    class Meta:
        model = Sector

    code = factory.Sequence(lambda n: f"ZZ{n}")
    name = factory.Sequence(lambda n: f"行业{n}")
    state = "active"


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    state = "listed"
    registered_on = date(2024, 1, 1)
    name = factory.Sequence(lambda n: f"企业{n:04d}有限公司")
    township = factory.SubFactory(UnitFactory)
    principal = "孟令山"
    phone = "13900005926"
    sector = factory.LazyFunction(lambda: Sector.objects.get(code="GMSM"))


class InspectionFactory(DjangoModelFactory):
    class Meta:
        model = Inspection

    enterprise = factory.SubFactory(EnterpriseFactory)
    unit = factory.SelfAttribute("enterprise.township")
    inspected_on = TODAY
    created_by = factory.SubFactory(UserFactory, unit=factory.SelfAttribute("..unit"))
    created_at = factory.LazyAttribute(lambda visit: datetime.combine(visit.inspected_on, NOON.timetz()))


class MeasureFactory(DjangoModelFactory):
    """A penalty without events, decided by the township today."""

    class Meta:
        model = Measure

    enterprise = factory.SubFactory(EnterpriseFactory)
    unit = factory.SelfAttribute("enterprise.township")
    officer = factory.SubFactory(UserFactory, unit=factory.SelfAttribute("..unit"))
    recorded_by = factory.SelfAttribute("officer")
    second_officer_name = "贺春生"
    kind = "penalty"
    number = factory.LazyAttributeSequence(lambda one, n: f"（梁）应急罚〔2026〕{n}号" if one.kind == "penalty" else "")
    amount = factory.LazyAttribute(lambda one: 10000 if one.kind == "penalty" else None)
    status_before = factory.LazyAttribute(lambda one: "operating" if one.kind == "suspension" else "")
    on = TODAY
    content = "未按期整改"
    basis = "《安全生产法》第一百零二条"
    state = "made"
    withdrawn_on = factory.LazyAttribute(lambda one: TODAY if one.state == "withdrawn" else None)


class HazardFactory(DjangoModelFactory):
    """A registered hazard with the state set directly and no events; traits for the other states."""

    class Meta:
        model = Hazard
        skip_postgeneration_save = True

    enterprise = factory.SubFactory(EnterpriseFactory)
    division_code = factory.SelfAttribute("enterprise.division_code")
    sector = factory.SelfAttribute("enterprise.sector")
    territorial_unit = factory.SelfAttribute("enterprise.township")
    found_by_unit = factory.SelfAttribute("enterprise.township")
    registered_by = factory.SubFactory(UserFactory, unit=factory.SelfAttribute("..enterprise.township"))
    registered_at = NOON
    description = factory.Sequence(lambda n: f"二楼安全出口上锁，疏散通道堆放货物{n}")
    found_on = TODAY
    number = factory.Sequence(lambda n: f"YH-4114-2026-{900000 + n:06d}")
    state = State.REGISTERED

    class Params:
        drafted = factory.Trait(state=State.DRAFT, number=None, registered_at=None)
        rectifying = factory.Trait(
            state=State.RECTIFYING, issued_on=TODAY, deadline=date(2026, 11, 27), original_deadline=date(2026, 11, 27)
        )
        pending = factory.Trait(rectifying=True, state=State.PENDING_REVIEW, feedback_on=TODAY, rounds=1)
        closed = factory.Trait(
            rectifying=True,
            state=State.CLOSED,
            rectified_on=TODAY,
            reviewed_on=TODAY,
            closed_on=TODAY,
            reviewer_name="袁立新",
        )

    @factory.post_generation
    def next_reminder_on(hazard, create, day, **_):  # noqa: N805 - how factory_boy calls it
        """The day the reminder sweep looks at it, kept beside the row."""
        if day is not None:
            Reminder.objects.create(hazard=hazard, level=hazard.level, deadline=hazard.deadline, next_on=day)
