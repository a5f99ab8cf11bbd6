"""What happens beside the main path: some two hundred acts on hazards and other records, each by its own verb.

They are few and every one has rules of its own, so they are done as people do them, one after the other as time goes. Who does
what to which row stands in `demo.stories`.
"""

import random
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from heapq import heappop, heappush

from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef
from django.db.models.signals import pre_init

from demo.cameras import settle
from demo.papers import paper
from demo.people import made_up_uid
from evidence.operations import store_document
from hazards.models import Hazard, HazardEvent
from journal.acts import named
from journal.models import Beside, Record
from journal.refusal import Refused
from workdays.operations import load_calendar

SEED = "办理"
AMONG = 40  # rows that a story chooses from, the newest that will do
# What stories and verbs read of a hazard.
NEAR = (
    "enterprise", "enterprise_holder", "registered_by__unit", "issued_by_unit", "territorial_unit", "competent_unit", "supervising_unit",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """``by`` does the act called ``act`` to ``record`` (its class where the act creates one) so many days ``ago``. Of ``given`` what
    can be called is made by ``(by, at)`` when the time has come."""

    ago: int
    record: object
    act: str
    by: object
    given: dict = field(default_factory=dict)

    def do(self, at):
        kind = self.record if isinstance(self.record, type) else type(self.record)
        given = {name: value(self.by, at) if callable(value) else value for name, value in self.given.items()}
        return named(kind, self.act).do(self.record, given, by=self.by, at=at)


@contextmanager
def uids_from(draw: Callable):
    """Verbs give what they make a uid by chance; in here it is what ``draw()`` gives."""

    def give(sender, args, kwargs, **_):
        if not args and issubclass(sender, (Record, Beside)):  # rows that are read come by their places
            kwargs.setdefault("uid", draw())

    pre_init.connect(give)
    try:
        yield
    finally:
        pre_init.disconnect(give)


class Handling:
    """Where stories find their rows, their people and their moments; all by dice of their own, the same every time."""

    def __init__(self, cast, register, camera, now):
        self.cast, self.register, self.camera, self.now = cast, register, camera, now
        self.rng = random.Random(SEED)  # noqa: S311 - made-up data, and the same every time
        self.today, self.calendar, self.taken = now.date(), load_calendar(), set()

    def worked(self, ago):
        """The working day that comes nearest to so many days ``ago``, before today."""
        day = self.today - timedelta(days=ago)
        while (found := self.calendar.first_working_day(day)) >= self.today:
            day -= timedelta(days=1)
        return found

    def take(self, rows, ago):
        """A hazard of ``rows`` that nothing has happened to since the day so many days ``ago``, and that no other story tells of;
        None where there is none."""
        until = datetime.combine(self.worked(ago), time(18), self.now.tzinfo)
        since = HazardEvent.objects.filter(record=OuterRef("pk"), at__gte=until)
        found = rows.filter(~Exists(since)).exclude(pk__in=self.taken).order_by("-pk").values_list("pk", flat=True)
        found = list(found[:AMONG])
        if not found:
            return None
        row = Hazard.objects.select_related(*NEAR).get(pk=self.rng.choice(found))
        self.taken.add(row.pk)
        return row

    def head(self, unit):
        """The manager of ``unit``; None where nobody serves there."""
        return next(iter(self.cast.officers.get(unit and unit.pk, ())), None)

    def filer(self, row):
        """Who acts for the firm: its own account, or the township in its stead."""
        return row.enterprise_holder or self.head(row.territorial_unit)

    def office(self, row):
        """The safety office of the county in which ``row`` lies."""
        return self.head(self.cast.units[f"{row.division_code[:6]}-AWB"])

    def paper(self, name, *lines):
        """A document called ``name`` that says ``lines``, to be uploaded by whoever does a `Step`."""

        def upload(by, at):
            document = store_document(ContentFile(paper(name, *lines), name=f"{name}.pdf"), by=by, at=at)
            settle(document.file)
            document.save(update_fields=["file"])
            return [document]

        return upload

    def picture_of(self, photo):
        """A new picture of the place of ``photo``, as it is a few minutes before a `Step`."""

        def take(by, at):
            seconds = self.rng.randrange(60, 600)
            again = self.camera.shoot_again(photo, by=by, at=at, taken_at=at - timedelta(seconds=seconds))
            again.save()
            return [again]

        return take

    def play(self, stories):
        """Do the `Step`s of ``stories``, which are generators of them, as time goes; returns how many were done.

        What a verb refuses, because a holiday lies in between, does not happen, nor what would have followed.
        """
        waiting, done = [], 0
        with uids_from(lambda: made_up_uid(self.rng)):
            for place, story in enumerate(stories):
                self._await(waiting, place, story)
            while waiting:
                at, place, step, story = heappop(waiting)
                try:
                    step.do(at)
                except Refused:
                    continue
                done += 1
                self._await(waiting, place, story)
        return done

    def _await(self, waiting, place, story):
        """Put the next step of ``story`` among those that are ``waiting`` for their moment."""
        step = next(story, None)
        if step is not None:
            heappush(waiting, (self._moment(step), place, step, story))

    def _moment(self, step):
        """In office hours, and after whatever happened to the record before."""
        opened = datetime.combine(self.worked(step.ago), time(8, 30), self.now.tzinfo)
        moment = opened + timedelta(minutes=self.rng.randrange(540))
        if isinstance(step.record, type):
            return moment
        last = step.record.events.order_by("sequence").values_list("at", flat=True).last()
        return max(moment, last + timedelta(minutes=self.rng.randrange(5, 50)))
