"""What the desk and the page of a unit show of flags; see `look.panels`."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from flags.figures import standing
from flags.kinds import Kind
from flags.models import Flag
from journal.acts import named

WAITING = 5
ASKED = ("answer", "decide")  # the acts a flag waits for


def flags(**conditions):
    """The address of the list under ``conditions``."""
    return f"{reverse('flags:list')}?{urlencode(conditions)}"


def of_desk(request, desk):
    """On a desk: what this person answers, and what this office decides. One query for each."""
    user, today, groups = request.user, timezone.localdate(), []
    for name in ASKED:
        act = named(Flag, name)
        mine = act.waits_for(user)
        if mine is None:
            continue
        rows = Flag.objects.visible_to(user).filter(mine).select_related("unit").order_by(act.waits_since, "pk")
        found = list(rows[: WAITING + 1])
        if found:
            groups.append(
                {
                    "label": act.group,
                    "todo": act.todo,
                    "act": name,
                    "rows": [
                        {"flag": one, "late": max((today - one.answer_due_on).days, 0)} for one in found[:WAITING]
                    ],
                    "url": flags(waiting=name) if len(found) > WAITING else "",
                }
            )
    return {"template": "flags/_desk.html", "groups": groups} if groups else None


def of_unit(request, unit):
    """The flags that stand over a unit today, by kind, for those who read them. Two queries."""
    user = request.user
    if not user.reads_rankings or not Flag.objects.visible_to(user).filter(unit=unit).exists():
        return None
    found = standing(timezone.localdate(), [unit.pk]).get(unit.pk)
    return {
        "template": "flags/_unit.html",
        "kinds": [
            {"label": Kind(kind).label, "count": count, "url": flags(unit=unit.code, kind=kind)}
            for kind, count in (found.kinds.items() if found else ())
        ],
        "upheld": found.upheld if found else 0,
        "url": flags(unit=unit.code),
    }
