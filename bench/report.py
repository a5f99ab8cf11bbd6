"""From results to the ratios between sizes, the table on the terminal and bench.json."""

import json

GOAL_GROWTH = 1.2
HEAD = ("id", "database", "rows", "measured", "goal", "", "seconds", "peak MB")


def with_growth(results):
    """``results`` and, where P1 was measured at several sizes, what the largest costs over the smallest."""
    grown = []
    for database in dict.fromkeys(one["database"] for one in results):
        pages = sorted(
            (one for one in results if one["id"] == "P1" and one["database"] == database), key=lambda one: one["rows"]
        )
        if len(pages) > 1:
            ratio = round(pages[-1]["seconds"] / pages[0]["seconds"], 3)
            grown.append(pages[-1] | {"id": "P1 growth", "ratio": ratio, "goal": GOAL_GROWTH})
    return results + grown


def table(results):
    """Lines for a terminal, by id, database and size."""
    lines = [HEAD]
    for one in sorted(results, key=lambda one: (one["id"], one["database"], one["rows"])):
        verdict = "ok" if one["ratio"] <= one["goal"] else "MISSED"
        measured = f"{one['ratio']:.2f} ×" if one["unit"] == "×" else f"{one['ratio']:.0f} {one['unit']}"
        lines.append(
            (
                one["id"],
                one["database"],
                f"{one['rows']:,}",
                measured,
                f"≤ {one['goal']:g}",
                verdict,
                f"{one['seconds']:.3f}",
                f"{one['peak_rss_mb']:.0f}",
            )
        )
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    return ["  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def write(path, results):
    """``results`` as JSON, one object a line so that two runs can be compared."""
    path.write_text("[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in results) + "\n]\n")
