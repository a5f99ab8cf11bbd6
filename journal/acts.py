"""Everything the house knows about an act, in one object; pages, API, strip, timeline, desk, notices and laws iterate over them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from string import Formatter

from django.apps import apps

from journal import gate
from journal.lifecycle import UNBORN, not_from
from journal.models import Event
from journal.refusal import Conflict
from look.words import day_words

_ACTS = defaultdict(dict)


@dataclass(frozen=True)
class Notice:
    """``title`` for the people whom ``audience(events)`` finds: ``{event id: {user id, …}}`` for events of one kind at once.

    Of these only who reads the record is told, and who acted is not, unless ``tells_actor``. ``{record}`` may stand in the title, and whatever the record's ``notice_words`` give.
    """

    title: str
    audience: Callable
    tells_actor: bool = False  # where somebody else may have acted in their name


UNCHANGED = "没有需要保存的改动"

NOBODY = None  # said aloud, so that a forgotten notice is not taken for a decision


@dataclass(frozen=True, kw_only=True)
class Act:
    """``verb(record, *, by, at, **given)`` dressed for every door; ``verb(*, by, at, **given)`` when it creates one.

    Without a ``form`` an act has no page of its own and is not offered (the system's acts, and those that a page of another
    making does: registering a visit, importing a workbook). Without a ``serializer`` the API does not offer it.
    """

    record: type
    name: str
    verb: Callable
    notices: dict  # {move: Notice or NOBODY}
    words: str = ""  # on what leads to it
    title: str = ""  # over its page; the words when left out, like the next two
    button: str = ""  # that sends the form
    todo: str = ""  # on a desk
    strip: str = ""  # what 下一步 says about it
    done: str | dict = (
        ""  # what is said afterwards, {move: sentence} where they differ; {record} and its attributes may stand in it, and its notice_words
    )
    icon: str = ""
    form: type | None = None
    serializer: type | None = None
    looks: dict = field(default_factory=dict)  # {move: "ok", "bad" or "auto"}: how the timeline draws it
    group: str = ""  # over the rows that wait for it on a desk
    waiting: str = ""  # what everybody else reads while the record waits for this act; "": nobody is urged to do it
    waits_for: Callable | None = None  # user -> a Q of the records that wait for this user, for desks
    waits_since: str = ""  # the column that says how long they have waited, or by which day they are to be done
    # The words for those who do it in another's place: 代企业反馈; what they are told of it beforehand; and user -> whether they are
    # such, which are otherwise those whom the record does not wait for.
    stead: str = ""
    stead_caution: str = ""
    stands_in: Callable | None = None
    # The first thing offered to those whom the record does not wait for: it moves those it waits for; or user -> whether it is.
    is_push: bool | Callable = False
    is_danger: bool = False
    is_inner: bool = False  # among the bodies that answer for the record: an outsider reads nothing of it
    bulk: bool = False  # its form makes sense filled in once for several records: lists offer it for the rows one ticks
    bulk_form: type | None = None  # the form for several, where the one for one asks about that record alone
    # (records, by=, at=) -> {pk: sentence}: which of several its verb would refuse whatever it is told; in a bounded number of queries.
    bars: Callable | None = None

    def __post_init__(self):
        for name in ("title", "button", "todo"):
            object.__setattr__(self, name, getattr(self, name) or self.words)

    @property
    def is_urged(self):
        """Whether a record waits for it; the others are possible, but nobody is urged to do them."""
        return bool(self.waiting)

    def urges(self, user):
        """Whether a record that waits for this act waits for ``user`` of all who may do it."""
        return self.is_urged and (self.waits_for is None or self.waits_for(user) is not None)

    def pushes(self, user):
        """Whether it is what ``user`` does about a record that waits for others."""
        return self.is_push(user) if callable(self.is_push) else self.is_push

    def is_stead(self, user):
        """Whether ``user`` does it in the place of those whose it is."""
        return bool(self.stead) and (self.stands_in(user) if self.stands_in else not self.urges(user))

    def words_for(self, user):
        """What leads ``user`` to it."""
        return self.stead if self.is_stead(user) else self.words

    def title_for(self, user):
        """What stands over its page for ``user``."""
        return self.stead if self.is_stead(user) else self.title

    def caution_for(self, user):
        """What ``user`` has to know before doing it in another's place; "" for those whose it is."""
        return self.stead_caution if self.is_stead(user) else ""

    @property
    def moves(self):
        return self.record.lifecycle.moves_of(self.name)

    @property
    def creates(self):
        return any(UNBORN in move.sources for move in self.moves)

    def refusal(self, user, record):
        """Why ``user`` cannot do this to ``record`` now, as the verb would say it; None when one of its moves is open."""
        refusals = [move.refusal(user, record) for move in self.moves]
        if None in refusals:
            return None
        if len(self.moves) > 1 and not any(record.state in move.sources for move in self.moves):
            return Conflict(not_from(record, self.title))
        return next((refusal for refusal in refusals if not isinstance(refusal, Conflict)), refusals[0])

    def judged(self, user, records, at):
        """``[(record, why not, or None), …]`` of several records, as the verb would say it: by the law page and by ``bars``."""
        refusals = [(record, self.refusal(user, record)) for record in records]
        legal = [record for record, refusal in refusals if refusal is None]
        barred = self.bars(legal, by=user, at=at) if self.bars and legal else {}
        return [(record, barred.get(record.pk) if refusal is None else str(refusal)) for record, refusal in refusals]

    def chosen(self, form):
        """What the person who sent ``form`` chose, in the words of the law page: 复查不通过, 下达整改."""
        move = form.move() or (self.moves[0].name if len(self.moves) == 1 else "")
        return self.record.lifecycle.moves[move].label if move else self.title

    def do(self, record, given, *, by, at):
        """Call the verb with what a form or body said, ``version`` being what its reader had seen; returns what it returns."""
        given = dict(given)
        version = given.pop("version", None)
        if self.creates:
            return self.verb(by=by, at=at, **given)
        gate.expect(record, version)
        return self.verb(record, by=by, at=at, **given)

    def said(self, record, made, today):
        """What the person reads when it is done: what became of it. ``made`` is what the verb returned: the event of the move,
        None when there was nothing to do, else the one move it could make is meant. Days are written as on pages."""
        if made is None:
            return UNCHANGED
        move = made.kind if isinstance(made, Event) else self.moves[0].name
        words = record.notice_words(made) if isinstance(made, Event) else {}
        return _Spoken(today).format(self.done_by(move), record=record, **words)

    def done_by(self, move):
        """The sentence for the move named ``move``."""
        return self.done[move] if isinstance(self.done, dict) else self.done


