"""What every page's frame needs: menu by role, jurisdiction, unread messages, today."""

from functools import cache

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.roles import OFFICERS, RANKING_READERS, UNIT_READERS, Role
from accounts.scope import place_of
from accounts.unsent import mark
from notifications.models import COUNTED, Notification

LEDGER_READERS = RANKING_READERS | {Role.ENTERPRISE}
# url name, word, word under the phone's bottom bar, icon, who sees it (None: everyone)
MENU = (
    ("rankings:leader", "总览", "总览", "eye-check", {Role.LEADER}),
    ("hazards:desk", "工作台", "工作台", "home", None),
    ("hazards:ledger", "隐患台账", "台账", "list-details", LEDGER_READERS),
    ("inspections:list", "检查", "", "", RANKING_READERS),
    ("inspections:enterprises", "企业", "", "", RANKING_READERS),
    ("enforcement:list", "执法措施", "", "", LEDGER_READERS),
    ("flags:list", "异常提示", "", "", RANKING_READERS),
    ("responsibilities:charges", "责任分工", "", "", RANKING_READERS),
    ("reporting:list", "信息报送", "", "", LEDGER_READERS),
    ("rankings:index", "统计排名", "统计", "chart-bar", RANKING_READERS),
    ("bulletins:list", "通报", "", "", RANKING_READERS),
    ("accounts:people", "人员", "人员", "users", {Role.SYSADMIN, Role.SECADMIN}),
    ("accounts:account_events", "账号审计", "审计", "history", {Role.AUDITOR}),
    ("accounts:sign_ins", "登录记录", "登录", "lock", {Role.AUDITOR}),
    ("accounts:unit_events", "单位审计", "", "", {Role.AUDITOR}),
    ("disclosures:list", "取用记录", "", "", {Role.AUDITOR}),
    ("accounts:verifications", "审计核验", "", "", {Role.AUDITOR}),
    ("accounts:units", "单位", "单位", "building", UNIT_READERS),
    ("criteria:standards", "判定标准", "", "", RANKING_READERS | {Role.SYSADMIN}),
    ("inspections:sectors", "行业领域", "行业", "list-details", {Role.SYSADMIN}),
)

# In the bar of a desktop several entries stand behind one word, where the first of them would: twelve words are a row nobody reads.
GROUPS = (
    ("检查执法", ("inspections:list", "inspections:enterprises", "enforcement:list")),
    ("职责标准", ("responsibilities:charges", "criteria:standards")),
)


def navigation(request):
    """Context of the frame; nothing here touches the database until a template asks for it."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    nav = _menu(request, user) if known else []
    return {
        "nav": nav,
        "nav_bar": _grouped(nav),
        "nav_more": [item for item in nav if not item["short"]],
        "may_register": known and user.role in OFFICERS and user.unit_id is not None,
        "unread_count": cache(lambda: _unread(user) if known else 0),
        "whose": SimpleLazyObject(lambda: mark(user) if known else ""),
        "jurisdiction": SimpleLazyObject(lambda: _serves(user) if known else ""),
        "today": timezone.localdate(),
    }


def _serves(user):
    """The territory that ``user`` serves, or the firm an enterprise's own people act for."""
    if user.role == Role.ENTERPRISE:
        return user.enterprises.order_by("pk").values_list("name", flat=True).first() or ""  # it acts for one firm only
    return place_of(user)


def _unread(user):
    """How many messages wait for ``user``, counted no further than the bell says."""
    unread = Notification.objects.filter(recipient=user).unread()
    slugs = set(unread.order_by().values_list("record_kind", flat=True).distinct())
    return Notification.objects.visible_to(user, slugs).unread()[:COUNTED].count() if slugs else 0


def _menu(request, user):
    match = request.resolver_match
    here = "" if match is None else match.view_name
    app = here.split(":")[0]
    named = {url_name for url_name, *_ in MENU}
    items = []
    for url_name, label, short, icon, readers in MENU:
        if readers is None or user.role in readers:
            # A page outside the menu belongs to its app's list: a hazard's page lights up 隐患台账.
            current = url_name == here or (here not in named and _home(app, here) == url_name)
            items.append({"label": label, "short": short, "icon": icon, "url_name": url_name, "current": current})
    return items


def _grouped(items):
    """``items`` with those of a group behind its word; of a group of which this person has one entry, that entry."""
    bar, places = [], {}
    group_of = {url_name: label for label, url_names in GROUPS for url_name in url_names}
    for item in items:
        label = group_of.get(item["url_name"])
        if label is None:
            bar.append(item)
        elif label in places:
            places[label]["entries"].append(item)
        else:
            places[label] = {"label": label, "entries": [item]}
            bar.append(places[label])
    return [
        entry if "entries" not in entry else entry["entries"][0] if len(entry["entries"]) == 1
        else entry | {"current": any(item["current"] for item in entry["entries"])}
        for entry in bar
    ]  # fmt: skip


def _home(app, here):
    """The menu entry under which a page outside the menu stands."""
    if here.startswith("inspections:enterprise"):
        return "inspections:enterprises"
    if here.startswith("inspections:sector"):
        return "inspections:sectors"
    if here.startswith("accounts:person"):
        return "accounts:people"
    if here.startswith("accounts:unit"):
        return "accounts:units"
    return {
        "criteria": "criteria:standards",
        "hazards": "hazards:ledger",
        "imports": "hazards:ledger",
        "inspections": "inspections:list",
        "enforcement": "enforcement:list",
        "flags": "flags:list",
        "rankings": "rankings:index",
        "reporting": "reporting:list",
        "bulletins": "bulletins:list",
        "responsibilities": "responsibilities:charges",
    }.get(app)
