"""The long form: `make faults` or `python -m tests.faults.long --kills 200`. Prints what stands in docs/RELIABILITY.md; ends with 1 when a promise broke."""

import argparse
import collections
import random
import sys
import tempfile
import time

from tests.faults.house import House
from tests.faults.load import Load

RECOVERY = 10
PEOPLE = 4


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200, help="how many processes to end by kill -9")
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, House(folder, photos=10 * options.kills) as house:
        return run(house, options.kills, random.Random(options.seed))


def run(house, kills, chance):
    """Kills, and in between cuts or holds a line; returns 0 when everything held."""
    began, done, slow, faults = time.monotonic(), collections.Counter(), [], []
    victims = [
        *[("web, all of it", lambda: house.kill("web"))],
        *[("a web process", lambda: house.kill_child("web"))] * 3,
        *[("worker, all of it", lambda: house.kill("worker"))] * 2,
        *[("the worker's child", lambda: house.kill_child("worker"))] * 2,
        *[("beat", lambda: house.kill("beat"))],
    ]
    with Load(house, PEOPLE) as load:
        while sum(done.values()) < kills:
            name, kill = chance.choice(victims)
            if kill() is False:
                time.sleep(0.2)
                continue
            done[name] += 1
            # Killed while people work, not while nobody is served.
            house.until(lambda: house.ask("/healthz", cookies={})[0] == 200, 3 * RECOVERY)
            time.sleep(chance.uniform(0.2, 2))
            if sum(done.values()) % 20 == 0:
                fault = chance.choice(
                    [(line, way) for line in ("postgres", "redis") for way in ("hang", "refuse", "cut")]
                )
                faults.append(fault)
                slow.append((fault, *disturb(house, *fault)))
                print(
                    f"{sum(done.values())} kills, {len(load.acknowledged)} acknowledged; {fault}: {slow[-1][1:]}",
                    flush=True,
                )
    settled = (
        house.until(lambda: not house.owed(), 1) or (house.kill("worker"), house.until(lambda: not house.owed(), 60))[1]
    )
    ready = house.until(lambda: house.ready()[0] == 200, 3 * RECOVERY)
    lost, doubled, gaps = load.verdict()
    messages, twice = house.sent()
    tampered = house.tampered()
    unnamed = [fault for fault, named, _ in slow if not named]
    late = [fault for fault, _, seconds in slow if seconds is None]
    print(f"{sum(done.values())} × kill -9 in {time.monotonic() - began:.0f} s: {dict(done)}")
    print(
        f"{len(load.acknowledged)} acknowledged writes, {len(lost)} lost, {len(doubled)} twice, {len(gaps)} numbers missing"
    )
    print(f"{len(load.unanswered)} without an answer, {len(load.refused)} refused {load.refused[:3]}")
    print(f"{messages} reminders and notices with a key, {twice} sent twice; all owed sent: {bool(settled)}")
    print(f"{len(slow)} lines cut or held: not named by /readyz: {unnamed}, back later than {RECOVERY} s: {late}")
    print(
        f"slowest recovery: {max((seconds or 0 for *_, seconds in slow), default=0):.1f} s; ready at the end: {bool(ready)}"
    )
    print(f"verify_audit finds wrong: {tampered[:5] or 'nothing'}")
    return int(bool(lost or doubled or gaps or twice or tampered or unnamed or late or not settled or not ready))


def disturb(house, line, way):
    """A line hangs, is refused or cut for a few seconds; `(named by /readyz within 2.2 s, seconds until ready again or None)`."""
    house.until(lambda: house.ready()[0] == 200, 3 * RECOVERY)  # from the kills before
    getattr(getattr(house, line), way)()
    name = {"postgres": "database", "redis": "broker"}[line]
    named = True
    if way != "cut":
        _, wrong, seconds = house.ready()
        named = name in wrong and seconds < 2.2
        time.sleep(3)
    getattr(house, line).flow()
    return named, house.until(lambda: house.ready()[0] == 200, RECOVERY)


if __name__ == "__main__":
    sys.exit(main())
