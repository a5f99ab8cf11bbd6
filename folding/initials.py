"""The first letters of how Chinese text is read: what people type who look for a firm they know by ear."""

from functools import lru_cache

from folding.texts import fold

LONGEST = 60  # signs of a name whose letters are kept


@lru_cache(maxsize=4096)
def initials_of(text):
    """``"商丘豫盛冷链（二店）"`` → ``"sqysllded"``: a letter for each sign, what is no Chinese as it stands, folded, without signs
    between words. Of several readings the one the sign has in its word (重庆 → cq), else the most common. "" without Chinese."""
    from pypinyin import (
        Style,
        lazy_pinyin,
    )  # its dictionary takes a quarter of a second, and most processes write no name

    told = fold(text)[:LONGEST]
    read = lazy_pinyin(told, style=Style.FIRST_LETTER, errors="default")
    letters = "".join(sign for sign in "".join(read) if sign.isalnum())
    return letters if letters != "".join(sign for sign in told if sign.isalnum()) else ""
