"""Changes one thing at a time in the modules of mutants.toml and asks whether a test of theirs fails: ``make mutants``.

The tree that is asked is a copy, and no file of it is changed (`mutant_run`). What became of a mutant is kept in build/mutants/, so
that a run that was ended goes on where it stopped: a killed one stays killed while its module is the same, one that lived is asked
again once a test changed. ``--fresh`` asks all. A mutant that no test can kill stands in mutants_explained.toml with the reason; any
other that lives makes the run fail.
"""

import argparse
import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import mutant_run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KEPT = ROOT / "build" / "mutants"
MOST = 3.0  # percent of a module's mutants that may live
KILLED, LIVED, NONE = "killed", "lived", "does not start"


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("modules", nargs="*", help="paths out of mutants.toml; all without")
    asked.add_argument("--fresh", action="store_true", help="ask again what is known")
    asked.add_argument("--sample", type=int, metavar="N", help="N of each module, the same ones while it is the same")
    asked.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    said = asked.parse_args()
    table = tomllib.loads((HERE / "mutants.toml").read_text(encoding="utf-8"))
    if unknown := set(said.modules) - set(table):
        return f"not in mutants.toml: {', '.join(sorted(unknown))}"
    reasons = tomllib.loads((HERE / "mutants_explained.toml").read_text(encoding="utf-8"))
    KEPT.mkdir(parents=True, exist_ok=True)
    mutant_run.load_libraries()
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        tree = copied(Path(place) / "tree")
        results = [
            Module(name, table[name], tree, Path(place), said.fresh).ask(said.jobs, said.sample)
            for name in said.modules or table
        ]
    return report(results, reasons)


def copied(tree):
    """The files of the checkout as they are now, and what is built of them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    shutil.copytree(ROOT / "build" / "static", tree / "build" / "static")
    (tree / "node_modules").symlink_to(ROOT / "node_modules")
    return tree


class Module:
    """One module, its mutants and what became of each."""

    def __init__(self, name, tests, tree, place, fresh):
        self.name, self.tests, self.tree = name, tests, tree
        self.place = Path(tempfile.mkdtemp(dir=place))
        self.dotted = name.removesuffix(".py").replace("/", ".")
        self.text = (tree / name).read_text(encoding="utf-8")
        self.file = KEPT / f"{name.replace('/', '.')}.json"
        self.known = json.loads(self.file.read_text()) if self.file.exists() and not fresh else {}
        self.age = digest(*(path.read_text(encoding="utf-8") for path in sorted((tree / "tests").rglob("*.py"))))
        self.mutants, self.kills, self.whole = [], Counter(), True
        self.warm = self.file.with_suffix(".warm")
        if not fresh:
            self.take_warm()

    def ask(self, jobs, sample=None):
        """Asks of all mutants, or of ``sample`` of them, what is not known yet."""
        from mutant_kinds import mutants

        started = time.monotonic()
        self.mutants = mutants(self.text)
        if sample and sample < len(self.mutants):
            self.mutants, self.whole = Random(self.text).sample(self.mutants, sample), False  # noqa: S311
        waiting = [one for one in self.mutants if not self.is_known(one)]
        if waiting:
            self.first_run(waiting, jobs)
            # What lived may owe it to something that was loaded before: it is asked again, loaded anew.
            cold = [one for one in waiting if self.known.get(digest(one[1])) != [KILLED, self.age]]
            with ThreadPoolExecutor(jobs) as pool:
                for one, outcome in pool.map(self.outcome, cold):
                    self.keep({digest(one[1]): outcome})
        print(f"{self.name}: {len(waiting)} asked in {time.monotonic() - started:.0f} s", flush=True)
        return self

    def keep(self, outcomes):
        self.known |= {name: [outcome, self.age] for name, outcome in outcomes.items()}
        self.file.write_text(json.dumps(self.known))

    def is_known(self, mutant):
        outcome, age = self.known.get(digest(mutant[1]), (None, None))
        return outcome in (KILLED, NONE) or (outcome == LIVED and age == self.age)

    def first_run(self, waiting, jobs):
        """The tests on the code as it is: they must pass, and tell how long each takes; then on the mutants that need no loading."""
        module = (self.dotted, str(self.tree / self.name), self.text)
        watch = mutant_run.Warm(module, [(digest(text), text) for _, text in waiting], jobs, self.warm)
        code, said = self.fork("first", watch=watch)
        if code:
            log = (self.place / "first.log").read_text(errors="replace")
            raise SystemExit(f"{self.name}: its tests fail without any mutant: {said['failed']}\n{log[-3000:]}")
        self.took = said["seconds"]
        self.cpu = 30 + int(5 * sum(self.took.values()))
        self.take_warm()

    def take_warm(self):
        """What the warm runs said, this one or one that was ended: the killed."""
        if self.warm.exists():
            outcomes = json.loads(self.warm.read_text())
            self.keep({name: outcome for name, outcome in outcomes.items() if outcome == KILLED})
            self.warm.unlink()

    def outcome(self, mutant):
        """``(mutant, what became of it)``."""
        watch = mutant_run.Watch(sorted(self.took, key=lambda nodeid: (-self.kills[nodeid], self.took[nodeid])))
        code, said = self.fork(digest(mutant[1])[:16], mutant[1], watch)
        self.kills.update(said["failed"])
        return mutant, {0: LIVED, 1: KILLED, mutant_run.OUT_OF_TIME: KILLED}.get(code, NONE)

    def fork(self, slug, text=None, watch=None):
        told = self.place / f"{slug}.json"
        mutant = text and (self.dotted, self.tree / self.name, text)
        pid = os.fork()
        if not pid:
            mutant_run.run(
                self.tests, tree=self.tree, var=self.place, told=told, mutant=mutant, watch=watch,
                cpu=self.cpu if text else None,
            )  # fmt: skip
        _, status = os.waitpid(pid, 0)
        shutil.rmtree(told.with_suffix(".var"), ignore_errors=True)
        if os.WIFSIGNALED(status):
            return mutant_run.OUT_OF_TIME, {"failed": []}
        return os.waitstatus_to_exitcode(status), json.loads(told.read_text()) if told.exists() else {"failed": []}

    def count(self):
        return Counter(self.known[digest(text)][0] for _, text in self.mutants)

    def lived(self):
        """``[(kind, lines before, lines after), …]``."""
        return [
            (kind, *changed(self.text, text)) for kind, text in self.mutants if self.known[digest(text)][0] == LIVED
        ]


def digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def changed(before, after):
    """The lines that differ, without their indentation: what an explanation names."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    return tuple(" ⏎ ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")


