from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from accounts.devices import source_of
from accounts.models import SignIn, User, folded
from accounts.operations import USED_BEFORE, Refused, change_own_password, signing_in, unit_named, was_used
from journal.forms import LAST_VERSION, ColumnsForm, speak


class SignInForm(AuthenticationForm):
    """The sign-in form; a locked account or address is told so before the password is looked at. ``at``: when it is sent."""

    error_messages = {
        "invalid_login": "账号或密码不对。连续输错 5 次后，须等 15 分钟再试",
        "inactive": "该账号已停用，请联系系统管理员",
    }
    tried = None

    def __init__(self, *args, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"

    def clean(self):
        # As cleaned, for so it is looked up: what was typed may differ from it in spaces and character widths.
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return self.cleaned_data  # nobody is even asked for
        self.tried = begin_try(name, self.request, self.at)
        return super().clean()


def begin_try(name, request, at, **options):
    """A try at the password of ``name``; ValidationError where it must wait."""
    try:
        return signing_in.begin(name, source_of(request, name), at=at, **options)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal), code="locked") from refusal


def guessed(person, password, request, *, at):
    """Judge ``password`` as that of ``person``, who is signed in; ValidationError where it is not. Counted as tries at sign-in are."""
    tried = begin_try(person.username, request, at, result=SignIn.Result.WRONG_OLD)
    if not person.check_password(password):
        raise forms.ValidationError("密码不对。连续输错 5 次后，须等 15 分钟再试", code="wrong")
    signing_in.take_back(tried)


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
        if self.kept and folded(text) == folded(self.kept.username):
            return self.kept
        if not text:
            return None
        person = User.objects.named(text).filter(is_active=True).first()
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
    """A new password for oneself. Guesses at the old one are counted like those at sign-in."""

    def __init__(self, *args, request=None, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.at = request, at

    def clean_old_password(self):
        tried = begin_try(self.user.username, self.request, self.at, result=SignIn.Result.WRONG_OLD)
        old = super().clean_old_password()
        signing_in.take_back(tried)
        return old

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if was_used(self.user, password):
            raise forms.ValidationError(USED_BEFORE, code="used")
        return password

    def save(self, commit=True):
        source = source_of(self.request, self.user.username)
        change_own_password(self.user, self.cleaned_data["new_password1"], at=self.at)
        signing_in.note(self.user, SignIn.Result.CHANGED, source, at=self.at)
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

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            speak(field)
