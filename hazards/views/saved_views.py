"""视图 of the ledger: which there are, saving the one in force, dropping one's own."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from doors.names import asked, of_form
from hazards import operations
from hazards.filters import HazardFilter, hazard_filter
from hazards.models import SavedView
from hazards.models.saved_view import LONGEST, may_share
from hazards.views.ledger import Ledger, conditions_of, opened
from journal.refusal import Refused
from look.fields import TextField
from look.filters import POSITION_PARAMETERS
from look.lists import COLUMNS, PRINT, SHOWN

SHOWN_MOST = 100  # one's own, of which the verb bounds the number, and then the unit's
NOT_KEPT = {*POSITION_PARAMETERS, PRINT, "only"}  # a stretch, a sheet of paper and ticked rows are no view


class SavedViewForm(forms.Form):
    name = TextField(
        label="名称", max_length=30, error_messages={"required": "请填写视图名称", "max_length": "名称不超过 30 个字"}
    )
    query = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput,
                            error_messages={"max_length": "条件太多，不能存为视图，请减少后再存"})  # fmt: skip
    share = forms.BooleanField(required=False)

    def __init__(self, *args, by, today, **options):
        super().__init__(*args, **options)
        self.by, self.today = by, today

    def clean_query(self):
        """The query as the ledger would read it; one that it would refuse is refused here with its sentence."""
        query = kept(opened(QueryDict(self.cleaned_data["query"])))
        asked = hazard_filter(query, user=self.by, today=self.today)
        columns = {column.key for column in Ledger.columns if column.key}
        orders = {order.name for order in Ledger.orders}
        is_known = set(query) <= {*HazardFilter.base_filters, *SHOWN} and set(query.getlist(COLUMNS)) <= columns
        if asked.errors or not is_known or query.get("order", Ledger.orders[0].name) not in orders:
            raise ValidationError(asked.sentences or "条件无法识别，请回到台账重新筛选后再存")
        return query.urlencode()


def kept(query):
    """What of the ledger's ``query`` makes a view."""
    query = query.copy()
    for name in NOT_KEPT & set(query):
        del query[name]
    return query


@asked(query=Ledger.query_names(), form=of_form(SavedViewForm))
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request):
    """GET: the views, and a form for the query in the address. POST: save it and go there."""
    at = timezone.now()
    about = {"by": request.user, "today": timezone.localdate(at)}
    if request.method != "POST":
        query = kept(opened(request.GET)).urlencode()
        return _show(request, SavedViewForm(initial={"query": query}, **about))
    form = SavedViewForm(request.POST, **about)
    if not form.is_valid():
        return _show(request, form, status=400)
    given = form.cleaned_data
    try:
        view = operations.save_view(
            by=request.user, at=at, name=given["name"], query=given["query"], shared=given["share"]
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form, status=refusal.status)
    messages.success(request, f"视图“{view}”已{'保存并共享给本单位' if view.unit_id else '保存'}")
    return redirect(view)


def _show(request, form, status=200):
    rows = SavedView.objects.visible_to(request.user).own_first(request.user)
    views = rows.select_related("owner")[:SHOWN_MOST]
    chosen = hazard_filter(QueryDict(form["query"].value()), user=request.user, today=form.today)
    context = {
        "form": form,
        "conditions": "" if chosen.errors else conditions_of(chosen),
        "own": [view for view in views if view.owner_id == request.user.pk],
        "shared": [view for view in views if view.owner_id != request.user.pk],
        "may_share": may_share(request.user),
    }
    return render(request, "hazards/saved_views.html", context, status=status)


@require_POST
def saved_view_drop(request, pk):
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    try:
        operations.drop_view(view, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"视图“{view}”已删除")
    return redirect("hazards:saved_views")
