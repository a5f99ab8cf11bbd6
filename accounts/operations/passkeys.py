"""Passkeys and security keys (WebAuthn) as second factors: what a browser is asked, and whether its answer holds.

Attestation is not asked for: which make of key somebody owns is none of the ledger's business.
"""

import base64
import ipaddress
import json
from dataclasses import dataclass

from django.db.models import Q
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.factor import Factor
from accounts.operations.factors import known, opened
from journal.refusal import Refused

LONGEST = 20_000  # characters of an answer
NOT_KNOWN = "没有认出这个通行密钥，请重试"


@dataclass(frozen=True)
class Site:
    """Where a page stands: ``host`` without port is what keys are bound to, ``origin`` what a browser must say it is at."""

    host: str
    origin: str

    @classmethod
    def of(cls, request):
        return cls(request.get_host().rpartition("]")[2].partition(":")[0], f"{request.scheme}://{request.get_host()}")

    @property
    def bears_keys(self):
        """Browsers bind keys to names alone, never to the number of a machine."""
        try:
            ipaddress.ip_address(self.host or "::1")
        except ValueError:
            return True
        return False

    @property
    def server(self):
        party = PublicKeyCredentialRpEntity(id=self.host, name="安全隐患台账")
        return Fido2Server(party, verify_origin=lambda said: said == self.origin)


def to_bind(person, site):
    """``(options for the browser, state to keep)`` for a new key of ``person``; those that are bound already are not taken again."""
    owner = PublicKeyCredentialUserEntity(id=person.uid.bytes, name=person.username, display_name=str(person))
    options, state = site.server.register_begin(
        owner,
        [credential for _, credential in _bound(person)],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


def bound_by(answer, state, site):
    """``(secret, counter)`` of the key that gave ``answer`` (JSON); raises Refused."""
    data = _judged(lambda: site.server.register_complete(state, _read(answer)))
    return base64.b64encode(data.credential_data).decode(), data.counter


def to_prove(person, site):
    """``(options for the browser, state to keep)`` to prove one of the keys of ``person``; ``(None, None)`` where there is none."""
    bound = _bound(person) if site.bears_keys else []
    if not bound:
        return None, None
    options, state = site.server.authenticate_begin(
        [credential for _, credential in bound], user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


def by_passkey(person, answer, state, site, *, at):
    """Whether ``answer`` (JSON) proves one of the keys of ``person`` to the challenge of ``state``; the key remembers that it was used."""
    bound = _bound(person)
    try:
        given = _read(answer)
        proved = _judged(lambda: site.server.authenticate_complete(state, [one for _, one in bound], given))
        count = AuthenticationResponse.from_dict(given).response.authenticator_data.counter
    except Refused:
        return False
    factor = next(factor for factor, credential in bound if credential == proved)
    # A count that does not grow is that of a copy. Keys that do not count say 0 for ever: of answers sent at once the first comes in.
    grown = Q(counter__lt=count) if count else Q(counter=0, used_at=factor.used_at)
    return person.factors.filter(grown, pk=factor.pk).update(counter=count, used_at=at) == 1


def _bound(person):
    """``[(factor, credential), …]`` of ``person``."""
    rows = [(factor, opened(factor)) for factor in known(person, Factor.Kind.PASSKEY)]
    return [(factor, AttestedCredentialData(base64.b64decode(secret))) for factor, secret in rows if secret]


def _read(answer):
    if not answer or len(answer) > LONGEST:
        raise Refused(NOT_KNOWN)
    return _judged(lambda: json.loads(answer))


def _judged(judge):
    """What ``judge()`` returns; Refused for whatever it raises: the library takes what strangers send apart byte by byte."""
    try:
        return judge()
    except Exception as error:
        raise Refused(NOT_KNOWN) from error
