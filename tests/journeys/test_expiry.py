"""A session ends while a form is filled in: whatever the form, what was typed comes back to who typed it, and to nobody else."""

import re

import pytest
from django.urls import reverse

from accounts.models import OpenSession
from criteria.models import Criterion
from evidence.models import Photo
from hazards.lifecycle import State
from hazards.models import Hazard
from journal import acts
from tests import stages
from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE, playwright
from tests.laws.test_who import who_may

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
expect = playwright.expect


def end_sessions():
    """What half an hour without a request does."""
    OpenSession.objects.all().delete()


def act_page(record, act):
    return reverse(
        f"{record._meta.app_label}:act"
        if isinstance(record, Hazard)
        else f"{record._meta.app_label}:{record.slug}_act",
        args=[record.pk, act],
    )


def forms_of(people):
    """``{form: (who fills it in, its address)}`` of every form of the product in which something is typed."""
    found = {}
    for act in stages.with_a_page():
        stage = next(stage for stage in stages.stages_of(act) if who_may(act, stage))
        may = who_may(act, stage)
        doer = people["manager" if "manager" in may else min(may)]
        found[act] = (doer, act_page(stages.hazard(people, stage), act))
    firm = people["firm"]
    for act in ("edit", "join_member"):
        found[f"enterprise {act}"] = (people["manager"], act_page(firm, act))
    for act in ("edit", "retire"):
        found[f"sector {act}"] = (people["sysadmin"], act_page(firm.sector, act))
    found["unit edit"] = (people["sysadmin"], act_page(people["manager"].unit, "edit"))
    found["enterprise new"] = (people["manager"], reverse("inspections:enterprise_create"))
    found["person new"] = (people["sysadmin"], reverse("accounts:person_create"))
    found["person edit"] = (people["sysadmin"], reverse("accounts:person_edit", args=[people["author"].pk]))
    found["person grant"] = (people["secadmin"], reverse("accounts:person_grant", args=[people["author"].pk]))
    found["import"] = (people["office"], reverse("imports:upload"))
    return found


FILL = """() => {
  const typed = {};
  const form = document.querySelector("main form[method=post]");
  for (const one of form.elements) {
    if (!one.name || /^(hidden|file|submit|button|checkbox)$/.test(one.type) || !one.offsetParent) continue;
    if (one.tagName === "SELECT") one.selectedIndex = one.options.length - 1;
    else if (one.type === "radio") one.checked = true;
    else one.value = { number: "3", date: "2027-01-04", email: "a@b.cn" }[one.type] || `x${one.name}`.slice(0, one.maxLength > 0 ? one.maxLength : 99);
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
  for (const one of form.elements) {
    if (one.name && !/^(hidden|file|submit|button|checkbox)$/.test(one.type) && (one.type !== "radio" || one.checked)) typed[one.name] = one.value;
  }
  return typed;
}"""
SHOWN = """(typed) => Object.fromEntries(Object.keys(typed).map((name) => {
  const inputs = Array.from(document.getElementsByName(name));
  const one = inputs.find((input) => input.type !== "radio" || input.checked);
  return [name, one ? one.value : null];
}))"""


def test_every_form_comes_back_after_signing_in_again(visit, cast):
    """Filled in, the session gone, the page opened again: the sign-in, and what was typed. Every form of the product."""
    forms, visitors = forms_of(cast), {}
    assert {act.name for act in acts.acts_of(Hazard) if act.form and not act.creates} <= set(forms)
    for name, (person, path) in forms.items():
        visitor = visitors.get(person.pk) or visitors.setdefault(person.pk, visit(person))
        visitor.go(path)
        if "/accounts/login/" in visitor.page.url:
            visitor.sign_in(person)
            visitor.page.wait_for_url(f"**{path}")
        typed = visitor.page.evaluate(FILL)
        if not typed:
            continue  # an act without a field
        end_sessions()
        visitor.page.reload()  # at once: what is typed need not wait for a pause to be written down
        visitor.sign_in(person)
        expect(visitor.page.get_by_text("已恢复您上次填写")).to_be_visible()
        assert visitor.page.evaluate(SHOWN, typed) == typed, name
        visitor.press("清空重填")
        assert visitor.page.evaluate(SHOWN, typed) != typed, name


def open_feedback(visit, cast, viewport=PHONE, **options):
    hazard = stages.hazard(cast, "rectifying")
    firm = visit(cast["enterprise"], viewport, **options)
    firm.go(act_page(hazard, "submit_feedback"))
    firm.page.get_by_label("整改情况").fill("已加装隔断\n隔断到顶")
    return hazard, firm


