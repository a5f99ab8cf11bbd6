from datetime import timedelta

import pytest
from django.urls import reverse

from hazards import operations as hazard_operations
from inspections import uscc
from inspections.models import Enterprise, Sector
from journal.refusal import Refused
from tests.factories import EnterpriseFactory, InspectionFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
FIRST = "91411400683175681"
USCC = FIRST + uscc.check_character(FIRST)


@pytest.fixture
def valid(township):
    return {
        "name": "梁园区福顺宾馆",
        "uscc": USCC,
        "township": township.pk,
        "sector": Sector.objects.get(code="RYMJ").pk,
        "principal": "佟建业",
        "phone": "13900005926",
        "address": "",
        "risk_grade": "",
        "status": "operating",
    }


def test_an_officer_enters_an_enterprise(client, inspector, valid):
    client.force_login(inspector)

    answer = client.post(reverse("inspections:enterprise_create"), valid, follow=True)

    assert "梁园区福顺宾馆" in answer.content.decode()
    assert Enterprise.objects.get().division_code == "411402001"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("uscc", USCC[:-1] + ("A" if USCC[-1] != "A" else "B"), "校验位"),
        ("uscc", "91", "18 位"),
        ("name", "", "必填"),
        ("name", "名\x00字", "无法保存的字符"),
        ("name", "长" * 121, "120"),
        ("sector", "999999999999999999999", "选择"),
        ("status", "gone", "gone"),
    ],
)
def test_a_bad_enterprise_is_refused_in_words_and_keeps_what_was_typed(client, inspector, valid, field, value, words):
    client.force_login(inspector)

    answer = client.post(reverse("inspections:enterprise_create"), valid | {field: value})

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "佟建业" in answer.content.decode()
    assert not Enterprise.objects.exists()


def test_a_township_outside_the_scope_cannot_be_chosen(client, inspector, valid, foreign_township):
    client.force_login(inspector)

    answer = client.post(reverse("inspections:enterprise_create"), valid | {"township": foreign_township.pk})

    assert answer.status_code == 400
    assert not Enterprise.objects.exists()


def test_a_second_enterprise_with_the_same_code_is_told_to_use_the_first(client, inspector, valid):
    client.force_login(inspector)
    client.post(reverse("inspections:enterprise_create"), valid)

    answer = client.post(reverse("inspections:enterprise_create"), valid | {"name": "另一家"})

    assert answer.status_code == 400
    assert "已" in answer.content.decode()
    assert Enterprise.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["inspections:list", "inspections:enterprises"])
def test_lists_cost_the_same_queries_for_one_and_three(client, manager, count, name, django_assert_max_num_queries):
    InspectionFactory.create_batch(count)
    client.force_login(manager)

    with django_assert_max_num_queries(13) as captured:
        client.get(reverse(name))
    assert len(captured) == _cost.setdefault(name, len(captured))


_cost = {}


@pytest.mark.parametrize(
    "query",
    [
        "from=2025-02-30",
        "from=x",
        "kind=nope",
        "territory=41140",
        "enterprise=99999999999999999999",
        "cursor=zzz",
        "q=" + "长" * 60,
    ],
)
def test_bad_conditions_are_told_in_words(client, manager, query):
    InspectionFactory()
    client.force_login(manager)

    answer = client.get(reverse("inspections:list") + "?" + query)

    assert answer.status_code == 400
    assert "没有符合条件的检查" in answer.content.decode()


def test_pages_follow_each_other_without_gap_or_repeat(client, manager, township):
    made = {row.pk for row in EnterpriseFactory.create_batch(120, township=township)}
    client.force_login(manager)

    seen, url = [], reverse("inspections:enterprises")
    while url:
        context = client.get(url).context
        seen += [row.pk for row in context["rows"]]
        url = context["next_url"] and reverse("inspections:enterprises") + context["next_url"]

    assert len(seen) == 120
    assert set(seen) == made


def test_a_visit_shows_its_hazards_to_those_in_scope_only(client, registered, manager, stranger, enterprise_user):
    url = reverse("inspections:detail", args=[registered.inspection_id])
    for user, status in ((manager, 200), (enterprise_user, 200), (stranger, 404)):
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == status
        assert (registered.description in answer.content.decode()) == (status == 200)


def member(client, enterprise, act, **data):
    return client.post(reverse("inspections:enterprise_act", args=[enterprise.pk, act]), data)


