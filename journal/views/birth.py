"""The page of an act that brings a record into being."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from doors.names import NOTHING, of_form
from journal import acts
from journal.refusal import Refused
from journal.views.pages import Pages
from look.ways import way_back


class BirthPage(Pages):
    """``GET`` shows the form, ``POST`` does the act and leads to the new record. 403 when this is not the person's to do.

    A link may bring what is known already: ``?name=…`` fills the field of that name.
    """

    template = "journal/birth.html"
    http_method_names = ["get", "head", "post"]

    @classmethod
    def form_names(cls, act, **arguments):
        found = acts.named(cls.kind, act)
        return of_form(found.form) if found and found.form else NOTHING

    query_names = form_names  # a link may fill in what it knows

    def dispatch(self, request, act):
        self.act, unborn = acts.named(self.kind, act), self.kind()
        if self.act is None or self.act.form is None or not self.act.creates:
            raise Http404("no such act")
        if refusal := self.act.refusal(request.user, unborn):
            raise PermissionDenied(str(refusal))
        return super().dispatch(request, unborn, timezone.now())

    def get(self, request, unborn, at):
        form = self._form(unborn, at)
        form.initial |= {name: request.GET[name] for name in form.fields if name in request.GET}
        return self._show(request, form)

    def post(self, request, unborn, at):
        form = self._form(unborn, at, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form, status=400)
        try:
            made = self.act.do(unborn, form.arguments(), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._show(request, form, status=refusal.status)
        messages.success(request, self.act.said(made, made, timezone.localdate(at)))
        return redirect(made)

    def _form(self, unborn, at, *sent):
        return self.act.form(*sent, record=unborn, by=self.request.user, today=timezone.localdate(at), at=at)

    def _show(self, request, form, status=200):
        context = {
            "act": self.act,
            "form": form,
            "home": way_back(self.request, self.home),
            "home_label": self.home_label,
        }
        return render(request, self.template, context, status=status)
