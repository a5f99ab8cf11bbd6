"""An act that does not exist, added as the recipe in CONTRIBUTING says: a row of the law page, a verb, one act object. Every door
knows it at once, and no table elsewhere has to hear of it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.test import APIRequestFactory, force_authenticate

from hazards import audience, rules
from hazards.api.viewsets import HazardViewSet
from hazards.lifecycle import LAW, State
from hazards.models import Hazard
from journal import acts, gate, outbox
from journal.api import ActSerializer, with_acts
from journal.audit import breaks
from journal.forms import ActForm
from journal.lifecycle import STAYS, Move
from look.fields import TextField
from notifications.models import Notification

pytestmark = pytest.mark.django_db


def urge(hazard, *, by, at, words):
    return gate.move(hazard, "urge", by=by, at=at, note=words, changes={"方式": "电话"}, location="已催办")


class UrgeForm(ActForm):
    words = TextField(label="催办内容", max_length=200)


class UrgeSerializer(ActSerializer):
    words = serializers.CharField(max_length=200)


@pytest.fixture
def act(monkeypatch):
    sources = (State.RECTIFYING, State.PENDING_REVIEW)
    move = Move("urge", "催办", sources, STAYS, rules.is_issuer)
    monkeypatch.setitem(LAW.moves, "urge", move)
    monkeypatch.setattr(LAW, "acts", (*LAW.acts, "urge"))
    made = acts.Act(
        record=Hazard,
        name="urge",
        verb=urge,
        form=UrgeForm,
        serializer=UrgeSerializer,
        words="催办",
        strip="提醒企业抓紧整改。",
        done="已催办",
        icon="bell",
        notices={"urge": acts.Notice("请抓紧整改", audience.people(audience.ENTERPRISE))},
    )
    monkeypatch.setitem(acts._ACTS[Hazard], "urge", made)
    return made


def test_every_door_knows_an_invented_act(act, client, enterprise_user, rectifying, manager):
    client.force_login(manager)
    page = reverse("hazards:act", args=[rectifying.pk, "urge"])
    assert page in client.get(rectifying.get_absolute_url()).content.decode()
    shown = client.get(page)
    assert shown.status_code == 200 and "催办内容" in shown.content.decode()
    assert client.post(page, {"version": rectifying.version}).status_code == 400
    assert client.post(page, {"version": rectifying.version - 1, "words": "请抓紧"}).status_code == 409
    assert client.post(page, {"version": rectifying.version, "words": "请抓紧"}).status_code == 302
    told = client.get(rectifying.get_absolute_url())
    assert told.context["entries"][0]["words"] == "催办" and "方式 电话" in told.content.decode()

    outbox.publish(at=timezone.now())
    assert Notification.objects.filter(recipient=enterprise_user, title__startswith="请抓紧整改").exists()
    assert Hazard.objects.get().location == "已催办" and list(breaks([Hazard])) == []


def test_the_api_knows_an_invented_act(act, rectifying, manager, inspector):
    viewset = with_acts(Hazard)(type("WithUrge", (HazardViewSet,), {}))
    assert [action.url_path for action in viewset.get_extra_actions() if action.__name__ == "urge"] == ["urge"]
    view = viewset.as_view({"post": "urge"})
    for person, status in ((inspector, 403), (manager, 200)):
        request = APIRequestFactory().post("/", {"words": "请抓紧"}, format="json")
        force_authenticate(request, person)
        assert view(request, pk=str(rectifying.pk)).status_code == status
    assert Hazard.objects.get().events.order_by("-sequence").first().kind == "urge"


def test_an_invented_act_is_refused_where_its_row_of_the_law_page_says(act, client, registered, manager, inspector):
    client.force_login(manager)
    assert client.get(reverse("hazards:act", args=[registered.pk, "urge"])).status_code == 409
    client.force_login(inspector)
    assert client.get(reverse("hazards:act", args=[registered.pk, "urge"])).status_code == 409
