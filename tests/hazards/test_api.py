import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from hazards.models import Hazard
from tests import stages
from tests.factories import HazardFactory, UnitFactory, UserFactory
from tests.tokens import header_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
HAZARDS = "/api/v1/hazards/"


@pytest.fixture
def api():
    def signed_in(user):
        client = APIClient()
        client.force_authenticate(user)
        return client

    return signed_in


def act(client, hazard, name, **data):
    return client.post(f"{HAZARDS}{hazard.pk}/{name}/", data, format="json")


def test_a_hazard_goes_its_whole_way_over_the_api(
    api, inspector, colleague, manager, enterprise_user, enterprise, picture
):
    def upload(user):
        return api(user).post("/api/v1/photos/", {"file": picture()}, format="multipart").json()["id"]

    visit = api(inspector).post(
        "/api/v1/inspections/",
        {
            "kind": "routine",
            "enterprise": enterprise.pk,
            "inspected_on": timezone.localdate().isoformat(),
            "inspectors": [inspector.pk, colleague.pk],
            "hazards": [
                {
                    "description": "喷漆房未使用防爆电气设备",
                    "requirement": "更换为防爆电气",
                    "before": [upload(inspector)],
                }
            ],
        },
        format="json",
    )
    assert visit.status_code == 201, visit.json()
    hazard = Hazard.objects.get(number=visit.json()["hazards"][0]["number"])

    assert act(api(manager), hazard, "issue", working_days=5).json()["state"] == "rectifying"
    answer = act(api(enterprise_user), hazard, "submit_feedback", content="已更换", photos=[upload(enterprise_user)])
    assert answer.json()["state"] == "pending_review"
    assert act(api(inspector), hazard, "review", passed=False, opinion="未接地").json()["state"] == "rectifying"
    act(api(enterprise_user), hazard, "submit_feedback", content="已接地", photos=[upload(enterprise_user)])
    closed = act(api(inspector), hazard, "review", passed=True, opinion="合格").json()

    assert closed["state"] == "closed"
    assert [event["kind"] for event in closed["events"]][-2:] == ["submit_feedback", "pass_review"]
    assert [row["passed"] for row in closed["feedbacks"]] == [False, True]
    assert len(closed["photos"]) == 3


def test_refusals_carry_the_sentence_of_the_page(api, client, rectifying, manager, photo):
    waiting = photo(manager)
    act(api(manager), rectifying, "submit_feedback", content="代报", photos=[waiting.pk])
    answer = act(api(manager), rectifying, "review", passed=True, opinion="通过")
    client.force_login(manager)
    page = client.post(f"/hazards/{rectifying.pk}/review/", {"passed": "pass", "opinion": "通过"})

    assert answer.status_code == 403
    assert answer.json()["detail"] in page.content.decode()


def test_a_deadline_for_a_passed_review_is_refused_at_both_doors(api, client, pending, inspector):
    answer = act(api(inspector), pending, "review", passed=True, opinion="通过", deadline="2999-01-01")
    client.force_login(inspector)
    typed = {"passed": "pass", "opinion": "通过", "deadline": "2999-01-01", "version": pending.version}
    page = client.post(f"/hazards/{pending.pk}/review/", typed)

    assert (answer.status_code, page.status_code) == (409, 409)
    assert "不需要新的期限" in answer.json()["detail"]
    assert answer.json()["detail"] in page.content.decode()


def test_a_move_from_the_wrong_state_and_a_stale_version_are_409(api, registered, rectifying, manager):
    assert act(api(manager), rectifying, "issue", days=3).status_code == 409
    assert act(api(manager), rectifying, "review", passed=True, opinion="x", version=0).status_code == 409


