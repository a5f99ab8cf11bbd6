"""The same text as other people would type it."""

from hypothesis import strategies as st

WIDE = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
ALIKE = ("([{（【〔［", ")]}）】〕］", "\"'“”‘’「」＂", "-—–－‐―", "·•・‧", "《〈", "》〉")
NOTHING = ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u200e", "\ufe0f"]


@st.composite
def spelled(draw, text, *, blanks=(" ", "\u3000", "\t", "\u00a0")):
    """``text`` with other widths, cases, brackets, quotation marks, dashes and dots, and with ``blanks`` and invisible signs
    anywhere. The ends stay visible, as a form or a cell would strip them."""
    written = []
    for sign in text:
        alike = next((signs for signs in ALIKE if sign in signs), "")
        forms = [sign, *alike, sign.upper(), sign.lower()]
        forms += [WIDE[ord(form)] for form in forms if ord(form[0]) in WIDE and len(form) == 1]
        written.append(draw(st.sampled_from(forms)))
        if draw(st.integers(0, 3)) == 0:
            written.append(draw(st.sampled_from([*NOTHING, *blanks])))
    return "".join(written).strip() or text