def test_a_manager_joins_and_parts_an_enterprise_account(client, manager, enterprise):
    person = UserFactory(role="enterprise", unit=None, username="boss")
    client.force_login(manager)

    assert member(client, enterprise, "join_member", username="boss").status_code == 302
    assert list(enterprise.members.all()) == [person]
    assert member(client, enterprise, "part_member", username="boss").status_code == 302
    assert not enterprise.members.exists()


@pytest.mark.parametrize(
    ("act", "data", "status", "words"),
    [
        ("join_member", {"username": "nobody"}, 409, "没有这个企业账号"),
        ("join_member", {"username": "inspector"}, 409, "没有这个企业账号"),
        ("join_member", {"username": "taken"}, 409, "另一家企业"),
        ("part_member", {"username": "taken"}, 409, "没有关联这家企业"),
        ("join_member", {"username": "a\x00b"}, 400, "无法保存的字符"),
        ("x", {"username": "taken"}, 400, "没有“username”这个"),
        ("join_member", {}, 400, "必填"),
        ("part_member", {}, 400, "必填"),
    ],
)
def test_what_cannot_be_joined_is_told_in_words(client, manager, inspector, enterprise, act, data, status, words):
    other = EnterpriseFactory(township=enterprise.township)
    other.members.add(UserFactory(role="enterprise", unit=None, username="taken"))
    client.force_login(manager)

    answer = member(client, enterprise, act, **data)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not enterprise.members.exists()


def test_only_a_manager_in_scope_joins_accounts(client, inspector, leader, enterprise_user, stranger, enterprise):
    UserFactory(role="enterprise", unit=None, username="boss")
    for act, sentence in (("join_member", "关联企业账号须由"), ("part_member", "解除企业账号须由")):
        for user in (inspector, leader, enterprise_user):
            client.force_login(user)
            answer = member(client, enterprise, act, username="boss")
            assert (answer.status_code, sentence in answer.content.decode()) == (403, True)
        client.force_login(stranger)
        assert member(client, enterprise, act, username="boss").status_code == 404
    assert list(enterprise.members.all()) == [enterprise_user]


def test_an_enterprise_with_open_hazards_stays_in_its_township(client, safety_office, registered, foreign_township):
    enterprise = registered.enterprise
    data = {
        "name": enterprise.name,
        "uscc": "",
        "township": foreign_township.pk,
        "sector": enterprise.sector_id,
        "principal": "孟",
        "status": "operating",
    }
    client.force_login(safety_office)

    answer = client.post(reverse("inspections:enterprise_act", args=[enterprise.pk, "edit"]), data)

    assert answer.status_code == 409
    assert "未销号" in answer.content.decode()
    enterprise.refresh_from_db()
    assert enterprise.township != foreign_township


def test_a_draft_given_up_is_no_find_of_its_visit(client, inspector, colleague, enterprise, noon):
    visit, [draft] = hazard_operations.record_inspection(
        by=inspector, at=noon, kind="routine", enterprise=enterprise, inspected_on=noon.date(),
        inspectors=[inspector, colleague], hazards=[{"description": "看错了的隐患"}], as_draft=True,
    )  # fmt: skip
    hazard_operations.discard(draft, by=inspector, at=noon + timedelta(days=1), reason="看错了")
    client.force_login(inspector)
    assert "看错了的隐患" not in client.get(reverse("inspections:detail", args=[visit.pk])).content.decode()
    assert "草稿，未计入检查" in client.get(reverse("inspections:list")).content.decode()


def test_a_proposed_deadline_has_the_limit_of_any_deadline(inspector, colleague, enterprise, noon):
    with pytest.raises(Refused, match="十年之后"):
        hazard_operations.record_inspection(
            by=inspector, at=noon, kind="routine", enterprise=enterprise, inspected_on=noon.date(), inspectors=[inspector, colleague],
            hazards=[{"description": "通道", "proposed_deadline": noon.date() + timedelta(days=3661)}],
        )  # fmt: skip


def test_a_firm_of_a_link_is_said_by_its_name_to_those_who_see_it(client, inspector, stranger, enterprise):
    address = f"{reverse('inspections:list')}?enterprise={enterprise.pk}"
    for person, said in ((inspector, enterprise.name), (stranger, str(enterprise.pk))):
        client.force_login(person)
        [chip] = client.get(address).context["chips"]
        assert (chip["label"], chip["value"]) == ("企业", said)