@pytest.mark.parametrize(
    "data",
    [
        {"deadline": "2025-02-30"}, {"deadline": "2020-01-01"}, {"days": 10**30}, {"days": "三"}, {}, {"days": 1, "working_days": 1},
        {"days": 3, "reason": "a\x00b"}, {"days": 3, "requirement": "长" * 2001}, {"days": 3, "territorial_holder": 10**30},
        {"days": 3, "version": -1}, [1], "x",
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_words_and_changes_nothing(api, registered, manager, data):
    answer = api(manager).post(f"{HAZARDS}{registered.pk}/issue/", data, format="json")

    assert answer.status_code in (400, 409)
    assert any("\u4e00" <= char <= "\u9fff" for char in answer.content.decode()), answer.content.decode()
    registered.refresh_from_db()
    assert registered.state == "registered"


@pytest.mark.parametrize(
    "body", [b'{"days": ', b"\xff\xfe", b'{"reason": "\\ud800", "days": 3}', b'{"\\ud800": 1}', b""]
)
def test_broken_bodies_are_refused(api, registered, manager, body):
    answer = api(manager).post(f"{HAZARDS}{registered.pk}/issue/", body, content_type="application/json")

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("name", stages.over_the_api())
def test_a_stranger_finds_nothing(api, registered, stranger, name):
    assert act(api(stranger), registered, name).status_code == 404
    assert api(stranger).get(f"{HAZARDS}{registered.pk}/").status_code == 404
    assert api(stranger).get(HAZARDS).json()["results"] == []


@pytest.mark.parametrize("query", ["lvel=major", "ordre=deadline", "level=general&overdeu=1", "page=2"])
def test_a_misspelt_condition_is_not_taken_for_none(api, registered, manager, query):
    answer = api(manager).get(f"{HAZARDS}?{query}")
    assert answer.status_code == 400 and "这个条件" in answer.json()["detail"]


@pytest.mark.parametrize("size", ["0", "-1", "201", "x", "1e2", "５", "9" * 40])
def test_a_page_size_that_cannot_be_served_is_refused(api, registered, manager, size):
    answer = api(manager).get(HAZARDS, {"page_size": size})
    assert (answer.status_code, answer.json()) == (400, {"page_size": ["每页条数应在 1 到 200 之间"]})
    assert api(manager).get(HAZARDS, {"page_size": "200"}).status_code == 200


def test_what_may_stand_beside_the_conditions(api, registered, manager):
    first = api(manager).get(f"{HAZARDS}?level=&page_size=1&format=json&state=registered")
    assert first.status_code == 200 and len(first.json()["results"]) == 1


def test_a_lone_surrogate_in_a_choice_is_refused_in_words(api, inspector):
    answer = api(inspector).post("/api/v1/inspections/", b'{"kind": "\\ud800"}', content_type="application/json")

    assert answer.status_code == 400
    assert "无法识别" in answer.json()["detail"]


def test_a_holder_must_be_of_the_body_that_answers(api, registered, manager, stranger):
    sysadmin = UserFactory(role="sysadmin", unit=manager.unit)
    for person in (stranger, sysadmin):
        answer = act(api(manager), registered, "issue", days=3, competent_holder=person.pk, reason="换人")
        assert answer.status_code == 400
        assert "该单位的在职人员" in answer.json()["competent_holder"][0]
    registered.refresh_from_db()
    assert registered.state == "registered"


def test_page_and_api_take_the_same_holders(api, client, registered, manager, enterprise_user, stranger):
    department = UnitFactory(code="411402-YJ")  # beyond the township's scope, yet it answers for this hazard
    Hazard.objects.filter(pk=registered.pk).update(competent_unit=department)
    people = {
        "territorial": UserFactory(unit=manager.unit),
        "competent": UserFactory(unit=department),
        "enterprise": enterprise_user,
    }
    client.force_login(manager)
    offered = {
        kind: client.get(f"/hazards/{registered.pk}/issue/").context["form"][f"holder_{kind}"] for kind in people
    }

    for kind, person in people.items():
        assert person in offered[kind].field.queryset
        assert stranger not in offered[kind].field.queryset
        refused = act(api(manager), registered, "issue", days=3, reason="换人", **{f"{kind}_holder": stranger.pk})
        typed = {"due": "3", "reason": "换人", f"holder_{kind}": stranger.pk, "version": registered.version}
        page = client.post(f"/hazards/{registered.pk}/issue/", typed)
        assert refused.json()[f"{kind}_holder"][0] in page.content.decode()
    named = {f"{kind}_holder": person.pk for kind, person in people.items()}
    answer = act(api(manager), registered, "issue", days=3, reason="换人", **named)

    assert answer.status_code == 200, answer.json()
    registered.refresh_from_db()
    assert [getattr(registered, f"{kind}_holder") for kind in people] == list(people.values())


def test_another_persons_photo_and_a_foreign_enterprise_cannot_be_named(
    api, rectifying, enterprise_user, inspector, colleague, photo, stranger
):
    answer = act(api(enterprise_user), rectifying, "submit_feedback", content="x", photos=[photo(inspector).pk])
    assert answer.status_code == 400

    visit = {
        "kind": "routine",
        "enterprise": rectifying.enterprise_id,
        "inspected_on": timezone.localdate().isoformat(),
        "inspectors": [stranger.pk, inspector.pk],
        "hazards": [],
    }
    assert "enterprise" in api(stranger).post("/api/v1/inspections/", visit, format="json").json()


@pytest.fixture
def visit(api, inspector, colleague, enterprise):
    """Sends a visit with one hazard over the API: ``visit([photo ids], location="二楼")``."""

    def send(before=(), *, key="k1", **facts):
        body = {
            "kind": "routine",
            "enterprise": enterprise.pk,
            "inspected_on": timezone.localdate().isoformat(),
            "inspectors": [inspector.pk, colleague.pk],
            "hazards": [{"description": "通道堆放货物", "before": list(before), **facts}],
            "submission_key": key,
        }
        return api(inspector).post("/api/v1/inspections/", body, format="json")

    return send


def test_the_same_body_sent_again_is_answered_as_the_first(visit, inspector, photo):
    taken = photo(inspector).pk
    first, again = visit([taken]), visit([taken])

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Hazard.objects.count() == 1


def test_a_changed_body_and_a_photo_used_elsewhere_are_refused(visit, inspector, photo):
    taken = photo(inspector).pk
    visit([taken])
    changed, elsewhere = visit([taken], location="二楼"), visit([taken], key="k2")

    assert (changed.status_code, elsewhere.status_code) == (409, 409)
    assert "已经提交过" in changed.json()["detail"]
    assert "已经用在别处" in elsewhere.json()["detail"]
    assert Hazard.objects.count() == 1


def test_list_filters_like_the_ledger_and_refuses_what_cannot_be_meant(api, manager, enterprise):
    HazardFactory(enterprise=enterprise, level="major")
    HazardFactory(enterprise=enterprise, closed=True)

    assert len(api(manager).get(HAZARDS, {"level": "major"}).json()["results"]) == 1
    assert len(api(manager).get(HAZARDS, {"view": "closed"}).json()["results"]) == 1
    bad = api(manager).get(HAZARDS, {"found_from": "2025-02-30"})
    assert bad.status_code == 400
    assert "2026-11-20" in bad.json()["found_from"][0]


def test_cursor_paging_reads_every_row_once(api, manager, enterprise):
    made = {row.pk for row in HazardFactory.create_batch(7, enterprise=enterprise)}
    seen, url = [], HAZARDS + "?page_size=3"
    while url:
        page = api(manager).get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]

    assert sorted(seen) == sorted(made)
    assert api(manager).get(HAZARDS, {"cursor": "x"}).status_code == 404


_cost = {}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    "path", [HAZARDS, "/api/v1/inspections/", "/api/v1/enterprises/", "/api/v1/units/", "/api/v1/people/"]
)
def test_lists_cost_the_same_queries_for_one_and_three(
    api, manager, enterprise, count, path, django_assert_max_num_queries
):
    HazardFactory.create_batch(count, enterprise=enterprise)

    with django_assert_max_num_queries(6) as captured:
        assert api(manager).get(path).status_code == 200
    assert len(captured) == _cost.setdefault(path, len(captured))


