"""What a declaration of names takes and what it refuses, apart from any door."""

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from doors.names import many, names_of, once

NAMES = once("q", "view", "hazards-#-level", "col-#-#") | many("state")
WORDS = st.text(st.characters(codec="ascii", categories=("L", "N", "Pd")), min_size=1, max_size=12)


@given(
    st.dictionaries(WORDS | st.sampled_from(["q", "view", "state", "hazards-3-level", "col-1-22"]), st.integers(1, 3))
)
def test_whatever_is_sent_is_known_or_named(sent):
    data = QueryDict(mutable=True)
    for name, times in sent.items():
        data.setlist(name, ["x"] * times)
    single = {"q", "view", "hazards-3-level", "col-1-22"}
    expected = {name for name, times in sent.items() if name != "state" and (times > 1 or name not in single)}
    assert set(NAMES.refused(data)) == expected


@pytest.mark.parametrize("name", ["hazards-#-level", "col-#-1", "hazards-03-level", "hazards-00-level", "col-1-02"])
def test_a_number_is_written_in_one_way(name):
    """Whatever else a page of ours would not read, and 3 must not be said twice."""
    assert list(NAMES.refused(MultiValueDict({name: ["1"]}))) == [name]


def test_a_card_beyond_the_number_of_cards_is_refused_and_not_left_out():
    names = once("hazards-TOTAL_FORMS", "hazards-#-level", "col-#") | many("hazards-#-before_id")
    said = QueryDict("hazards-TOTAL_FORMS=2&hazards-1-level=a&hazards-2-level=b&hazards-2-before_id=1&col-7=x")
    assert set(names.refused(said)) == {"hazards-2-level", "hazards-2-before_id"}
    files = QueryDict("hazards-9-before_id=1")
    assert set(names.refused(QueryDict("hazards-TOTAL_FORMS=2"), files)) == {"hazards-9-before_id"}
    for none in ("", "hazards-TOTAL_FORMS=x&", "hazards-TOTAL_FORMS=%EF%BC%91&"):  # the form itself refuses these
        assert not names.refused(QueryDict(f"{none}hazards-2-level=b"))


def test_a_door_that_says_nothing_reads_nothing():
    assert not names_of(lambda request: None, "query_names", {})
    assert list(NAMES.refused(QueryDict("hazards--level=1&hazards-1-levels=2&hazards-٣-level=3"))) == [
        "hazards--level",
        "hazards-1-levels",
        "hazards-٣-level",
    ]
