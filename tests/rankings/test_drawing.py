from hypothesis import given
from hypothesis import strategies as st

from rankings import drawing


def test_sparkline_leaves_gaps_out_and_stays_in_its_box():
    points = drawing.spark_points([82, None, 97])
    assert points == [(4.0, 20.0), (80.0, 4.0)]
    assert drawing.spark_path(points) == "M4.0 20.0L80.0 4.0"
    assert drawing.spark_points([None, None]) == []
    assert drawing.spark_points([5]) == [(4.0, 12.0)]


def test_score_parts_stand_side_by_side_and_deductions_at_their_end():
    rects, minus = drawing.score_rects([30, None, 20], 15)
    assert rects == [{"look": "p1", "x": 0.0, "width": 30.0}, {"look": "p3", "x": 30.0, "width": 20.0}]
    assert minus == {"x": 35.0, "width": 15.0}
    assert drawing.score_rects([None], 40) == ([], None)


@given(st.lists(st.floats(0, 100), max_size=8), st.floats(0, 200))
def test_score_bar_never_leaves_its_box(parts, deductions):
    rects, minus = drawing.score_rects(parts, deductions)
    assert all(rect["x"] + rect["width"] <= 100.02 for rect in rects)
    assert minus is None or minus["x"] >= 0
