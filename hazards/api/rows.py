"""Rows of the API's list from ``.values()``: what HazardListSerializer says of a hazard, without making a hazard of it.

The serializer is the one definition of the fields; schema and detail page use it as it is, and a test holds both to the same output.
"""

from functools import cache

from rest_framework import serializers

from hazards.api.serializers import HazardListSerializer
from hazards.lifecycle import word_of
from hazards.models import Hazard
from hazards.responsibility import KINDS

STATE_LABEL = "state_label"  # which two columns answer


@cache
def plan():
    """``({field: path}, {field: words of a choice})`` of the fields that one column answers."""
    paths, words = {}, {}
    for name, field in HazardListSerializer().fields.items():
        source = field.source.replace(".", "__")
        if isinstance(field, serializers.SlugRelatedField):
            paths[name] = f"{source}__{field.slug_field}"
        elif source.startswith("get_") and source.endswith("_display"):
            paths[name] = source.removeprefix("get_").removesuffix("_display")
            words[name] = dict(Hazard._meta.get_field(paths[name]).flatchoices)
        elif name == STATE_LABEL:
            paths[name] = "state"
        elif isinstance(field, serializers.DateTimeField | serializers.SerializerMethodField):
            raise TypeError(
                f"{name}: say here how it comes out of a column"
            )  # moments are UTC in rows, local in the serializer
        elif not isinstance(field, serializers.ListSerializer):
            paths[name] = source
    return paths, words


def paths():
    """Every path that :func:`rows` reads of a hazard."""
    four = [path for kind in KINDS for path in _responsibility(kind).values()]
    return list(dict.fromkeys([*plan()[0].values(), *four]))


def rows(values):
    """The list's objects, ready for JSON, from ``values``: dicts of :func:`paths`."""
    columns, words = plan()
    four = [(kind, _responsibility(kind)) for kind in KINDS]
    for one in values:
        row = {name: one[path] for name, path in columns.items()}
        for name, said in words.items():
            row[name] = said.get(row[name], row[name])
        row[STATE_LABEL] = word_of(one["state"], one["level"])
        row["responsibilities"] = [_told(kind, one, parts) for kind, parts in four]
        yield row


def _responsibility(kind):
    body = "enterprise__name" if kind == "enterprise" else f"{kind}_unit__short_name"
    return {"body_name": body, "person": f"{kind}_person", "post": f"{kind}_holder__post", "phone": f"{kind}_phone"}


def _told(kind, row, parts):
    return {"kind": kind, **{name: row[path] or "" for name, path in parts.items()}}
