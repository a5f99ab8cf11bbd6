from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.models import Unit, User
from safetyledger.navigation import navigation
from tests.factories import UserFactory


def frame(user, view_name="hazards:desk"):
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = SimpleNamespace(view_name=view_name)
    return navigation(request)


def township():
    return Unit(pk=3, short_name="双八镇", name="双八镇人民政府", kind=Unit.Kind.GOVERNMENT, division_code="411402101")


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (
            "inspector",
            [
                "工作台",
                "隐患台账",
                "检查",
                "企业",
                "执法措施",
                "异常提示",
                "责任分工",
                "信息报送",
                "统计排名",
                "通报",
                "判定标准",
            ],
        ),
        (
            "leader",
            [
                "总览",
                "工作台",
                "隐患台账",
                "检查",
                "企业",
                "执法措施",
                "异常提示",
                "责任分工",
                "信息报送",
                "统计排名",
                "通报",
                "判定标准",
            ],
        ),
        ("enterprise", ["工作台", "隐患台账", "执法措施", "信息报送"]),
        ("sysadmin", ["工作台", "人员", "单位", "判定标准", "行业领域"]),
        ("secadmin", ["工作台", "人员"]),
        ("auditor", ["工作台", "账号审计", "登录记录", "单位审计", "取用记录", "审计核验", "单位"]),
    ],
)
def test_menu_depends_on_role(role, labels):
    assert [item["label"] for item in frame(User(role=role))["nav"]] == labels


@pytest.mark.parametrize(
    ("role", "may"), [("inspector", True), ("leader", False), ("enterprise", False), ("sysadmin", False)]
)
def test_who_is_offered_to_register(role, may):
    assert frame(User(role=role, unit=township()))["may_register"] is may


def test_menu_marks_where_we_are():
    def current(view_name):
        return [item["label"] for item in frame(User(role="manager"), view_name)["nav"] if item["current"]]

    assert current("hazards:desk") == ["工作台"]
    assert current("hazards:detail") == current("imports:preview") == ["隐患台账"]
    assert current("inspections:enterprises") == ["企业"]
    assert current("enforcement:measure") == ["执法措施"]
    assert current("flags:flag") == current("flags:rows") == ["异常提示"]
    assert current("accounts:me") == []
    people = frame(User(role="sysadmin"), "accounts:person_edit")["nav"]
    assert [item["label"] for item in people if item["current"]] == ["人员"]
    units = frame(User(role="sysadmin"), "accounts:unit_act")["nav"]
    assert [item["label"] for item in units if item["current"]] == ["单位"]


def test_the_bar_puts_what_belongs_together_behind_one_word():
    def bar(role, view_name="hazards:desk"):
        return frame(User(role=role), view_name)["nav_bar"]

    leaders = bar("leader", "inspections:enterprise")
    words = ["总览", "工作台", "隐患台账", "检查执法", "异常提示", "职责标准", "信息报送", "统计排名", "通报"]
    assert [item["label"] for item in leaders] == words
    assert [item["label"] for item in leaders if item["current"]] == ["检查执法"]
    assert [entry["label"] for entry in leaders[3]["entries"] if entry["current"]] == ["企业"]
    flat = [entry["label"] for item in leaders for entry in item.get("entries", [item])]
    assert sorted(flat) == sorted(item["label"] for item in frame(User(role="leader"))["nav"])
    assert [item["label"] for item in bar("enterprise")] == ["工作台", "隐患台账", "执法措施", "信息报送"], (
        "one of a group"
    )


def test_jurisdiction_is_the_government_an_office_serves():
    office = Unit(
        pk=4, short_name="双八镇安委办", kind=Unit.Kind.COMMITTEE_OFFICE, parent=township(), division_code="411402101"
    )
    assert str(frame(User(role="safety_office", unit=office))["jurisdiction"]) == "双八镇"


@pytest.mark.django_db
def test_people_of_a_firm_read_its_name_in_the_bar(client, enterprise, enterprise_user):
    assert str(frame(enterprise_user)["jurisdiction"]) == enterprise.name
    assert str(frame(UserFactory(role="enterprise", unit=None))["jurisdiction"]) == ""  # opened, not yet joined to one
    client.force_login(enterprise_user)
    assert f'<span class="scope">{enterprise.name}</span>' in client.get("/").content.decode()


def test_stranger_has_no_menu_and_no_messages():
    context = frame(AnonymousUser())
    assert context["nav"] == [] and context["may_register"] is False and context["unread_count"]() == 0


@pytest.mark.django_db
def test_unread_messages_are_counted_once_and_only_when_shown(django_assert_num_queries):
    person = User.objects.create_user("someone", role="inspector")
    with django_assert_num_queries(0):
        context = frame(person)
    with django_assert_num_queries(1):
        assert context["unread_count"]() == context["unread_count"]() == 0
