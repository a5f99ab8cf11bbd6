from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import OwnPasswordForm, SignInForm


class SignIn(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


def me(request):
    """我的: who I am here, and what I can change about it."""
    return render(request, "accounts/me.html")


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangePassword(auth_views.PasswordChangeView):
    form_class = OwnPasswordForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:me")

    def form_valid(self, form):
        messages.success(self.request, "密码已更换")
        return super().form_valid(form)
