"""责任空缺: what is to be mended, a page at a time."""

import re

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from doors.names import asked, once
from responsibilities import rules
from responsibilities.gaps import gaps_of
from responsibilities.models import Charge

A_PAGE = 50
NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
NO_READER = "责任空缺由政府部门的人员查看"


@asked(query=once("page"))
@require_safe
def gaps(request):
    """The gaps in the reader's scope, each with the way to mend it for those who may."""
    if not request.user.reads_rankings:
        raise PermissionDenied(NO_READER)
    text = request.GET.get("page", "1")
    if not NUMBER.fullmatch(text):
        raise BadRequest("页码应为 1 以上的整数，请从第一页重新打开")
    found, number = gaps_of(request.user), int(text)
    first = (number - 1) * A_PAGE
    shown = found[first : first + A_PAGE]
    context = {
        "rows": [{"gap": gap, "mend": _mend(request.user, gap)} for gap in shown],
        "total": len(found),
        "shown": f"第 {first + 1} — {first + len(shown)} 条" if shown else "第 0 条",
        "previous_url": _page(number - 1) if number > 1 else "",
        "next_url": _page(number + 1) if len(found) > first + A_PAGE else "",
    }
    return render(request, "responsibilities/gaps.html", context)


def _page(number):
    return f"?page={number}"


def _mend(user, gap):
    """``(words, address)`` of what ``user`` can do about it, or None."""
    if not rules.keeps_charges(user, gap.charge or Charge(unit=gap.unit)):
        return None
    if gap.charge is not None:
        return "更换责任人", reverse("responsibilities:charge_act", args=[gap.charge.pk, "replace"])
    query = QueryDict(mutable=True)
    query.update({"unit": gap.unit.code, "sector": gap.sector.code})
    return "确定责任人", f"{reverse('responsibilities:charge_new', args=['appoint'])}?{query.urlencode()}"
