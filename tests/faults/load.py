"""People at work: each writes down what was acknowledged, and what was sent without an answer."""

import itertools
import threading


class Load:
    """`people` threads that note on hazards, and register one at every fifth turn, until `stop()`."""

    def __init__(self, house, people=4):
        self.house = house
        self.numbers = itertools.count(1)
        self.photos = iter(house.told["photos"])
        self.acknowledged, self.unanswered, self.refused = [], [], []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(people)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.stopped.set()
        for thread in self.threads:
            thread.join(60)

    def _work(self):
        while not self.stopped.is_set():
            number = next(self.numbers)
            text = f"记录{number:06d}"
            photo = next(self.photos, None) if number % 5 == 0 else None
            status, body = self._register(text, photo) if photo else self._note(text, number)
            kept = {2: self.acknowledged, 0: self.unanswered, 5: self.unanswered}.get(status // 100, self.refused)
            kept.append((text, status, body[:200]))
            if status == 0:
                self.stopped.wait(0.1)  # nobody is there at the moment

    def _note(self, text, number):
        hazards = self.house.told["hazards"]
        return self.house.ask(f"/api/v1/hazards/{hazards[number % len(hazards)]}/comment/", {"text": text})

    def _register(self, text, photo):
        told = self.house.told
        hazard = {"description": text, "requirement": "整改", "before": [photo]}
        visit = {"kind": "routine", "enterprise": told["enterprise"], "inspected_on": told["today"]}
        return self.house.ask("/api/v1/inspections/", visit | {"inspectors": told["inspectors"], "hazards": [hazard]})

    def found(self):
        """`{text: how often it is in the database}`."""
        return dict(
            self.house.rows(
                "SELECT text, COUNT(*) FROM (SELECT note AS text FROM hazards_hazardevent WHERE kind = 'comment'"
                " UNION ALL SELECT description FROM hazards_hazard WHERE description LIKE '记录%%') AS written GROUP BY text"
            )
        )

    def verdict(self):
        """`(lost, doubled, gaps)`: acknowledged and not there, there more than once, numbers that nobody has."""
        found = self.found()
        lost = [text for text, *_ in self.acknowledged if text not in found]
        doubled = [text for text, times in found.items() if times > 1]
        numbers = sorted(
            int(number[-6:])
            for (number,) in self.house.rows("SELECT number FROM hazards_hazard WHERE number IS NOT NULL")
        )
        gaps = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
        return lost, doubled, gaps
