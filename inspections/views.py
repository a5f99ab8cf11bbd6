from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspections import operations
from inspections.filters import EnterpriseFilter, InspectionFilter, townships_of
from inspections.forms import EnterpriseForm, MemberForm
from inspections.models import Enterprise, Inspection
from inspections.paging import BadCursor, Order, Page, page_of

HAZARDS_SHOWN = 50


NEWEST_VISITS = Order("visits", "inspected_on", descending=True)
NEWEST_ENTERPRISES = Order("enterprises", "registered_on", descending=True)


def inspection_list(request):
    rows = Inspection.objects.visible_to(request.user)
    related = Inspection.objects.select_related("enterprise__sector", "unit").annotate(
        hazard_count=Count("hazards", filter=~Q(hazards__number=None))
    )
    asked = InspectionFilter(request.GET, queryset=rows)
    shown = ("q", "kind", "result", "from", "to")
    return _list(request, asked, shown, NEWEST_VISITS, related, "inspections/inspection_list.html")


def inspection_detail(request, pk):
    rows = Inspection.objects.visible_to(request.user).select_related(
        "enterprise__township", "enterprise__sector", "unit", "created_by"
    )
    visit = get_object_or_404(rows, pk=pk)
    hazards = visit.hazards.visible_to(request.user).order_by("pk")[:HAZARDS_SHOWN]
    return render(
        request,
        "inspections/inspection_detail.html",
        {"visit": visit, "inspectors": visit.inspectors.select_related("unit"), "hazards": hazards},
    )


def enterprise_list(request):
    rows = Enterprise.objects.visible_to(request.user)
    related = Enterprise.objects.select_related("sector", "township")
    extra = {"townships": townships_of(request.user), "territory": request.GET.get("territory", "")}
    asked = EnterpriseFilter(request.GET, queryset=rows)
    shown = ("q", "sector", "status")
    return _list(request, asked, shown, NEWEST_ENTERPRISES, related, "inspections/enterprise_list.html", **extra)


def enterprise_detail(request, pk):
    rows = Enterprise.objects.visible_to(request.user).select_related("sector", "township")
    return _enterprise_page(request, get_object_or_404(rows, pk=pk))


def _enterprise_page(request, enterprise, status=200):
    context = {
        "enterprise": enterprise,
        "members": enterprise.members.filter(is_active=True).order_by("pk")[:20],
        "hazards": enterprise.hazards.visible_to(request.user).in_ledger().order_by("-found_on", "-pk")[:20],
        "visits": enterprise.inspections.visible_to(request.user).select_related("unit")[:20],
    }
    return render(request, "inspections/enterprise_detail.html", context, status=status)


@require_POST
def enterprise_member(request, pk):
    """Join an enterprise account to the enterprise, or part it; says how it went on the enterprise's page."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    if not request.user.is_manager:
        raise PermissionDenied("关联企业账号须由安全负责人或安委办办理")
    form = MemberForm(request.POST)
    if not form.is_valid():
        messages.error(request, "；".join(sentence for sentences in form.errors.values() for sentence in sentences))
        return _enterprise_page(request, enterprise, status=400)
    verb = operations.add_member if form.cleaned_data["act"] == "add" else operations.remove_member
    try:
        person = verb(enterprise, by=request.user, username=form.cleaned_data["username"])
    except operations.Refused as refusal:
        messages.error(request, str(refusal))
        return _enterprise_page(request, enterprise, status=409)
    done = dict(form.fields["act"].choices)[form.cleaned_data["act"]]
    messages.success(request, f"已{done}企业账号：{person}")
    return redirect("inspections:enterprise", enterprise.pk)


def enterprise_create(request):
    return _edit(request, None)


def enterprise_edit(request, pk):
    return _edit(request, get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk))


def _edit(request, enterprise):
    if not request.user.is_officer:
        raise PermissionDenied("登记和修改企业须由检查人员、安全负责人或安委办办理")
    form = EnterpriseForm(request.POST or None, instance=enterprise, user=request.user)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                saved = operations.save_enterprise(form.save(commit=False), by=request.user)
            except operations.Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已保存：{saved.name}")
                return redirect("inspections:enterprise", saved.pk)
    context = {"form": form, "title": "修改企业信息" if enterprise else "登记企业", "enterprise": enterprise}
    return render(request, "inspections/enterprise_form.html", context, status=status)


def _list(request, asked, shown, order, related, template, **extra):
    """One page of a filtered list with its exact count; conditions or a cursor that cannot be meant give 400 in words.

    ``shown`` names the conditions with a field on the page; the others, which links bring along, are kept and said.
    """
    errors = [sentence for sentences in asked.errors.values() for sentence in sentences]
    rows = asked.qs.none() if errors else asked.qs
    try:
        page = page_of(rows, order=order, cursor=request.GET.get("cursor", ""))
    except BadCursor as error:
        errors, page = [str(error)], Page([], "", "")
    given = {name: value for name, value in request.GET.items() if name in asked.filters and value}
    context = {
        "fields": [asked.form[name] for name in shown], "given": given,
        "kept": [(name, asked.filters[name].label, value) for name, value in given.items() if name not in shown and name not in extra],
        "rows": page.arrange(related.filter(pk__in=page.ids), key=lambda row: row.pk), "errors": "；".join(errors),
        "total": rows.count(), "shown": f"本页 {len(page.ids)} 条", "previous_url": _turn(request, page.previous),
        "next_url": _turn(request, page.next), **extra,
    }  # fmt: skip
    return render(request, template, context, status=400 if errors else 200)


def _turn(request, cursor):
    """This list at ``cursor``, "" when there is none."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
