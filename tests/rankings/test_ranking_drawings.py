from django.template import engines


def render(source, **context):
    return engines["django"].from_string("{% load ranking_drawings %}" + source).render(context)


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
