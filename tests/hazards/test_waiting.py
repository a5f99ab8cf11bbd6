"""Laws of the desk, over random rows and every kind of person: what it counts, what it lists, and what the ledger shows agree."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from hazards.models import Hazard
from hazards.waiting import shares
from tests import stages
from tests.factories import EnterpriseFactory, HazardFactory

pytestmark = pytest.mark.django_db
PEOPLE = ("author", "colleague", "manager", "department", "office", "leader", "enterprise", "stranger")
STATES = st.sampled_from(("drafted", "registered", "rectifying", "rectifying", "pending", "closed"))
ROWS = st.lists(
    st.tuples(STATES, st.booleans(), st.integers(-20, 20), st.integers(0, 3), st.booleans()), min_size=1, max_size=30
)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=7), st.integers(1, 12))
def test_rows_shown_are_as_many_as_there_is_room_for(counts, room):
    shown = shares(counts, room)
    assert sum(shown) == min(sum(counts), room)
    assert all(0 <= number <= count for number, count in zip(shown, counts, strict=True))
    # Nothing is hidden by what stands before it while there is room for a row of each.
    groups = sum(1 for count in counts if count)
    assert groups > room or all(number for number, count in zip(shown, counts, strict=True) if count)


@pytest.fixture
def people():
    return stages.cast()


def grow(people, rows, today):
    """Rows in any state, of two firms, major or not, due or answered around today; a few answered by who looks at them."""
    Hazard.objects.all().delete()
    firms = [people["firm"], EnterpriseFactory(township=people["stranger"].unit)]
    answered = [None, people["author"], people["manager"], people["enterprise"]]
    department = people["department"].unit
    for state, is_major, days, who, elsewhere in rows:
        traits = {} if state == "registered" else {state: True}
        day = today + timedelta(days=days)
        if state in ("rectifying", "pending", "closed"):
            traits |= {"deadline": day, "original_deadline": day}
        if state == "pending":
            traits |= {"feedback_on": today - timedelta(days=abs(days)), "feedback_by": answered[who]}
        HazardFactory(
            enterprise=firms[elsewhere],
            level="major" if is_major else "general",
            found_on=today - timedelta(days=30 - abs(days)),
            registered_by=people["author"],
            competent_unit=department if who else None,
            **traits,
        )


@pytest.mark.parametrize("name", PEOPLE)
@settings(max_examples=3)
@given(rows=ROWS)
def test_what_is_counted_in_red_leads_the_list_and_every_number_opens_its_rows(client, people, name, rows):
    today = timezone.localdate()
    cache.clear()
    grow(people, rows, today)
    client.force_login(people[name])
    context = client.get(reverse("hazards:desk")).context
    card = context["todos"]
    todos = [todo for group in card["groups"] for todo in group["todos"]]
    seen = set(Hazard.objects.visible_to(people[name]).values_list("pk", flat=True))
    shown = Hazard.objects.in_bulk([todo["pk"] for todo in todos])

    assert set(shown) <= seen and len(shown) == len(todos) == min(card["total"], 8)  # in scope, each once
    red = next(figure["value"] for figure in context["figures"] if figure["red"] or figure["label"] == "逾期未整改")
    standing = [(row.is_overdue(today), row.level == "major") for row in (shown[todo["pk"]] for todo in todos)]
    assert [late for late, _ in standing] == sorted((late for late, _ in standing), reverse=True)
    assert [major for late, major in standing if late] == sorted(
        (major for late, major in standing if late), reverse=True
    )
    assert not red or standing[0][0]
    late_majors = sum(1 for row in Hazard.objects.filter(pk__in=seen) if row.is_overdue(today) and row.level == "major")
    assert not late_majors or standing[0] == (True, True)

    numbers = {figure["url"]: figure["value"] for figure in context["figures"]}
    numbers |= {group["url"]: group["count"] for group in card["groups"] if group["url"]} | {card["url"]: card["total"]}
    for url, number in numbers.items():
        assert client.get(url).context["total"] == number, url
    for tab in card["tabs"]:
        there = client.get(tab["url"]).context["todos"]
        assert there["total"] == tab["count"] == client.get(there["url"]).context["total"], tab
        assert {todo["pk"] for group in there["groups"] for todo in group["todos"]} <= seen
