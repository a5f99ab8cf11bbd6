"""What each person may do about tokens and sessions: parts of the tables of `tests.laws.test_doors`."""

from django.utils import timezone

from accounts.operations import make_token
from tests.laws.doors import ROLES, each

# The world's token is the inspector's, and each person has one session.
ACCESS_GET = {
    "accounts:tokens": each(200),
    "accounts:token_new": each(200),
    "accounts:token_revoke": each(405),
    "accounts:sessions": each(200),
    "accounts:session_end": each(405),
    "accounts:own_end_access": each(200),
    "accounts:person_end_access": each(403, (200, {"secadmin"})),
    "accounts:person_token_revoke": each(405),
}
ACCESS_POST = {
    "accounts:token_new": each(400),
    "accounts:session_end": each(400),  # names none: nothing ends
    "accounts:own_end_access": each(302),
    "accounts:person_end_access": each(403, (400, {"secadmin"})),
    "accounts:person_token_revoke": each(403, (302, {"secadmin"})),
    "accounts:token_revoke": each(404, (302, {"inspector"})),
}
# To send it is to end all access: tests/accounts/test_access.py.
ACCESS_SAID_IT_ALL = {"accounts:own_end_access": {*ROLES} - {"anonymous"}}


def token_of_the_world(inspector):
    """The key of a token of the ``inspector``."""
    token, _ = make_token(inspector, by=inspector, at=timezone.now(), name="数据大屏", scope="read", days=30)
    return token.pk
