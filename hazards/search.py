"""Finding hazards by words, Chinese ones of any length among them."""

from django.db.models import Q

from inspections.models import Enterprise

# Full-width letters, digits, hyphen and blank as phone keyboards send them; Chinese punctuation stays as written.
_FULL_WIDTH = [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0D]
_FOLD = {sign: sign - 0xFEE0 for sign in _FULL_WIDTH} | {0x3000: 0x20}


def words_of(text):
    """The words of a query, widths folded: ``"ＹＨ－4114　冷链"`` is ``["YH-4114", "冷链"]``."""
    return text.translate(_FOLD).split()


def matching(text):
    """A ``Q`` for hazards that hold every word of ``text`` in number, description, location or the enterprise's name.

    Words with Latin letters match in either case; the others are compared as they are, which costs half as much.
    """
    found = Q()
    for word in words_of(text):
        holds = "icontains" if word.upper() != word.lower() else "contains"
        named = Enterprise.objects.filter(**{f"name__{holds}": word}).order_by().values("pk")
        found &= (
            Q(**{f"description__{holds}": word})
            | Q(**{f"location__{holds}": word})
            | Q(number__contains=word.upper())
            | Q(enterprise__in=named)
        )
    return found
