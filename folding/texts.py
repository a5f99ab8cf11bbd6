"""The folded form of a text: what stays of it when two people typing the same thing differ only in how they typed it.

Text itself is stored as typed; its folded form stands beside it (`folding.fields`) and is what is compared.
"""

import re
from functools import lru_cache
from unicodedata import category, normalize

# One sign for many: what input methods, fonts and habits make of the same one. NFKC has unified widths before.
_ONE_FOR = {
    "(": "[{【〔〖〘〚⟨⦅",
    ")": "]}】〕〗〙〛⟩⦆",
    '"': "'`“”„‟‘’‚‛「」『』〝〞〟′‵´",
    "《": "〈«‹",
    "》": "〉»›",
    "-": "‐‑‒–—―−─━˗⁃",
    "·": "•・‧∙⋅",
}
_SIGNS = {ord(other): sign for sign, others in _ONE_FOR.items() for other in others}
# Nothing to be seen, though Unicode does not count them among the controls and formats.
_INVISIBLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810)} | {
    *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE1000),
}
_DASHES = re.compile("-{2,}")
# Ideographs are their own folded form and combine with nothing; what stands between them is folded run by run.
_RUN = re.compile("[^\u3400-\u4dbf\u4e00-\u9fff]+")


class _Table(dict):
    """For `str.translate`: filled as signs are met, because most of Unicode never is."""

    def __missing__(self, code):
        sign = chr(code)
        unseen = code in _INVISIBLE or sign.isspace() or category(sign) in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")
        self[code] = found = None if unseen else _SIGNS.get(code, sign)
        return found


_TABLE = _Table()


def fold(text):
    """``text`` without what only typing makes different: width and compatibility forms (NFKC), case, the kinds of brackets,
    quotation marks, dashes and middle dots; without white space and anything invisible.

    ``"５号配电室 （ＡＢ门）"`` and ``"5号配电室【ab门】"`` are both ``"5号配电室(ab门)"``. Folding twice changes nothing.
    """
    return _RUN.sub(_folded_run, text)


@lru_cache(maxsize=4096)  # commas, brackets and "1号" come again and again
def _folded(run):
    while True:
        folded = _DASHES.sub("-", normalize("NFKC", normalize("NFKC", run).casefold()).translate(_TABLE))
        if folded == run:
            return folded
        run = folded


def _folded_run(match):
    return _folded(match[0])


def words_of(text):
    """The words of a query, folded, each once and in order: ``"ＹＨ－4114　冷链"`` is ``["yh-4114", "冷链"]``."""
    return [word for word in dict.fromkeys(map(fold, text.split())) if word]