class _Spoken(Formatter):
    """Writes days as pages do; ISO is for machines."""

    def __init__(self, today):
        self.today = today

    def format_field(self, value, format_spec):
        return day_words(value, self.today) if isinstance(value, date) else super().format_field(value, format_spec)


def discover():
    """Register the ``act`` of every file in every ``<app>/acts/``."""
    for app in apps.get_app_configs():
        if "acts" in {found.name for found in iter_modules(app.module.__path__) if found.ispkg}:
            package = import_module(f"{app.name}.acts")
            for found in iter_modules(package.__path__):
                act = import_module(f"{package.__name__}.{found.name}").act
                _ACTS[act.record][act.name] = act


def acts_of(kind):
    """The acts of a kind of record, in the order of its law page."""
    return [_ACTS[kind][name] for name in kind.lifecycle.acts if name in _ACTS[kind]]


def named(kind, name):
    """The act called ``name``, or None."""
    return _ACTS[kind].get(name)


def open_to(user, record):
    """The acts with a page that ``user`` may do to ``record`` now, the next one first."""
    return [act for act in acts_of(type(record)) if act.form and act.refusal(user, record) is None]


def first_of(user, offered):
    """Of the acts ``offered`` to ``user``: the one the record waits for this person to do, else what pushes on those it waits for,
    else None."""
    urged = next((act for act in offered if act.urges(user)), None)
    return urged or next((act for act in offered if act.pushes(user)), None)


def awaited(record, user):
    """The act that ``record`` waits for, whoever does it, as far as ``user`` is told; None when it waits for none."""
    outside = record.is_outsider(user)
    return next(
        (
            act
            for act in acts_of(type(record))
            if act.is_urged
            and not (outside and act.is_inner)
            and any(record.state in move.sources and move.unmet(record) is None for move in act.moves)
        ),
        None,
    )


def kept_from(user, record):
    """The names of the moves of ``record`` of which ``user`` reads nothing: `Record.is_outsider` says who is one."""
    if not record.is_outsider(user):
        return frozenset()
    return frozenset(move.name for act in acts_of(type(record)) if act.is_inner for move in act.moves)


def changes_told(user, event):
    """What ``user`` reads of the changes of an event: ``{label: words}``. An act for all may end what was an inner matter."""
    kept = event.record.inner_labels if event.record.is_outsider(user) else frozenset()
    return {label: words for label, words in event.changes.items() if label not in kept}


def act_of(kind, move):
    """The act that makes the move named ``move``."""
    return named(kind, kind.lifecycle.moves[move].act)


def notice_of(kind, move):
    """What is to be told about a move, and to whom; or NOBODY."""
    return act_of(kind, move).notices[move]
