import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evidence.models import Photo
from hazards import phrases
from hazards.lifecycle import State
from hazards.models import Hazard
from hazards.views import picking, registration
from inspections.models import Inspection
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
PAGE = "/hazards/register/"
CARD = ("hazards-0-description", "hazards-0-level", "hazards-0-due")


@pytest.fixture
def form(enterprise, colleague):
    """A complete page with one hazard: ``form({"hazards-0-level": "major"}, cards=2)``; None takes a field away."""

    def make(changes=None, cards=1, **more):
        data = {
            "enterprise": enterprise.pk, "kind": "routine", "inspected_on": timezone.localdate().isoformat(),
            "colleague": colleague.pk, "submission_key": str(uuid.uuid4()), "note": "",
            "hazards-TOTAL_FORMS": cards, "hazards-INITIAL_FORMS": 0,
        }  # fmt: skip
        for n in range(cards):
            data |= {
                f"hazards-{n}-description": f"第 {n + 1} 条隐患",
                f"hazards-{n}-level": "general",
                f"hazards-{n}-due": "7",
            }
        data |= (changes or {}) | more
        return {name: value for name, value in data.items() if value is not None}

    return make


def send(client, user, data):
    client.force_login(user)
    return client.post(PAGE, data)


def test_the_page_opens_ready_to_fill(client, inspector, enterprise, colleague, stranger):
    client.force_login(inspector)
    text = client.get(PAGE).content.decode()

    assert enterprise.name in text
    assert str(colleague) in text
    assert str(stranger) not in text
    assert f'name="inspected_on" value="{timezone.localdate()}"' in text
    assert text.count("data-card>") == 2  # one card and the blank to clone
    assert "__prefix__" in text


def test_several_hazards_are_registered_in_one_visit(client, inspector, colleague, enterprise, form, picture):
    response = send(
        client,
        inspector,
        form(
            {
                "hazards-0-before": [picture(), picture("red")],
                "hazards-1-level": "major",
                "hazards-1-basis": "令第 10 号第十二条",
                "hazards-1-location": "二楼",
                "hazards-1-due": "15",
            },
            cards=2,
        ),
    )
    visit = Inspection.objects.get()

    assert response.url == reverse("inspections:detail", args=[visit.pk])
    assert set(visit.inspectors.all()) == {inspector, colleague}
    first, second = Hazard.objects.order_by("pk")
    assert (first.photos.count(), first.enterprise, first.state) == (2, enterprise, State.REGISTERED)
    assert (second.level, second.basis, second.location) == ("major", "令第 10 号第十二条", "二楼")
    assert second.proposed_deadline == timezone.localdate() + timedelta(days=15)
    [message] = list(client.get(PAGE).context["messages"])
    assert first.number in str(message)
    assert second.number in str(message)


def test_sending_twice_registers_once(client, inspector, form, picture):
    data = form({"hazards-0-before_id": [_uploaded(client, inspector, picture)]})
    first, second = send(client, inspector, data), send(client, inspector, data)

    assert first.url == second.url
    assert Hazard.objects.count() == 1


def test_sending_it_changed_leads_to_what_was_registered(client, inspector, form):
    data = form()
    first = send(client, inspector, data)
    again = send(client, inspector, data | {"hazards-0-location": "<二楼>"})

    assert again.status_code == 409
    text = again.content.decode()
    assert "没有保存" in text
    assert f'<a href="{first.url}">' in text
    assert "&lt;二楼&gt;" in text
    assert Hazard.objects.get().location == ""


def _uploaded(client, user, picture):
    client.force_login(user)
    return client.post("/photos/", {"photo": picture()}).json()["id"]


def test_photos_sent_before_are_taken_by_their_hazard(client, inspector, form, picture):
    ids = [_uploaded(client, inspector, picture) for _ in range(2)]
    send(client, inspector, form({"hazards-0-before_id": ids[:1], "hazards-1-before_id": ids[1:]}, cards=2))

    taken = [photo.record.description for photo in Photo.objects.order_by("pk")]
    assert taken == ["第 1 条隐患", "第 2 条隐患"]


