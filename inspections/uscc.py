"""统一社会信用代码 (GB 32100-2015): 18 characters, the last one a check character."""

from functools import lru_cache

from folding.texts import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check_character(first_17):
    """The check character of 17 characters from ``ALPHABET``: (31 − Σ value × weight mod 31) mod 31."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def canonical(text):
    """The code that ``text`` means however it was typed: capitals of plain width, no blanks."""
    return fold(text).upper()


@lru_cache(4096)  # a ledger names the same firms row after row
def problem(code):
    """Why ``code`` is no USCC, as a Chinese sentence; an empty string when it is one. Leading letters are legal."""
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现在是 {len(code)} 位"
    strange = next((char for char in code if char not in ALPHABET), None)
    if strange is not None:
        return f"统一社会信用代码不能含有“{strange}”（不使用字母 I、O、S、V、Z 和小写字母）"
    if check_character(code[:17]) != code[17]:
        return "统一社会信用代码的校验位不对，请核对后重新填写"
    return ""
