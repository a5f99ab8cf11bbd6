"""What the tests of a major hazard share: its plan in words, and a hazard brought where they begin."""

from datetime import timedelta

from hazards import operations
from tests import stages

ZEROS = {"fault_cleared": "两处已隔开", "gap_closed": "变更须先论证"}


def plan(hazard, **said):
    """All that a version says, to be finished a day before the deadline."""
    given = stages.now(stages.PLAN, None) | {"finish_by": hazard.deadline - timedelta(days=1)}
    return given | said


def report(hazard, by, at):
    given = stages.now(stages.TOLD["report_major"][0], by)
    return operations.report_major(hazard, by=by, at=at, **given)


def officers(bodies):
    return [bodies["supervising"], bodies["supervising_inspector"]]


def accept(hazard, bodies, at, passed=True, **said):
    given = {"opinion": "逐项核对", "expert_opinion": "检测合格", "officers": officers(bodies)} | said
    return operations.accept(hazard, by=bodies["supervising"], at=at, passed=passed, **given)
