"""二次验证, under 我的: what is bound to one's own account, and the pages on which that is changed, each with the password again."""

import pyotp
import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from accounts import devices, operations, sealing
from accounts.factor import Factor, about
from accounts.factor_forms import AppForm, PasskeyForm, PasswordAgainForm
from accounts.models import User
from accounts.operations import passkeys
from accounts.operations.factors import codes_left, new_secret
from doors.names import of_form
from journal.refusal import Refused

ISSUER = "安全隐患台账"
ELSEWHERE = "其他地方的登录已全部退出"
_APP, _PASSKEY = "factor_app", "factor_passkey"  # what the session keeps while one is being bound


def _own(request):
    """The account of who asks, as it is acted on."""
    return get_object_or_404(User.objects.visible_to(request.user), pk=request.user.pk)


def _bound(person):
    return person.factors.exclude(kind=Factor.Kind.CODE)


@require_safe
def factors(request):
    """What is bound, and what can be done about it."""
    context = {
        "factors": _bound(_own(request)), "codes": codes_left(request.user), "is_demo": settings.DEMO,
        "is_needed": request.user.role in settings.SECOND_FACTOR_ROLES, "bears_keys": passkeys.Site.of(request).bears_keys,
    }  # fmt: skip
    return render(request, "accounts/factors.html", context)


class FactorPage(View):
    """One change of one's own factors: the form, the verb, and either new recovery codes or the way back.

    ``do(form)``, which each page has, calls the verb and returns recovery codes to show, or nothing.
    """

    http_method_names = ["get", "head", "post"]
    form_class, template, done = PasswordAgainForm, "", ""

    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request, **arguments):
        self.person, self.at = _own(request), timezone.now()
        return super().dispatch(request, **arguments)

    def get(self, request):
        return self.show(self.form())

    @sensitive_variables("codes")
    def post(self, request):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        try:
            codes = self.do(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, status=400)
        update_session_auth_hash(request, self.person)  # this session stays
        if codes:
            context = {"codes": codes, "person": self.person, "said": self.done}
            response = render(request, "accounts/factor_codes_shown.html", context)
        else:
            messages.success(request, self.done)
            response = redirect("accounts:factors")
        devices.remember(request, response, self.person)
        return response

    def form(self, data=None):
        return self.form_class(data, request=self.request, at=self.at, **self.options())

    def options(self):
        """What the form is told besides."""
        return {}

    def show(self, form, status=200, **besides):
        """The form's page."""
        context = {"form": form, "is_demo": settings.DEMO} | besides
        return render(self.request, self.template, context, status=status)


class BindApp(FactorPage):
    form_class, form_names = AppForm, of_form(AppForm)
    template, done = "accounts/factor_app.html", f"已绑定验证器。{ELSEWHERE}"

    @property
    def secret(self):
        """The secret that the page shows until it is bound; the session keeps it encrypted."""
        bound = about(self.person, Factor.Kind.APP)
        try:
            return sealing.unseal(self.request.session[_APP], bound)
        except (KeyError, sealing.Unreadable):
            secret = new_secret()
            self.request.session[_APP] = sealing.seal(secret, bound)
            return secret

    def options(self):
        return {"secret": self.secret}

    def do(self, form):
        codes = operations.bind_factor(
            self.person, by=self.request.user, at=self.at, kind=Factor.Kind.APP, name=form.cleaned_data["name"],
            secret=form.secret, counter=form.step,
        )  # fmt: skip
        del self.request.session[_APP]
        return codes

    def show(self, form, status=200, **besides):
        secret = self.secret
        address = pyotp.TOTP(secret).provisioning_uri(name=self.person.username, issuer_name=ISSUER)
        picture = segno.make(address, error="m").svg_data_uri(scale=5, light="#fff")
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return super().show(form, status, picture=picture, groups=" ".join(groups))


class BindPasskey(FactorPage):
    form_class, form_names = PasskeyForm, of_form(PasskeyForm)
    template, done = "accounts/factor_passkey.html", f"已绑定通行密钥。{ELSEWHERE}"

    def do(self, form):
        site = passkeys.Site.of(self.request)
        asked = self.request.session.pop(_PASSKEY, None)
        secret, counter = passkeys.bound_by(form.cleaned_data["passkey"], asked, site)
        return operations.bind_factor(
            self.person, by=self.request.user, at=self.at, kind=Factor.Kind.PASSKEY, name=form.cleaned_data["name"],
            secret=secret, counter=counter,
        )  # fmt: skip

    def show(self, form, status=200, **besides):
        site = passkeys.Site.of(self.request)
        options = None
        if site.bears_keys:
            options, self.request.session[_PASSKEY] = passkeys.to_bind(self.person, site)
        return super().show(form, status, options=options)


class RenewCodes(FactorPage):
    form_names = of_form(PasswordAgainForm)
    template, done = "accounts/factor_codes.html", "已换发恢复码，以前的全部作废"

    def dispatch(self, request):
        return super().dispatch(request) if request.user.has_factor else redirect("accounts:factors")

    def do(self, form):
        return operations.renew_codes(self.person, by=self.request.user, at=self.at)


class DropFactor(FactorPage):
    form_names = of_form(PasswordAgainForm)
    template, done = "accounts/factor_drop.html", f"已移除。{ELSEWHERE}"

    def dispatch(self, request, pk):
        self.factor = get_object_or_404(_bound(request.user), pk=pk)
        return super().dispatch(request)

    def do(self, form):
        return operations.drop_factor(self.person, by=self.request.user, at=self.at, factor=self.factor)

    def show(self, form, status=200, **besides):
        return super().show(form, status, factor=self.factor, is_last=_bound(self.person).count() == 1)
