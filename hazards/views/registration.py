"""Registering what one inspection found: one page, one visit, up to fifteen hazards, one verb.

Without script the page works in steps: buttons of the same form search the enterprise or add a card, and everything typed
and every photo sent so far comes back. With htmx the same view answers with the part that changes.
"""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from doors.names import asked, of_form, of_formset, once
from evidence.forms import PhotosInput
from evidence.operations import WAITING_DAYS
from evidence.picking import Picked, take_photos
from folding.fields import holding
from hazards import operations, phrases, registration_rules, responsibility
from hazards.forms import MAX_PEOPLE, HazardFormSet, VisitForm, typed
from hazards.models import Hazard
from hazards.views.picking import last_colleague, suggested
from inspections.models import Enterprise, Inspection
from inspections.operations import SentBefore
from journal.refusal import Refused
from look.fields import anchor_of
from workdays.operations import load_calendar

PREFIX = "hazards"
FOUND = 20  # enterprises shown for one search


def _sent(**arguments):
    """What the page sends: visit, cards with their photos, and what its buttons and its script say."""
    photos = PhotosInput.sent_names
    names = of_form(VisitForm) | of_formset(HazardFormSet, PREFIX) | once("step", "draft", "kept_at", "enterprise_q")
    return names | photos(f"{PREFIX}-#-before") | photos(f"{PREFIX}-#-after")


@asked(query=once("enterprise", "enterprise_q"), form=_sent)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """The page 登记隐患, its fragments for htmx, and the registration itself."""
    if not request.user.is_officer:
        raise PermissionDenied("登记隐患须由检查人员、安全负责人或安委办办理")
    if request.method == "POST":
        return _posted(request)
    if request.htmx:
        return _fragment(request)
    return _blank(request)


def _blank(request):
    at = timezone.now()
    today = timezone.localdate(at)
    asked_for = request.GET.get("enterprise", "")
    chosen = _visible(request.user, asked_for)
    if asked_for and chosen is None:
        messages.warning(request, "链接中的企业不存在，或不在您的管辖范围内；请重新选择企业")
    initial = {
        "kind": Inspection.Kind.ROUTINE,
        "inspected_on": today,
        "submission_key": uuid.uuid4(),
        "enterprise": chosen.pk if chosen else None,
        "colleague": last_colleague(request.user),
    }
    visit = VisitForm(user=request.user, today=today, initial=initial)
    hazards = HazardFormSet(prefix=PREFIX, today=today)
    _hang_photos(hazards, {})
    return _show(request, visit, hazards, chosen, query=request.GET.get("enterprise_q", ""))


def _fragment(request):
    chosen = _visible(request.user, request.GET.get("enterprise", ""))
    if chosen is not None:
        return render(
            request, "hazards/_register_enterprise.html", {"chosen": _chosen(request.user, chosen), "errors": ()}
        )
    query = request.GET.get("enterprise_q", "")
    context = {"chosen": None, "query": query, "groups": _groups(request.user, query), "errors": ()}
    whole = request.htmx.target == "enterprise-box"
    return render(request, f"hazards/_register_{'enterprise' if whole else 'results'}.html", context)


def _posted(request):
    at = timezone.now()
    today = timezone.localdate(at)
    as_draft = "draft" in request.POST
    visit = VisitForm(request.POST, user=request.user, today=today, as_draft=as_draft)
    hazards = HazardFormSet(request.POST, prefix=PREFIX, today=today)
    if not hazards.management_form.is_valid():
        raise BadRequest("the management form of the hazards is missing")
    _hang_photos(hazards, take_photos(request, list(_photo_names(hazards)), at=at))
    step = request.POST.get("step", "")
    if step in ("add", "find", "change"):
        return _again(request, visit, hazards, step)
    if not _valid(visit, hazards, as_draft=as_draft):
        return _show(request, visit, hazards, _chosen_in(visit), status=400)
    found = [] if visit.cleaned_data["nothing_found"] else [form.facts() for form in hazards.kept_forms()]
    try:
        recorded, registered = operations.record_inspection(
            by=request.user, at=at, hazards=found, as_draft=as_draft, **visit.arguments()
        )
    except SentBefore as refusal:
        made = reverse("inspections:detail", args=[refusal.visit.pk])
        visit.add_error(None, format_html('{}。<a href="{}">查看这次检查</a>', refusal, made))
        return _show(request, visit, hazards, _chosen_in(visit), status=refusal.status)
    except Refused as refusal:
        visit.add_error(None, str(refusal))
        return _show(request, visit, hazards, _chosen_in(visit), status=refusal.status)
    messages.success(request, _done(registered))
    return redirect("inspections:detail", pk=recorded.pk)


