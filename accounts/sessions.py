"""Sessions of browsers: Django's in the database, kept under a digest of their key, with whose they are beside their data.

So they can be listed, counted and ended one by one, and who reads the table comes in with nothing. What ends a session leaves its row
without a person and with the sentence why, for the sign-in page that its next request is led to (docs/adr/0041).
"""

import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.access import OpenSession
from accounts.models import User

WHY = "ended"  # where the sentence stands in the data of a session that was ended
FROM_ANOTHER = "您在另一台设备上结束了这里的登录，请重新登录"
ALL_ENDED = "账号的登录已全部结束：更换了密码、角色或单位，绑定、移除或重置了二次验证，或者退出了所有设备。请重新登录"
AT_ONCE = 1000  # rows ended with one statement


class SessionStore(db.SessionStore):
    """The engine of `settings.SESSION_ENGINE`. ``owner`` is whose the row was when it was read or last written."""

    owner = None
    replaced = None  # the key that the one being made takes the place of

    @classmethod
    def get_model_class(cls):
        return OpenSession

    def _get_session_from_db(self):
        rows = self.model.objects.filter(pk=digest_of(self.session_key), expire_date__gt=timezone.now())
        row = rows.first()
        if row is None:
            self._session_key = None
        else:
            self.owner = row.person_id
        return row

    def exists(self, session_key):
        return self.model.objects.filter(pk=digest_of(session_key)).exists()

    def create_model_instance(self, data):
        return self.model(
            session_key=digest_of(self._get_or_create_session_key()),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            person_id=int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            began_at=_moment(data.get("began_at")),
            seen_at=_moment(data.get("touched_at")),
            peer=data.get("peer", ""),
            device=data.get("device", ""),
        )

    def save(self, must_create=False):
        """As Django's. A session that somebody's request writes after it was ended elsewhere stays ended, and the first writing of one
        in which somebody is signed in ends what that person has too many of."""
        if self.session_key is None:
            return self.create()
        row = self.create_model_instance(self._get_session(no_load=must_create))
        with transaction.atomic():
            if row.person_id is not None and (must_create or row.person_id != self.owner):
                _make_room(row, besides=self.replaced)
            if must_create or self.owner is None:
                super().save(must_create)
            else:
                fields = [field for field in row._meta.concrete_fields if not field.primary_key]
                columns = {field.attname: getattr(row, field.attname) for field in fields}
                self.model.objects.filter(pk=row.pk, person_id=self.owner).update(**columns)
        self.owner = row.person_id
        return None

    def cycle_key(self):
        """As Django's, which deletes the old row after the new one is written: the same browser is not counted twice."""
        self.replaced = self.session_key
        super().cycle_key()
        self.replaced = None

    def delete(self, session_key=None):
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(pk=digest_of(key)).delete()


def digest_of(key):
    """What the table knows the session ``key`` of a browser by."""
    return hashlib.sha256(key.encode()).hexdigest()


def open_to(person, at):
    """Where ``person`` is signed in at the moment ``at``, the newest first."""
    rows = OpenSession.objects.filter(person=person, expire_date__gt=at)
    return rows.order_by(F("began_at").desc(nulls_last=True), "pk")


def end(rows, why):
    """Nobody is signed in any more in the sessions ``rows`` (a queryset); their next requests read ``why``. Returns how many."""
    data = SessionStore().encode({WHY: why})
    until = timezone.now() + timedelta(seconds=settings.SESSION_LONGEST_SECONDS)
    return rows.update(session_data=data, expire_date=until, person=None, peer="", device="")


def most_of(role):
    """At how many devices a person of ``role`` is signed in at most; 0: no bound. Visitors of a demonstration share nine accounts."""
    if settings.DEMO:
        return 0
    return settings.SESSIONS_AT_MOST_ADMINISTRATORS if User(role=role).is_administrator else settings.SESSIONS_AT_MOST


def _make_room(row, *, besides=None):
    """End the oldest sessions of whose ``row`` is, so that with it there are no more than allowed; that of the key ``besides`` goes anyway."""
    # Held until the row is written: two sign-ins at once count each other.
    role = User.objects.select_for_update().values_list("role", flat=True).get(pk=row.person_id)
    if not (most := most_of(role)):
        return
    gone = [row.pk, digest_of(besides or "")]
    others = open_to(row.person_id, timezone.now()).exclude(pk__in=gone).values_list("pk", flat=True)
    if surplus := list(others[most - 1 : most - 1 + AT_ONCE]):
        why = f"您的账号在别处登录。同一账号最多在 {most} 台设备上登录，这里已自动退出"
        end(OpenSession.objects.filter(pk__in=surplus), why)


def _moment(seconds):
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
