"""判定标准: by which provisions a hazard is judged major, in our own short wording; what the register page searches in."""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "criteria.csv"


@cache
def served():
    """For the page's script: ``[{"basis", "place", "words"}, …]``.

    ``basis`` is the text that the row keeps (standard, number, article and item: domain rule of 判定依据), ``place`` its short
    form for the list, ``words`` the field of work and the wording.
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            {
                "basis": f"{row['standard']}（{row['number']}）{row['article']}{row['item']}：{row['wording']}",
                "place": f"{row['number']} {row['article']}{row['item']}",
                "words": f"{row['field']}：{row['wording']}",
            }
            for row in csv.DictReader(file)
        ]
