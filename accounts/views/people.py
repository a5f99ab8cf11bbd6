"""人员: accounts, kept by the system administrator and granted by the security administrator."""

from dataclasses import replace

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import operations
from accounts.filters import PeopleFilter
from accounts.forms import NewAccountForm
from accounts.models import Unit, User, open_work_asked
from accounts.roles import Role
from accounts.sessions import open_to
from accounts.views.duty import require_role
from doors.names import asked, of_form
from journal.views import ActPage, offers, timeline
from look import cells
from look.lists import Column, Empty, ListPage
from look.panels import panels_of

KEEPERS = frozenset({Role.SYSADMIN, Role.SECADMIN})
UNITS_OFFERED = 2000
LEAVING = frozenset({"edit", "grant", "deactivate"})  # after these a person may be no more who a hazard names
PAGES = {
    "edit": "person_edit",
    "reset_password": "person_password",
    "reset_factor": "person_factor",
    "grant": "person_grant",
    "deactivate": "person_stop",
    "end_access": "person_end_access",
}


class People(ListPage):
    title, label, url_name = "人员", "人员名单", "accounts:people"
    looks_up = "人员名单，含电话"
    sub = "共 {total} 人{narrowed}。系统管理员建立账号，安全管理员授权启用"
    columns = (
        Column("姓名", cells.link("__str__", "accounts:person"), "lead"),
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
        return User.objects.visible_to(self.request.user).select_related("unit")

    def besides(self):
        return {"may_open": self.request.user.role == Role.SYSADMIN}


people = People.as_view()


def person(request, pk):
    """The account for those who keep it; for those who read the ledger what the person answers for, who serves their territory."""
    if request.user.reads_rankings:
        return _at_work(request, pk)
    _require_keeper(request)
    rows = User.objects.visible_to(request.user).select_related("unit", "superior")
    row = get_object_or_404(rows, pk=pk)
    acts = offers(request.user, row, url_of, word=lambda act: _word(act, row, request.user))
    context = {"person": row, "acts": acts, "entries": timeline(row, request.user), "access": None}
    if request.user.role == Role.SECADMIN:
        at = timezone.now()
        context["access"] = {"sessions": open_to(row, at).count(), "live": list(row.tokens.live(at))}
    return render(request, "accounts/people_detail.html", context)


def _at_work(request, pk):
    rows = User.objects.filter(unit__in=Unit.objects.in_territory_of(request.user)).select_related("unit", "superior")
    row = get_object_or_404(rows, pk=pk)
    return render(request, "accounts/person_at_work.html", {"person": row, "panels": panels_of(request, row)})


@asked(form=of_form(NewAccountForm))
@sensitive_variables("password")
def person_create(request):
    require_role(request, {Role.SYSADMIN}, "建立账号须由系统管理员办理")
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form(request, form, status=200)
    if not form.is_valid():
        return _form(request, form, status=400)
    try:
        made, password = operations.open_account(by=request.user, at=timezone.now(), **form.cleaned_data)
    except operations.Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, status=400)
    return _show_password(request, made, password, "账号已建立，须由安全管理员授权后才能登录")


class PersonAct(ActPage):
    """The page of one act on one account; that of a new password answers the request itself."""

    kind, related, template = User, ("unit", "superior"), "accounts/person_act.html"
    home, home_label = "accounts:people", "人员"

    def record(self, user, pk):
        _require_keeper(self.request)
        return super().record(user, pk)

    def beside(self, record, act, today):
        word = _word(act, record, self.request.user)
        named = {"person": record, "act": replace(act, title=word, button=act.button if act.name == "edit" else word)}
        if record.is_active and act.name in LEAVING:
            answers = [answer for _, answer in open_work_asked.send(User, person=record)]
            named["open_work"] = sum(count for count, _ in answers)
            named["stand_in"] = next((someone for _, someone in answers if someone), None)
        return named | ({"units": _units_offered()} if act.name == "edit" else {})

    @sensitive_variables("made")
    def done(self, request, record, made):
        if self.act.name == "reset_password":
            return _show_password(request, record, made, self.act.done)
        return super().done(request, record, made)


def url_of(row, act):
    """The address of the page of ``act`` on the account ``row``."""
    return reverse(f"accounts:{PAGES[act.name]}", args=[row.pk])


def _word(act, row, user):
    """What an act is called to this person: the grant of one who has a role changes it, the other's stop is a revocation."""
    if act.name == "grant" and row.is_active:
        return "更改角色"
    return "撤销授权" if act.name == "deactivate" and user.role == Role.SECADMIN else act.words


def _require_keeper(request):
    require_role(request, KEEPERS, "人员由系统管理员和安全管理员管理")


def _show_password(request, row, password, sentence):
    """Answers the request itself: no redirect, message or cookie ever carries a password."""
    return render(request, "accounts/people_password.html", {"person": row, "password": password, "sentence": sentence})


def _form(request, form, *, status):
    context = {"form": form, "units": _units_offered()}
    return render(request, "accounts/people_form.html", context, status=status)


def _units_offered():
    return Unit.objects.active().order_by("code").values_list("code", "name")[:UNITS_OFFERED]
