from datetime import date

from django.template import engines

TODAY = date(2026, 11, 20)


def render(source, **context):
    return engines["django"].from_string(source).render({"today": TODAY, **context})


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
