"""By which criterion a major hazard is judged: only by what was in force on the day it was found (domain rule of 判定标准).

The row keeps the criterion it was judged by, in the wording of that day, whatever becomes of the standard since.
"""

from folding.texts import fold
from hazards.rules import needs_review
from journal.refusal import Refused
from look.words import full_date

NOT_MAJOR = "判定标准只用于重大隐患；一般隐患请不要选择判定标准"
SUPERSEDED = "所选的判定标准已有新的表述或已停用，请重新查找"


def check_day(criterion, found_on):
    """Refuse when ``criterion`` could not be judged by on ``found_on``."""
    standard = criterion.standard
    if standard.is_in_force_on(found_on):
        return
    begun = standard.effective_on is None or standard.effective_on <= found_on
    what, day = ("废止", standard.expires_on) if begun else ("施行", standard.effective_on)
    raise Refused(
        f"{standard}自 {full_date(day)} 起{what}，不能用来判定 {full_date(found_on)} 排查的隐患；请改选排查当日有效的判定标准"
    )


def judged(criterion, *, level, basis, found_on):
    """What a hazard of these facts, judged by ``criterion`` from now on, gives as its basis: the citation, where nothing was typed.

    Refused where it is not major, the criterion was not in force or is superseded, or the basis names another one.
    """
    if not needs_review(level):
        raise Refused(NOT_MAJOR)
    check_day(criterion, found_on)
    if not criterion.is_newest():
        raise Refused(SUPERSEDED)
    basis = basis or criterion.citation
    if not criterion.is_cited_in(basis):
        raise Refused(f"判定依据中没有写所选的“{criterion}”；请写明，或不选判定标准")
    if criterion.is_whole and fold(basis) == fold(criterion.citation):
        raise Refused(f"系统中没有{criterion.standard}的条目，请在判定依据中写明所依据的条款")
    return basis


def settle(hazard, changed):
    """The columns to set besides when ``changed`` ({column: value}) is put right on ``hazard``, as ``{column: value}``.

    A basis that names the criterion no more, or a level that needs none, forgets it; a day on which it was not in force is refused.
    """

    def then(name):
        return changed.get(name, getattr(hazard, name))

    criterion = then("criterion")
    if criterion is None:
        return {}
    if "criterion" in changed:
        kept = hazard.basis if criterion.is_cited_in(hazard.basis) else ""
        basis = judged(criterion, level=then("level"), basis=changed.get("basis", kept), found_on=then("found_on"))
        return {} if basis == then("basis") else {"basis": basis}
    if not needs_review(then("level")) or ("basis" in changed and not criterion.is_cited_in(changed["basis"])):
        return {"criterion": None}
    if "found_on" in changed:
        check_day(criterion, changed["found_on"])
    return {}


def as_typed(given, before=""):
    """Let ``given``, what a form cleaned, mean what was typed last: a basis written over by hand, or a level that needs none,
    forgets the criterion that stands in the form; a blank basis is its citation. ``before``: the basis that stood there."""
    criterion = given.get("criterion")
    if criterion is None:
        return
    basis = given.get("basis") or ""
    is_another = basis and basis != before and not criterion.is_cited_in(basis)
    if is_another or not needs_review(given.get("level")):
        given["criterion"] = None
    elif not basis:
        given["basis"] = criterion.citation
