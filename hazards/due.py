"""How a deadline is picked: the same few buttons wherever one is given, in calendar or in working days, and the day they give."""

from django import forms
from django.utils import dateformat

from hazards import deadlines
from look.fields import DayField
from workdays.operations import load_calendar

QUICK_DAYS = (
    ("0", "立即"), ("3", "3 日"), ("5", "5 日"), ("7", "7 日"), ("10", "10 日"), ("15", "15 日"), ("30", "30 日"),
)  # fmt: skip
DATE = ("date", "选日期")
NO_DATE = "请选择截止日期"


def due_field(label, **options):
    """The buttons: a number of days, or a date to be chosen."""
    words = {"required": "请选择整改期限"}
    choices = [*QUICK_DAYS, DATE]
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=words, **options)


def working_days_field():
    return forms.BooleanField(label="按工作日计算", required=False)


def due_date_field():
    return DayField(label="截止日期", required=False, help_text="选“选日期”时填写，当日 24 时截止")


class DuePicked:
    """Mixin of a form with the fields ``due`` (`due_field`), ``in_working_days`` and ``due_date``."""

    def given_due(self):
        """What was picked, as one argument of `hazards.operations.issue`: ``deadline``, ``days`` or ``working_days``."""
        given = self.cleaned_data
        if given["due"] == "date":
            return {"deadline": given["due_date"]}
        days = int(given["due"])
        return {"working_days" if given["in_working_days"] and days else "days": days}


class DueForm(DuePicked):
    """Mixin of an act's form that must be given one, with `day_of_each_pick` for the page's script."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("due") == "date" and cleaned.get("due_date") is None and "due_date" not in self.errors:
            self.add_error("due_date", NO_DATE)
        return cleaned

    def day_of_each_pick(self):
        """For the page's script, see `until`."""
        return until(self.fields["due"], self.today, load_calendar())


def until(field, today, calendar):
    """The day each number of days of ``field`` (`due_field`) gives: ``{choice: {"days": words, "working": words}}``.

    ``calendar`` counts working days.
    """
    words = {}
    for value in (value for value, _ in field.choices if value.isdigit()):
        days = int(value)
        plain = _until(deadlines.after_days(today, days))
        counted = calendar.add_working_days(today, days) if days else None
        working = (
            _until(counted.date) + ("" if counted.published else "（放假安排未公布，暂按周一至周五）")
            if counted
            else plain
        )
        words[value] = {"days": plain, "working": working}
    return words


def _until(day):
    return f"至 {dateformat.format(day, 'm-d l')} 24:00"
