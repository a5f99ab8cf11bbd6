from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import devices, second_step, sessions, unsent
from accounts.forms import OwnPasswordForm, SignInForm
from accounts.models import SignIn as Try
from accounts.operations import Refused, signing_in
from doors.names import of_form, once


class SignIn(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    query_names, form_names = once("next"), of_form(SignInForm) | once("next")
    redirect_authenticated_user = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"at": timezone.now()}

    def form_valid(self, form):
        if form.get_user().has_factor:
            signing_in.half(form.tried)
            second_step.begin(self.request, form.get_user(), self.get_success_url())
            return redirect("accounts:second_step")
        response = super().form_valid(form)
        signing_in.succeed(form.tried, devices.remember(self.request, response, form.get_user()))
        return response

    def get_context_data(self, **kwargs):
        said = {"waits": unsent.waits(self.request), "ended": self.request.session.get(sessions.WHY, "")}
        return super().get_context_data(**kwargs) | said


def sign_in_again(request):
    """A sign-in form with an old token: who has signed in meanwhile goes on, the others sign in with a new one."""
    if second_step.waiting(request):
        return redirect("accounts:second_step")
    view = SignIn()
    view.setup(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(view.get_success_url())
    form = SignInForm(request, initial={"username": request.POST.get("username", "")[:150]})
    form.said = "页面打开时间过长，请再登录一次"
    return view.render_to_response(view.get_context_data(form=form), status=403)


@require_safe
def alive(request):
    """For scripts of an open page: who is signed in now, and the token of this session."""
    return JsonResponse({"whose": str(request.user.pk), "token": get_token(request)})


@require_safe
def resume(request, key):
    """A form that came without a session, for its author to send again; others are led to their desk."""
    kept = unsent.found(request, key)
    if kept is None:
        messages.info(request, "没有等待提交的内容")
        return redirect("hazards:desk")
    return render(request, "accounts/resume.html", {"unsent": kept})


@method_decorator(login_not_required, name="dispatch")  # the session may have gone first
class SignOut(auth_views.LogoutView):
    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            source = devices.source_of(request, request.user.username)
            signing_in.note(request.user, Try.Result.SIGN_OUT, source, at=timezone.now())
        return super().post(request, *args, **kwargs)


def me(request):
    """我的: who I am here, and what I can change about it."""
    return render(request, "accounts/me.html")


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangePassword(auth_views.PasswordChangeView):
    form_class, form_names = OwnPasswordForm, of_form(OwnPasswordForm)
    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:me")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request, "at": timezone.now()}

    def form_valid(self, form):
        try:
            response = super().form_valid(form)
        except Refused as refusal:  # the account was stopped, or changed, while the form was on its way
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, "密码已更换，其他设备上的登录和接口令牌已全部失效")
        devices.remember(self.request, response, form.user)  # bound to the old password until now
        return response
