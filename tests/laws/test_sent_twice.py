"""A form sent again: unchanged it is the first answer again, and any single field that differs is noticed."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.models import Criterion
from hazards.forms import HazardForm, VisitForm
from hazards.models import Hazard
from inspections.models import Inspection
from journal import acts
from tests import stages
from tests.factories import EnterpriseFactory
from tests.laws.test_bad_input import possible

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who may and what is said: no database decides it


@pytest.fixture
def sent(client, inspector, colleague, manager, enterprise, photo):
    """A whole register page as the browser posts it, and what each of its fields can be changed to."""
    client.force_login(inspector)
    today = timezone.localdate()
    other = EnterpriseFactory(township=enterprise.township)
    criterion = Criterion.objects.items().select_related("standard").first()
    red, blue, spot = (photo(inspector, colour).pk for colour in ("red", "blue", "green"))
    base = {
        "enterprise": enterprise.pk, "kind": "routine", "inspected_on": today.isoformat(), "colleague": colleague.pk, "note": "随行两人",
        "submission_key": str(uuid.uuid4()), "hazards-TOTAL_FORMS": "1", "hazards-INITIAL_FORMS": "0",
        "hazards-0-description": "灭火器被遮挡", "hazards-0-level": "general", "hazards-0-location": "二楼", "hazards-0-basis": "令第10号", "hazards-0-requirement": "立即移开",
        "hazards-0-due": "date", "hazards-0-due_date": (today + timedelta(days=40)).isoformat(), "hazards-0-before_id": [red],
    }  # fmt: skip
    changes = {
        "enterprise": other.pk, "kind": "special", "inspected_on": (today - timedelta(days=1)).isoformat(), "colleague": manager.pk,
        "note": "随行三人", "nothing_found": "on", "draft": "1", "hazards-0-description": "灭火器和消火栓被遮挡", "hazards-0-level": "major",
        "hazards-0-criterion": {
            "hazards-0-level": "major", "hazards-0-criterion": criterion.pk, "hazards-0-basis": criterion.citation,
        },
        "hazards-0-location": "三楼", "hazards-0-basis": "令第11号", "hazards-0-requirement": "三日内移开", "hazards-0-due": "30",
        "hazards-0-due_date": (today + timedelta(days=41)).isoformat(), "hazards-0-before_id": [blue],
        "hazards-0-fixed_on_spot": {"hazards-0-fixed_on_spot": "on", "hazards-0-after_id": [spot]},
        "hazards-0-in_working_days": {"hazards-0-due": "7", "hazards-0-in_working_days": "on"},
    }  # fmt: skip
    return base, changes


def changed(base, name, value):
    return base | (value if isinstance(value, dict) else {name: value})


def count():
    return Inspection.objects.count(), Hazard.objects.count(), list(Hazard.objects.values_list("version", flat=True))


def test_every_field_of_the_page_is_changed_below(sent):
    _, changes = sent
    fields = {*VisitForm.base_fields} - {"submission_key"} | {f"hazards-0-{name}" for name in HazardForm.base_fields}
    assert fields | {"draft", "hazards-0-before_id"} == set(changes)


@settings(max_examples=40)
@given(data=st.data())
def test_any_changed_field_of_a_visit_is_noticed(client, sent, data):
    base, changes = sent
    names = data.draw(st.lists(st.sampled_from(sorted(changes)), min_size=1, max_size=3, unique=True))
    drop = data.draw(st.sampled_from(["", "note", "hazards-0-location", "hazards-0-basis", "hazards-0-before_id"]))
    with transaction.atomic():
        first = client.post(reverse("hazards:register"), base)
        assert first.status_code == 302
        before = count()
        assert client.post(reverse("hazards:register"), base).url == first.url
        altered = base
        for name in names:
            altered = changed(altered, name, changes[name])
        altered = {name: value for name, value in altered.items() if name != drop}
        again = client.post(reverse("hazards:register"), altered)
        assert again.status_code in (400, 409), (names, drop)
        assert count() == before
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "name", ["level", "draft", "requirement", "before_id", "kind", "inspected_on", "due_date", "fixed_on_spot"]
)
def test_a_single_changed_field_is_refused_with_the_words_and_the_visit(client, sent, name):
    base, changes = sent
    full = name if name in changes else f"hazards-0-{name}"
    first = client.post(reverse("hazards:register"), base)
    again = client.post(reverse("hazards:register"), changed(base, full, changes[full]))
    text = again.content.decode()
    assert again.status_code == 409 and "这次的内容与当时不同，没有保存" in text and first.url in text


def test_a_draft_sent_again_as_registration_does_not_silently_stay_one(client, sent):
    base, _ = sent
    assert client.post(reverse("hazards:register"), base | {"draft": "1"}).status_code == 302
    again = client.post(reverse("hazards:register"), base)
    assert again.status_code == 409 and "已经提交过" in again.content.decode()
    assert Hazard.objects.get().state == "draft"


@pytest.mark.parametrize("act", stages.with_a_page())
def test_an_act_sent_again_is_refused_with_what_was_typed(client, act):
    """The same page, the same version, other words: nothing is written a second time, and nothing typed is lost."""
    hazard, person = possible(act)
    client.force_login(person)
    page, version = reverse("hazards:act", args=[hazard.pk, act]), hazard.version
    data = stages.now(stages.POSTED[act], person) | {"version": version}
    if stages.TOLD[act][1]:
        data |= {"photos_id": [stages.waiting_photo(person).pk]}
    if act == "issue":
        data |= {"requirement": "立即清理"}
    assert client.post(page, data).status_code == 302, act
    done = Hazard.objects.get(pk=hazard.pk).version
    texts = [name for name in ("content", "opinion", "note", "reason", "requirement") if name in data]
    again = client.post(page, data | dict.fromkeys(texts, "后来改写的话"))
    assert again.status_code in (403, 409, 404), act
    if texts and again.status_code != 404:
        assert "后来改写的话" in again.content.decode()
    assert Hazard.objects.get(pk=hazard.pk).version == done
    assert acts.named(Hazard, act) is not None