def test_a_form_sent_without_a_session_is_sent_after_signing_in_photos_included(visit, cast):
    hazard, firm = open_feedback(visit, cast)
    firm.take_photos("photos", "red", "blue")
    expect(firm.page.locator("[data-photo]")).to_have_count(2)
    end_sessions()
    firm.press("提交反馈")
    firm.sees("刚才填写的内容可以继续提交")
    firm.sign_in(cast["enterprise"])
    firm.sees("已加装隔断")
    assert firm.page.evaluate("document.documentElement.scrollWidth") <= 360
    firm.press("继续提交")
    firm.sees("已提交整改反馈，待复查")
    hazard.refresh_from_db()
    assert (hazard.state, hazard.photos.filter(stage="after").count()) == (State.PENDING_REVIEW, 2)
    assert hazard.feedbacks.get().content == "已加装隔断\n隔断到顶"
    firm.go(act_page(stages.hazard(cast, "rectifying"), "submit_feedback"))
    expect(firm.page.get_by_label("整改情况")).to_have_value("")


def test_a_criterion_picked_on_the_page_of_an_act_comes_back_and_is_sent(visit, cast):
    hazard = stages.hazard(cast, "registered")
    item = Criterion.objects.items().newest().exclude(standard__sector=None).select_related("standard__sector").first()
    manager = visit(cast["manager"])
    page, key = manager.page, manager.page.locator("[data-criterion-key]")

    def pick():
        page.locator("label.choice-major").click()
        page.get_by_label("判定标准的行业领域").hover()  # as whoever opens it does; then it is filled
        page.get_by_label("判定标准的行业领域").select_option(item.standard.sector.code)
        page.locator("[data-criterion] .result", has_text=str(item)).first.click()
        page.get_by_label("更正理由").fill("现场核实")

    manager.go(act_page(hazard, "correct"))
    pick()
    picked, basis = key.input_value(), page.get_by_label("判定依据").input_value()
    assert picked and item.standard.number in basis
    end_sessions()
    page.reload()
    manager.sign_in(cast["manager"])
    expect(page.get_by_text("已恢复您上次填写")).to_be_visible()
    assert (key.input_value(), page.get_by_label("判定依据").input_value()) == (picked, basis)
    expect(page.locator("[data-criterion-said]")).to_contain_text("已引用")
    manager.press("清空重填")
    assert key.input_value() == ""
    pick()
    manager.press("保存更正")
    manager.sees("已更正为重大隐患")
    hazard.refresh_from_db()
    assert str(hazard.criterion_id) == picked


def test_another_person_at_the_same_phone_sees_nothing_of_it(visit, cast):
    hazard, firm = open_feedback(visit, cast)
    firm.page.wait_for_timeout(400)
    end_sessions()
    firm.press("提交反馈")
    firm.sign_in(cast["manager"])
    firm.sees("没有等待提交的内容")
    firm.go(act_page(hazard, "submit_feedback"))
    expect(firm.page.get_by_label("整改情况")).to_have_value("")
    expect(firm.page.get_by_text("已加装隔断")).to_have_count(0)


def test_signing_in_in_another_tab_leaves_the_open_form_one_press_behind(visit, cast):
    _, firm = open_feedback(visit, cast)
    firm.take_photos("photos", "red")
    expect(firm.page.locator("[data-photo]")).to_have_count(1)
    end_sessions()
    sign_in_elsewhere(firm, cast["enterprise"])
    firm.press("提交反馈")
    firm.sees("您填写的内容还在")
    firm.press("继续提交")
    firm.sees("已提交整改反馈，待复查")


def sign_in_elsewhere(visitor, person):
    """In a second tab of the same browser."""
    tab = visitor.page.context.new_page()
    tab.goto(f"{visitor.base}/accounts/login/")
    tab.get_by_label("账号").fill(person.username)
    tab.get_by_label("密码").fill(PASSWORD)
    tab.get_by_role("button", name="登录").click()
    tab.wait_for_url(lambda address: "/accounts/login/" not in address)
    tab.close()


def test_a_photo_taken_after_the_end_waits_in_the_page_and_goes_on_by_itself(visit, cast):
    visit.expects = ("401", "403")
    hazard, firm = open_feedback(visit, cast)
    end_sessions()
    firm.take_photos("photos", "red")
    expect(firm.page.locator("[data-upload-error]")).to_contain_text("登录已过期")
    expect(firm.page.get_by_role("link", name="在新窗口登录")).to_be_visible()
    sign_in_elsewhere(firm, cast["enterprise"])
    firm.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(firm.page.locator("[data-photo]")).to_have_count(1)
    firm.press("提交反馈")
    firm.sees("已提交整改反馈，待复查")
    assert Photo.objects.filter(object_id=hazard.pk, stage="after").count() == 1


def test_a_photo_whose_picture_came_too_late_is_sent_all_the_same(visit, cast):
    """The session ended between the upload and its thumbnail: not shown is not gone."""
    visit.expects = ("401",)
    hazard, firm = open_feedback(visit, cast)
    asked = []
    firm.page.route("**/thumbnail/", lambda route: (asked.append(route), route.fulfill(status=401)))
    firm.take_photos("photos", "red")
    expect(firm.page.locator("[data-photo]")).to_have_count(1)
    firm.page.wait_for_function("document.querySelector('[data-photo] img').complete")
    firm.page.wait_for_timeout(200)
    assert len(asked) == 2, "the picture, and whether the photo is gone"
    firm.press("提交反馈")
    firm.sees("已提交整改反馈，待复查")
    assert hazard.photos.filter(stage="after").count() == 1