def _valid(visit, hazards, *, as_draft):
    """Judge both forms at once, so that the person sees everything that is missing; errors are hung on the forms."""
    visit_holds = visit.is_valid()
    kept = hazards.kept_forms()
    if visit.cleaned_data.get("nothing_found"):
        if any(form["description"].data or form.before.photos or form.after.photos for form in kept):
            visit.add_error("nothing_found", "已填写了隐患；请删去隐患，或取消“本次未发现隐患”")
            return False
        return visit_holds
    holds = hazards.is_valid()
    if not kept:
        visit.add_error(None, f"请{registration_rules.NO_HAZARD}；没有发现隐患的，请打开“本次未发现隐患”")
        return False
    for form in kept:
        on_spot = form.cleaned_data.get("fixed_on_spot")
        if on_spot and as_draft:
            form.add_error("fixed_on_spot", "草稿不能当场销号；请关闭此项，或直接提交登记")
        elif registration_rules.AFTER_PHOTOS.applies(form.cleaned_data) and not form.after.photos:
            form.after.errors.append(registration_rules.AFTER_PHOTOS.words)
        holds = holds and not form.errors and not form.before.errors and not form.after.errors
    return visit_holds and holds


def _done(registered):
    if not registered:
        return "已记录本次检查，未发现隐患"
    numbers = [hazard.number for hazard in registered if hazard.number]
    if not numbers:
        return f"已存为草稿 {len(registered)} 条；在草稿页面登记后取得编号"
    return f"已登记 {len(numbers)} 条隐患：{'、'.join(numbers)}"


def _again(request, visit, hazards, step):
    """The same page with one more card, or with search results: what was typed is shown again without being judged."""
    today = visit.today
    written = typed(visit)
    chosen = None if step == "change" else _visible(request.user, written["enterprise"] or "")
    cards = [typed(form) for form in hazards.forms]
    picked = [(form.before, form.after) for form in hazards.forms]
    if step == "add" and len(cards) < HazardFormSet.max_num:
        cards.append({"level": "general", "due": "7"})
    fresh = HazardFormSet(prefix=PREFIX, today=today, initial=cards)
    _hang_photos(fresh, {photos.name: photos for pair in picked for photos in pair})
    again = VisitForm(user=request.user, today=today, initial=written | {"enterprise": chosen.pk if chosen else None})
    return _show(request, again, fresh, chosen, query=request.POST.get("enterprise_q", ""), bound=True)


def _to_mend(visit, hazards):
    """What a refused page says at its top: ``[{"anchor", "label", "words"}, …]``, the visit first, then its hazards in order."""
    if not visit.is_bound:
        return []
    lines = [_line(visit[name], visit[name].label) for name in visit.errors if name in visit.fields]
    if visit.cleaned_data.get("nothing_found"):
        return lines
    for number, form in enumerate(hazards.kept_forms(), 1):
        lines += [_line(form[name], f"隐患 {number} {form[name].label}") for name in form.errors if name in form.fields]
        for which, label in form.photo_labels.items():
            picked = getattr(form, which)
            said = "；".join(picked.errors)
            place = f"隐患 {number} {label}"
            lines += [{"anchor": f"label-{picked.name}", "label": place, "words": f"{place}：{said}"}] if said else []
    return lines


