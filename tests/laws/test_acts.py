"""Laws over every act of every kind of record. A new record, a new act is under them from its first line on."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.db import models
from django.template.loader import get_template
from django.utils import timezone

from journal import acts
from journal.forms import ActForm
from journal.lifecycle import UNBORN
from journal.models import Event, Record, RecordQuerySet, record_kinds
from tests import stages

pytestmark = pytest.mark.once  # pages, forms and words: no database decides them
ROOT = Path(__file__).resolve().parents[2]
ICONS = set((ROOT / "static" / "icons.txt").read_text(encoding="utf-8").split())
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CHINESE = re.compile("[\u4e00-\u9fff]")
KINDS = record_kinds()
ACTS = [pytest.param(act, id=f"{kind.__name__}-{act.name}") for kind in KINDS for act in acts.acts_of(kind)]
MOVES = [
    pytest.param(kind, move, id=f"{kind.__name__}-{name}")
    for kind in KINDS
    for name, move in kind.lifecycle.moves.items()
]


@pytest.mark.parametrize("kind", KINDS)
def test_law_page_and_act_files_name_the_same_acts(kind):
    assert set(kind.lifecycle.acts) == set(acts._ACTS[kind])
    assert [act.name for act in acts.acts_of(kind)] == list(kind.lifecycle.acts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_says_what_it_is_called_who_sees_it_and_has_its_chain(kind):
    assert kind.slug and CHINESE.search(kind.noun)
    assert callable(kind._default_manager.visible_to)
    assert issubclass(kind.stream(), Event)
    assert {other.slug for other in KINDS if other is not kind}.isdisjoint({kind.slug})
    assert set(kind.lifecycle.states.values) >= {target for _, target, _ in kind.lifecycle.arrows()}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_about_a_record_is_deleted_with_it(kind):
    """Chains outlive what anybody tries: no foreign key to a record or from its chain cascades."""
    deletes = [
        f"{relation.related_model.__name__}.{relation.field.name}"
        for relation in kind._meta.related_objects
        if issubclass(relation.related_model, Event | Record) and relation.on_delete is models.CASCADE
    ]
    assert deletes == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_is_reached_from_nothing(kind):
    reached = {UNBORN}
    while new := {target for source, target, _ in kind.lifecycle.arrows() if source in reached} - reached:
        reached |= new
    assert reached == set(kind.lifecycle.states) | {UNBORN}


@pytest.mark.parametrize(("kind", "move"), MOVES)
def test_a_move_has_words_and_its_rules_have_sentences(kind, move):
    assert CHINESE.search(move.label) and len(move.label) <= 20
    assert len(move.name) <= kind.stream()._meta.get_field("kind").max_length
    assert CHINESE.search(move.allowed.sentence)
    assert all(CHINESE.search(condition.sentence) for condition in move.ready)
    assert all(len(state) <= kind._meta.get_field("state").max_length for state in kind.lifecycle.states)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_says_whom_it_tells_of_each_of_its_moves(act):
    assert set(act.notices) == {move.name for move in act.moves}
    assert set(act.looks) <= {move.name for move in act.moves}
    for notice in act.notices.values():
        assert notice is acts.NOBODY or (CHINESE.search(notice.title) and callable(notice.audience))


def test_there_is_a_row_of_every_kind_to_try_words_on():
    assert set(stages.KINDS) == set(KINDS)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "move"), MOVES)
def test_what_is_said_after_a_move_finds_its_words(kind, move):
    """A brace that nothing fills would stop all messages of all records, or the page after the act."""
    act, people = acts.act_of(kind, move.name), stages.cast()
    for state in {target for source in move.sources for target in move.targets_from(source)}:
        record = stages.KINDS[kind](people, state)
        event = record.events.filter(kind=move.name).last() or kind.stream()(record=record, kind=move.name)
        if notice := act.notices[move.name]:
            assert CHINESE.search(notice.title.format(record=record, **record.notice_words(event)))
        if act.form is not None:
            said = act.said(record, event, event_day(record))
            assert CHINESE.search(said) and "{" not in said and not ISO_DAY.search(said)


def event_day(record):
    """A day in the year of the days on ``record``, so that pages would leave the year away."""
    return getattr(record, "deadline", None) or timezone.localdate()


@pytest.mark.parametrize("act", ACTS)
def test_what_is_said_after_an_act_names_what_became_of_it(act):
    """Each move in the word of the law page; two ways out of one form never in the same sentence."""
    if act.form is None:
        return
    sentences = {move.name: act.done_by(move.name) for move in act.moves}
    assert {name: text for name, text in sentences.items() if act.record.lifecycle.moves[name].label not in text} == {}
    assert len(set(sentences.values())) == len(sentences)


@pytest.mark.parametrize("act", ACTS)
def test_what_a_form_chooses_is_a_move_of_its_act(act):
    """So that the page of a conflict can name it."""
    if act.form is None or len(act.moves) == 1 or act.form.move is ActForm.move:
        return
    chosen = set()
    for name, field in act.form.base_fields.items():
        stored = name in {column.name for column in act.record._meta.concrete_fields}
        values = [value for value, _ in getattr(field, "choices", ())] if not hasattr(field, "queryset") else []
        for value, now in product(values, values if stored else [None]):
            form = object.__new__(act.form)
            form.record = act.record(**{name: now} if stored else {})
            for said in ([name], act.form.base_fields):  # alone, and with all that may be said beside it
                form.data = dict.fromkeys(said, value)
                chosen.add(act.form.move(form))
    assert chosen - {""} == {move.name for move in act.moves}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_done_is_not_called_done(kind):
    for act in acts.acts_of(kind):
        if act.form is not None:
            assert act.said(kind(), None, timezone.localdate()) == acts.UNCHANGED


@pytest.mark.parametrize("act", ACTS)
def test_an_act_with_a_form_has_its_words_and_its_icon(act):
    assert callable(act.verb)
    if act.form is None:
        return
    assert all(CHINESE.search(words) for words in (act.words, act.title, act.button, act.todo, act.strip))
    if act.icon not in ICONS:
        pytest.fail(f"the icon {act.icon!r} of the act {act.name!r} is not in static/icons.txt", pytrace=False)
    assert get_template(getattr(act.form, "fields_template", "journal/_fields.html"))
    assert bool(act.waits_for) == bool(act.waits_since) == bool(CHINESE.search(act.group))


def test_a_record_without_a_scope_of_its_own_would_be_noticed():
    assert not hasattr(RecordQuerySet, "visible_to")
