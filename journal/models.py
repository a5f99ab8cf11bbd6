"""What every record has in common: an identity, a state, a version, and a chain of events that explains all three."""

import uuid
from datetime import UTC

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from folding.fields import Folds, FoldsQuerySet
from journal import digest
from journal.lifecycle import Lifecycle
from journal.series import Series

__all__ = ["Beside", "Event", "Offset", "Record", "RecordQuerySet", "Series", "Verification", "record_kinds"]
ACTOR_LENGTH = 40  # characters of a name in an event


def record_kinds():
    """Every kind of record there is: being one is all it takes to be audited, published and put under the laws."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


class RecordQuerySet(FoldsQuerySet):
    """Rows of one kind of record. Each kind says in ``visible_to(user)`` who sees which; a law insists on it."""


class Record(Folds):
    """Something that is acted on. Only `journal.gate` and `journal.chronicle` write it.

    A kind sets ``lifecycle`` (its law page), ``noun`` (its word in sentences), ``slug`` (its name in messages' keys) and,
    where it is numbered, ``numbering`` (`journal.numbering.Numbering`). ``unsealed`` names columns that are kept outside
    the journal (a password), ``sealed_sets`` many-to-many fields whose members its events vouch for. ``system_name`` stands in
    its events where nobody acted. ``inner_labels`` are those of changes that outsiders do not read in any event.
    """

    lifecycle: Lifecycle
    noun = ""
    slug = ""
    numbering = None
    unsealed = frozenset()
    sealed_sets = ()
    inner_labels = frozenset()
    system_name = "系统"

    uid = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False
    )  # known before the row is: the chain covers it
    state = models.CharField("状态", max_length=20, default="", editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # the length of the chain
    last_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    def get_absolute_url(self):
        return reverse(f"{self._meta.app_label}:{self.slug}", args=[self.pk])

    @property
    def state_label(self):
        return self.label_of(self.state)

    def label_of(self, state):
        """The word for ``state`` of this record; a kind may call it otherwise for some of its records."""
        return self.lifecycle.label_of(state)

    @property
    def standing(self):
        """What the head of its pages says of it."""
        return self.state_label

    @property
    def headline(self):
        """What a message's title calls the record."""
        return str(self)

    def is_outsider(self, user):
        """Whether ``user`` reads the record and is of none of the bodies that answer for it: what they do among themselves
        (`journal.acts.Act.is_inner`) is not told to them."""
        return False

    @property
    def unsealed_rows(self):
        """What is wrong with rows that its events vouch for by a digest alone, as a sentence; "" where nothing is. For the verifier."""
        return ""

    def url_for(self, recipient_id):
        """Where a message about it leads the person ``recipient_id``."""
        return self.get_absolute_url()

    def notice_words(self, event):
        """What may stand in braces in the titles of notices, besides ``{record}``."""
        return {}

    def is_guest(self, user):
        """Whether ``user`` reads the record without having a part in it: then only moves for ``guests`` are open."""
        return False

    @classmethod
    def derive(cls, lasts):
        """Write the tables that a kind keeps beside its records and that follow from them (never facts of their own).

        Called in the transaction of every act, with ``[(record as it stands now, its last event), …]``.
        """

    @classmethod
    def stream(cls):
        """The model of its events."""
        return cls._meta.get_field("events").related_model


class Beside(models.Model):
    """A row that an act on a record writes beside it (a round of feedback); the record's events vouch for it too.

    ``record_path`` leads from here to the record.
    """

    record_path = ""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class EventQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("events are never edited")

    def delete(self):
        raise TypeError("events are never deleted")


class Event(models.Model):
    """One thing that happened to one record. Never edited. Timeline, audit trail and outbox are all read from here.

    The events of a record form a chain: ``digest`` covers the event and the digest before it, and the record keeps the length
    and the end of its chain. A kind of record gives it a foreign key ``record`` with ``related_name="events"``.
    """

    format = models.PositiveSmallIntegerField(default=digest.NEWEST)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)  # the name of a move
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, related_name="+"
    )  # null: the system
    actor_name = models.CharField(max_length=ACTOR_LENGTH)
    unit_code = models.CharField(max_length=24, blank=True)
    unit_name = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    changes = models.JSONField(default=dict)  # {Chinese label: text}: what the timeline says
    facts = models.JSONField(default=dict)  # {column: fact} that this event set; the row is the sum of them
    beside = models.JSONField(default=dict)  # {uid: all facts of a row beside the record that it wrote}
    evidence = models.JSONField(default=list)  # [[SHA-256, stage], …] of the pictures and files attached
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    # Where it stands in the outbox; given by `journal.outbox` after the event is committed, and no part of the digest.
    position = models.PositiveBigIntegerField(null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["record", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["record", "sequence"], name="%(class)s_sequence_once"),
            models.UniqueConstraint(fields=["position"], name="%(class)s_position_once"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(position=None), name="%(class)s_unplaced")]

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("events are never edited")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("events are never deleted")

    @property
    def move(self):
        return self.record.lifecycle.moves[self.kind]

    @property
    def label(self):
        """The words of what happened."""
        return self.move.label

    def compute_digest(self):
        """The seal over everything said here but the place in the outbox, by the key that its digest names or the newest; the record
        stands in it by its ``uid``."""
        return digest.seal(
            self.format,
            [
                str(self.record.uid),
                self.sequence,
                self.kind,
                self.actor_id,
                self.actor_name,
                self.unit_code,
                self.unit_name,
                self.at.astimezone(UTC).isoformat(),
                self.from_state,
                self.to_state,
                self.note,
                self.changes,
                self.facts,
                self.beside,
                self.evidence,
                self.previous,
            ],
            key=digest.key_of(self.digest),
        )


class Offset(models.Model):
    """How far one consumer has read one stream of events; with ``consumer`` "" how far places have been given."""

    consumer = models.CharField(max_length=40, blank=True)
    stream = models.CharField(max_length=60)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "读取进度"
        constraints = [models.UniqueConstraint(fields=["consumer", "stream"], name="offset_once")]


class Verification(models.Model):
    """One run of the verifier over everything: who asked (nobody: the night, or a command), when it began and ended, what it looked at,
    how many breaks it found, and the first of them in words."""

    asked_at = models.DateTimeField("申请时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    began_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    records = models.PositiveBigIntegerField("台账条数", default=0)
    events = models.PositiveBigIntegerField("办理记录条数", default=0)
    broken = models.PositiveBigIntegerField("不符处数", default=0)
    problems = models.JSONField("不符之处", default=list)
    is_whole = models.BooleanField("做完", default=True)  # of one that ended: not because its process died

    class Meta:
        verbose_name = "核验"
        get_latest_by = "id"
        ordering = ["-id"]
