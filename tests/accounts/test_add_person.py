"""The server's own command for the first people, on a database that knows nobody."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = re.compile(r"密码：(\S+)")


@pytest.fixture
def person(township):
    return UserFactory(role="inspector", unit=township, username="li", full_name="李明")


def manage(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_first_people_of_an_empty_production(client, settings):
    settings.DEMO = False
    manage("init_city", "4114")
    said = manage("add_person", "admin", name="蒋文博", role="sysadmin")
    [password] = PASSWORD.findall(said)
    assert client.login(username="admin", password=password)
    assert client.get(reverse("accounts:people")).url == reverse("accounts:password"), (
        "it was on the screen of a server"
    )
    changed = {"old_password": password, "new_password1": "Zi-Ji-De-2026", "new_password2": "Zi-Ji-De-2026"}
    client.post(reverse("accounts:password"), changed)
    assert client.get(reverse("accounts:people")).status_code == 200
    manage(
        "add_person", "guard", name="钟静宜", role="secadmin", post="安全管理员", phone="0370-1234567", email="a@b.cn"
    )
    manage("add_person", "zheng", name="郑有田", role="manager", unit="411402001")
    assert User.objects.get(username="zheng").is_manager
    event = AccountEvent.objects.filter(record__username="guard").get()
    assert (event.actor, event.actor_name) == (None, "服务器命令")
    assert event.at <= timezone.now() and password not in str(event.changes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "king"}, "没有角色“king”"), ({"role": "manager"}, "必须有单位"), ({"unit": "000000"}, "没有找到单位"),
        ({"username": "LI"}, "已经有人使用"), ({"username": "a b"}, "账号：账号只能用"), ({"username": ""}, "账号：.*"),
        ({"name": ""}, "姓名"), ({"name": "名" * 41}, "姓名：.*40"), ({"name": "\udcff"}, "无法识别的字符"), ({"email": "x"}, "邮箱"),
    ],
)  # fmt: skip
def test_the_command_refuses_in_words(person, change, said):
    asked = {"username": "new", "name": "新人", "role": "sysadmin", **change}
    with pytest.raises(CommandError, match=said):
        manage("add_person", asked.pop("username"), **asked)
    assert User.objects.count() == 1 and AccountEvent.objects.count() == 0
