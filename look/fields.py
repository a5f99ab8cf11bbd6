"""Form fields as people fill them: text as typed, days as written everywhere in the house."""

import re

from django import forms
from django.core.exceptions import ValidationError

# Line breaks and tabs stay; workbooks cannot hold the others.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def anchor_of(bound):
    """The id of the place where the field ``bound`` is mended."""
    if getattr(bound.field.widget, "field_template", ""):
        return f"label-{bound.html_name}"
    return bound.id_for_label or f"{bound.auto_id}_0"  # radios have an id each and none together


class TextField(forms.CharField):
    """Text as typed: unprintable characters dropped, line ends unified before lengths are counted, no lone surrogates."""

    def __init__(self, *, rows=0, **options):
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**options)

    def to_python(self, value):
        text = UNPRINTABLE.sub("", str(value or "").replace("\r\n", "\n").replace("\r", "\n"))
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValidationError("含有无法保存的字符，请删去后重新输入") from error
        return super().to_python(text)


class DayField(forms.DateField):
    """A calendar day, written 2026-11-22."""

    def __init__(self, **options):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **options)


class MomentField(forms.DateTimeField):
    """A day and a time of it, written 2026-11-22T09:30."""

    def __init__(self, **options):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(input_formats=["%Y-%m-%dT%H:%M"], widget=widget, **options)
