"""隐患台账: the list, its print version and its workbook, all under the conditions of one query string."""

from django.core.cache import cache
from django.db.models import Count
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts.models import Unit
from accounts.roles import Role
from accounts.scope import Reach, in_division, scope_of
from hazards.export import stream_ledger
from hazards.filters import Due, View, hazard_filter, in_view
from hazards.lifecycle import OPEN_STATES, State
from hazards.models import Hazard
from hazards.paging import SIZES, BadCursor, order_named, page_of, size_named

COUNTED_SECONDS = 60  # how long the number of closed rows in a whole scope may be stale
TABS = (View.ALL, View.OPEN, View.OVERDUE, View.MAJOR, View.PENDING_REVIEW, View.CLOSED)
COUNTED = (View.OPEN, View.OVERDUE, View.MAJOR, View.PENDING_REVIEW, View.CLOSED)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The day spans that have fields in the menus; the others come from links only and travel along as hidden fields.
SPAN_FIELDS = {"found": "排查日期", "due": "整改期限", "closed": "销号日期"}
MENU_FIELDS = {"q", "level", "state", "deadline", "sector", "territory", "on_time"}
MENU_FIELDS |= {f"{name}_{end}" for name in SPAN_FIELDS for end in ("from", "to")}
BODIES = ("territorial", "competent", "supervising")
COLUMNS = (
    "pk", "number", "state", "level", "description", "found_on", "deadline", "rectified_on", "enterprise__name",
    "enterprise__township__short_name", "enterprise__township__parent__short_name", "sector__name",
    *(f"{kind}_unit__short_name" for kind in BODIES), *(f"{kind}_person" for kind in BODIES), "enterprise_person",
    "feedback_on",
)  # fmt: skip


def ledger(request):
    """One page of the ledger. Conditions that cannot be meant give 400 with the sentences and the form as it was."""
    today = timezone.localdate()
    seat_of(request.user)
    chosen = hazard_filter(request.GET, user=request.user, today=today)
    problems, page, total, counts = list(chosen.sentences), None, None, {}
    if not problems:
        try:
            page = _page(request.GET, chosen)
        except BadCursor as refusal:
            problems = [str(refusal)]
        else:
            counts = tab_counts(chosen)
            total = counts[chosen.current_view] if chosen.current_view in counts else chosen.qs.count()
    context = {
        "today": today,
        "now": timezone.now(),
        "problems": problems,
        "tabs": _tabs(chosen, counts),
        "view": chosen.current_view.value,
        "view_label": chosen.current_view.label,
        "chips": chosen.chips(),
        "clear_url": _with(chosen.data, only=("view",)),
        "narrows": chosen.narrows,
        "counts": {view.value: number for view, number in counts.items()},
        "total": total,
        "rows": [] if page is None else _rows(page),
        "query": "?" + chosen.data.urlencode(),
        "by_deadline": request.GET.get("order") == "deadline",
        "order_url": _with(chosen.data, order="deadline"),
        **_pager(request.GET, chosen.data, page, total),
        **_form(request.GET, chosen),
    }
    return render(request, "hazards/ledger.html", context, status=400 if problems else 200)


def export(request):
    """The filtered ledger as a workbook, streamed while it is read. A bad condition gives the ledger page and 400."""
    now = timezone.localtime()
    chosen = hazard_filter(request.GET, user=request.user, today=now.date())
    if chosen.errors:
        return ledger(request)
    title = f"{place_of(request.user)}安全隐患台账"
    response = StreamingHttpResponse(stream_ledger(chosen.qs, title=title, at=now), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"隐患台账-{now:%Y%m%d}.xlsx")
    return response


def seat_of(user):
    """Give ``user`` its unit and the unit above it in one query; the scope and the page frame ask for both."""
    if user.unit_id is not None:
        user.unit = Unit.objects.select_related("parent").get(pk=user.unit_id)


def place_of(user):
    """The government whose ledger ``user`` reads, for titles; empty for an enterprise's own people."""
    unit = user.unit
    if unit is not None and unit.kind != Unit.Kind.GOVERNMENT and unit.parent is not None:
        unit = unit.parent
    return "" if unit is None else unit.short_name or unit.name


def tab_counts(chosen):
    """How many rows each tab of :data:`TABS` holds under the other conditions: ``{View: int}``, one query.

    With no condition at all the closed rows, nearly the whole table, are counted once a minute per scope; the open ones
    and whatever tab is being read are always exact.
    """
    rows, views = chosen.across_views(), COUNTED
    whole = not chosen.narrows
    if whole and chosen.current_view != View.CLOSED:
        rows, views = rows.open(), COUNTED[:-1]
    counted = rows.order_by().aggregate(
        **{view.value: Count("pk", filter=in_view(view, user=chosen.user, today=chosen.today)) for view in views}
    )
    counts = {view: counted[view.value] for view in views}
    if View.CLOSED not in counts:
        closed = chosen.across_views().filter(state=State.CLOSED).order_by()
        counts[View.CLOSED] = cache.get_or_set(_scope_key(chosen.user), closed.count, COUNTED_SECONDS)
    counts[View.ALL] = counts[View.OPEN] + counts[View.CLOSED]
    return counts


def _scope_key(user):
    scope = scope_of(user)
    own = user.pk if scope.reach is Reach.ENTERPRISE else ""
    return f"ledger-closed-{scope.reach.value}-{scope.division}-{scope.unit_id or ''}-{scope.function}-{own}"


