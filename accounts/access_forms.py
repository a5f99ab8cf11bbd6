"""What a person is asked about their own access."""

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator

from accounts.forms import guessed
from accounts.models import AccessToken
from journal.forms import speak

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """A new token of ``person``, who says the password once more: a page left open makes none. ``at``: when it is sent."""

    name = forms.CharField(
        label="名称",
        max_length=40,
        help_text="写明给哪个系统用，例如“数据大屏”",
        error_messages={"required": "请填写令牌的名称"},
    )
    scope = forms.ChoiceField(
        label="权限",
        choices=[("", "请选择"), *AccessToken.Scope.choices],
        error_messages={"required": "请选择权限"},
    )
    days = forms.IntegerField(label="有效天数", min_value=1)
    password = forms.CharField(
        label="登录密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写登录密码"},
    )

    def __init__(self, *args, person, request=None, at=None, **options):
        most = settings.TOKEN_DAYS
        super().__init__(*args, initial={"days": min(USUAL_DAYS, most)}, **options)
        self.person, self.request, self.at = person, request, at
        days = self.fields["days"]
        days.validators.append(MaxValueValidator(most))
        days.widget.attrs["max"] = most
        days.help_text = f"最长 {most} 天，到期自动失效"
        days.error_messages |= dict.fromkeys(
            ("invalid", "required", "min_value", "max_value"), f"有效天数应在 1 到 {most} 之间"
        )
        for field in self.fields.values():
            speak(field)

    def clean_password(self):
        guessed(self.person, self.cleaned_data["password"], self.request, at=self.at)
        return ""

    def given(self):
        """What the verb is told."""
        return {name: self.cleaned_data[name] for name in ("name", "scope", "days")}
