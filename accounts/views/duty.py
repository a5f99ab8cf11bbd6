"""Who of the three administrators may open a page."""

from django.core.exceptions import PermissionDenied


def require_role(request, roles, sentence):
    """PermissionDenied with ``sentence`` unless the visitor has one of ``roles``."""
    if request.user.role not in roles:
        raise PermissionDenied(sentence)
