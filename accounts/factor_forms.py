"""What is typed to prove, bind and remove a second factor."""

import unicodedata

from django import forms

from accounts.forms import guessed
from accounts.operations.factors import step_of
from journal.forms import speak

PASSKEY_TEXT = 20_000  # characters of what a browser says of a passkey


class PasskeyField(forms.CharField):
    """What static/js/passkey.js puts into the form: JSON, judged by `accounts.operations.passkeys`."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(label="通行密钥", required=False, max_length=PASSKEY_TEXT)


class CodeField(forms.CharField):
    """Digits, however they are grouped or wide."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})

    def to_python(self, value):
        return "".join(unicodedata.normalize("NFKC", super().to_python(value)).split()).replace("-", "")


class SecondStepForm(forms.Form):
    """A code of an app or from paper, or the answer of a passkey."""

    code = CodeField(label="验证码", max_length=30, required=False)
    passkey = PasskeyField()

    def clean(self):
        given = super().clean()
        if not self.errors and not given.get("code") and not given.get("passkey"):
            self.add_error("code", "请填写验证码")
        return given


class PasswordAgainForm(forms.Form):
    """Whoever changes anything about factors types the password: an open screen is not enough. Guesses are counted as at sign-in."""

    password = forms.CharField(
        label="现在的密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写现在的密码"},
    )

    def __init__(self, *args, request, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.at = request, at
        for field in self.fields.values():
            speak(field)

    def clean_password(self):
        guessed(self.request.user, self.cleaned_data["password"], self.request, at=self.at)
        return ""


class NamedForm(PasswordAgainForm):
    name = forms.CharField(
        label="名称", max_length=20, help_text="写明在哪里，便于以后辨认", error_messages={"required": "请填写名称"}
    )


class AppForm(NamedForm):
    """Binds an app by ``secret``, which the page shows: the code that it gives now proves that it was taken over."""

    code = CodeField(label="验证码", max_length=30, error_messages={"required": "请填写应用上显示的 6 位数字"})
    field_order = ["code", "name", "password"]

    def __init__(self, *args, secret, **kwargs):
        self.secret = secret
        super().__init__(*args, **kwargs)

    def clean_code(self):
        self.step = step_of(self.secret, self.cleaned_data["code"], at=self.at)
        if self.step is None:
            raise forms.ValidationError("验证码不对：请等下一个数字再填，并核对手机时间是否准确", code="wrong")
        return self.cleaned_data["code"]


class PasskeyForm(NamedForm):
    passkey = PasskeyField()
    field_order = ["name", "password"]

    def clean(self):
        given = super().clean()
        if not self.errors and not given.get("passkey"):
            self.add_error(None, "浏览器没有给出通行密钥，请再按一次“绑定”，并按浏览器的提示操作")
        return given
