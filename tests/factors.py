"""Second factors of people in tests: the app on their phone, and the key in their hand."""

import json
from hashlib import sha256

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import User
from accounts.operations import bind_factor
from accounts.operations.factors import STEP, new_secret

PASSWORD = "Zi-Ji-De-2026"


def knows_password(person):
    """``person`` chose the password above."""
    person.set_password(PASSWORD)
    person.save()
    return person


class Phone:
    """An app that ``person`` bound; ``codes`` are the recovery codes that came with it."""

    def __init__(self, person, at=None, name="工作手机"):
        self.secret = new_secret()
        row = User.objects.get(pk=person.pk)
        self.codes = bind_factor(row, by=row, at=at or timezone.now(), kind="app", name=name, secret=self.secret)
        person.refresh_from_db()

    def code(self, at=None, ago=0):
        """What the app shows at the moment ``at`` (now), or showed ``ago`` half minutes before."""
        return pyotp.TOTP(self.secret).generate_otp(int((at or timezone.now()).timestamp()) // STEP - ago)

    def wrong(self, number=0):
        """A code of six digits that is none of those that hold about now."""
        near = {self.code(ago=ago) for ago in (-2, -1, 0, 1, 2)}
        return [code for code in (f"{n:06}" for n in range(40)) if code not in near][number]


class Key:
    """A security key without a window: it does what a browser and its key do together, at ``origin``."""

    def __init__(self, origin="http://testserver", host="testserver"):
        self.origin, self.host, self.count = origin, host, 0
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = sha256(str(id(self)).encode()).digest()

    def create(self, options):
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = self._data(AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, credential)
        attested = AttestationObject.create("none", data, {})
        return self._said("webauthn.create", options, attestationObject=bytes(attested))

    def get(self, options):
        self.count += 1
        data = self._data(AuthenticatorData.FLAG.UP)
        client = self._client("webauthn.get", options)
        signature = self.private.sign(bytes(data) + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said("webauthn.get", options, authenticatorData=bytes(data), signature=signature)

    def _data(self, flags, credential=b""):
        return AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, self.count, credential)

    def _client(self, kind, options):
        challenge = websafe_decode(options["publicKey"]["challenge"])
        return bytes(CollectedClientData.create(kind, challenge, self.origin))

    def _said(self, kind, options, **response):
        response["clientDataJSON"] = self._client(kind, options)
        said = {name: websafe_encode(value) for name, value in response.items()}
        known = websafe_encode(self.id)
        return json.dumps(
            {"id": known, "rawId": known, "type": "public-key", "response": said, "clientExtensionResults": {}}
        )
