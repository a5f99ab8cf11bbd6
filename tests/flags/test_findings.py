"""Each kind of flag: raised where it should be, and not one row before."""

from datetime import timedelta

import pytest

from flags.models import FlagRow
from hazards.models import HazardEvent
from rankings.figures import Span, missed_rows
from rankings.formula import Constants
from rankings.kinds import TOWNSHIP
from rankings.models import Formula
from rankings.operations.ranking import live_source
from tests.factories import EnterpriseFactory, InspectionFactory, MeasureFactory, UnitFactory
from tests.flags.conftest import TO, at

pytestmark = pytest.mark.django_db
OTHER = "四楼东侧配电间门锁损坏{}"


def test_copied_descriptions(find, raised, township, settings):
    same = find(township, settings.FLAG_COPIED_ROWS - 1, description="通道 堆放货物")
    find(township, 6, description=OTHER.format)
    assert raised("copied") == []
    same += find(township, description="通道堆放货物")  # typed otherwise, the same all the same
    [flag] = raised("copied")
    assert (flag.unit, flag.row_count, flag.out_of, float(flag.own)) == (township, 6, 12, 50.0)
    assert set(flag.rows.values_list("hazard", flat=True)) == {row.pk for row in same}
    assert set(flag.rows.values_list("part", flat=True)) == {1}


def test_a_set_phrase_among_many_rows_is_no_copying(find, raised, township, settings):
    find(township, settings.FLAG_COPIED_ROWS, description="灭火器压力不足")
    find(township, 3 * settings.FLAG_COPIED_ROWS + 1, description=OTHER.format)
    assert raised("copied") == []


def test_perfunctory_descriptions(find, raised, township, settings):
    find(
        township,
        settings.FLAG_PERFUNCTORY_ROWS - 1,
        description=lambda n: ("已整改", "存在安全隐患", "无", "安全出口")[n],
    )
    find(township, 10, description=OTHER.format)
    assert raised("perfunctory") == []
    find(township, description="已按要求整改完毕")
    [flag] = raised("perfunctory")
    assert (flag.row_count, flag.out_of, flag.rows.count()) == (5, 15, 5)


def test_reviews_passed_in_one_minute(find, raised, township, settings):
    def close(hazard, moment, unit=township):
        HazardEvent.objects.create(
            record=hazard, sequence=1, kind="pass_review", actor_name="袁立新", unit_code=unit.code, at=moment,
            from_state="pending_review", to_state="closed", digest="0" * 64,
        )  # fmt: skip

    day = TO - timedelta(days=2)
    rows = find(township, settings.FLAG_BURST_ROWS, trait="closed", closed_on=day)
    for row in rows[:-1]:
        close(row, at(day, 16, 30) + timedelta(seconds=row.pk % 60))
    assert raised("burst") == []
    close(rows[-1], at(day, 16, 31))
    assert raised("burst") == [], "the next minute"
    [late] = find(township, 1, trait="closed", closed_on=day)
    close(
        late,
        at(
            day,
            16,
            30,
        )
        + timedelta(seconds=59),
    )
    [flag] = raised("burst")
    assert (flag.unit, flag.row_count) == (township, settings.FLAG_BURST_ROWS)
    assert set(flag.rows.values_list("hazard", flat=True)) == {row.pk for row in [*rows[:-1], late]}


A, B, NEAR_A = 0x0F0F_1234_5678_0F0F, 0x7F00_FFFF_0000_1111, 0x0F0F_1234_5678_0F0D


def test_one_picture_in_hazards_of_several_days(find, raised, township, picture, settings):
    first, second, third = (find(township, days_ago=days)[0] for days in (2, 9, 16))
    pictures = [picture(first, A), picture(second, A)]
    picture(third, B)
    assert raised("photo") == [], "two may be a slip"
    pictures.append(picture(third, NEAR_A))
    [flag] = raised("photo")
    assert (flag.row_count, flag.out_of) == (3, 3)
    assert list(flag.rows.values_list("photo", flat=True).order_by("photo")) == [one.pk for one in pictures]


def test_one_picture_of_a_visit_may_show_three_hazards(find, raised, township, picture):
    for row in find(township, 3):
        picture(row, A)
    assert raised("photo") == []


def test_pictures_of_two_moments_are_two_however_alike(find, raised, township, picture):
    for days in (2, 9, 16):
        [row] = find(township, days_ago=days)
        picture(row, A, taken_at=at(row.found_on))
    assert raised("photo") == []
    for days in (3, 10, 17):
        [row] = find(township, days_ago=days)
        picture(row, B, taken_at=at(TO - timedelta(days=30)))
    [flag] = raised("photo")
    assert flag.row_count == 3


def test_pictures_that_show_nothing_match_nothing(find, raised, township, picture):
    for days in (2, 9, 16):
        picture(find(township, days_ago=days)[0], None)
    assert raised("photo") == []


