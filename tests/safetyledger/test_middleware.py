import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpResponse

from safetyledger import middleware


def addresses_seen(rf, settings, peer, trusted, **headers):
    settings.TRUSTED_PROXIES = trusted
    seen = {}

    def view(request):
        seen.update(peer=request.META["REMOTE_ADDR"], proto=request.META.get("HTTP_X_FORWARDED_PROTO"))
        return HttpResponse()

    middleware.TrustedProxyMiddleware(view)(rf.get("/", REMOTE_ADDR=peer, **headers))
    return seen


def test_forwarding_headers_of_a_stranger_are_dropped(rf, settings):
    seen = addresses_seen(
        rf, settings, "203.0.113.9", ["10.0.0.0/8"], HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_X_FORWARDED_PROTO="https"
    )

    assert seen == {"peer": "203.0.113.9", "proto": None}


def test_our_proxy_names_the_peer(rf, settings):
    seen = addresses_seen(
        rf, settings, "10.0.0.2", ["10.0.0.0/8"], HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https"
    )

    assert seen == {"peer": "203.0.113.9", "proto": "https"}


@pytest.mark.parametrize(
    ("claimed", "peer"),
    [
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),  # the client wrote the first itself
        ("203.0.113.9, 10.1.1.1", "203.0.113.9"),  # two proxies of ours
        ("nonsense", "10.0.0.2"),
        ("", "10.0.0.2"),
    ],
)
def test_peer_is_the_last_hop_that_is_not_ours(rf, settings, claimed, peer):
    seen = addresses_seen(rf, settings, "10.0.0.2", ["10.0.0.0/8"], HTTP_X_FORWARDED_FOR=claimed)

    assert seen["peer"] == peer


@pytest.mark.parametrize("address", ["/healthz?q=%00", "/healthz?a=1&b=x%00y"])
def test_nul_in_the_query_is_refused(client, address):
    assert client.get(address).status_code == 400


class Somebody(AnonymousUser):
    is_authenticated = True


def touched(rf, user, at, monkeypatch, **headers):
    monkeypatch.setattr(middleware.time, "time", lambda: at)
    request = rf.get("/", **headers)
    request.user = user
    request.session = SessionStore()
    request.session["touched_at"] = 1000
    request.session.modified = False
    middleware.IdleSessionMiddleware(lambda request: HttpResponse())(request)
    return request.session.modified


def test_session_moves_forward_once_a_minute(rf, monkeypatch):
    assert not touched(rf, Somebody(), 1059, monkeypatch)
    assert touched(rf, Somebody(), 1060, monkeypatch)


def test_polling_and_strangers_do_not_keep_a_session_alive(rf, monkeypatch):
    assert not touched(rf, Somebody(), 9999, monkeypatch, HTTP_X_BACKGROUND="1")
    assert not touched(rf, AnonymousUser(), 9999, monkeypatch)
