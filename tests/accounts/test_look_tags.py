import re
from datetime import date

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

TODAY = date(2026, 11, 20)


def render(source, **context):
    return engines["django"].from_string(source).render({"today": TODAY, **context})


class ReviewForm(forms.Form):
    level = forms.ChoiceField(label="等级", choices=[("general", "一般"), ("major", "重大")], widget=forms.RadioSelect)
    opinion = forms.CharField(label="复查意见", help_text="说明现场情况")
    spot = forms.BooleanField(label="当场已整改", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_badges_carry_a_word_beside_the_colour():
    html = render(
        '{% level_badge "major" %}{% state_badge "pending_review" %}'
        '{% deadline_badge "rectifying" day None today "lg" %}',
        day=date(2026, 11, 15),
    )
    assert ">重大<" in html
    assert "state-review" in html and "待复查" in html
    assert 'class="badge deadline deadline-overdue badge-lg"' in html and "逾期 5 天" in html


def test_row_edge_repeats_the_badge():
    assert render('{% row_edge "rectifying" day today %}', day=date(2026, 11, 15)) == "is-overdue"
    assert render('{% row_edge "closed" day today %}', day=date(2026, 11, 15)) == ""


def test_texts_of_people_are_escaped():
    duty = {"kind": "territorial", "body_name": "<b>镇", "person": "<i>张", "post": "", "phone": "139 0000 0001"}
    html = render("{% duty_cards items %}{% duties items %}{% state_badge bad %}", items=[duty], bad="<script>")
    assert "<b>镇" not in html and "<i>张" not in html and "<script>" not in html
    assert 'href="tel:13900000001"' in html and "属地责任 · &lt;b&gt;镇" in html


def test_missing_person_is_said():
    html = render("{% duty_cards items %}", items=[{"kind": "enterprise", "person": None}])
    assert html.count("未指定") == 2 and "未留电话" in html


def test_query_with_sets_removes_and_starts_again_at_the_first_page():
    request = RequestFactory().get("/", {"state": ["closed", "voided"], "q": "氨", "cursor": "9"})
    assert (
        render('{% query_with level="major" %}', request=request)
        == "?state=closed&amp;state=voided&amp;q=%E6%B0%A8&amp;level=major"
    )
    assert (
        render('{% query_with q=None cursor="10" %}', request=request) == "?state=closed&amp;state=voided&amp;cursor=10"
    )
    assert render('{% query_without "state" "closed" %}', request=request) == "?q=%E6%B0%A8&amp;state=voided"
    assert render('{% query_without "state" %}', request=request) == "?q=%E6%B0%A8"


def test_field_ties_help_and_error_to_the_control():
    form = ReviewForm({"level": "major", "opinion": "", "version": "x"})
    html = render("{% field form.opinion %}", form=form)
    assert 'aria-describedby="id_opinion_helptext id_opinion_error"' in html
    assert 'id="id_opinion_helptext"' in html and 'id="id_opinion_error"' in html
    assert 'class="form-control is-invalid"' in html and "必填" in html and 'for="id_opinion"' in html


def test_radios_become_buttons_in_a_fieldset():
    html = render('{% choices form.level "fill" %}', form=ReviewForm(initial={"level": "major"}))
    assert "<fieldset" in html and "choices-fill" in html
    assert html.count('type="radio"') == 2 and html.count(" checked") == 1 and "choice choice-major" in html
    assert render("{% field form.level %}", form=ReviewForm()).count('type="radio"') == 2


def test_switch_is_a_real_checkbox():
    html = render('{% switch form.spot "直接销号" %}', form=ReviewForm())
    assert 'type="checkbox"' in html and 'role="switch"' in html and "直接销号" in html and "必填" not in html


def test_errors_of_hidden_fields_are_shown():
    form = ReviewForm({"level": "major", "opinion": "好", "version": "x"})
    assert 'role="alert"' in render("{% form_errors form %}", form=form)
    assert render("{% form_errors form %}", form=ReviewForm()).strip() == ""


def test_photo_picker_keeps_uploaded_photos():
    html = render('{% photo_picker "photos" "照片" uploaded=photos required=True %}', photos=[{"pk": 7, "url": "/p/7"}])
    assert html.count('name="photos"') == 2 and 'capture="environment"' in html and " multiple" in html
    assert re.search(r'name="keep_photo"\s+value="7"\s+checked', html)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ d|day:today }} {{ d|full_day }}", "11-15 2026-11-15 星期日"),
        ("{{ yuan|wan }} {{ share|percent }} {{ none|percent }} {{ n|thousands }}", "18.60 万元 93.5% 无数据 1,236"),
    ],
)
def test_filters(source, expected):
    assert render(source, d=date(2026, 11, 15), yuan=186000, share=0.935, none=None, n=1236) == expected


def test_drawings_carry_words_for_screen_readers():
    html = render(
        '{% sparkline values "得分" %}{% score_parts parts 5 labels %}',
        values=[1, None, 3],
        parts=[30, None],
        labels=["整改率", "覆盖"],
    )
    assert "近 3 期得分：1、无数据、3" in html
    assert "整改率 30，覆盖 无数据，扣减 5" in html
    assert "style=" not in html
