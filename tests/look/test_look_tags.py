from datetime import date

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils.html import format_html

TODAY = date(2026, 11, 20)


def render(source, **context):
    return engines["django"].from_string(source).render({"today": TODAY, **context})


class ReviewForm(forms.Form):
    level = forms.ChoiceField(label="等级", choices=[("general", "一般"), ("major", "重大")], widget=forms.RadioSelect)
    opinion = forms.CharField(label="复查意见", help_text="说明现场情况")
    spot = forms.BooleanField(label="当场已整改", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_query_with_sets_removes_and_starts_again_at_the_first_page():
    request = RequestFactory().get("/", {"state": ["closed", "discarded"], "q": "氨", "cursor": "9"})
    assert (
        render('{% query_with level="major" %}', request=request)
        == "?state=closed&amp;state=discarded&amp;q=%E6%B0%A8&amp;level=major"
    )
    assert (
        render('{% query_with q=None cursor="10" %}', request=request)
        == "?state=closed&amp;state=discarded&amp;cursor=10"
    )


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


def test_numbers_and_dates_of_a_sentence_are_not_torn_at_their_hyphens():
    html = render("{{ text|whole }}", text="重大隐患逾期 6 天 · YH-4114-2026-000001，最近11-28 <b>")
    assert '<span class="nowrap">YH-4114-2026-000001</span>' in html and '<span class="nowrap">11-28</span>' in html
    assert html.endswith(" &lt;b&gt;")
    assert render("{{ text|whole }}", text="col-0-99") == "col-0-99"
    assert render("{{ text|whole }}", text=format_html("<i>{}</i>", "11-28")) == "<i>11-28</i>"


def test_errors_of_hidden_fields_are_shown():
    form = ReviewForm({"level": "major", "opinion": "好", "version": "x"})
    assert 'role="alert"' in render("{% form_errors form %}", form=form)
    assert render("{% form_errors form %}", form=ReviewForm()).strip() == ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ d|day:today }} {{ d|full_day }}", "11-15 2026-11-15 星期日"),
        ("{{ share|percent }} {{ none|percent }} {{ n|thousands }}", "93.5% 无数据 1,236"),
    ],
)
def test_filters(source, expected):
    assert render(source, d=date(2026, 11, 15), share=0.935, none=None, n=1236) == expected
