"""The names of what may stand in an address or a form; whatever is not named is refused, never ignored.

A door says them as ``query_names`` (the address, whatever the method) and ``form_names`` (what is posted), on the function
(decorator :func:`asked`) or the class: a :class:`Names`, or a function of the arguments in the address that gives one. One
that says nothing reads nothing.
"""

import re
from dataclasses import dataclass

# "-3" in "hazards-3-level": the number of a card, a sheet, a column, as pages write it. A declaration writes "#" for it.
_NUMBER = re.compile(r"-(0|[1-9][0-9]{0,4})(?=-|\Z)", re.ASCII)
_COUNT = "TOTAL_FORMS"
SHOWN = 60  # characters of a foreign name that an answer repeats


@dataclass(frozen=True)
class Names:
    """Those written at most ``once``, and those that may come ``many`` times. ``|`` joins two."""

    once: frozenset = frozenset()
    many: frozenset = frozenset()

    def __or__(self, other):
        return Names(self.once | other.once, self.many | other.many)

    def __iter__(self):
        return iter(sorted(self.once | self.many))

    def __bool__(self):
        return bool(self.once or self.many)

    def refused(self, *sent, what="条件"):
        """``{name: Chinese sentence}`` for what of ``sent`` (QueryDicts) is unknown, twice where one is meant, or on a card beyond
        the number of cards that is said beside it (`of_formset`)."""
        wrong, counts = {}, self._counts(sent)
        for data in sent:
            for name, values in data.lists():
                known = "" if "#" in name else _NUMBER.sub("-#", name)
                number = _NUMBER.search(name)
                if number and int(number[1]) >= counts.get(name[: number.start()], int(number[1]) + 1):
                    wrong[name] = f"“{name[:SHOWN]}”超出了提交的条数，请核对"
                elif known in self.many:
                    continue
                elif known not in self.once:
                    wrong[name] = f"没有“{name[:SHOWN]}”这个{what}，请核对写法"
                elif len(values) > 1:
                    wrong[name] = f"“{name[:SHOWN]}”写了 {len(values)} 次，只能写一次"
        return wrong

    def _counts(self, sent):
        """``{prefix: how many cards}`` where ``sent`` says it in a way that can be meant."""
        found = {}
        for name in self.once:
            prefix, _, last = name.rpartition("-")
            if last == _COUNT:
                said = next((data[name] for data in sent if name in data), "")
                found |= {prefix: int(said)} if said.isascii() and said.isdigit() and len(said) < SHOWN else {}
        return found


NOTHING = Names()


def once(*names):
    return Names(once=frozenset(names))


def many(*names):
    return Names(many=frozenset(names))


def asked(*, query=NOTHING, form=NOTHING):
    """Decorate a view with what it reads from the address and from what is posted."""

    def decorate(view):
        view.query_names, view.form_names = query, form
        return view

    return decorate


def of_form(form, prefix=""):
    """What a form class reads: its fields as their widgets send them, and ``sent_beside``, a :class:`Names`, if it has one."""
    found = getattr(form, "sent_beside", NOTHING)
    for name, field in form.base_fields.items():
        found |= _sent(f"{prefix}-#-{name}" if prefix else name, field.widget)
    return found


def of_formset(formset, prefix):
    """What a formset class reads, its count and its boxes to delete included."""
    counts = (f"{prefix}-{name}_FORMS" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM"))
    marks = once(f"{prefix}-#-DELETE") if formset.can_delete else NOTHING
    return once(*counts) | marks | of_form(formset.form, prefix)


def of_filter(filters):
    """What a FilterSet class reads."""
    found = NOTHING
    for name, condition in filters.base_filters.items():
        found |= _sent(name, condition.field_class.widget)
    return found


def names_of(door, kind, arguments):
    """What ``door`` says of itself: ``kind`` is ``query_names`` or ``form_names``."""
    said = getattr(door, kind, NOTHING)
    return said if isinstance(said, Names) else said(**arguments)


def _sent(name, widget):
    if hasattr(widget, "sent_names"):
        return widget.sent_names(name)
    return many(name) if getattr(widget, "allow_multiple_selected", False) else once(name)
