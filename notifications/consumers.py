"""Events of any kind of record become messages, as the notices of their acts say."""

from accounts.models import User
from journal import acts, outbox
from notifications.models import Notification
from notifications.rules import one_line

BATCH = 500


@outbox.consumer(speaks_to_people=True)
def tell_people(events, *, at):
    """One message per person and event, for ever: its key is unique. Who acted is told where the notice says so. A few queries per notice, and one
    per person where the audience has not asked itself who reads."""
    by_notice = {}
    for event in events:
        notice = acts.notice_of(type(event.record), event.kind)
        if notice is not acts.NOBODY:
            by_notice.setdefault(notice, []).append(event)
    messages = []
    for notice, told in by_notice.items():
        audience = _insiders(told, _readers(told, notice.audience(told), notice.audience))
        messages += [
            _message(notice, event, pk, at)
            for event in told
            for pk in sorted(audience.get(event.pk, set()) - (set() if notice.tells_actor else {event.actor_id}))
        ]
    Notification.objects.bulk_create(messages, batch_size=BATCH, ignore_conflicts=True)


def _readers(events, people, audience):
    """``people`` ({event id: {user id, …}}) without those who do not read the record: a message quotes it.

    An audience marked ``of_readers`` has seen to it itself, for all at once.
    """
    if getattr(audience, "of_readers", False):
        return people
    events_of = {}
    for event in events:
        for pk in people.get(event.pk, ()):
            events_of.setdefault(pk, []).append(event)
    found = {}
    for user in User.objects.filter(pk__in=events_of, is_active=True).select_related("unit"):
        told = events_of[user.pk]
        rows = type(told[0].record).objects.visible_to(user)
        seen = set(rows.filter(pk__in={event.record_id for event in told}).values_list("pk", flat=True))
        for event in told:
            if event.record_id in seen:
                found.setdefault(event.pk, set()).add(user.pk)
    return found


def _insiders(events, people):
    """``people`` without outsiders where bodies acted among themselves: a message says what was written."""
    inner = [event for event in events if acts.act_of(type(event.record), event.kind).is_inner]
    if not inner:
        return people
    known = User.objects.in_bulk({pk for event in inner for pk in people.get(event.pk, ())})
    return people | {
        event.pk: {pk for pk in people.get(event.pk, ()) if pk in known and not event.record.is_outsider(known[pk])}
        for event in inner
    }


def _message(notice, event, recipient_id, at):
    record = event.record
    words = notice.title.format(record=record, **record.notice_words(event))
    who = f"{event.unit_name} {event.actor_name}".strip()
    return Notification(
        recipient_id=recipient_id,
        key=f"{record.slug}-event:{event.pk}",
        url=record.url_for(recipient_id),
        record_kind=record.slug,
        record_id=record.pk,
        title=one_line(f"{words} · {record.headline}"),
        body="\n".join(line for line in (event.note, f"经办：{who}") if line),
        created_at=at,
        next_try_at=at,
    )