def test_the_picture_after_is_the_one_before(find, raised, township, picture, settings):
    rows = find(township, 3)
    for row, after in zip(rows, (A, B, NEAR_A), strict=True):
        picture(row, A)
        picture(row, after, "after")
    [flag] = raised("unchanged")
    assert (flag.row_count, flag.out_of) == (2, 3)
    assert set(flag.rows.values_list("hazard", flat=True)) == {rows[0].pk, rows[2].pk}


def test_one_picture_sent_twice_by_mistake_is_no_flag(find, raised, township, picture):
    [row] = find(township)
    picture(row, A)
    picture(row, A, "after")
    assert raised("unchanged") == []


def test_nearly_all_closed_on_the_spot(find, raised, township, settings):
    find(township, settings.FLAG_SPOT_ROWS - 1, days_ago=60, trait="closed", fixed_on_spot=True)
    assert raised("on_spot") == []
    find(township, days_ago=60, trait="closed", fixed_on_spot=True)
    [flag] = raised("on_spot")
    assert (flag.row_count, flag.out_of, float(flag.own), flag.peers) == (15, 15, 100.0, None)


def test_a_fifth_not_on_the_spot_is_as_usual(find, raised, township):
    find(township, 16, trait="closed", fixed_on_spot=True)
    find(township, 4)
    assert raised("on_spot") == []


def issue(find, unit, days, number=10):
    on = TO - timedelta(days=40)
    deadline = on + timedelta(days=days)
    return find(
        unit, number, days_ago=40, trait="rectifying", issued_on=on, issued_by_unit=unit, deadline=deadline,
        original_deadline=deadline,
    )  # fmt: skip


def test_deadlines_far_beyond_those_of_the_peers(find, raised, township, peers):
    for unit in peers:
        issue(find, unit, 8)
    issue(find, township, 60, number=9)
    assert raised("far") == [], "nine rows are too few"
    issue(find, township, 60, number=1)
    [flag] = raised("far")
    assert (flag.unit, float(flag.own), float(flag.peers), flag.peer_count) == (township, 60.0, 8.0, 7)


def test_longer_deadlines_are_no_matter_where_all_give_them(find, raised, township, peers):
    for unit in peers:
        issue(find, unit, 30)
    issue(find, township, 60)
    assert raised("far") == []


def test_nobody_is_compared_with_fewer_than_five(find, raised, township, peers):
    for unit in peers[:3]:
        issue(find, unit, 8)
    issue(find, township, 60)
    assert raised("far") == []


def findings_in(find, unit, firms):
    return [find(unit, firm=EnterpriseFactory(township=unit))[0] for _ in range(firms)]


def test_findings_and_never_a_measure(find, raised, township, peers):
    for unit in peers:
        for row in findings_in(find, unit, 4)[:2]:
            MeasureFactory(enterprise=row.enterprise, on=TO - timedelta(days=2))
    rows = findings_in(find, township, 6)  # half as usual: none in six is a case of 64
    assert raised("no_measure") == []
    rows += findings_in(find, township, 1)
    [flag] = raised("no_measure")
    assert (flag.unit, flag.out_of, float(flag.own), float(flag.peers)) == (township, 7, 0.0, 50.0)
    assert set(flag.rows.values_list("hazard", flat=True)) == {row.pk for row in rows}


def test_one_order_is_a_measure(find, raised, township, peers):
    for unit in peers:
        for row in findings_in(find, unit, 4):
            MeasureFactory(enterprise=row.enterprise, on=TO)
    rows = findings_in(find, township, 9)
    MeasureFactory(enterprise=rows[0].enterprise, kind="order", on=TO)
    assert raised("no_measure") == []


def test_far_fewer_hazards_than_the_register_makes_expect(find, raised, township, enterprise, peers):
    for unit in peers:
        find(unit, 10, days_ago=50)
        EnterpriseFactory.create_batch(9, township=unit)  # and the one in which they were found: a hazard a firm
    EnterpriseFactory.create_batch(10, township=township)
    visit = InspectionFactory(enterprise=enterprise, inspected_on=TO - timedelta(days=9), nothing_found=True)
    assert raised("few") == [], "of eleven firms eleven hazards were to be expected"
    EnterpriseFactory(township=township)
    [flag] = raised("few")
    assert (flag.unit, flag.row_count, flag.out_of, float(flag.peers)) == (township, 0, 12, 100.0)
    assert list(flag.rows.values_list("inspection", flat=True)) == [visit.pk]


def test_a_fourth_of_what_the_peers_find_is_enough(find, raised, township, enterprise, peers):
    for unit in peers:
        find(unit, 10, days_ago=50)
        EnterpriseFactory.create_batch(9, township=unit)
    EnterpriseFactory.create_batch(11, township=township)
    find(township, 3, firm=enterprise)
    assert raised("few") == []


