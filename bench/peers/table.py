"""Who took how long, and what each of them does not do."""

NOT_THE_SAME = """
All work on the same rows of the same tables; each measure has a process of its own, so that its memory is its own.
P1, the newest 50 rows. The admin shows a superuser everything: no scope, no persons, no words for deadlines, no figures on tabs;
   it counts all rows twice. The ledger is asked for all rows of a city, the widest scope there is.
P4, all columns. django-import-export holds data set and workbook in memory before the first byte goes out; codes stay codes,
   without title, widths or paper. The ledger is streamed, and reads back.
P5, rows nobody knows yet. django-import-export is given what it cannot find out: columns named as fields, firms by key, bodies by
   code, numbers, states and days that fit. It recognises no headings, asks for nobody's scope, judges no row, gives no number,
   writes no event and no reminder, and overwrites what is here under the same number. Its admin reads a file twice, here it does once.
""".strip().splitlines()
HEAD = ("id", "who", "measured", "÷ ours", "peak MB")


def lines(results):
    """``results`` (`{"id", "who", "ratio", "unit", "peak_rss_mb"}`) as a table, each divided by the product's of the same id."""
    ours = {}
    for one in results:
        ours.setdefault(one["id"], one["ratio"])
    told = [HEAD]
    for one in sorted(results, key=lambda one: one["id"]):
        measured = f"{one['ratio']:.{0 if one['unit'] == 'queries' else 3}f} {one['unit']}"
        told.append(
            (one["id"], one["who"], measured, f"{one['ratio'] / ours[one['id']]:.1f}", f"{one['peak_rss_mb']:.0f}")
        )
    widths = [max(len(line[place]) for line in told) for place in range(len(HEAD))]
    return ["  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)).rstrip() for line in told]