def _line(bound, label):
    places = {"enterprise": "enterprise-box"}  # no input of its own until one is chosen
    anchor = places.get(bound.name) or anchor_of(bound)
    return {"anchor": anchor, "label": label, "words": f"{label}：{'；'.join(bound.errors)}"}


def _kept_at(request):
    """When the browser last kept what this page shows, in its own milliseconds; "" when it did not say."""
    said = request.POST.get("kept_at", "")
    return said if said.isascii() and said.isdigit() and len(said) < 16 else ""


def _photo_names(hazards):
    for form in hazards.forms:
        yield from (form.add_prefix("before"), form.add_prefix("after"))


def _hang_photos(hazards, picked):
    for form in hazards.forms:
        for which in ("before", "after"):
            name = form.add_prefix(which)
            setattr(form, which, picked.get(name) or Picked(name))


def _visible(user, pk):
    """The enterprise ``pk`` (text) if the user may see it, else None."""
    text = str(pk)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return Enterprise.objects.visible_to(user).select_related("township", "sector").filter(pk=int(text)).first()


def _chosen_in(visit):
    return getattr(visit, "cleaned_data", {}).get("enterprise")


def find_enterprises(user, query):
    """At most ``FOUND`` enterprises in scope that hold every word of ``query`` in name or credit code; newest first."""
    rows = (
        Enterprise.objects.visible_to(user).select_related("township", "sector").filter(holding(query[:60], "folded"))
    )
    return list(rows.order_by("-id")[:FOUND])


def _groups(user, query):
    """``[(heading, [Enterprise, …]), …]``: what the query finds, or what is likely meant before there is one."""
    found = find_enterprises(user, query) if query.strip() else []
    return [("", found)] if found else [] if query.strip() else suggested(user)


def _chosen(user, enterprise):
    """What the page shows about the chosen enterprise: itself, its four responsibilities, its open hazards."""
    defaults = responsibility.defaults_for(enterprise)
    return {
        "enterprise": enterprise,
        "open_count": Hazard.objects.visible_to(user).open().filter(enterprise=enterprise).count(),
        "duties": Hazard(enterprise=enterprise, **defaults).responsibilities,
    }


def _show(request, visit, hazards, chosen, *, query="", bound=False, status=200):
    bound = bound or visit.is_bound
    blank = hazards.empty_form
    for which in ("before", "after"):
        setattr(blank, which, Picked(blank.add_prefix(which)))
    # The newest keys of this person: drafts kept in the browser under one of them have arrived and may be forgotten.
    sent = (
        Inspection.objects.filter(created_by=request.user).order_by("-id").values_list("submission_key", flat=True)[:20]
    )
    people = visit.fields["colleague"]
    people.choices = [("", people.empty_label), *_people(visit)]
    context = {
        "visit": visit, "hazards": hazards, "blank": blank, "bound": bound, "sent_keys": " ".join(sent),
        "chosen": _chosen(request.user, chosen) if chosen else None, "query": query, "rules": _rules(visit.today),
        "groups": [] if chosen else _groups(request.user, query),
        "phrases": phrases.of(request.user),
        "errors": visit.errors.get("enterprise", ()) if visit.is_bound else (),
        "to_mend": _to_mend(visit, hazards), "kept_at": _kept_at(request),
    }  # fmt: skip
    return render(request, "hazards/register.html", context, status=status)


def _rules(today):
    """What the page's script reads. A draft in the browser lasts as long as the photos it names."""
    kept_days = WAITING_DAYS
    return registration_rules.served(
        VisitForm, HazardFormSet, today=today, calendar=load_calendar(), kept_days=kept_days
    )


def _people(visit):
    """Choices for the second inspector: at most MAX_PEOPLE shown; a valid one beyond them still counts."""
    field = visit.fields["colleague"]
    return [(person.pk, field.label_from_instance(person)) for person in field.queryset[:MAX_PEOPLE]]
