"""What every list can be asked: conditions from the address, told back as sentences, chips and links.

A value that cannot be meant makes the whole filter invalid, with a Chinese sentence per parameter in ``errors``; an
invalid filter selects nothing.
"""

import re

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict

from folding.fields import holding

# What leads to another stretch of the same list and therefore goes when the conditions change.
POSITION_PARAMETERS = ("cursor",)


class ListFilter(django_filters.FilterSet):
    """A FilterSet whose conditions can be said: ``tab_parameter`` names the one that is a tab and no condition, ``spans``
    the pairs ``x_from``, ``x_to`` that are said as one, ``{"x": label}``, ``lumped`` those of many values of which only
    the number is said. One whose page draws no field of the form, only menus, is ``built_as_asked``: it has the conditions the
    address names and no others, for building all of them costs more than reading a page of rows (make bench, P7)."""

    tab_parameter = ""
    spans = {}
    lumped = ()
    built_as_asked = False

    def __init__(self, data=None, queryset=None, **options):
        query = as_query(data)
        if self.built_as_asked:
            self.base_filters = {name: one for name, one in self.base_filters.items() if name in query}
        super().__init__(query, queryset, **options)

    @property
    def sentences(self):
        """What is wrong, one Chinese sentence each; empty when nothing is."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    @property
    def narrows(self):
        """True when a condition besides the tab is in force."""
        return bool(self.errors) or any(
            value for name, value in self.form.cleaned_data.items() if name != self.tab_parameter
        )

    @property
    def words(self):
        """The conditions in force besides the tab, as one sentence."""
        return "；".join(f"{chip['label']} {chip['value']}" for chip in self.chips())

    def chips(self):
        """Conditions in force besides the tab: ``[{"label", "value", "url"}, …]``; ``url`` drops it."""
        if self.errors:
            return []
        given = self.form.cleaned_data
        chips, ends = [], set()
        for name, label in self.spans.items():
            pair = (f"{name}_from", f"{name}_to")
            ends.update(pair)
            start, end = (given.get(one) for one in pair)
            if start or end:
                chips.append({"label": label, "value": _span_words(start, end), "url": removed(self.data, *pair)})
        for name, value in given.items():
            if value and name != self.tab_parameter and name not in ends:
                chips += self._chips_of(name, value)
        return chips

    def _chips_of(self, name, value):
        field = self.form.fields[name]
        are_rows = isinstance(value[0] if isinstance(value, list) else value, models.Model)
        words = {} if are_rows else _words_of(field)
        if name in self.lumped:
            return [{"label": field.label, "value": f"{len(value)} 条", "url": removed(self.data, name)}]
        if isinstance(value, list):
            return [
                {
                    "label": field.label,
                    "value": str(words.get(one, one)),
                    "url": removed(self.data, name, value=str(field.prepare_value(one))),
                }
                for one in value
            ]
        say = getattr(self.filters[name], "say", None)  # a code that people know by a name
        said = say(value) if say else words.get(value, value)
        return [{"label": field.label, "value": str(said), "url": removed(self.data, name)}]


class WordsFilter(django_filters.CharFilter):
    """Words searched in the folded ``columns``: every word in any of them, however it is typed. At most 50 characters."""

    def __init__(self, *columns, **options):
        super().__init__(max_length=50, error_messages={"max_length": "搜索内容不超过 50 个字"}, **options)
        self.columns = columns

    def filter(self, queryset, value):
        return queryset.filter(holding(value, *self.columns)) if value else queryset


MOST_PICKED = 500
TOO_MANY_PICKED = f"一次最多办理 {MOST_PICKED} 条，请增加筛选条件或减少勾选后再办理"
ALL = "all"  # instead of keys: every row that meets the other conditions
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


class PickedField(forms.MultipleChoiceField):
    """Keys of rows that were ticked on a list; one that no row has, or none in scope, finds nothing. With `ALL` nothing is picked."""

    def valid_value(self, value):
        return value == ALL or KEY.fullmatch(value) is not None

    def clean(self, value):
        picked = super().clean(value)
        if ALL in picked:
            return []
        if len(picked) > MOST_PICKED:
            raise ValidationError(TOO_MANY_PICKED)
        return picked


class PickedFilter(django_filters.MultipleChoiceFilter):
    """The condition ``only`` of a list whose rows are ticked to do something with several of them (`look.lists.Bulk`)."""

    field_class = PickedField

    def __init__(self):
        sentence = "选定没有“%(value)s”这个选项"
        messages = {"invalid_choice": sentence, "invalid_list": sentence}
        super().__init__(label="选定", distinct=False, error_messages=messages)

    def filter(self, queryset, value):
        return queryset.filter(pk__in=[int(key) for key in value]) if value else queryset


def as_query(params):
    """``params`` as a QueryDict without the empty values that a GET form sends for every field left alone."""
    query = QueryDict(mutable=True)
    given = params.lists() if isinstance(params, QueryDict) else (params or {}).items()
    for name, value in given:
        kept = [one for one in (value if isinstance(value, list | tuple) else [value]) if one != ""]
        if kept:
            query.setlist(name, kept)
    return query


def replaced(params, **changes):
    """The query string of ``params`` with parameters set or ("" or None) removed; first page again."""
    query = params.copy()
    for name in (*POSITION_PARAMETERS, *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value not in ("", None):
            query[name] = value
    return "?" + query.urlencode()


def removed(params, *names, value=None):
    """The query string of ``params`` without ``names``, or without one ``value`` of a single name; first page again."""
    query = params.copy()
    kept = [] if value is None else [one for one in query.getlist(names[0]) if one != value]
    for name in (*POSITION_PARAMETERS, *names):
        query.pop(name, None)
    if kept:
        query.setlist(names[0], kept)
    return "?" + query.urlencode()


def _words_of(field):
    """The words of a field's values; the choices may stand on the field or only on what draws it."""
    return flat(getattr(field, "choices", None) or getattr(field.widget, "choices", ()))


def flat(choices):
    """``{value: words}`` of choices, those under headings among them."""
    words = {}
    for value, said in choices:
        words |= dict(said) if isinstance(said, list) else {value: said}
    return words


def _span_words(start, end):
    if start and end:
        return f"{start}" if start == end else f"{start} 至 {end}"
    return f"{start} 起" if start else f"{end} 止"
