"""Somebody signed in on a page who asks the API."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied

STALE = "页面已过期，请刷新页面后重试"


class PageSession(SessionAuthentication):
    """The framework's; a request that no page of ours made is refused in words."""

    def enforce_csrf(self, request):
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            raise PermissionDenied(STALE) from refusal
