"""Programs that come in with a token of somebody's."""

from django.utils import timezone

from accounts.models import User
from accounts.operations import make_token


def secret_of(person, *, scope="write", name="数据大屏", days=30, at=None):
    """The secret of a new token of ``person``."""
    person = User.objects.get(pk=person.pk)
    return make_token(person, by=person, at=at or timezone.now(), name=name, scope=scope, days=days)[1]


def header_of(person, **options):
    """The header that carries it, as a test client takes it."""
    return {"Authorization": f"Token {secret_of(person, **options)}"}
