"""The page of one act on several records at once, picked in their list: the form once, the verb for each."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from doors.names import NOTHING, many, of_form
from journal import acts
from journal.refusal import Refused
from journal.views.pages import Pages
from look.filters import KEY, MOST_PICKED, TOO_MANY_PICKED
from look.ways import way_back


class BulkPage(Pages):
    """``GET`` says what will be done to which of the rows ``only``, or ``all`` of the conditions, and to which not and why; ``POST``
    does it, each row in its own transaction against the version that was seen: what is refused meanwhile, or seen no more, is said
    row by row, and the others are done.

    A kind says besides ``kind``, ``related`` and ``home``: its ``listing`` (a `look.lists.ListPage`), ``row_template``, which draws a
    ``record`` and ``why`` it is left out, and :meth:`asked`.
    """

    http_method_names = ("get", "head", "post")
    template, done_template = "journal/bulk.html", "journal/bulk_done.html"
    listing, row_template, most = None, "", MOST_PICKED

    @classmethod
    def query_names(cls, act):
        """The rows stand in the address as the conditions of the list."""
        return cls.listing.query_names()

    @classmethod
    def form_names(cls, act):
        found = acts.named(cls.kind, act)
        return many("row") | (of_form(found.bulk_form or found.form) if found and found.form else NOTHING)

    def asked(self):
        """The filter of the list over the rows in scope, with what the address asks."""

    def dispatch(self, request, act):
        self.act = acts.named(self.kind, act)
        if self.act is None or not self.act.bulk or self.act.form is None:
            raise Http404("no act for several records")
        self.at = timezone.now()
        self.today = timezone.localdate(self.at)
        return super().dispatch(request)

    def get(self, request):
        asked = self.asked()
        if asked.errors or "only" not in asked.data:
            return self.listing.as_view()(request)
        rows = list(asked.qs.select_related(*self.related).order_by("pk")[: self.most + 1])
        return self._too_many(request) if len(rows) > self.most else self._show(request, rows)

    def post(self, request):
        sent = request.POST.getlist("row")
        if len(sent) > self.most:
            return self._too_many(request)
        seen = dict(_seen(sent))
        rows = self.kind.objects.visible_to(request.user).filter(pk__in=seen)
        rows = list(rows.select_related(*self.related).order_by("pk"))
        if not rows:
            messages.warning(request, f"没有选中可以办理的{self.kind.noun}，请在{self.home_label}中重新选择")
            return redirect(way_back(request, self.home))
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
            return redirect(way_back(request, self.home))
        said = {"done": done, "left": left, "gone": gone, "left_count": len(left) + gone}
        return render(request, self.done_template, self._context() | said)

    def _too_many(self, request):
        messages.warning(request, TOO_MANY_PICKED)
        return redirect(way_back(request, self.home))

    def _form(self, rows, *sent):
        about = {"by": self.request.user, "today": self.today, "at": self.at}
        if self.act.bulk_form:
            return self.act.bulk_form(*sent, records=rows, **about)
        return self.act.form(*sent, record=rows[0], **about)

    def _show(self, request, rows, form=None):
        judged = self.act.judged(request.user, rows, self.at)
        does = [row for row, why_not in judged if why_not is None]
        said = {
            "does": does,
            "left": [(row, why_not) for row, why_not in judged if why_not is not None],
            "form": form or (self._form(does) if does else None),
        }
        return render(request, self.template, self._context() | said, status=400 if form else 200)

    def _context(self):
        return {
            "act": self.act, "noun": self.kind.noun, "row_template": self.row_template,
            "home": way_back(self.request, self.home), "home_label": self.home_label,
        }  # fmt: skip


def _seen(sent):
    """``(pk, version)`` of what was shown; what no page of ours has sent is passed over."""
    for text in sent:
        pk, _, version = text.partition(":")
        if KEY.fullmatch(pk) and KEY.fullmatch(version):
            yield int(pk), int(version)
