"""When two pictures are one: sent again smaller or worse they are; two scenes are not; what shows nothing is like nothing."""

import io
import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from evidence.likeness import BITS, NEAR, are_near, are_same, likeness_of, same_ones


def scene(seed, size=(1200, 900)):
    """A made-up photograph: a few dozen shapes in shades that no two seeds share, and the grain of a sensor."""
    dice, picture = random.Random(seed), Image.new("RGB", size, "gray")
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        box = (x, y, x + dice.randrange(80, 500), y + dice.randrange(80, 400))
        draw.rectangle(box, fill=tuple(dice.randrange(256) for _ in range(3)))
    return Image.blend(picture, Image.effect_noise(size, 60).convert("RGB"), 0.1)


def sent_again(picture, *, edge=800, quality=60):
    out = io.BytesIO()
    smaller = picture.copy()
    smaller.thumbnail((edge, edge))
    smaller.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))


@pytest.mark.parametrize("seed", range(8))
def test_a_picture_sent_again_is_the_same(seed):
    picture = scene(seed)
    for again in (
        sent_again(picture),
        sent_again(picture, edge=400, quality=40),
        ImageEnhance.Brightness(picture).enhance(0.9),
    ):
        assert are_near(likeness_of(picture), likeness_of(again))


def test_no_two_scenes_are_alike():
    hashes = [likeness_of(scene(seed)) for seed in range(40)]
    assert None not in hashes
    assert not any(are_near(one, other) for one, other in combinations(hashes, 2))


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (800, 600), "white"),
        Image.linear_gradient("L").rotate(90).resize((800, 600)),
        Image.effect_noise((800, 600), 4),
        scene(1, (63, 900)),
    ],
    ids=["blank", "a sky", "a wall", "tiny"],
)
def test_what_shows_nothing_has_no_likeness(picture):
    assert likeness_of(picture) is None


def test_cameras_that_name_two_moments_took_two_pictures():
    assert are_same((5, "10:00"), (5, "10:00")) and are_same((5, None), (5, "10:00"))
    assert not are_same((5, "10:00"), (5, "10:01"))


hashes = st.integers(-(2 ** (BITS - 1)), 2 ** (BITS - 1) - 1)


def flipped(found, bits):
    """``found`` with ``bits`` flipped, again as a signed number."""
    for bit in bits:
        found ^= 1 << bit
    found &= (1 << BITS) - 1
    return found - (1 << BITS) if found >> (BITS - 1) else found


@given(hashes, st.sets(st.integers(0, BITS - 1), max_size=8))
def test_near_is_counted_in_bits(found, bits):
    assert are_near(found, flipped(found, bits)) == (len(bits) <= NEAR)


@given(st.lists(st.tuples(hashes, st.sets(st.integers(0, BITS - 1), max_size=4)), max_size=12))
def test_bands_find_what_comparing_all_pairs_finds(given_ones):
    pictures = {}
    for place, (found, bits) in enumerate(given_ones):
        pictures[f"{place}a"], pictures[f"{place}b"] = (found, None), (flipped(found, bits), None)
    groups = {frozenset(group) for group in same_ones(pictures)}
    left, expected = set(pictures), set()
    while left:
        group, new = set(), {left.pop()}
        while new:
            group |= new
            new = {key for key in left if any(are_same(pictures[key], pictures[one]) for one in group)}
            left -= new
        if len(group) > 1:
            expected.add(frozenset(group))
    assert groups == expected
