"""What a hazard is found by: a folded text in a narrow table of its own, so that its index is left alone when a row moves on."""

from django.db import models
from django.db.models import prefetch_related_objects

from folding.fields import IndexedText
from folding.initials import initials_of
from folding.texts import fold
from journal.bulk import insert

PEOPLE = tuple(f"{kind}_person" for kind in ("territorial", "competent", "supervising", "enterprise"))
SOURCES = ("number", "description", "location", *PEOPLE)
OF_ENTERPRISE = ("name", "uscc")
CHUNK = 2000


class HazardText(models.Model):
    """The folded words of one hazard, a line for each of ``SOURCES`` and for name, code and the initials of the name of its
    enterprise as they are now.

    Written by `HazardQuerySet` and `Hazard.save`, whatever door a row comes through, and anew when its enterprise is renamed.
    """

    hazard = models.OneToOneField("hazards.Hazard", models.CASCADE, primary_key=True, related_name="text")
    folded = IndexedText()

    class Meta:
        verbose_name = "隐患检索文本"


def text_of(hazard):
    """The folded text of ``hazard``, read with its enterprise."""
    said = [getattr(hazard, name) for name in SOURCES] + [getattr(hazard.enterprise, name) for name in OF_ENTERPRISE]
    lines = [*(fold(one) for one in said if one), initials_of(hazard.enterprise.name)]
    return "\n".join(filter(None, lines))


def write_texts(hazards):
    """Write the texts of ``hazards`` (a list of saved rows), in one statement per chunk."""
    HazardText.objects.bulk_create(
        _texts(hazards),
        batch_size=CHUNK // 2,
        update_conflicts=True,
        unique_fields=["hazard"],
        update_fields=["folded"],
    )


def insert_texts(hazards):
    """The same for rows that were just inserted and have no texts yet, many at once."""
    insert(HazardText, _texts(hazards))


def _texts(hazards):
    prefetch_related_objects(hazards, "enterprise")
    return [HazardText(hazard_id=hazard.pk, folded=text_of(hazard)) for hazard in hazards]


def rewrite_texts(hazards):
    """Write the texts of the rows ``hazards`` (a query set) from what the database holds; returns how many. Memory is bounded
    by a chunk; a million rows take minutes."""
    beyond, total = hazards.order_by("pk").only(*SOURCES, "enterprise"), 0
    rows = list(beyond[:CHUNK])
    while rows:
        write_texts(rows)
        total += len(rows)
        rows = list(beyond.filter(pk__gt=rows[-1].pk)[:CHUNK])
    return total
