from datetime import date, timedelta

import pytest

from hazards.models import Hazard
from hazards.ordering import DUE, NEWEST
from look.paging import DEFAULT_SIZE, MOMENT, BadCursor, Order, order_named, page_of, size_named
from notifications.models import Notification
from tests.factories import TODAY, EnterpriseFactory, HazardFactory

pytestmark = pytest.mark.django_db
SIZES, ORDERS = (12, 50, 100), (NEWEST, DUE)


@pytest.fixture
def rows():
    """Nine rows on three days, three of them without a deadline."""
    enterprise = EnterpriseFactory()
    for n in range(9):
        due = None if n % 3 == 0 else date(2026, 11, 20 + n % 4)
        HazardFactory(enterprise=enterprise, found_on=TODAY - timedelta(days=n // 3), deadline=due)


def walk(order, size, side="next", cursor=""):
    """All ids met going one way, and the last page."""
    met = []
    while True:
        page = page_of(Hazard.objects.all(), order=order, cursor=cursor, size=size)
        met.append(page.ids)
        if not getattr(page, side):
            return met, page
        cursor = getattr(page, side)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 10])
@pytest.mark.parametrize("order", [NEWEST, DUE], ids=lambda order: order.name)
def test_every_row_comes_once_in_order_forwards_and_backwards(rows, order, size):
    if order is NEWEST:
        expected = list(Hazard.objects.order_by("-found_on", "-pk").values_list("pk", flat=True))
    else:
        keys = Hazard.objects.values_list("deadline", "pk")
        expected = [pk for _, pk in sorted(keys, key=lambda key: (key[0] is None, key[0] or date.min, key[1]))]

    pages, last = walk(order, size)
    assert [pk for page in pages for pk in page] == expected

    if last.previous:
        back, first = walk(order, size, "previous", last.previous)
        assert [pk for page in reversed(back) for pk in page] + last.ids == expected
        assert first.is_first


def test_a_row_that_arrives_meanwhile_moves_nothing(rows):
    first = page_of(Hazard.objects.all(), order=NEWEST, size=3)
    HazardFactory(found_on=TODAY)

    second = page_of(Hazard.objects.all(), order=NEWEST, cursor=first.next, size=3)

    assert not set(first.ids) & set(second.ids)
    assert page_of(Hazard.objects.all(), order=NEWEST, cursor=second.previous, size=3).ids == first.ids


def test_rows_are_arranged_as_on_the_page_and_a_vanished_one_is_left_out(rows):
    page = page_of(Hazard.objects.all(), order=NEWEST, size=3)
    fetched = [{"pk": pk} for pk in sorted(page.ids[:2])]

    assert [row["pk"] for row in page.arrange(fetched)] == page.ids[:2]


@pytest.mark.parametrize(
    "cursor",
    [
        "a",
        "x.-found_on.2026-11-20.1",
        "a.deadline.2026-11-20.1",
        "a.found_on.2026-11-20.1",
        "a.--found_on.2026-11-20.1",
        "a.-found_on.2026-02-30.1",
        "a.-found_on.-.1",
        "a.-found_on.2026-11-20.x",
        "a.-found_on.2026-11-20.9999999999999999999",
        "a.-found_on.2026-11-20.1'--",
        "a.-found_on.２０２６-11-20.1",
        "a.-found_on.2026-11-20.1\n",
        "a.-found_on.0000-00-00.1",
        "\x00",
        "a" * 10_000,
    ],
)
def test_cursor_that_no_page_has_written_is_refused_with_a_sentence(rows, cursor):
    with pytest.raises(BadCursor, match="从第一页重新打开"):
        page_of(Hazard.objects.all(), order=NEWEST, cursor=cursor)


def test_only_the_sizes_and_orders_offered_are_taken():
    assert (
        size_named("", SIZES),
        size_named("100", SIZES),
        order_named("", ORDERS),
        order_named("deadline", ORDERS),
    ) == (DEFAULT_SIZE, 100, NEWEST, DUE)
    for text in ("0", "-1", "51", "1e9", "９" * 5000):
        with pytest.raises(BadCursor, match="每页条数只能是 12、50、100"):
            size_named(text, SIZES)
    with pytest.raises(BadCursor, match="排序"):
        order_named("secret", ORDERS)


def test_a_page_costs_one_query_however_deep(rows, django_assert_num_queries):
    cursor = page_of(Hazard.objects.all(), order=NEWEST, size=3).next
    with django_assert_num_queries(1):
        page_of(Hazard.objects.all(), order=NEWEST, cursor=cursor, size=3)


MOMENTS = Order("moment", "created_at", descending=True, key=MOMENT)
LAST_DUE = Order("last_due", "deadline", descending=True, nullable=True)
BY_ID = Order("newest", "pk", descending=True)


@pytest.mark.parametrize("order", [MOMENTS, BY_ID], ids=lambda order: order.name)
@pytest.mark.parametrize("whole", [False, True])
def test_moments_and_ids_are_walked_like_days(inspector, noon, order, whole):
    for n in range(7):
        Notification.objects.create(
            recipient=inspector,
            key=f"{n}",
            title="x",
            created_at=noon + timedelta(microseconds=n // 3),
            next_try_at=noon,
        )
    expected = list(Notification.objects.order_by(*order.by()).values_list("pk", flat=True))
    cursor, met = "", []
    while True:
        page = page_of(Notification.objects.all(), order=order, cursor=cursor, size=2, whole=whole)
        assert [row.pk for row in page.rows] == (page.ids if whole else [])
        met += page.ids
        if not page.next:
            break
        cursor = page.next
    assert met == expected
    assert page_of(Notification.objects.all(), order=order, cursor=page.previous, size=2).ids == expected[-3:-1]


def test_rows_without_a_value_come_last_in_a_falling_order_too(rows):
    keys = Hazard.objects.values_list("deadline", "pk")
    expected = [
        pk for _, pk in sorted(keys, key=lambda key: (key[0] is not None, key[0] or date.min, key[1]), reverse=True)
    ]
    pages, last = walk(LAST_DUE, 2)
    assert [pk for page in pages for pk in page] == expected
    back, _ = walk(LAST_DUE, 2, "previous", last.previous)
    assert [pk for page in reversed(back) for pk in page] + last.ids == expected


@pytest.mark.parametrize(
    ("order", "cursor"),
    [
        (MOMENTS, "a.moment.2026-11-20.1"),
        (MOMENTS, "a.moment.2026-11-20T01:00:00.1"),
        (MOMENTS, "a.moment.2026-11-20T09:00:00+08:00.1"),
        (MOMENTS, "a.moment.0001-01-01T00:00:00+14:00.1"),
        (MOMENTS, "a.moment.-.1"),
        (BY_ID, "a.newest.-.1"),
        (BY_ID, "a.newest.1.2"),
        (NEWEST, "a.-found_on.20261120.1"),
        (NEWEST, "a.-found_on.1"),
    ],
)
def test_a_value_written_otherwise_than_by_us_is_refused(order, cursor):
    with pytest.raises(BadCursor):
        page_of(Hazard.objects.all(), order=order, cursor=cursor)
