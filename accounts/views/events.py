from accounts.filters import AccountEventFilter
from accounts.models import AccountEvent
from accounts.roles import Role
from accounts.views.listing import render_list, require_role


def account_events(request):
    """账号审计: what administrators did to accounts, for the auditor alone."""
    require_role(request, {Role.AUDITOR}, "账号审计由审计员查阅")
    asked = AccountEventFilter(request.GET, queryset=AccountEvent.objects.select_related("actor", "record"))
    return render_list(request, asked, "accounts/people_events.html")