def test_rows_entered_long_after_they_were_found(find, raised, township, settings):
    found, entered = TO - timedelta(days=20), TO - timedelta(days=13)
    find(township, settings.FLAG_BACKDATED_ROWS - 1, found_on=found, registered_at=at(entered))
    find(township, 4, found_on=found, registered_at=at(entered - timedelta(days=1), 23, 59))
    find(township, 9, found_on=found, registered_at=at(entered), origin="import")
    assert raised("backdated") == []
    find(township, found_on=found, registered_at=at(entered, 0, 1))
    [flag] = raised("backdated")
    assert (flag.row_count, flag.out_of) == (5, 9)


# 漏查


@pytest.fixture
def higher(db):
    return UnitFactory(code="411402-YJ")


def overlooked(find, enterprise, higher, *, days_before=30, unit=None, **visit):
    """A body of the county finds a hazard; the township had been there."""
    [row] = find(higher, firm=enterprise, days_ago=10)
    seen = InspectionFactory(
        enterprise=enterprise,
        unit=unit or enterprise.township,
        inspected_on=row.found_on - timedelta(days=days_before),
        **visit,
    )
    return row, seen


@pytest.mark.parametrize(("days_before", "missed"), [(0, False), (1, True), (30, True), (31, False)])
def test_a_higher_body_finds_what_the_township_had_not_seen(find, raised, enterprise, higher, days_before, missed):
    row, seen = overlooked(find, enterprise, higher, days_before=days_before)
    flags = raised("missed")
    assert [(flag.unit, flag.row_count) for flag in flags] == [(enterprise.township, 1)] * missed
    assert list(FlagRow.objects.values_list("hazard", "inspection")) == [(row.pk, seen.pk)] * missed


KINDS = ("", "火灾", "触电")


@pytest.mark.parametrize(("days_before", "missed"), [(0, True), (30, False), (31, True)])
def test_who_recorded_the_like_before_missed_none(find, raised, enterprise, higher, days_before, missed):
    row, _ = overlooked(find, enterprise, higher, days_before=5)
    find(enterprise.township, firm=enterprise, found_on=row.found_on - timedelta(days=days_before))
    assert len(raised("missed")) == missed


@pytest.mark.parametrize("noted", KINDS)
@pytest.mark.parametrize("found", KINDS)
def test_flags_and_score_say_the_same_of_what_was_missed(find, raised, enterprise, higher, found, noted):
    """One statement: whatever points are taken off for can be answered, and nothing else is flagged."""
    row, _ = overlooked(find, enterprise, higher, days_before=5)
    [own] = find(enterprise.township, firm=enterprise, found_on=row.found_on - timedelta(days=3))
    for one, kind in ((row, found), (own, noted)):
        type(row).objects.filter(pk=one.pk).update(accident_type=kind)
    city, span = row.city_code, Span(row.found_on, row.found_on)
    UnitFactory(code=city)
    source = live_source(city)
    counted = missed_rows(source, TOWNSHIP, span, Constants(), source.hazards)
    assert [flag.rows.get().hazard_id for flag in raised("missed")] == list(counted.values_list("pk", flat=True))
    assert counted.exists() == bool(found and noted and found != noted)


def test_a_formula_that_looks_less_far_back_is_what_flags_go_by(find, raised, enterprise, higher):
    overlooked(find, enterprise, higher, days_before=20)
    numbers = Constants(missed_days=19).as_dict()
    Formula.objects.create(city_code="4114", number=3, state="published", since=TO - timedelta(days=1), numbers=numbers)
    assert raised("missed") == []


@pytest.mark.parametrize("besides", [{"kind": "self"}, {"is_draft": True}])
def test_no_visit_of_the_township_no_flag(find, raised, enterprise, higher, besides):
    overlooked(find, enterprise, higher, **besides)
    assert raised("missed") == []


def test_a_visit_of_the_county_is_none_of_the_township(find, raised, enterprise, higher):
    overlooked(find, enterprise, higher, unit=UnitFactory(code="411402-XF"))
    assert raised("missed") == []


def test_a_body_of_the_township_is_no_higher_one(find, raised, enterprise):
    overlooked(find, enterprise, UnitFactory(code="411402001-YJ"))
    assert raised("missed") == []


def test_a_void_row_was_not_missed(find, raised, enterprise, higher):
    row, _ = overlooked(find, enterprise, higher)
    type(row).objects.filter(pk=row.pk).update(state="voided", voided_on=TO)
    assert raised("missed") == []


def test_what_is_new_beside_a_picture_that_was_flagged_must_itself_be_enough(find, raised, township, picture):
    rows = [find(township, days_ago=days)[0] for days in (2, 9, 16, 23, 30)]
    for row in rows[:3]:
        picture(row, A)
    [flag] = raised("photo")
    for row in rows[3:]:
        picture(row, B)
    assert raised("photo") == [flag], "two of another picture may be a slip"
    picture(find(township, days_ago=33)[0], B)
    assert [one.row_count for one in raised("photo")] == [3, 3]
