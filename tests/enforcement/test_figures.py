"""The figures of a unit and a period against rows counted by hand, and their links open exactly those rows."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from enforcement.kinds import Kind
from enforcement.links import ASKED, links_of
from enforcement.models import Figures, Measure
from enforcement.panels import FIGURES
from tests.enforcement.test_closing import rows_behind
from tests.factories import MeasureFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def decided(township, enterprise):
    """Two units; days at both edges and beyond; withdrawn ones."""
    other = UnitFactory(code="411402-YJ")
    cut = {"notified_at": "2026-11-01T00:00:00+08:00", "cut_at": "2026-11-03T00:00:00+08:00", "approver": "佟建业"}
    for kind in Kind:
        besides = cut if kind == Kind.UTILITIES else {}
        for unit, days in ((township, (FIRST, LAST)), (other, (LAST,))):
            for day in (*days, FIRST - timedelta(days=1), LAST + timedelta(days=1)):
                MeasureFactory(enterprise=enterprise, unit=unit, kind=kind, on=day, **besides)
        MeasureFactory(enterprise=enterprise, unit=township, kind=kind, on=FIRST, state="withdrawn", **besides)
    MeasureFactory(enterprise=enterprise, unit=township, on=LAST, amount=Decimal("0.55"))
    return township, other


def test_by_hand(decided):
    township, other = decided
    assert Measure.objects.figures(FIRST, LAST) == {
        township.pk: Figures(2, 3, Decimal("20000.55"), 2, 2),
        other.pk: Figures(1, 1, Decimal("10000.00"), 1, 1),
    }
    assert Measure.objects.figures(date(2020, 1, 1), date(2020, 12, 31)) == {}
    assert Measure.objects.filter(unit=other).figures(FIRST, LAST).keys() == {other.pk}


def test_one_query(decided, django_assert_num_queries):
    with django_assert_num_queries(1):
        Measure.objects.figures(FIRST, LAST)


def test_every_figure_opens_exactly_its_rows(client, decided):
    client.force_login(UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB")))
    figures = Measure.objects.figures(FIRST, LAST)
    for unit in decided:
        counted, links = figures[unit.pk], links_of(unit.code, FIRST, LAST)
        assert set(links) == set(ASKED) == set(vars(counted))
        for name, link in links.items():
            rows = Measure.objects.filter(pk__in=rows_behind(client, link))
            assert Counter(rows.order_by().values_list("unit", "kind").distinct()) == Counter(
                {(unit.pk, ASKED[name].value): 1}
            )
            total = sum(rows.values_list("amount", flat=True)) if name == "amount" else rows.count()
            assert total == getattr(counted, name), name


@pytest.mark.parametrize("viewer", ["manager", "office"])
def test_the_page_of_a_unit_shows_them_and_each_opens_exactly_its_rows(client, decided, viewer):
    township, _ = decided
    today = timezone.localdate()
    for one in Measure.objects.all():  # the last ones become those of today
        Measure.objects.filter(pk=one.pk).update(on=one.on + (today - LAST))
    user = UserFactory(role="manager", unit=township)
    if viewer == "office":
        user = UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB"))
    client.force_login(user)
    panels = client.get(township.get_absolute_url()).context["panels"]
    [panel] = [one for one in panels if one["template"] == "enforcement/_unit.html"]
    starts = (today.replace(day=1), today.replace(month=1, day=1))
    for (name, _, _), row in zip(FIGURES, panel["rows"], strict=True):
        for first, (_, figure, link) in zip(starts, row["cells"], strict=True):
            hand = Measure.objects.counted().filter(unit=township, kind=ASKED[name], on__range=(first, today))
            assert set(rows_behind(client, link)) == set(hand.values_list("pk", flat=True))
            assert figure == (sum(hand.values_list("amount", flat=True)) if name == "amount" else hand.count())
    assert any(figure for row in panel["rows"] for _, figure, _ in row["cells"])


def test_a_unit_that_decided_nothing_and_a_stranger_have_no_such_panel(client, decided):
    township, _ = decided
    Measure.objects.update(on=date(2020, 1, 1))
    client.force_login(UserFactory(role="manager", unit=township))
    assert "执法情况" not in client.get(township.get_absolute_url()).content.decode()
