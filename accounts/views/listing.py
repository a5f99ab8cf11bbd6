"""What the lists of people and of account events share."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from accounts.paging import BadCursor, Page, page_of


def require_role(request, roles, sentence):
    """PermissionDenied with ``sentence`` unless the visitor has one of ``roles``."""
    if request.user.role not in roles:
        raise PermissionDenied(sentence)


def render_list(request, asked, template, **extra):
    """One page of a filtered list with its exact count; conditions or a cursor that cannot be meant give 400 in words."""
    errors = [sentence for sentences in asked.errors.values() for sentence in sentences]
    rows = asked.qs.none() if errors else asked.qs
    try:
        page = page_of(rows, request.GET.get("cursor", ""))
    except BadCursor as error:
        errors, page = [str(error)], Page([], "", "")
    context = {
        "fields": list(asked.form), "filtered": any(request.GET.get(name) for name in asked.filters), "rows": page.rows,
        "errors": "；".join(errors), "total": rows.order_by().count(), "shown": f"本页 {len(page.rows)} 条",
        "previous_url": _turn(request, page.previous), "next_url": _turn(request, page.next), **extra,
    }  # fmt: skip
    return render(request, template, context, status=400 if errors else 200)


def _turn(request, cursor):
    """This list at ``cursor``, "" when there is none."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
