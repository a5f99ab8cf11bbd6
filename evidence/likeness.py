"""When two pictures are the same picture, though one was sent again smaller, re-encoded or without its EXIF.

A difference hash (dHash): the picture in grey, reduced to nine columns by eight rows; a bit for each two neighbours in a row, set
where the left one is the lighter. Sizes and JPEG qualities move few of the 64 bits, another subject about half of them.
"""

from collections import defaultdict
from itertools import combinations, pairwise

from PIL import Image

COLUMNS, ROWS = 9, 8
BITS = (COLUMNS - 1) * ROWS
BAND = 16  # bits: of two hashes that differ in at most three, one of four bands is the same
NEAR = 3  # bits in which two hashes of one picture may differ
SMALLEST = 64  # pixels of the short edge: what is smaller shows nothing
STEP = 2  # shades of 255 by which neighbours must differ: on a plain wall the noise of a JPEG would decide
PLAIN = 6  # bits set at least, and unset: a wall, a sky or a sheet of paper looks like every other


def likeness_of(picture):
    """The hash of ``picture`` (a Pillow image) as a signed number of 64 bits, as databases keep it; None where it shows too little to
    be told from others: tiny, blank, or one even shade across."""
    if min(picture.size) < SMALLEST:
        return None
    shades = picture.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(ROWS):
        line = shades[row * COLUMNS : (row + 1) * COLUMNS]
        for left, right in pairwise(line):
            bits = bits << 1 | (left >= right + STEP)
    if not PLAIN <= bits.bit_count() <= BITS - PLAIN:
        return None
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits


def are_near(one, other):
    """Whether two hashes are of one picture."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count() <= NEAR


def are_same(one, other):
    """Whether two pictures, each ``(hash, moment it was taken or None)``, are one. Cameras that name two moments took two pictures,
    however alike; what messengers send on has lost its moment."""
    (hash_of_one, taken), (hash_of_other, taken_then) = one, other
    return (taken is None or taken_then is None or taken == taken_then) and are_near(hash_of_one, hash_of_other)


def same_ones(pictures):
    """``[[key, …], …]``: the keys of ``pictures`` ({key: (hash, moment or None)}) that are one picture, two or more of each. Candidates come from equal bands, so that far fewer than all pairs are compared."""
    alike = defaultdict(list)
    for key, picture in pictures.items():
        alike[picture].append(key)
    kinds, bands = list(alike), defaultdict(list)
    for place, (found, _) in enumerate(kinds):
        for shift in range(0, BITS, BAND):
            bands[shift, found >> shift & ((1 << BAND) - 1)].append(place)
    root = list(range(len(kinds)))

    def top(place):
        while root[place] != place:
            root[place] = place = root[root[place]]
        return place

    for places in bands.values():
        for one, other in combinations(places, 2):
            if top(one) != top(other) and are_same(kinds[one], kinds[other]):
                root[max(top(one), top(other))] = min(top(one), top(other))
    groups = defaultdict(list)
    for place, picture in enumerate(kinds):
        groups[top(place)] += alike[picture]
    return [keys for keys in groups.values() if len(keys) > 1]
