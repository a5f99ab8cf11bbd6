from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from accounts import login_limits
from accounts.models import User
from accounts.operations import Refused, unit_named
from journal.forms import LAST_VERSION, ColumnsForm


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
        # As cleaned, for so it is looked up: what was typed may differ from it in spaces and character widths.
        username, peer = self.cleaned_data.get("username", ""), self.request.META.get("REMOTE_ADDR", "")
        if login_limits.is_locked(username, peer):
            raise forms.ValidationError(self.locked, code="locked")
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            login_limits.record_failure(username, peer)
            raise
        if self.get_user() is not None:  # without a password nobody was even asked for
            login_limits.forget(username)
        return cleaned


class UnitField(forms.CharField):
    """A unit by its code or name; the page offers the known ones in a list (``<datalist id="units">``)."""

    widget = forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
    kept = None  # the unit that stands there already, in use or not

    def prepare_value(self, value):
        return getattr(value, "code", value)

    def clean(self, value):
        text = super().clean(value)
        if self.kept and text == self.kept.code:
            return self.kept
        try:
            return unit_named(text) if text else None
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code="unknown") from refusal


class PersonField(forms.CharField):
    """A person by account name."""

    kept = None  # who stands there already, in use or not

    def prepare_value(self, value):
        return getattr(value, "username", value)

    def clean(self, value):
        text = super().clean(value)
        if self.kept and text == self.kept.username:
            return self.kept
        if not text:
            return None
        person = User.objects.filter(username=text, is_active=True).first()
        if person is None:
            raise forms.ValidationError(f"没有启用的账号“{text[:40]}”", code="unknown")
        return person


class SeenForm(ColumnsForm):
    """An act is decided on what a page showed: without its version nothing is done."""

    version = forms.IntegerField(
        min_value=0,
        max_value=LAST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "请重新打开页面办理"),
    )


class OwnPasswordForm(PasswordChangeForm):
    def save(self, commit=True):
        """Write the password alone: whatever else stood on the row when the request began may have changed since."""
        self.set_password_and_save(self.user, "new_password1", commit=False)
        self.user.save(update_fields=["password"])
        return self.user


class AccountForm(forms.Form):
    """What a system administrator writes about a person; no role and nothing about signing in."""

    full_name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名"})
    unit = UnitField(
        label="单位",
        max_length=100,
        required=False,
        help_text="填写单位代码或名称；企业人员和三员可以不填，其他角色授权前必须填写",
    )
    post = forms.CharField(label="职务", max_length=40, required=False)
    phone = forms.RegexField(
        r"^[0-9+() -]{0,20}\Z",
        label="电话",
        max_length=20,
        required=False,
        error_messages={"invalid": "电话只能包含数字、空格、括号、加号和短横"},
    )
    email = forms.EmailField(label="邮箱", max_length=254, required=False, help_text="填写后提醒同时发到邮箱")
    superior = PersonField(
        label="上级负责人的账号", max_length=150, required=False, help_text="逾期提醒同时发给上级负责人"
    )


class NewAccountForm(AccountForm):
    username = forms.CharField(
        label="账号",
        max_length=30,
        help_text="字母、数字和 . _ - @ +，建立后不能改",
        error_messages={"required": "请填写账号"},
        validators=[User.username_validator],
    )
    field_order = ["username"]
