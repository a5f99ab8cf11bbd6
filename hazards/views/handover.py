"""All the open work of one person, handed to another in one act: for who has left, or is away for long."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from doors.names import asked, of_form
from hazards import operations
from hazards.forms import PersonField
from hazards.models import Hazard
from hazards.responsibility import answered_for_by, held_by_person, successors_of, taken_by
from look.fields import TextField
from look.ways import way_back

AT_ONCE = 500  # rows handed over by one press; the page says how many are left for the next
SHOWN, TOLD = 20, 5
FIRST = (F("deadline").asc(nulls_last=True), "pk")  # on either database
NOT_A_MANAGER = "移交工作由安全负责人或安委办办理"


class HandoverForm(forms.Form):
    to = PersonField(
        User.objects.none(), label="接手人", with_unit=True, empty_label="请选择", error_messages={"required": "请选择接手人"},
        help_text="只接手本单位（本企业）负责的；分属几个单位的，分几次移交",
    )  # fmt: skip
    reason = TextField(label="移交理由", max_length=500, rows=2, error_messages={"required": "请填写移交理由"})

    def __init__(self, *args, person, rows, **options):
        super().__init__(*args, **options)
        self.fields["to"].queryset = successors_of(person, rows).select_related("unit").order_by("unit", "pk")


@asked(form=of_form(HandoverForm))
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request, pk):
    """GET: what the person answers for, of what is the reader's to reassign. POST: name another for all of it that falls to the body
    or firm of the other, each row by the verb."""
    if not request.user.is_manager:
        raise PermissionDenied(NOT_A_MANAGER)
    person = get_object_or_404(User, pk=pk)
    rows = Hazard.objects.visible_to(request.user).filter(held_by_person(person), answered_for_by(request.user))
    total = rows.count()
    if not total:
        raise Http404("nothing of that person in scope")
    form = HandoverForm(request.POST if request.method == "POST" else None, person=person, rows=rows)
    if not form.is_valid():
        return _show(request, person, rows, total, form)
    theirs = rows.filter(taken_by(form.cleaned_data["to"], person))
    falling = theirs.count()
    done, left = operations.hand_over(
        list(theirs.select_related("enterprise").order_by(*FIRST)[:AT_ONCE]),
        by=request.user, at=timezone.now(), person=person, **form.cleaned_data,
    )  # fmt: skip
    if done:
        messages.success(request, f"已将 {done} 条隐患移交给{form.cleaned_data['to']}，已通知双方")
    if left:
        said = "；".join(f"{hazard}：{refusal}" for hazard, refusal in left[:TOLD])
        more = f"；另有 {len(left) - TOLD} 条" if len(left) > TOLD else ""
        messages.warning(request, f"没有移交 {len(left)} 条。{said}{more}")
    if falling > AT_ONCE:
        messages.warning(request, f"还有 {falling - AT_ONCE} 条没有移交，请再办理一次")
    if total > falling:
        messages.warning(request, f"还有 {total - falling} 条由其他单位或企业负责，请另选接手人移交")
    return redirect(way_back(request, "hazards:ledger"))


def _show(request, person, rows, total, form):
    context = {
        "person": person,
        "rows": rows.select_related("enterprise").order_by(*FIRST)[:SHOWN],
        "total": total,
        "at_once": AT_ONCE,
        "form": form,
        "home": way_back(request, "hazards:ledger"),
    }
    return render(request, "hazards/handover.html", context, status=400 if form.is_bound else 200)
