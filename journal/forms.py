from copy import copy

from django import forms

from journal.facts import BLANK, fact, written

LAST_VERSION = 2**31 - 1


def speak(field):
    """Let ``field`` ask for itself by its name, where it has no words of its own for it; the catalogue says the rest."""
    chosen = isinstance(field.widget, forms.Select)
    if field.label and field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = f"请{'选择' if chosen else '填写'}{field.label}"
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
        field.empty_label = "请选择" if field.required else "不填"
    if isinstance(field, forms.ChoiceField) and chosen and not isinstance(field, forms.ModelChoiceField):
        field.choices = [
            ("", "请选择" if field.required else "不填") if value == "" else (value, words)
            for value, words in field.choices
        ]


class ActForm(forms.Form):
    """The shape of what an act is told. Whether the act is possible is decided by the law page and its verb alone.

    ``record`` is what is acted on, ``by`` who, ``today`` the day (no form reads the clock). ``arguments()`` are the keyword
    arguments of the verb except ``by`` and ``at``. Fields that store files at once are told ``by`` and ``at``.
    """

    fields_template = "journal/_fields.html"
    version = forms.IntegerField(required=False, min_value=0, max_value=LAST_VERSION, widget=forms.HiddenInput)

    def __init__(self, *args, record, by, today, at=None, **options):
        self.record, self.by, self.today = record, by, today
        options["initial"] = {"version": record.version} | options.get("initial", {})
        super().__init__(*args, **options)
        for field in self.fields.values():
            if hasattr(field, "by"):
                field.by, field.at = by, at
            speak(field)

    def arguments(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def move(self):
        """The name of the move that what was typed chooses, where an act has several; "" when it cannot be told."""
        return ""

    def catch_up(self, record):
        """Stand on ``record`` as it is now, with what was typed: sent again, it is an informed decision."""
        self.record, self.data = record, self.data.copy()
        self.data["version"] = str(record.version)

    def typed(self):
        """What was typed, as ``[(label, text), …]``, choices by their words: for a page on which the act is over."""
        lines = []
        for bound in self.visible_fields():
            valid = self.is_bound and bound.name not in self.errors
            said = self.cleaned_data.get(bound.name) if valid else bound.data
            if isinstance(bound.field.widget, forms.Select | forms.RadioSelect) and isinstance(said, str):
                said = {str(value): label for value, label in bound.field.widget.choices}.get(said, said)
            if said not in (None, "", []) and not hasattr(bound.field, "by"):
                lines.append((bound.label, said))
        return lines


class ColumnsForm(ActForm):
    """An act whose fields are columns of the record, by their names."""

    def catch_up(self, record):
        """Columns this person left as they had seen them take what somebody else made of them meanwhile."""
        super().catch_up(record)
        seen = self.cleaned_data["version"]
        before, since = {}, {}
        for event in record.events.order_by("sequence"):
            (since if seen is not None and event.sequence > seen else before).update(event.facts)
        for name in self.cleaned_data.keys() & since.keys():
            column = written(type(record))[name]
            if _same(fact(column, self.cleaned_data[name]), before.get(name)):
                self.data[name] = self.fields[name].prepare_value(getattr(record, name))


class BulkForm(ActForm):
    """The shape of what an act is told once about several ``records``."""

    def __init__(self, *args, records, **options):
        self.records = records
        super().__init__(*args, record=records[0], **options)


class RecordForm(ColumnsForm, forms.ModelForm):
    """An act that is told columns of the record itself. The model judges a copy: only the verb changes the record."""

    def __init__(self, *args, record, **options):
        super().__init__(*args, record=record, instance=copy(record), **options)


def _same(one, other):
    return one == other or (one in BLANK and other in BLANK)