def test_token_signs_in_and_nobody_else_gets_in(client, manager, registered):
    assert APIClient().get(HAZARDS).status_code == 401
    answer = APIClient().get(HAZARDS, headers=header_of(manager))
    assert [row["number"] for row in answer.json()["results"]] == [registered.number]


def test_administrators_and_enterprises_cannot_register(api, enterprise_user, enterprise):
    answer = api(enterprise_user).post("/api/v1/inspections/", {}, format="json")

    assert answer.status_code == 403
    assert "检查人员" in answer.json()["detail"]


def test_enterprise_is_created_changed_and_checked(api, inspector, township):
    data = {"name": "福顺宾馆", "township": township.code, "sector": "RYMJ", "principal": "佟建业"}
    made = api(inspector).post("/api/v1/enterprises/", data, format="json")
    assert made.status_code == 201, made.json()
    url = f"/api/v1/enterprises/{made.json()['id']}/"

    assert api(inspector).patch(url, {"status": "stopped"}, format="json").json()["status_label"] == "停产"
    assert "18 位" in str(api(inspector).patch(url, {"uscc": "123"}, format="json").json())
    assert api(inspector).post("/api/v1/enterprises/", data, format="json").status_code in (400, 409)


@pytest.mark.parametrize("cursor", ["cD14", "cD0tMQ==", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OQ=="])
@pytest.mark.parametrize("door", ["hazards", "inspections", "enterprises", "people", "units"])
def test_a_cursor_we_never_wrote_is_refused_in_words(client, manager, door, cursor):
    client.force_login(manager)
    answer = client.get(f"/api/v1/{door}/?cursor={cursor}")
    assert answer.status_code == 404 and "翻页游标无效" in answer.json()["detail"]
