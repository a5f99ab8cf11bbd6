"""What a kind of record must have, said by ``manage.py check`` before anything runs."""

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.urls import NoReverseMatch

from journal.models import Event, record_kinds

CONSTRAINTS = len(Event._meta.constraints)


@checks.register("records")
def records_are_whole(app_configs=None, **kwargs):
    """E001 no events, E002 events without the constraints of `Event`, E003 no word or name, E004 no page."""
    found = []
    slugs = {}
    for kind in record_kinds():
        try:
            stream = kind.stream()
        except FieldDoesNotExist:
            hint = "Give its Event a foreign key `record` with related_name='events'."
            found.append(checks.Error("has no events", hint=hint, obj=kind, id="journal.E001"))
            continue
        if len(stream._meta.constraints) < CONSTRAINTS:
            hint = "class Meta(Event.Meta): …"
            found.append(checks.Error("lacks the constraints of Event", hint=hint, obj=stream, id="journal.E002"))
        if not kind.noun or not kind.slug or kind.slug in slugs:
            hint = "noun is its word in sentences, slug its name in addresses and keys of messages, its alone."
            found.append(checks.Error("needs noun and slug", hint=hint, obj=kind, id="journal.E003"))
        slugs[kind.slug] = kind
        try:
            kind(pk=1).get_absolute_url()
        except NoReverseMatch:
            hint = "urls.py needs app_name and journal.views.addresses, safetyledger/urls.py includes it; messages lead there."
            found.append(checks.Error("has no page", hint=hint, obj=kind, id="journal.E004"))
    return found