def test_an_error_keeps_everything_typed_and_every_photo(client, inspector, form, picture):
    sent = form(
        {"colleague": "", "hazards-0-before": [picture()], "hazards-0-location": "东侧楼梯", "note": "随行两人"}
    )
    response = send(client, inspector, sent)
    text = response.content.decode()

    assert response.status_code == 400
    assert not Inspection.objects.exists()
    assert "检查人不得少于两人" in text
    assert all(words in text for words in ("第 1 条隐患", "东侧楼梯", "随行两人", sent["submission_key"]))
    assert f'name="hazards-0-before_id" value="{Photo.objects.get().pk}" checked' in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"enterprise": ""}, "请先选择企业"),
        ({"enterprise": "9" * 40}, "不存在"),
        ({"enterprise": "x"}, "不存在"),
        ({"inspected_on": "2999-01-01"}, "检查日期不能晚于今天"),
        ({"inspected_on": "1999-01-01"}, "台账导入"),
        ({"inspected_on": "昨天"}, "日期"),
        ({"kind": "party"}, "party"),
        ({"colleague": "99999999999999999999"}, "所选的不存在，或不在您的管辖范围内"),
        ({"hazards-0-description": ""}, "请填写隐患描述"),
        ({"hazards-0-description": " \x00 "}, "请填写隐患描述"),
        ({"hazards-0-description": "长" * 1001}, "1000"),
        ({"hazards-0-level": "major"}, "判定依据"),
        ({"hazards-0-level": "huge"}, "huge"),
        ({"hazards-0-due": "date"}, "请选择截止日期"),
        ({"hazards-0-due": "date", "hazards-0-due_date": "2020-01-01"}, "不能早于今天"),
        ({"hazards-0-fixed_on_spot": "on"}, "至少一张整改后照片"),
        ({"hazards-0-fixed_on_spot": "on", "draft": "1"}, "草稿不能当场销号"),
        ({"hazards-0-before_id": ["123456"]}, "照片已失效"),
        ({"hazards-TOTAL_FORMS": "0"} | dict.fromkeys(CARD), "至少登记一条隐患"),
        ({"hazards-TOTAL_FORMS": "0"}, "超出了提交的条数"),
        ({"hazards-0-DELETE": "on"}, "至少登记一条隐患"),
        ({"hazards-TOTAL_FORMS": "16"}, "15"),
        ({"nothing_found": "on"}, "已填写了隐患"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(client, inspector, form, changes, words):
    response = send(client, inspector, form(changes))

    assert response.status_code in (400, 409)
    assert words in response.content.decode()
    assert not Inspection.objects.exists()


def test_a_refused_page_begins_with_everything_to_mend(client, inspector, form):
    response = send(
        client,
        inspector,
        form(
            {
                "inspected_on": "2999-01-01",
                "hazards-0-DELETE": "on",
                "hazards-2-due": "date",
                "kept_at": "1790000000000",
                "hazards-2-level": "major",
                "hazards-2-fixed_on_spot": "on",
                "hazards-2-description": "",
                "hazards-1-due": "date",
                "hazards-3-description": "",
                "hazards-3-fixed_on_spot": "on",
            },
            cards=4,
        ),
    )
    lines = {line["anchor"]: line["words"] for line in response.context["to_mend"]}
    text = response.content.decode()

    assert response.status_code == 400
    assert list(lines) == [
        "id_inspected_on",
        "id_hazards-1-due_date",
        "id_hazards-2-description",
        "id_hazards-2-basis",
        "id_hazards-2-fixed_on_spot",
        "id_hazards-3-description",
        "label-hazards-3-after",
    ]
    assert lines["id_inspected_on"] == "检查日期：检查日期不能晚于今天"
    assert lines["id_hazards-1-due_date"] == "隐患 1 截止日期：请选择截止日期"
    assert lines["id_hazards-2-fixed_on_spot"].startswith("隐患 2 当场已整改：重大隐患不能当场销号")
    assert all(f'id="{anchor}"' in text for anchor in lines)
    assert "有 7 处需要修改" in text
    assert 'name="kept_at" autocomplete="off" value="1790000000000"' in text


def test_a_page_without_its_card_count_is_a_bad_request(client, inspector, form):
    assert send(client, inspector, form({"hazards-TOTAL_FORMS": None})).status_code == 400


def test_the_colleague_must_be_of_the_own_territory(client, inspector, form, stranger):
    assert send(client, inspector, form(colleague=stranger.pk)).status_code == 400


def test_colleagues_of_the_own_unit_are_shown_however_many_others_there_are(client, township, monkeypatch):
    county = UnitFactory(code="411402")
    office = UnitFactory(code="411402-AWB")  # its code sorts behind the county's, before the township's
    user, mate = (UserFactory(role="safety_office", unit=office) for _ in range(2))
    others = [UserFactory(role="inspector", unit=unit) for unit in (county, township)]
    monkeypatch.setattr(registration, "MAX_PEOPLE", 2)
    client.force_login(user)
    shown = [pk for pk, _ in client.get(PAGE).context["visit"].fields["colleague"].choices]

    assert shown == ["", mate.pk, others[0].pk]


def test_an_enterprise_out_of_scope_cannot_be_named(client, stranger, form):
    response = send(client, stranger, form())
    assert response.status_code == 400
    assert not Inspection.objects.exists()


def test_a_self_inspection_may_be_recorded_by_one_person(client, inspector, form):
    assert send(client, inspector, form(kind="self", colleague="")).status_code == 302


def test_nothing_found_is_recorded_as_such(client, inspector, form):
    data = form({"hazards-0-description": "", "nothing_found": "on"})
    assert send(client, inspector, data).status_code == 302
    assert Inspection.objects.get().nothing_found
    assert not Hazard.objects.exists()


def test_fixed_on_the_spot_is_closed_at_once(client, inspector, form, picture):
    send(client, inspector, form({"hazards-0-fixed_on_spot": "on", "hazards-0-after": [picture()]}))
    hazard = Hazard.objects.get()
    assert (hazard.state, hazard.fixed_on_spot, hazard.proposed_deadline) == (State.CLOSED, True, None)


def test_a_deleted_card_is_left_out(client, inspector, form):
    send(client, inspector, form({"hazards-1-DELETE": "on", "hazards-1-description": ""}, cards=3))
    assert list(Hazard.objects.order_by("pk").values_list("description", flat=True)) == ["第 1 条隐患", "第 3 条隐患"]


def test_drafts_have_no_number_and_are_the_authors_alone(client, inspector, colleague, form):
    send(client, inspector, form(draft="1"))
    hazard = Hazard.objects.get()
    assert (hazard.state, hazard.number) == (State.DRAFT, None)
    assert client.get(hazard.get_absolute_url()).status_code == 200
    client.force_login(colleague)
    assert client.get(hazard.get_absolute_url()).status_code == 404


def test_working_days_skip_the_weekend(client, inspector, form):
    send(client, inspector, form({"hazards-0-due": "7", "hazards-0-in_working_days": "on"}))
    proposed = Hazard.objects.get().proposed_deadline
    assert proposed > timezone.localdate() + timedelta(days=7)


def test_without_script_a_card_is_added_and_nothing_is_lost(client, inspector, form, picture):
    data = form(
        {"hazards-0-description": "", "hazards-0-location": "门厅", "hazards-0-before": [picture()], "step": "add"}
    )
    response = send(client, inspector, data)
    text = response.content.decode()

    assert response.status_code == 200
    assert [form.prefix for form in response.context["hazards"]] == ["hazards-0", "hazards-1"]
    assert "门厅" in text
    assert "请填写隐患描述" not in text
    assert f'value="{Photo.objects.get().pk}" checked' in text
    assert not Inspection.objects.exists()


def test_without_script_the_enterprise_is_searched_in_a_step(client, inspector, enterprise, form):
    other = EnterpriseFactory(township=enterprise.township, name="商丘豫东面粉有限公司")
    response = send(client, inspector, form(enterprise="", step="find", enterprise_q="面粉"))
    text = response.content.decode()
    assert other.name in text
    assert enterprise.name not in text
    assert "第 1 条隐患" in text

    response = send(client, inspector, form(step="change"))
    assert response.context["chosen"] is None


def test_cards_cannot_be_added_without_end(client, inspector, form):
    response = send(client, inspector, form({"step": "add"}, cards=15))
    assert len(response.context["hazards"].forms) == 15


def htmx(client, user, **query):
    client.force_login(user)
    return client.get(PAGE, query, headers={"HX-Request": "true"})


def test_the_search_reaches_no_further_than_the_scope(client, inspector, stranger, enterprise):
    assert enterprise.name in htmx(client, inspector, enterprise_q="冷链").content.decode()
    assert enterprise.name not in htmx(client, inspector, enterprise_q="水泥").content.decode()
    assert enterprise.name not in htmx(client, stranger, enterprise_q="冷链").content.decode()
    assert enterprise.name not in htmx(client, stranger, enterprise=enterprise.pk).content.decode()


def test_the_search_is_bounded_and_knows_credit_codes(client, inspector, enterprise, django_assert_max_num_queries):
    EnterpriseFactory.create_batch(25, township=enterprise.township)
    enterprise.uscc = "91411402MA3X4QLX09"
    enterprise.save()
    htmx(client, inspector, enterprise_q="")
    with django_assert_max_num_queries(5):  # session, user, unit, lately visited, enterprises
        text = client.get(PAGE, {"enterprise_q": ""}, headers={"HX-Request": "true"}).content.decode()
    assert text.count('type="radio"') == picking.NEARBY
    assert htmx(client, inspector, enterprise_q="企业").content.decode().count('type="radio"') == 20
    assert htmx(client, inspector, enterprise_q="91411402ma").content.decode().count('type="radio"') == 1
    assert "请换个词" in htmx(client, inspector, enterprise_q="无此企业%_").content.decode()


def test_choosing_an_enterprise_shows_who_will_answer(client, inspector, manager, enterprise):
    text = htmx(client, inspector, enterprise=enterprise.pk).content.decode()
    assert str(manager) in text
    assert enterprise.principal in text
    assert "<html" not in text


@pytest.mark.parametrize("role", ["leader", "enterprise", "sysadmin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_officers_register(client, township, role, method):
    client.force_login(UserFactory(role=role, unit=township))
    response = getattr(client, method)(PAGE)
    assert response.status_code == 403
    assert "登记隐患须由" in response.content.decode()


def test_queries_do_not_grow_with_colleagues(client, inspector, township, django_assert_max_num_queries):
    def count():
        client.force_login(inspector)
        client.get(PAGE)
        with django_assert_max_num_queries(12) as captured:
            client.get(PAGE)
        return len(captured.captured_queries)

    few = count()
    UserFactory.create_batch(10, role="inspector", unit=township)
    assert count() == few


def test_before_anything_is_typed_the_page_shows_what_is_likely_meant(client, inspector, enterprise, form, township):
    near, elsewhere = EnterpriseFactory(township=township), EnterpriseFactory(township=UnitFactory(code="411402999"))
    send(client, inspector, form())
    groups = client.get(PAGE).context["groups"]
    assert groups == [("最近检查过", [enterprise]), (f"{township.short_name}的其他企业", [near])]
    client.force_login(UserFactory(role="safety_office", unit=UnitFactory(code="4114-AWB")))
    assert client.get(PAGE).context["groups"] == [("辖区内的企业", [elsewhere, near, enterprise])]


def test_the_colleague_of_the_last_visit_is_proposed(client, inspector, colleague, form):
    client.force_login(inspector)
    assert client.get(PAGE).context["visit"]["colleague"].value() is None
    send(client, inspector, form())
    assert client.get(PAGE).context["visit"]["colleague"].value() == colleague.pk


def test_an_unknown_enterprise_can_be_registered_from_here(client, inspector, enterprise):
    text = htmx(client, inspector, enterprise_q="新开 的厂").content.decode()
    address = reverse("inspections:enterprise_create") + "?name=%E6%96%B0%E5%BC%80%20%E7%9A%84%E5%8E%82"
    assert address in text
    assert 'value="新开 的厂"' in client.get(address).content.decode()


def test_phrases_are_the_persons_own_most_frequent_first(client, inspector, form):
    for words in ("灯管破损", "灯管破损", "一次"):
        send(client, inspector, form({"hazards-0-description": words}))
    offered = phrases.of(inspector)
    assert offered["description"] == ["灯管破损", *phrases.HOUSE["description"]][: phrases.SHOWN]
    assert offered["requirement"] == list(phrases.HOUSE["requirement"])
