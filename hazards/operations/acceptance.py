"""验收: what a review is to a major hazard. Done on site by two officers of the level that supervises it."""

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.roles import OFFICERS, Role
from evidence.operations import names_of
from hazards.operations.rectification import settle
from journal import gate
from journal.refusal import Refused

TWO_OFFICERS = "验收须由两名不同的执法人员进行，请选择两人"


def acceptors(hazard):
    """The officers who may be named: those of the departments that supervise it and of the safety offices over it; not who filed the
    feedback."""
    bodies = Q(unit__in=[hazard.supervising_unit_id, hazard.competent_unit_id])
    places = [hazard.division_code, hazard.county_code, hazard.city_code]
    offices = Q(role=Role.SAFETY_OFFICE, unit__division_code__in=places)
    people = User.objects.filter(bodies | offices, is_active=True, role__in=OFFICERS).exclude(pk=hazard.feedback_by_id)
    return people.select_related("unit").order_by("unit__code", "pk")


@transaction.atomic
def accept(hazard, *, by, at, passed, opinion, expert_opinion, officers, documents=(), deadline=None):
    """Accept what was reported as mended (→ 已销号) or not (→ 整改中), with what experts or a third party say and two ``officers``.

    ``documents``: the report of the experts or of the third party. A deadline as in `hazards.operations.review`.
    """
    name = "pass_acceptance" if passed else "reset_acceptance" if deadline else "fail_acceptance"
    gate.check(hazard, name, by=by)
    people = list(dict.fromkeys(officers))
    if len(people) != 2:
        raise Refused(TWO_OFFICERS)
    if not expert_opinion:
        raise Refused("请填写专家意见或第三方报告的结论")
    if acceptors(hazard).filter(pk__in=[person.pk for person in people]).count() != 2:
        raise Refused("验收人员须是监管部门、主管部门或安委办的在职人员，且不能是提交反馈的本人；请重新选择")
    first, second = people
    said = {"expert_opinion": expert_opinion, "first_officer": first, "second_officer": second}
    return settle(
        hazard,
        name,
        by=by,
        at=at,
        passed=passed,
        opinion=opinion,
        deadline=deadline,
        reviewers=f"{first}、{second}",
        said=said,
        changes={
            "执法人员": f"{first}、{second}",
            "专家意见或第三方报告": expert_opinion,
            "附件": names_of(documents),
        },
        documents=documents,
    )