def report(modules, reasons):
    """Prints the figures and what lives unexplained; what is wrong, for the exit of the process, or None."""
    wrong = []
    print(f"\n{'module':<26}{'mutants':>8}{'killed':>8}{'lived':>7}{'explained':>10}{'unexplained':>12}{'lived %':>9}")
    totals = Counter()
    for one in modules:
        counted, lived = one.count(), one.lived()
        explained = {(each["before"], each["after"]) for each in reasons.get(one.name, [])}
        open_ones = [each for each in lived if each[1:] not in explained]
        gone = explained - {each[1:] for each in lived} if one.whole else ()
        row = Counter(
            mutants=counted[KILLED] + counted[LIVED], killed=counted[KILLED], lived=len(lived),
            explained=len(lived) - len(open_ones), unexplained=len(open_ones),
        )  # fmt: skip
        totals.update(row)
        print(line(one.name, row))
        if row["unexplained"]:
            wrong.append(f"{one.name}: {row['unexplained']} mutants live unexplained")
        if percent(row) > MOST:
            wrong.append(f"{one.name}: more than {MOST} % live")
        wrong += [f"{one.name}: explained, but no such mutant lives: {before} → {after}" for before, after in gone]
        for kind, before, after in open_ones:
            print(f"    {kind}\n      - {before}\n      + {after}")
    print(line("all", totals))
    return "\n".join(wrong) or None


def percent(row):
    return 100 * row["lived"] / max(row["mutants"], 1)


def line(name, row):
    return (
        f"{name:<26}{row['mutants']:>8}{row['killed']:>8}{row['lived']:>7}{row['explained']:>10}{row['unexplained']:>12}"
        f"{percent(row):>9.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
