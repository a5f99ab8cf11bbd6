from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts import devices
from accounts.forms import OwnPasswordForm, SignInForm
from accounts.models import SignIn as Try
from accounts.operations import signing_in
from doors.names import of_form, once


class SignIn(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    query_names, form_names = once("next"), of_form(SignInForm) | once("next")
    redirect_authenticated_user = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"at": timezone.now()}

    def form_valid(self, form):
        response = super().form_valid(form)
        signing_in.succeed(form.tried, devices.remember(self.request, response, form.get_user()))
        return response


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
        messages.success(self.request, "密码已更换")
        response = super().form_valid(form)
        devices.remember(self.request, response, form.user)  # bound to the old password until now
        return response
