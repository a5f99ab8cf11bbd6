from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from accounts import devices, second_step, unsent
from accounts.factor import Factor
from accounts.factor_forms import SecondStepForm
from accounts.forms import begin_try
from accounts.models import SignIn as Try
from accounts.operations import factors, passkeys, signing_in
from doors.names import of_form

WRONG = "验证码不对。验证器的数字每 30 秒换一次，用过的不能再用；连续输错 5 次后，须等 15 分钟再试"
STALE_KEY = "这次验证已经用过或过期，请再按一次“使用通行密钥”"
WRONG_KEY = "通行密钥没有通过，请重试，或改用验证码"


@method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")
class SecondStep(View):
    """The password was right: who it is proves it by a second factor. Until then there is no session for anybody."""

    http_method_names = ["get", "head", "post"]
    form_names = of_form(SecondStepForm)

    def dispatch(self, request):
        self.waiting = second_step.waiting(request)
        if request.user.is_authenticated or self.waiting is None:
            return redirect("hazards:desk" if request.user.is_authenticated else "accounts:login")
        self.at, self.site = timezone.now(), passkeys.Site.of(request)
        return super().dispatch(request)

    def get(self, request):
        return self._show(SecondStepForm())

    def post(self, request):
        person, _ = self.waiting
        form, challenge = SecondStepForm(request.POST), second_step.asked(request)
        if not form.is_valid():
            return self._show(form, status=400)
        if form.cleaned_data["passkey"] and not challenge:  # shown in two windows, or sent twice: nothing was guessed
            form.add_error(None, STALE_KEY)
            return self._show(form, status=400)
        try:
            tried = begin_try(person.username, request, self.at, result=Try.Result.WRONG_CODE)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self._show(form, status=400)
        proved = self._proved(person, form.cleaned_data, challenge)
        if not proved:
            form.add_error(
                None if form.cleaned_data["passkey"] else "code", WRONG_KEY if form.cleaned_data["passkey"] else WRONG
            )
            return self._show(form, status=400)
        return self._come_in(tried, proved)

    def _proved(self, person, given, challenge):
        """The kind of factor that was proved, or ""."""
        if not given["passkey"]:
            return factors.by_code(person, given["code"], at=self.at)
        answered = passkeys.by_passkey(person, given["passkey"], challenge, self.site, at=self.at)
        return Factor.Kind.PASSKEY if answered else ""

    def _come_in(self, tried, proved):
        request, (person, then) = self.request, self.waiting
        source = devices.source_of(request, person.username)
        second_step.end(request)
        login(request, person)
        response = HttpResponseRedirect(then)  # an address: `redirect` would look for a page of that name first
        signing_in.succeed(tried, devices.remember(request, response, person))
        if proved == Factor.Kind.CODE:
            signing_in.note(person, Try.Result.RECOVERY, source, at=self.at)
            left = factors.codes_left(person)
            messages.warning(
                request, f"恢复码用掉一个，还剩 {left} 个。手机丢失的，请在“我的”里绑定新的验证方式，并移除丢失的那一种"
            )
        return response

    def _show(self, form, status=200):
        person, _ = self.waiting
        options, challenge = passkeys.to_prove(person, self.site)
        if options:
            second_step.ask(self.request, challenge)
        kinds = set(person.factors.values_list("kind", flat=True))
        context = {
            "form": form, "person": person, "options": options, "has_app": Factor.Kind.APP in kinds, "waits": unsent.waits(self.request),
        }  # fmt: skip
        return render(self.request, "accounts/second_step.html", context, status=status)
