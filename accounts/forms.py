from django import forms
from django.contrib.auth.forms import AuthenticationForm

from accounts import login_limits


class SignInForm(AuthenticationForm):
    """The sign-in form; a locked account or address is told so before the password is looked at."""

    error_messages = {
        "invalid_login": "账号或密码不对。连续输错 5 次后，须等 15 分钟再试",
        "inactive": "该账号已停用，请联系系统管理员",
    }
    locked = "输错次数过多，请 15 分钟后再试，或请系统管理员重置密码"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"

    def clean(self):
        username, peer = self.data.get("username", ""), self.request.META.get("REMOTE_ADDR", "")
        if login_limits.is_locked(username, peer):
            raise forms.ValidationError(self.locked, code="locked")
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            login_limits.record_failure(username, peer)
            raise
        login_limits.forget(username)
        return cleaned
