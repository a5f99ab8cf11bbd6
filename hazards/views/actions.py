"""The page of one act on one hazard: a form, one verb, and the way back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import RadioSelect
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evidence.forms import PhotosField
from hazards import forms, operations
from hazards.lifecycle import MOVES
from hazards.models import Hazard
from hazards.views.detail import NEWEST, RELATED, entry_of, evidence_of, state_words


@dataclass(frozen=True)
class ActPage:
    """One act as a page: its form, the verb it calls, the words of its button and what is said when it is done."""

    form: type
    operation: Callable
    title: str
    button: str
    done: str


ACT_PAGES = {
    "register": ActPage(forms.RegisterForm, operations.register, "登记草稿", "登记", "已登记，编号 {number}"),
    "discard": ActPage(forms.DiscardForm, operations.discard, "作废草稿", "作废草稿", "草稿已作废"),
    "issue": ActPage(forms.IssueForm, operations.issue, "下达整改", "下达整改", "已下达整改，期限 {deadline}"),
    "close_on_spot": ActPage(forms.CloseOnSpotForm, operations.close_on_spot, "当场整改销号", "销号", "已销号"),
    "submit_feedback": ActPage(
        forms.FeedbackForm, operations.submit_feedback, "提交整改反馈", "提交反馈", "整改反馈已提交，等待复查"
    ),
    "review": ActPage(forms.ReviewForm, operations.review, "复查", "提交复查意见", "复查意见已提交，现在是“{state}”"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, act):
    """Show the form of ``act``, or do it. 404 out of scope, 403 not this person's, 409 not in this state."""
    page = ACT_PAGES.get(act)
    if page is None:
        raise Http404("no such act")
    hazard = _hazard(request.user, pk)
    if request.method == "POST":
        return _do(request, hazard, act, page)
    refusal = why_not(request.user, hazard, act)
    if refusal is not None:
        return _closed(request, hazard, page, refusal)
    return _show(request, hazard, page, page.form(hazard=hazard, today=timezone.localdate()))


def why_not(user, hazard, act):
    """Why ``user`` cannot do ``act`` on ``hazard`` now, as the refusal the verb would raise; None when possible."""
    moves = [move for move in MOVES.values() if move.act == act]
    here = [move for move in moves if move.source == hazard.state]
    if not here:
        return operations.Conflict(f"该隐患现在是“{hazard.get_state_display()}”，不能{moves[0].label}")
    if not any(move.allowed(user, hazard) for move in here):
        return operations.NotPermitted(here[0].why_not)
    return None


def _do(request, hazard, act, page):
    at = timezone.now()
    today = timezone.localdate(at)
    refusal = why_not(request.user, hazard, act)
    if refusal is not None:  # the form is given no files, so that none is stored
        return _closed(request, hazard, page, refusal, page.form(request.POST, hazard=hazard, today=today))
    form = page.form(request.POST, request.FILES, hazard=hazard, today=today, by=request.user, at=at)
    if not form.is_valid():
        return _show(request, hazard, page, form, status=400)
    try:
        page.operation(hazard, by=request.user, at=at, version=form.cleaned_data["version"], **form.arguments())
    except operations.Refused as refusal:
        return _refused(request, hazard, act, refusal, form.cleaned_data.get("photos", ()), at=at)
    deadline = hazard.deadline.isoformat() if hazard.deadline else ""
    done = page.done.format(number=hazard.number, deadline=deadline, state=hazard.get_state_display())
    messages.success(request, done)
    return redirect(hazard)


def _refused(request, hazard, act, refusal, photos, *, at):
    """The form again with what was typed, the refusal, and the hazard as it stands now; no form once the act is over.

    Read afresh: a verb that failed halfway rolled the row back but not the object. The version is the one now shown, so
    that sending again is an informed decision.
    """
    page = ACT_PAGES[act]
    hazard = _hazard(request.user, hazard.pk)
    data = request.POST.copy()
    data["version"] = str(hazard.version)
    data.setlist("photos_id", [photo.pk for photo in photos])  # their files were stored with the first sending
    form = page.form(data, hazard=hazard, today=timezone.localdate(at), by=request.user, at=at)
    over = why_not(request.user, hazard, act)
    if over is not None:
        return _closed(request, hazard, page, over, form)
    if isinstance(refusal, operations.Conflict):
        return _show(request, hazard, page, form, status=409, last=_last_event(hazard, form.today))
    form.add_error(None, str(refusal))
    status = 403 if isinstance(refusal, operations.NotPermitted) else 409
    return _show(request, hazard, page, form, status=status)


def _closed(request, hazard, page, refusal, form=None):
    """The page without a form: why, what happened last, and what was typed, so that it can be copied."""
    context = {
        "hazard": hazard, "page": page, "sentence": str(refusal), "last": _last_event(hazard, timezone.localdate()),
        "typed": _typed(form) if form else [],
    }  # fmt: skip
    status = 403 if isinstance(refusal, operations.NotPermitted) else 409
    return render(request, "hazards/hazard_act_refused.html", context, status=status)


def _last_event(hazard, today):
    event = hazard.events.order_by("-sequence").first()
    return entry_of(event, today) if event else None


def _typed(form):
    """What was typed into a form that is no longer open, as ``[(label, text), …]``; choices by their words."""
    lines = []
    for bound in form.visible_fields():
        if isinstance(bound.field, PhotosField):
            continue
        said = form.cleaned_data.get(bound.name) if form.is_bound and bound.name not in form.errors else bound.data
        words = dict(bound.field.choices).get(said, said) if isinstance(bound.field.widget, RadioSelect) else said
        if words not in (None, ""):
            lines.append((bound.label, words))
    return lines


def _hazard(user, pk):
    return get_object_or_404(Hazard.objects.visible_to(user).select_related(*RELATED), pk=pk)


def _show(request, hazard, page, form, status=200, last=None):
    """The form of the act; ``last``: the event that came between, when that is why the page is shown again."""
    rounds = list(hazard.feedbacks.select_related("by").order_by("-round")[:NEWEST])
    sides = evidence_of(hazard, rounds, form.today)
    context = {
        "hazard": hazard, "page": page, "form": form, "feedback": rounds[0] if rounds else None, "state_words": state_words(hazard),
        "last": last,
        "evidence": sides if any(side["photos"] for side in sides) else [],
    }  # fmt: skip
    return render(request, "hazards/hazard_act.html", context, status=status)
