"""The page of one act on one record: a form, one verb, and the way back. One class for every kind of record."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.debug import sensitive_variables

from doors.names import NOTHING, of_form
from journal import acts
from journal.refusal import Conflict, NotPermitted, Refused
from journal.views.pages import Pages
from journal.views.timeline import last_event
from look.ways import way_back

NOT_SENT = "您的“{chosen}”没有提交。"
BETWEEN = "您打开页面之后，该{noun}又有了新的办理记录；请看过最新情况，再决定是否提交。"


class ActPage(Pages):
    """``GET`` shows the form of an act, ``POST`` does it. 404 out of scope, 403 not this person's, 409 not in this state.

    A kind of record may have a ``template`` where the form wants company, and ``beside`` for what that shows. The URL gives
    ``pk`` and ``act``. Whoever no longer sees the record after the act goes home.
    """

    template = "journal/act.html"
    http_method_names = ["get", "head", "post"]

    def beside(self, record, act, today):
        """More context of the form's page."""
        return {}

    @classmethod
    def form_names(cls, act, **arguments):
        found = acts.named(cls.kind, act)
        return of_form(found.form) if found and found.form else NOTHING

    def dispatch(self, request, pk, act):
        self.act = acts.named(self.kind, act)
        if self.act is None or self.act.form is None or self.act.creates:
            raise Http404("no such act")
        self.at = timezone.now()
        self.today = timezone.localdate(self.at)
        return super().dispatch(request, self.record(request.user, pk))

    def get(self, request, record):
        if refusal := self.act.refusal(request.user, record):
            return self._over(request, record, refusal)
        return self._show(request, record, self._form(request, record))

    @sensitive_variables("made")  # an act may return a secret
    def post(self, request, record):
        if refusal := self.act.refusal(request.user, record):  # before any file is stored
            return self._over(request, record, refusal, self._form(request, record, request.POST))
        form = self._form(request, record, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, record, form, status=400)
        given = form.arguments() | {"version": form.cleaned_data["version"]}
        try:
            made = self.act.do(record, given, by=request.user, at=self.at)
        except Refused as refusal:
            return self._refused(request, record, refusal, form)
        return self.done(request, record, made)

    def done(self, request, record, made):
        """The answer to an act that happened; ``made`` is what its verb returned."""
        messages.success(request, self.act.said(record, made, self.today))
        seen = self.kind.objects.visible_to(request.user).filter(pk=record.pk).exists()
        return redirect(record if seen else way_back(request, self.home))

    def _form(self, request, record, data=None, files=None):
        """Without ``files`` the form stores none, whatever came with the request; without ``data`` it is not yet filled in."""
        if data is not None and files is None:
            files = MultiValueDict()
        return self.act.form(data, files, record=record, by=request.user, today=self.today, at=self.at)

    def _refused(self, request, record, refusal, form):
        """The form again with what was typed, the refusal, and the record as it stands now; no form once the act is over.

        Read afresh: a verb that failed halfway rolled the row back but not the object. The version is the one now shown, so
        that sending again is an informed decision.
        """
        record = self.record(request.user, record.pk)
        if over := self.act.refusal(request.user, record):
            return self._over(request, record, over, form)
        between = last_event(record, request.user, since=form.cleaned_data["version"] or 0)
        form.catch_up(record)
        if isinstance(refusal, Conflict) and between:  # else only one of its moves is not open, and says why
            return self._show(request, record, form, status=409, last=between)
        form.add_error(None, str(refusal))
        return self._show(request, record, form, status=refusal.status)

    def _not_sent(self, form):
        return NOT_SENT.format(chosen=self.act.chosen(form))

    def _over(self, request, record, refusal, form=None):
        """The page without a form: why, what happened last, and what was typed, so that it can be copied."""
        context = {
            "record": record,
            "act": self.act,
            "sentence": (self._not_sent(form) if form else "") + str(refusal),
            "last": last_event(record, request.user),
            "typed": form.typed() if form else [],
        }
        status = 403 if isinstance(refusal, NotPermitted) else 409
        return render(request, "journal/act_refused.html", context, status=status)

    def _show(self, request, record, form, status=200, last=None):
        """The form of the act; ``last``: the event that came between, when that is why the page is shown again."""
        context = {
            "record": record, "act": self.act, "form": form, "home": way_back(request, self.home), "home_label": self.home_label,
            "title": self.act.title_for(request.user), "caution": self.act.caution_for(request.user), "last": last, "between": self._not_sent(form) + BETWEEN.format(noun=record.noun) if last else "",
        }  # fmt: skip
        return render(request, self.template, context | self.beside(record, self.act, self.today), status=status)
