"""A state of a hazard has one word, wherever it is read: list, page, desk, workbook, API, timeline, condition."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hazards.filters import View
from hazards.lifecycle import LEDGER_STATES, State
from hazards.models import Hazard
from hazards.views.desk import FIGURES
from hazards.words import STATES
from journal.acts import named
from tests import stages

pytestmark = pytest.mark.once  # pages, forms and words: no database decides them


def test_badges_tabs_figures_and_groups_use_the_words_of_the_law_page():
    assert {state: word for state, (_, _, word) in STATES.items()} == dict(State.choices)
    assert (
        View.PENDING_REVIEW.label
        == FIGURES["pending"][0]
        == named(Hazard, "review").group
        == State.PENDING_REVIEW.label
    )
    assert View.CLOSED.label == State.CLOSED.label
    assert FIGURES["rectifying"][0] == State.RECTIFYING.label


@pytest.mark.django_db
@pytest.mark.parametrize("state", LEDGER_STATES)
def test_every_register_says_the_same_word(client, state):
    people = stages.cast()
    row = stages.hazard(people, state.value)
    client.force_login(people["manager"])
    asked = {"view": "all", "state": state.value}
    badge = f"</svg>{state.label}"
    for address in (f"{reverse('hazards:ledger')}?view=all&state={state.value}", row.get_absolute_url()):
        assert badge in client.get(address).content.decode(), address
    api = client.get(reverse("api-hazard-detail", args=[row.pk])).json()
    assert state.label in api.values()
    book = load_workbook(BytesIO(b"".join(client.get(reverse("hazards:export"), asked).streaming_content)))
    cells = [cell for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line]
    assert state.label in cells
    told = client.get(row.get_absolute_url()).context["entries"]
    others = set(State.labels) - {state.label}
    assert not told[0]["words"].endswith(tuple(others))