def _page(params, chosen):
    order, size = order_named(params.get("order", "")), size_named(params.get("size", ""))
    return page_of(chosen.qs, order=order, cursor=params.get("cursor", ""), size=size)


def _rows(page):
    """What the table shows, names read by joins for the rows of this page only."""
    fetched = Hazard.objects.filter(pk__in=page.ids).order_by().values_list(*COLUMNS)
    return [_row(values) for values in page.arrange(fetched, key=lambda values: values[0])]


def _row(values):
    pk, number, state, level, description, found_on, deadline, rectified_on = values[:8]
    enterprise, place, above, sector = values[8:12]
    bodies, persons, enterprise_person, feedback_on = values[12:15], values[15:18], values[18], values[19]
    duties = [
        {"kind": kind, "body_name": body or "", "person": person}
        for kind, body, person in zip(BODIES, bodies, persons, strict=True)
    ]
    return {
        "url": reverse("hazards:detail", args=[pk]),
        "number": number or "草稿",
        "state": state,
        "level": level,
        "description": description,
        "found_on": found_on,
        "deadline": deadline,
        "rectified_on": rectified_on,
        "feedback_on": feedback_on,
        "enterprise": enterprise,
        "place": f"{above or ''}{place}" + (f" · {sector}" if sector else ""),
        "duties": [*duties, {"kind": "enterprise", "body_name": "", "person": enterprise_person}],
    }


def _tabs(chosen, counts):
    views = [*TABS, View.DRAFTS] if chosen.user.is_officer else TABS
    return [
        {
            "label": view.label,
            "url": _with(chosen.data, view=None if view is View.ALL else view.value),
            "current": chosen.current_view == view,
            "count": counts.get(view),
            "red": view is View.OVERDUE and bool(counts.get(view)),
        }
        for view in views
    ]


def _with(data, *, only=None, **changes):
    """The query string of the conditions with parameters set or (None) removed, on its first page."""
    query = data.copy()
    for name in ["cursor", *(name for name in data if only is not None and name not in only)]:
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return "?" + query.urlencode()


def _pager(params, data, page, total):
    if page is None:
        return {"shown": "", "previous_url": "", "next_url": "", "sizes": []}
    number = len(page.ids)
    if page.is_first:
        shown = f"第 1 — {number} 条" if number else "第 0 条"
    elif not page.next and total is not None and total >= number:
        shown = f"第 {total - number + 1} — {total} 条"
    else:
        shown = f"本页 {number} 条"
    size = size_named(params.get("size", ""))
    return {
        "shown": shown,
        "previous_url": _with(data, cursor=page.previous) if page.previous else "",
        "next_url": _with(data, cursor=page.next) if page.next else "",
        "sizes": [{"size": one, "url": _with(data, size=one), "current": one == size} for one in SIZES],
    }


def _form(params, chosen):
    """The menus with what is ticked, and the parameters that have no field and travel along."""
    hidden = [
        (name, value)
        for name, values in chosen.data.lists()
        if name not in MENU_FIELDS and name != "cursor"
        for value in values
    ]
    ledger_states = [(state.value, state.label) for state in (*OPEN_STATES, State.CLOSED)]
    menus = [
        _menu(params, "level", "等级", Hazard.Level.choices),
        _menu(params, "state", "状态", ledger_states),
        _menu(params, "deadline", "期限", Due.choices),
        _menu(params, "sector", "行业领域", chosen.form.fields["sector"].choices),
        _menu(params, "territory", "属地", _places(chosen), kind="radio"),
        _menu(params, "on_time", "按期完成", [("1", "按期"), ("0", "逾期")], kind="radio"),
    ]
    spans = [
        {
            "label": label,
            "ends": [
                {"name": f"{name}_{end}", "label": words, "value": params.get(f"{name}_{end}", "")}
                for end, words in (("from", "从"), ("to", "到"))
            ],
        }
        for name, label in SPAN_FIELDS.items()
    ]
    return {
        "q": params.get("q", ""),
        "hidden": hidden,
        "menus": [menu for menu in menus if menu["options"]],
        "spans": spans,
        "used": len(chosen.chips()),
    }


def _menu(params, name, label, choices, kind="checkbox"):
    given = params.getlist(name)
    options = [{"value": value, "label": words, "checked": value in given} for value, words in choices]
    if kind == "radio" and options:
        nothing = not any(option["checked"] for option in options)
        options.insert(0, {"value": "", "label": "不限", "checked": nothing})
    return {"name": name, "label": label, "kind": kind, "options": options}


def _places(chosen):
    """The governments one level below the user's own, and the one chosen when it lies deeper: ``[(code, name), …]``."""
    scope = scope_of(chosen.user)
    below = {4: Unit.Level.COUNTY, 6: Unit.Level.TOWNSHIP}.get(len(scope.division))
    if below is None or chosen.user.role == Role.ENTERPRISE:
        return []
    bodies = Unit.objects.active().filter(in_division(scope.division), kind=Unit.Kind.GOVERNMENT, level=below)
    places = list(bodies.values_list("code", "short_name"))
    picked = None if chosen.errors else chosen.form.cleaned_data["territory"]
    if picked is not None and picked.code not in dict(places):
        places.append((picked.code, picked.short_name))
    return places
