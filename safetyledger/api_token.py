"""A program that asks the API with a token of somebody's."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS

from accounts import operations
from safetyledger.first_duties import owed

UNKNOWN = "令牌不正确"
ONLY_READS = "令牌“{token}”只能读取，不能写入。需要写入时，请在网页“我的”的“接口令牌”中另生成一个读写的"


class Token(TokenAuthentication):
    """The framework's way to read the header ``Authorization: Token …``, our tokens (`accounts.access.AccessToken`).

    401 with the reason for a token that is unknown, expired, revoked or ended; 403 for one that would write and may only read, and for
    that of a person who owes one of `safetyledger.first_duties.DUTIES`.
    """

    def authenticate(self, request):
        found = super().authenticate(request)
        if found is None:
            return None
        person, token = found
        if not (token.may_write or request.method in SAFE_METHODS):
            raise PermissionDenied(ONLY_READS.format(token=token))
        return person, token

    def authenticate_credentials(self, key):
        at = timezone.now()
        token = operations.token_with(key)
        if token is None:
            raise AuthenticationFailed(UNKNOWN)
        if sentence := token.refusal(at):
            raise AuthenticationFailed(sentence)
        for duty, sentence in owed(token.person, at):
            raise PermissionDenied(f"{sentence}。{duty.advice}")
        operations.note_use(token, at=at)
        return token.person, token


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes it; finding this class is all drf-spectacular needs."""

    target_class, name = "safetyledger.api_token.Token", "tokenAuth"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "写作 Token 加空格加令牌。令牌由本人在网页“我的”的“接口令牌”中生成，有期限，分只读和读写。",
        }
