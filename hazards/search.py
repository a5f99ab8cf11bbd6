"""Finding hazards by words, Chinese ones of any length among them."""

import json
import re
from functools import lru_cache, reduce
from operator import and_, or_

from django.db import connection
from django.db.models import Q

from accounts.models import Unit
from accounts.scope import in_division
from folding.texts import fold, words_of
from hazards.labels import joined
from hazards.models.text import HazardText

OFTEN = 0.2
_KIND = re.compile("(?<=..)(街道办事处|街道|镇|乡|区|县|市)$")


def matching(text):
    """A ``Q`` for hazards that hold every word of ``text`` in number, description, location, the names of the four responsible,
    name, its initials or credit code of the enterprise, or that lie in a county or township called so. Reads the places, and on PostgreSQL asks
    how many are to be expected."""
    words, whole = words_of(text), fold(text)
    places = _places([word for word in (*words, whole) if len(word) > 1])
    plain = [word for word in words if word not in places]
    found = _held(plain) if plain else Q()
    for word in words:
        if word in places:
            # Not joined: a row is wanted when either holds.
            texts = HazardText.objects.filter(**{f"folded__{_lookup([word])}": word})
            found &= Q(pk__in=texts.values("pk")) | places[word]
    # 双 八 镇, with blanks as in a printed heading, is a place too.
    return found | places[whole] if len(words) > 1 and whole in places else found


def _held(words):
    """A ``Q`` for hazards whose text holds all of ``words``."""
    lookup = _lookup(words)
    return reduce(and_, (Q(**{f"text__folded__{lookup}": word}) for word in words))


def _lookup(words):
    """How texts that hold all of ``words`` are found: by the index, unless so many do that reading texts is quicker."""
    return "found" if connection.vendor == "postgresql" and _share(words) <= OFTEN else "holds"


def _share(words):
    """The share of texts that hold all of ``words``, as PostgreSQL reckons it from its statistics without looking."""
    texts = HazardText.objects.filter(*(Q(folded__paired=word) for word in words))
    [both] = json.loads(texts.union(HazardText.objects.all(), all=True).explain(format="json"))
    asked, every = both["Plan"]["Plans"]
    return asked["Plan Rows"] / every["Plan Rows"]


def _places(words):
    """``{word: Q for rows that lie there}`` for those of ``words`` that counties or townships are called: full or short name, with
    its county before it, with or without 镇, 乡, 街道 …; retired ones too. A part of a name is no place: 人民 stands in all of them."""
    if not words:
        return {}
    places = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT).exclude(level=Unit.Level.CITY).order_by("code")
    called = _called(tuple(places.values_list("division_code", "level", "name", "short_name")))
    return {word: _inside(called[word]) for word in words if word in called}


@lru_cache(maxsize=4)  # the same rows until somebody edits one
def _called(units):
    """``{folded name: division codes}`` of ``units``."""
    counties = {division: short for division, level, _, short in units if level == Unit.Level.COUNTY}
    called = {}
    for division, _, full, short in units:
        for name in (full, short, _KIND.sub("", short)):
            for label in (name, joined(counties.get(division[:6], ""), name)):
                called.setdefault(fold(label), set()).add(division)
    return called


def _inside(codes):
    """A ``Q`` for rows inside any of the divisions ``codes``."""
    return reduce(or_, map(in_division, sorted(codes)))
