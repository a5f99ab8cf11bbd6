"""The figures of a table counted once more, slowly and another way: every row is summed from its events in Python, every figure is a
loop over rows. It shares nothing with `rankings.figures` and `journal.past` but the words of the rules."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from accounts.models import Unit
from enforcement.models import Measure, MeasureEvent
from hazards.models import ExtensionDecision, Hazard, HazardEvent, Transfer
from inspections.models import Enterprise, EnterpriseEvent, Inspection, Sector

LISTED = {"registered", "rectifying", "pending_review", "closed"}


def days(text):
    return date.fromisoformat(text) if text else None


class Past:
    """Everything as it was before the moment ``at``."""

    def __init__(self, at):
        self.at = at
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        self.hazards = self._summed(Hazard, HazardEvent)
        self.firms = self._summed(Enterprise, EnterpriseEvent)
        visits = Inspection.objects.filter(is_draft=False)
        self.visits = [visit for visit in visits if (visit.completed_at or visit.created_at) < at]
        self.visit_by_pk = {visit.pk: visit for visit in self.visits}

    def _summed(self, model, stream):
        rows = defaultdict(dict)
        for event in stream.objects.filter(at__lt=self.at).order_by("record_id", "sequence"):
            row = rows[event.record_id]
            row.update(event.facts)
            row["state"] = event.to_state
        return {pk: defaultdict(lambda: None, row) for pk, row in rows.items()}


class Recount:
    """Counts of one competitor between two days. ``where(division code)`` says what lies in it, ``who(unit)`` which bodies are its."""

    def __init__(self, past, first, last, constants):
        self.past, self.first, self.last, self.c = past, first, last, constants
        self.rows = [(pk, row) for pk, row in past.hazards.items() if row["state"] in LISTED]

    def inside(self, day):
        return day is not None and self.first <= day <= self.last

    def scoring(self, row):
        by = days(row["deadline_before_reset"]) or days(row["deadline"])
        limit = self.c.limit_days_major if row["level"] == "major" else self.c.limit_days_general
        return by if row["longer_approved"] else min(by, days(row["found_on"]) + timedelta(days=limit))

    def at_once(self, row):
        if row["fixed_on_spot"]:
            return True
        closed = days(row["closed_on"])
        registered = row["registered_at"] and datetime.fromisoformat(row["registered_at"]).astimezone(
            self.past.at.tzinfo
        )
        return bool(row["state"] == "closed" and closed and registered and registered.date() == closed)

    def taken_back(self, row):
        """Whether it was refused in the span, after it was due."""
        refused = days(row["refused_on"])
        return bool(row["deadline"]) and self.inside(refused) and refused > self.scoring(row)

    def of_rows(self, rows):
        """The figures of the rows that fall to one competitor."""
        n = defaultdict(int)
        spans = []
        for _, row in rows:
            found, closed, rectified, feedback = (
                days(row[name]) for name in ("found_on", "closed_on", "rectified_on", "feedback_on")
            )
            is_closed, is_major = row["state"] == "closed", row["level"] == "major"
            if self.inside(found):
                n["found"] += 1
                n["found_major"] += is_major
                n["closed_of_found"] += is_closed
            if is_closed and self.inside(closed):
                n["closed"] += 1
                spans.append((closed - found).days)
            n["returned"] += self.inside(days(row["reopened_on"]))
            if row["state"] == "pending_review" and (self.last - feedback).days > self.c.review_days:
                n["reviews_late"] += 1
            unsent = row["state"] == "registered" and row["issue_due_on"] and days(row["issue_due_on"]) <= self.last
            parked = row["state"] == "pending_review" and (self.last - feedback).days > self.c.review_days
            waits_in_vain = parked or (row["state"] == "pending_review" and self.taken_back(row))
            if unsent or (
                row["deadline"] and self.scoring(row) <= self.last and (waits_in_vain or row["state"] == "rectifying")
            ):
                n["owed_major" if is_major else "owed_general"] += 1
            if row["state"] == "registered" and row["issue_due_on"] and days(row["issue_due_on"]) <= self.last:
                n["waiting_to_issue"] += 1
            if row["deadline"] and row["state"] == "rectifying":
                by = days(row["deadline_before_reset"]) or days(row["deadline"])
                if by <= self.last:
                    n["overdue"] += 1
                    n["overdue_major" if is_major else "overdue_general"] += 1
            self._rates(n, row, feedback, rectified, is_closed)
        n["avg_days"] = round(sum(spans) / len(spans), 1) if spans else None
        return n

    def _rates(self, n, row, feedback, rectified, is_closed):
        if self.at_once(row):
            return
        taken_back = self.taken_back(row)
        believed = row["state"] == "pending_review" and (self.last - feedback).days <= self.c.review_days
        believed = believed and not taken_back
        due, issued = days(row["issue_due_on"]), days(row["issued_on"])
        if self.inside(due) and not row["reopened"] and (issued is None or issued > due):
            n["unissued"] += 1
        if not row["deadline"]:
            return
        scoring = self.scoring(row)
        if self.inside(scoring):
            n["due"] += 1
            n["rectified_of_due"] += (is_closed or believed) and not taken_back
            n["believed"] += believed
            answered = rectified if is_closed else feedback if believed else None
            n["on_time"] += answered is not None and answered <= scoring
            n["undated"] += is_closed and rectified is None
            n["original_on_time"] += bool(is_closed and rectified and rectified <= days(row["original_deadline"]))
        elif scoring < self.first and self.inside(days(row["refused_on"])):
            n["refused"] += 1

    def of_own(self, is_own):
        """Rows found on visits of the body, and the firms among them where nobody else had found anything in the days before."""
        n, finders = defaultdict(int), set()
        for pk, row in self.rows:
            visit = self.past.visit_by_pk.get(row["inspection"]) or (
                row["inspection"] and Inspection.objects.get(pk=row["inspection"])
            )
            if (
                not self.inside(days(row["found_on"]))
                or not visit
                or visit.kind == "self"
                or not is_own(row["found_by_unit"])
            ):
                continue
            if row["state"] == "closed" and not row["fixed_on_spot"] and self.at_once(row):
                continue
            n["own_found"] += 1
            n["spot"] += bool(row["fixed_on_spot"])
            if not self._repeats(pk, row, is_own):
                finders.add(row["enterprise"])
        n["finders"] = len(finders)
        return n

    def _repeats(self, pk, row, is_own):
        found = days(row["found_on"])
        for _other_pk, other in self.rows:
            if other["enterprise"] != row["enterprise"] or is_own(other["found_by_unit"]):
                continue
            when = days(other["found_on"])
            earlier = when < found or (when == found and other["registered_at"] < row["registered_at"])
            if earlier and (found - when).days <= self.c.repeat_days:
                return True
        return False

    def missed(self, rows, is_own, higher):
        firms = set()
        for _, row in rows:
            found = days(row["found_on"])
            if not self.inside(found) or not higher(row["found_by_unit"]):
                continue
            since = found - timedelta(days=self.c.missed_days)
            been = any(
                visit.enterprise_id == row["enterprise"]
                and is_own(visit.unit_id)
                and visit.kind != "self"
                and since <= visit.inspected_on < found
                for visit in self.past.visits
            )
            noted = any(
                other["enterprise"] == row["enterprise"]
                and is_own(other["found_by_unit"])
                and since <= days(other["found_on"]) < found
                and (not row["accident_type"] or other["accident_type"] in (None, "", row["accident_type"]))
                for _, other in self.rows
            )
            if been and not noted:
                firms.add(row["enterprise"])
        return len(firms)

    def of_visits(self, is_own):
        paid = [
            visit for visit in self.past.visits
            if self.inside(visit.inspected_on) and visit.kind != "self" and is_own(visit.unit_id)
        ]  # fmt: skip
        return {"inspections": len(paid), "inspected": len({visit.enterprise_id for visit in paid})}

    def register_days(self, falls):
        total = 0
        for firm in self.past.firms.values():
            start, end = days(firm["registered_on"]), days(firm["closed_on"])
            day = self.first
            while falls(firm) and day <= self.last:
                total += start <= day and (end is None or day <= end)
                day += timedelta(days=1)
        return total

    def of_measures(self, is_own):
        n, firms = defaultdict(int), set()
        entered = dict(MeasureEvent.objects.filter(sequence=1).values_list("record", "at"))
        for one in Measure.objects.all():
            in_force = one.withdrawn_on is None or one.withdrawn_on > self.last
            if entered[one.pk] >= self.past.at or not in_force or not self.inside(one.on) or not is_own(one.unit_id):
                continue
            for kind, name in (
                ("order", "orders"),
                ("penalty", "penalties"),
                ("suspension", "suspensions"),
                ("closure", "closures"),
            ):
                n[name] += one.kind == kind
            if one.kind in ("order", "penalty"):
                firms.add(one.enterprise_id)
        n["punished"] = len(firms)
        return n

    def extensions(self, rows):
        of_unit = {pk for pk, _ in rows}
        return sum(
            one.granted
            and one.at < self.past.at
            and self.inside(one.at.astimezone(self.past.at.tzinfo).date())
            and one.request.hazard_id in of_unit
            for one in ExtensionDecision.objects.select_related("request")
        )

    def transfers_late(self, is_own):
        late = 0
        for one in Transfer.objects.all():
            if one.at >= self.past.at or not is_own(one.to_unit_id):
                continue
            ended = one.ended_at and one.ended_at.astimezone(self.past.at.tzinfo).date()
            late += bool(one.answered_on and self.inside(one.answered_on) and one.answered_on > one.due_on) or (
                one.due_on <= self.last and (one.outcome == "" or (ended is not None and ended > self.last))
            )
        return late


def recounted(past, kind, unit, first, last, constants):
    """``{figure: number}`` of ``unit`` (or sector) in a table of ``kind``, by the names of `rankings.figures.COUNTS`."""
    count = Recount(past, first, last, constants)
    units = past.units
    levels = {"township": ("city", "county"), "county": ("city",)}.get(kind, ())
    if kind == "department":
        is_own = lambda pk: pk == unit.pk  # noqa: E731
        falls = lambda row: row["competent_unit"] == unit.pk  # noqa: E731
    else:
        at = unit.division_code
        is_own = lambda pk: (units[pk].division_code == at) if kind == "township" else units[pk].division_code[:6] == at  # noqa: E731
        falls = lambda row: row["division_code"][: len(at)] == at and (kind == "county" or row["division_code"] == at)  # noqa: E731
    rows = [(pk, row) for pk, row in count.rows if falls(row)]
    found = count.of_rows(rows) | count.of_own(is_own) | count.of_visits(is_own) | count.of_measures(is_own)
    found["missed"] = count.missed(rows, is_own, lambda pk: units[pk].level in levels) if levels else 0
    found["transfers_late"] = count.transfers_late(is_own)
    found["extensions"] = count.extensions(rows)
    sectors = {sector.pk: sector.competent_function for sector in Sector.objects.all()}
    if kind == "department":
        belongs = lambda firm: (  # noqa: E731
            firm["division_code"].startswith(unit.division_code)
            and unit.function
            and sectors.get(firm["sector"]) == unit.function
        )
    else:
        belongs = lambda firm: firm["division_code"][: len(unit.division_code)] == unit.division_code  # noqa: E731
    found["register_days"] = count.register_days(belongs)
    return found
