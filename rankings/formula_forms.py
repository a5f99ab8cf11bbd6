"""What is typed to draft a version of the formula: every number of it, under the headings under which the page explains them."""

from django import forms

from journal.forms import ActForm
from look.fields import TextField
from rankings.formula import PARTS, Constants
from rankings.models import Formula
from rankings.numbers import GROUPS, RANGES, WORDS


def numbers_of(field, **options):
    """``{name: field(…)}`` for every number of `Constants`, each optional: what is left out stays as it is."""
    made = {}
    for name in Constants().as_dict():
        low, high = RANGES.get(name, (0, 100))
        made[name] = field(label=WORDS[name], min_value=low, max_value=high, required=False, **options)
    return made


WEIGHTS = frozenset(name for name, _ in PARTS)


class _NumbersForm(ActForm):
    fields_template = "rankings/_formula_fields.html"

    reason = TextField(label="修改说明", max_length=500, rows=2, help_text="为什么改，改了什么；公布后各单位都能看到")

    def __init__(self, *args, record, by, today, **options):
        before = Formula.objects.in_force(by.unit.division_code, today) if not record.pk else record
        options["initial"] = (before.numbers if before else {}) | ({"reason": record.reason} if record.pk else {})
        super().__init__(*args, record=record, by=by, today=today, **options)
        for name in WEIGHTS:
            self.fields[name].widget.attrs["data-weight"] = True

    def groups(self):
        """``[(heading, what stands below it, whether these are the weights, bound fields), …]`` for the page."""
        return [
            (heading, words, set(names) <= WEIGHTS, [self[name] for name in names]) for heading, words, names in GROUPS
        ]

    def weighs(self):
        """The sum of the weights as they stand in the boxes; what is no whole number counts as nothing."""
        typed = (str(self[name].value() or "") for name in WEIGHTS)
        return sum(int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 4)

    def clean(self):
        cleaned = super().clean()
        # An emptied box would quietly keep the old number.
        for name in WORDS:
            if name in self.fields and name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, f"请填写“{WORDS[name]}”")
        return cleaned


FormulaForm = type("FormulaForm", (_NumbersForm,), numbers_of(forms.IntegerField))
