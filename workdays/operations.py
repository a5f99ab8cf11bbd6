"""Read the calendar in one query; enter a year's notice."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from django.db import transaction

from workdays import rules
from workdays.models import PublishedYear, WorkingDay
from workdays.rules import BadNotice, Calendar

DATA = Path(__file__).resolve().parent / "data"


def load_calendar() -> Calendar:
    """The whole calendar in one query, about 25 rows a year: a part would answer wrongly outside its range.

    Load once per request or batch and pass the object on.
    """
    rows = PublishedYear.objects.order_by().values_list("year", "days__date", "days__is_working")
    exceptions, years = {}, set()
    for year, day, is_working in rows:
        years.add(year)
        if day is not None:
            exceptions[day] = is_working
    return Calendar(exceptions, frozenset(years))


@transaction.atomic
def publish_year(year, exceptions, notice, *, by, at, published_on=None):
    """Enter or replace the notice for one year. Returns its PublishedYear.

    ``exceptions``: iterable of rules.ExceptionDay as the notice lists them (weekends inside a holiday may be included);
    ``notice``: its number; ``by``: the person's name, as text, because this app knows no accounts. When a later notice
    changes the year, enter the whole year again. Raises BadNotice with a Chinese sentence; then nothing is changed.
    """
    days = rules.check_notice(year, exceptions)
    notice = (notice or "").strip()
    if not notice or len(notice) > 200 or not notice.isprintable():
        raise BadNotice("请写明依据的文号，不超过 200 个字")
    published, _ = PublishedYear.objects.update_or_create(
        year=year,
        defaults={"notice": notice, "published_on": published_on, "recorded_at": at, "recorded_by": by},
    )
    published.days.all().delete()
    taken = WorkingDay.objects.filter(date__in=[day.date for day in days]).values_list("date", "year_id").first()
    if taken:
        raise BadNotice(f"{taken[0]} 已在 {taken[1]} 年的放假安排中")
    WorkingDay.objects.bulk_create(
        WorkingDay(date=day.date, is_working=day.is_working, name=day.name, year=published) for day in days
    )
    return published


def committed_years():
    """The notices committed with the code, as (year, notice, published_on or None, [ExceptionDay]) in year order."""
    by_year = defaultdict(list)
    with (DATA / "exceptions.csv").open(encoding="utf-8", newline="") as lines:
        for year, day in rules.read_exceptions(lines):
            by_year[year].append(day)
    with (DATA / "years.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            published_on = date.fromisoformat(row["发布日期"]) if row["发布日期"] else None
            yield int(row["年份"]), row["依据"], published_on, by_year[int(row["年份"])]


@transaction.atomic
def seed(*, at):
    """Enter the committed years not in the table yet; what someone entered or corrected stays. Returns how many."""
    known = set(PublishedYear.objects.values_list("year", flat=True))
    new = [entry for entry in committed_years() if entry[0] not in known]
    PublishedYear.objects.bulk_create(
        PublishedYear(year=year, notice=notice, published_on=published_on, recorded_at=at)
        for year, notice, published_on, _ in new
    )
    WorkingDay.objects.bulk_create(
        WorkingDay(date=day.date, is_working=day.is_working, name=day.name, year_id=year)
        for year, _, _, days in new
        for day in days
    )
    return len(new)