def test_a_photo_that_is_gone_is_not_sent_again(visit, cast):
    visit.expects = ("404",)
    _, firm = open_feedback(visit, cast)
    firm.page.route("**/thumbnail/", lambda route: route.fulfill(status=404))
    firm.take_photos("photos", "red")
    expect(firm.page.locator("[data-photo]")).to_have_count(0)


def test_what_was_typed_before_the_scripts_came_is_kept_too(visit, cast):
    hazard = stages.hazard(cast, "rectifying")
    firm = visit(cast["enterprise"])
    held = []
    firm.page.route("**/keep*.js", lambda route: held.append(route))
    firm.page.goto(firm.base + act_page(hazard, "submit_feedback"), wait_until="commit")
    firm.page.get_by_label("整改情况").fill("已加装隔断")
    firm.page.wait_for_timeout(50)
    for route in held:
        route.continue_()
    firm.page.wait_for_load_state("load")
    firm.page.unroute_all()
    end_sessions()
    firm.page.reload()
    firm.sign_in(cast["enterprise"])
    expect(firm.page.get_by_text("已恢复您上次填写")).to_be_visible()
    expect(firm.page.get_by_label("整改情况")).to_have_value("已加装隔断")


def test_a_form_held_back_for_its_photos_did_not_go_and_is_kept(visit, cast):
    visit.expects = ("500",)
    hazard, firm = open_feedback(visit, cast)
    firm.page.route("**/photos/", lambda route: route.fulfill(status=500, json={"error": "照片没有传上去"}))
    firm.take_photos("photos", "red")
    expect(firm.page.get_by_role("button", name="重新上传")).to_be_visible()
    firm.press("提交反馈")
    firm.sees("还有照片没有传完")
    firm.go("/hazards/")
    firm.go(act_page(hazard, "submit_feedback"))
    assert firm.page.get_by_label("整改情况").input_value() == "已加装隔断\n隔断到顶"


def test_two_sign_in_tabs_are_no_fault(visit, cast):
    visitor = visit(cast["manager"])
    end_sessions()
    visitor.go("/hazards/")
    sign_in_elsewhere(visitor, cast["manager"])
    visitor.sign_in(cast["manager"])
    expect(visitor.page).to_have_url(re.compile(r"/hazards/$"))


def test_the_register_page_comes_back_from_a_search_without_a_session(visit, cast):
    """htmx asks for a fragment and gets the whole sign-in page; the draft of ``?enterprise=`` is found without it, too."""
    visit.expects = ("401",)
    author, firm = visit(cast["author"], PHONE), cast["firm"]
    author.go(f"/hazards/register/?enterprise={firm.pk}")
    author.page.locator("[data-card]").get_by_label("隐患描述").fill("灭火器被货架遮挡")
    author.take_photos("hazards-0-before", "red")
    expect(author.page.locator("[data-photo]")).to_have_count(1)
    author.page.wait_for_timeout(700)
    end_sessions()
    author.press("换一家")
    author.sign_in(cast["author"])
    expect(author.page).to_have_url(re.compile("enterprise="))
    for path in ("", "/hazards/register/"):
        if path:
            author.go(path)
        expect(author.page.get_by_label("隐患描述")).to_have_value("灭火器被货架遮挡")
        expect(author.page.locator("[data-photo]")).to_have_count(1)
        expect(author.page.locator(f"[data-chosen='{firm.pk}']")).to_be_visible()


def test_a_visit_sent_without_a_session_is_registered_after_it(visit, cast):
    author = visit(cast["author"], PHONE)
    author.go(f"/hazards/register/?enterprise={cast['firm'].pk}")
    author.page.get_by_label("另一名检查人").select_option(index=1)
    author.page.get_by_label("隐患描述").fill("灭火器被货架遮挡")
    author.take_photos("hazards-0-before", "red")
    expect(author.page.locator("[data-photo]")).to_have_count(1)
    end_sessions()
    author.press("提交登记")
    author.sign_in(cast["author"])
    author.press("继续提交")
    author.sees("已登记 1 条隐患")
    assert Hazard.objects.get(description="灭火器被货架遮挡").photos.count() == 1


def test_without_script_the_text_is_kept_and_the_photo_asked_for_again(visit, cast):
    visit.expects = ("400",)
    _, firm = open_feedback(visit, cast, DESKTOP, java_script_enabled=False)
    firm.take_photos("photos", "red")
    end_sessions()
    firm.press("提交反馈")
    firm.sign_in(cast["enterprise"])
    firm.sees("请在下一页重新选择：red.jpg")
    firm.press("继续提交")
    firm.sees("请上传至少一张整改后照片")
    expect(firm.page.get_by_label("整改情况")).to_have_value("已加装隔断\n隔断到顶")
    firm.take_photos("photos", "red")
    firm.press("提交反馈")
    firm.sees("已提交整改反馈，待复查")
