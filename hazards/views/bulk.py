"""The page of one act on several hazards at once, picked in the ledger: the form once, the verb for each."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views import View

from doors.names import NOTHING, many, of_form
from hazards.filters import KEY, MOST_PICKED, TOO_MANY_PICKED, hazard_filter
from hazards.models import Hazard
from hazards.views.ledger import Ledger, ledger
from journal import acts
from journal.refusal import Refused
from look.ways import way_back


class HazardBulk(View):
    """``GET`` says what will be done to which of the rows ``only``, or ``all`` of the conditions, and to which not and why; ``POST`` does it, each row in its
    own transaction against the version that was seen: what is refused meanwhile, or seen no more, is said row by row, and the
    others are done.
    """

    http_method_names = ("get", "head", "post")

    @classmethod
    def query_names(cls, act):
        """The rows stand in the address as the ledger's conditions."""
        return Ledger.query_names()

    @classmethod
    def form_names(cls, act):
        found = acts.named(Hazard, act)
        return many("row") | (of_form(found.bulk_form or found.form) if found and found.form else NOTHING)

    def dispatch(self, request, act):
        self.act = acts.named(Hazard, act)
        if self.act is None or not self.act.bulk or self.act.form is None:
            raise Http404("no act for several records")
        self.at = timezone.now()
        self.today = timezone.localdate(self.at)
        return super().dispatch(request)

    def get(self, request):
        asked = hazard_filter(request.GET, user=request.user, today=self.today)
        if asked.errors or "only" not in asked.data:
            return ledger(request)
        rows = asked.qs.select_related("enterprise", "competent_unit", "supervising_unit").order_by("pk")
        rows = list(rows[: MOST_PICKED + 1])
        return self._too_many(request) if len(rows) > MOST_PICKED else self._show(request, rows)

    def post(self, request):
        sent = request.POST.getlist("row")
        if len(sent) > MOST_PICKED:
            return self._too_many(request)
        seen = dict(_seen(sent))
        rows = list(
            Hazard.objects.visible_to(request.user)
            .filter(pk__in=seen)
            .select_related("enterprise", "competent_unit", "supervising_unit")
            .order_by("pk")
        )
        if not rows:
            messages.warning(request, "没有选中可以办理的隐患，请在台账中重新选择")
            return redirect(way_back(request, "hazards:ledger"))
        form = self._form(rows, request.POST, MultiValueDict())
        if not form.is_valid():
            return self._show(request, rows, form)
        done, left = [], []
        for row in rows:
            try:
                made = self.act.do(row, form.arguments() | {"version": seen[row.pk]}, by=request.user, at=self.at)
            except Refused as refusal:
                left.append((row, str(refusal)))
            else:
                if made is None:
                    left.append((row, acts.UNCHANGED))
                else:
                    done.append((row, ""))
        gone = len(seen) - len(rows)
        if not left and not gone:
            messages.success(request, f"{self.act.words}：已办理 {len(done)} 条")
            return redirect(way_back(request, "hazards:ledger"))
        context = {
            "act": self.act, "done": done, "left": left, "gone": gone, "left_count": len(left) + gone,
            "home": way_back(request, "hazards:ledger"),
        }  # fmt: skip
        return render(request, "hazards/hazard_bulk_done.html", context)

    def _too_many(self, request):
        messages.warning(request, TOO_MANY_PICKED)
        return redirect(way_back(request, "hazards:ledger"))

    def _form(self, rows, *sent):
        about = {"by": self.request.user, "today": self.today, "at": self.at}
        if self.act.bulk_form:
            return self.act.bulk_form(*sent, records=rows, **about)
        return self.act.form(*sent, record=rows[0], **about)

    def _show(self, request, rows, form=None):
        judged = self.act.judged(request.user, rows, self.at)
        does = [row for row, why_not in judged if why_not is None]
        context = {
            "act": self.act,
            "does": does,
            "left": [(row, why_not) for row, why_not in judged if why_not is not None],
            "form": form or (self._form(does) if does else None),
            "home": way_back(request, "hazards:ledger"),
        }
        return render(request, "hazards/hazard_bulk.html", context, status=400 if form else 200)


def _seen(sent):
    """``(pk, version)`` of what was shown; what no page of ours has sent is passed over."""
    for text in sent:
        pk, _, version = text.partition(":")
        if KEY.fullmatch(pk) and KEY.fullmatch(version):
            yield int(pk), int(version)


bulk = HazardBulk.as_view()
