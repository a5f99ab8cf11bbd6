import json
import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "k9vXw2QeTz7LmPp4RcYb8NdGfHj3UaSs6ViOoKx1WqEtZuMy5BnC0",
    "AUDIT_KEYS": "k1:" + "0123456789abcdef" * 4,
    "DATA_KEYS": "k1:" + "fedcba9876543210" * 4,
    "ALLOWED_HOSTS": "ledger.example.gov.cn",
}


def python(code, var, **environment):
    """Runs `code` as this project's own process would: without pytest's mark and without this shell's settings."""
    outside = (
        "PYTEST_VERSION",
        "DATABASE_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "DEMO",
        "DEBUG",
        "DEMO_PASSWORD",
        "AUDIT_KEYS",
        "AUDIT_KEYS_FILE",
        "DATA_KEYS",
        "DATA_KEYS_FILE",
        "SECOND_FACTOR_ROLES",
    )
    kept = {key: value for key, value in os.environ.items() if key not in outside}
    environment = kept | {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "safetyledger.settings"} | environment
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)


def values(names, var, **environment):
    code = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"
    ended = python(code, var, **environment)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_without_settings_it_is_a_local_demonstration(tmp_path):
    names = ["DEMO", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CELERY_BROKER_URL"]

    assert values(names, tmp_path) == [True, ["localhost", "127.0.0.1", "[::1]"], False, "files://"]


def test_secrets_are_made_once_and_readable_by_the_owner_only(tmp_path):
    first = values(["SECRET_KEY", "DEMO_PASSWORD"], tmp_path)

    [databases] = values(["DATABASES"], tmp_path)
    assert "synchronous=FULL" in databases["default"]["OPTIONS"]["init_command"]
    assert values(["SECRET_KEY", "DEMO_PASSWORD"], tmp_path) == first
    assert values(["SECRET_KEY", "DEMO_PASSWORD"], tmp_path / "other") != first
    for name in ("secret.key", "demo_password", "audit.keys", "data.keys", "db.sqlite3"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_demo_password_can_be_fixed(tmp_path):
    assert values(["DEMO_PASSWORD"], tmp_path, DEMO_PASSWORD="Given-1234") == ["Given-1234"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"AUDIT_KEYS": ""}, "AUDIT_KEYS or AUDIT_KEYS_FILE must be set"),
        ({"DATA_KEYS": ""}, "DATA_KEYS or DATA_KEYS_FILE must be set"),
        ({"AUDIT_KEYS": "k1:short"}, "name:64 hexadecimal digits"),
        ({"AUDIT_KEYS": "", "AUDIT_KEYS_FILE": "open"}, "is open to others"),
    ],
)
def test_production_insists_on_keys(tmp_path, change, said):
    change = dict(change)
    if "AUDIT_KEYS_FILE" in change:
        change["AUDIT_KEYS_FILE"] = str(tmp_path / "open")
        (tmp_path / "open").write_text(PRODUCTION["AUDIT_KEYS"])
        (tmp_path / "open").chmod(0o640)
    ended = python("from django.conf import settings; settings.DEBUG", tmp_path, **PRODUCTION | change)

    assert ended.returncode != 0 and said in ended.stderr


def test_a_rotated_key_stands_before_the_old_ones_in_the_same_file(tmp_path):
    code = "import django; django.setup(); from django.core.management import call_command; call_command('rotate_audit_key')"
    names = "import json; from django.conf import settings as s; print(json.dumps({k: v.hex() for k, v in s.AUDIT_KEYS.items()}))"
    [(name, key)] = json.loads(python(names, tmp_path).stdout).items()
    for _ in range(2):
        assert python(code, tmp_path).returncode == 0

    third, second, first = json.loads(python(names, tmp_path).stdout).items()
    assert first == (name, key) == ("k1", key) and third[0] == f"{second[0]}-2" and third[1] != second[1]
    assert stat.S_IMODE((tmp_path / "audit.keys").stat().st_mode) == 0o600


def test_production_has_no_demo_password_and_safe_cookies(tmp_path):
    names = ["DEMO", "DEMO_PASSWORD", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "DEBUG"]

    assert values(names, tmp_path, **PRODUCTION) == [False, None, True, True, True, False]


def test_deployment_check_is_clean(tmp_path):
    code = (
        "import django; django.setup(); from django.core.management import call_command;"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    ended = python(code, tmp_path, **PRODUCTION)

    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("name", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_every_scheduled_task_exists_and_its_ticks_expire(name):
    from safetyledger.celery import app

    app.loader.import_default_modules()
    entry = settings.CELERY_BEAT_SCHEDULE[name]
    assert entry["task"] in app.tasks
    period = entry["schedule"] if isinstance(entry["schedule"], int) else 24 * 3600
    assert 0 < entry["options"]["expires"] < period


def test_policy_allows_only_our_own_scripts_and_styles(client):
    policy = client.get("/healthz")["Content-Security-Policy"]

    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["script-src"] == directives["style-src"] == directives["default-src"] == "'self'"
    assert "unsafe" not in policy
