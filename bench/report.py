"""From results to the ratios between sizes, the table on the terminal and bench.json."""

import json

GROWTH = {"P1": 1.2, "P8": 1.1}  # what a ledger of any size may cost over the smallest, in seconds of the same run
HEAD = ("id", "database", "rows", "measured", "goal", "", "seconds", "peak MB")


def with_growth(results):
    """``results`` and what each of `GROWTH` costs at every larger size over the smallest."""
    grown = []
    for database in dict.fromkeys(one["database"] for one in results):
        for name, goal in GROWTH.items():
            sizes = sorted(
                (one for one in results if one["id"] == name and one["database"] == database),
                key=lambda one: one["rows"],
            )
            grown += [
                one
                | {
                    "id": f"{name} growth",
                    "ratio": round(one["seconds"] / sizes[0]["seconds"], 3),
                    "goal": goal,
                    "unit": "×",
                }
                for one in sizes[1:]
            ]
    return results + grown


def table(results):
    """Lines for a terminal, by id, database and size."""
    lines = [HEAD]
    for one in sorted(results, key=lambda one: (one["id"], one["database"], one["rows"])):
        goal = one["goal"]
        verdict = "" if goal is None else "ok" if one["ratio"] <= goal else "MISSED"
        whole = one["unit"] in ("queries", "MB", "errors")
        measured = f"{one['ratio']:.{0 if whole else 3 if one['ratio'] < 0.1 else 2}f} {one['unit']}"
        lines.append(
            (
                one["id"],
                one["database"],
                f"{one['rows']:,}",
                measured,
                "" if goal is None else f"≤ {goal:g}",
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
