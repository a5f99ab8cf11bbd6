from django.db.models import Q

from accounts.roles import Role
from bulletins import audience, operations
from bulletins.forms import PlainForm
from bulletins.models import Bulletin
from bulletins.rules import serves_an_office
from journal.acts import Act, Notice
from journal.api import ActSerializer


def waits_for(user):
    """The others of the office, and the leaders of its place."""
    wrote = Q(drafted_by=user.pk) | Q(submitted_by=user.pk)
    if serves_an_office(user):
        return Q(state="pending", unit=user.unit_id) & ~wrote
    if user.role == Role.LEADER and user.unit_id is not None:
        return Q(state="pending", division=user.unit.division_code) & ~wrote
    return None


act = Act(
    record=Bulletin,
    name="issue_bulletin",
    verb=operations.issue_bulletin,
    form=PlainForm,
    serializer=ActSerializer,
    words="签发",
    title="签发通报",
    button="签发并印发",
    strip="签发后给出文号，发到本级辖区各单位，内容不再改动；不是取自冻结数字的，页面上已标出，请先核对。",
    done="已签发：{record.number}，已发到各单位",
    icon="circle-check",
    looks={"issue_bulletin": "ok"},
    group="通报待签发",
    waiting="等待签发",
    waits_for=waits_for,
    waits_since="drafted_at",
    notices={"issue_bulletin": Notice("通报已印发：{number}", audience.readers)},
)
