"""人员: accounts, kept by the system administrator and granted by the security administrator."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts import login_limits, operations
from accounts.filters import PeopleFilter
from accounts.forms import EditAccountForm, GrantForm, NewAccountForm, SeenForm
from accounts.models import AccountEvent, Unit, User
from accounts.roles import ADMINISTRATORS, Role
from accounts.views.duty import require_role
from look import cells
from look.lists import Column, Empty, ListPage

KEEPERS = frozenset({Role.SYSADMIN, Role.SECADMIN})
UNITS_OFFERED = 2000
STOPS = (AccountEvent.Kind.REVOKED, AccountEvent.Kind.DEACTIVATED)


class People(ListPage):
    title, label, url_name = "人员", "人员名单", "accounts:people"
    sub = "共 {total} 人{narrowed}。系统管理员建立账号，安全管理员授权启用"
    columns = (
        Column("姓名", cells.link("__str__", "accounts:person")),
        Column("账号", cells.text("username"), "num"),
        Column("角色", lambda person: person.get_role_display() if person.is_active else cells.NOTHING),
        Column("单位", cells.text("unit.name")),
        Column("职务", cells.text("post")),
        Column("电话", cells.text("phone"), "num"),
        Column("状态", cells.fragment("accounts/people_state.html", "person")),
    )
    filter_class, fields = PeopleFilter, ("q", "role", "active")
    empty = Empty("没有符合条件的人员", "换一个条件再查。", icon="users")
    template = "accounts/people_list.html"

    def rows(self):
        _require_keeper(self.request)
        return _people()

    def besides(self):
        return {"may_open": self.request.user.role == Role.SYSADMIN}


people = People.as_view()


def person(request, pk):
    _require_keeper(request)
    return _show(request, get_object_or_404(_people(), pk=pk))


@never_cache
@sensitive_variables("password")
def person_create(request):
    require_role(request, {Role.SYSADMIN}, "建立账号须由系统管理员办理")
    form = NewAccountForm(request.POST or None)
    if request.method != "POST":
        return _form(request, form, None, status=200)
    if not form.is_valid():
        return _form(request, form, None, status=400)
    try:
        made, password = operations.open_account(by=request.user, at=timezone.now(), **form.cleaned_data)
    except operations.Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, None, status=400)
    return _show_password(request, made, password, "账号已建立，须由安全管理员授权后才能登录")


def person_edit(request, pk):
    require_role(request, {Role.SYSADMIN}, "修改账号资料须由系统管理员办理")
    row = get_object_or_404(_people(), pk=pk)
    if request.method != "POST":
        return _form(request, EditAccountForm(initial=_as_written(row)), row, status=200)
    form = EditAccountForm(request.POST)
    if not form.is_valid():
        return _form(request, form, row, status=400)
    facts = dict(form.cleaned_data)
    try:
        saved = operations.edit_account(row, by=request.user, at=timezone.now(), seen=facts.pop("seen"), **facts)
    except operations.Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, row, status=409)
    suspended = row.is_active and not saved.is_active
    messages.success(request, "已保存；单位已更换，须由安全管理员重新授权后才能登录" if suspended else "已保存")
    return redirect("accounts:person", row.pk)


@require_POST
@never_cache
@sensitive_variables("password")
def person_password(request, pk):
    require_role(request, {Role.SYSADMIN}, "重置密码须由系统管理员办理")
    row = get_object_or_404(_people(), pk=pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return _show(request, row, "请从人员页面重新办理", status=400)
    try:
        password = operations.reset_password(row, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"])
    except operations.Refused as refusal:
        return _show(request, row, str(refusal), status=409)
    login_limits.forget(row.username)
    return _show_password(request, row, password, "密码已重置，原来的登录全部失效")


@require_POST
def person_stop(request, pk):
    _require_keeper(request)
    row = get_object_or_404(_people(), pk=pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return _show(request, row, "请从人员页面重新办理", status=400)
    try:
        operations.deactivate(row, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"])
    except operations.Refused as refusal:
        return _show(request, row, str(refusal), status=409)
    messages.success(request, f"{row} 的账号已停用")
    return redirect("accounts:person", row.pk)


@require_POST
def person_grant(request, pk):
    require_role(request, {Role.SECADMIN}, "授权须由安全管理员办理")
    row = get_object_or_404(_people(), pk=pk)
    form = GrantForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form=form, status=400)
    try:
        granted = operations.grant(row, by=request.user, at=timezone.now(), **form.cleaned_data)
    except operations.Refused as refusal:
        return _show(request, row, str(refusal), status=409)
    messages.success(request, f"已授权：{granted}，{granted.get_role_display()}")
    return redirect("accounts:person", row.pk)


def _require_keeper(request):
    require_role(request, KEEPERS, "人员由系统管理员和安全管理员管理")


def _people():
    stopped = AccountEvent.objects.filter(person=OuterRef("pk"), kind__in=STOPS)
    return User.objects.select_related("unit", "superior").annotate(was_stopped=Exists(stopped))


def _show(request, row, problem="", *, form=None, status=200):
    """The page of one person; ``problem`` says why an act was refused, ``form`` is the grant as it was sent."""
    user, seen = request.user, operations.latest_event(row)
    himself = row.pk == user.pk
    context = {
        "person": row, "problem": problem, "may_edit": user.role == Role.SYSADMIN,
        "may_reset": user.role == Role.SYSADMIN and row.role not in ADMINISTRATORS,
        "may_stop": row.is_active and not himself, "may_grant": user.role == Role.SECADMIN and not himself,
        "stop_word": "撤销授权" if user.role == Role.SECADMIN else "停用账号",
        "act_form": SeenForm(initial={"seen": seen}),
        "grant_form": form or GrantForm(initial={"seen": seen, "role": row.role if row.is_active else ""}),
    }  # fmt: skip
    return render(request, "accounts/people_detail.html", context, status=status)


def _show_password(request, row, password, sentence):
    """Answers the request itself: no redirect, message or cookie ever carries a password."""
    return render(request, "accounts/people_password.html", {"person": row, "password": password, "sentence": sentence})


def _form(request, form, row, *, status):
    units = Unit.objects.active().order_by("code").values_list("code", "name")[:UNITS_OFFERED]
    return render(request, "accounts/people_form.html", {"form": form, "person": row, "units": units}, status=status)


def _as_written(row):
    return {
        "seen": operations.latest_event(row), "full_name": row.full_name, "unit": row.unit.code if row.unit else "",
        "post": row.post, "phone": row.phone, "email": row.email, "superior": row.superior.username if row.superior else "",
    }  # fmt: skip
