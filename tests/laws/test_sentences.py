"""No sentence of a library reaches people: each has one of ours in locale/, and ours are words that an official uses."""

import inspect
import json
import re
from string import ascii_letters

import django_filters.fields
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import password_validation
from django.contrib.auth import validators as auth_validators
from django.core import validators
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from rest_framework import exceptions, fields, pagination, relations
from rest_framework import validators as api_validators
from rest_framework.test import APIClient

from tests.factories import UserFactory
from tests.tokens import header_of

PO = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ENTRY = re.compile(r'^msgid "(.+)"\n(?:msgid_plural "(.+)"\n)?msgstr(?:\[0\])? "(.+)"$', re.MULTILINE)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{[^}]*\}")
# What a client of the API must read as it is written.
TERMS = re.compile(r"JSON|UUID|Accept|Token|null|true|false|id|multipart/form-data|2026-11-20T09:30:00\+08:00")
SOFTWARE = (
    "字段", "主键", "该值", "有效的", "字典", "类型", "布尔", "字符串", "对象", "参数", "匹配", "实例", "约束", "列表", "提交错误报告", "媒体类型",
    "不被允许", "表单", "元素", "物件", "类目", "合法",
)  # fmt: skip
NOT_USED = ("django.contrib.postgres", "django.contrib.gis", "tests")


def unescaped(text):
    return text.replace('\\"', '"').replace("\\\\", "\\")


def ours():
    """``{msgid: sentence}`` of the catalogue as it is written."""
    return {unescaped(found[1]): unescaped(found[3]) for found in ENTRY.finditer(PO.read_text(encoding="utf-8"))}


def subclasses(base):
    yield base
    for one in base.__subclasses__():
        yield from subclasses(one)


def said_by_classes():
    """Every lazily translated sentence that a class or a validator of the libraries keeps."""
    holders = [
        one
        for base in (forms.Field, forms.BaseFormSet, models.Field, fields.Field, auth_forms.AuthenticationForm, auth_forms.SetPasswordMixin, auth_forms.SetPasswordForm)
        for one in subclasses(base)
    ]  # fmt: skip
    for module in (validators, auth_validators, api_validators, pagination):
        holders += [one for _, one in inspect.getmembers(module) if inspect.isclass(one) or hasattr(one, "message")]
    holders += [*subclasses(exceptions.APIException), models.BaseConstraint]
    for holder in holders:
        if getattr(holder, "__module__", "").startswith(NOT_USED):
            continue
        for name in dir(holder):
            value = getattr(holder, name, None) if not name.startswith("__") else None
            if (name in ("default_error_messages", "error_messages") and isinstance(value, dict)) or (
                name in ("messages",) and isinstance(value, dict)
            ):
                yield from value.values()
            elif "message" in name or name.startswith(("default_detail", "extra_detail")):
                yield value


def msgid(promise):
    """What a lazy sentence looks up."""
    told = promise.__reduce__()[1]
    return told[3]["singular"] if isinstance(told[-1], dict) and "singular" in told[-1] else told[1][0]


def looked_up():
    return {msgid(one) for one in said_by_classes() if isinstance(one, Promise)}


def test_every_sentence_of_the_libraries_has_one_of_ours():
    assert len(looked_up()) > 100
    assert looked_up() - set(ours()) == set()


@pytest.mark.parametrize("said", sorted(ours()))
def test_our_sentences_are_chinese_that_officials_read(said):
    words = TERMS.sub("", PLACEHOLDER.sub("", ours()[said].replace("{{…}}", "")))
    assert re.search(r"[\u4e00-\u9fff]", words)
    assert not set(words) & set(ascii_letters)
    assert [term for term in SOFTWARE if term in words] == []
    assert not words.endswith(("。", "！", "!"))
    told = PLACEHOLDER.findall(ours()[said].replace("{{…}}", ""))
    known = [*PLACEHOLDER.findall(said), "%(value)s"]
    assert set(told) <= set(known)


def test_what_is_compiled_is_what_is_written():
    with translation.override("zh-hans"):
        found = {said: translation.gettext(said) for said in ours()}
        for match in ENTRY.finditer(PO.read_text(encoding="utf-8")):
            if match[2]:
                found[unescaped(match[1])] = translation.ngettext(unescaped(match[1]), unescaped(match[2]), 2)
    assert found == ours()


# --- as people meet them ------------------------------------------------------------------------------------------

VALUES = {
    forms.IntegerField: ["x", "-1", "99"], forms.DecimalField: ["x", "1.234", "12345"], forms.DateField: ["2026-02-30"], forms.ChoiceField: ["x"],
    forms.EmailField: ["x"], forms.UUIDField: ["x"], forms.CharField: ["长" * 9, "\0"], forms.ModelChoiceField: ["x"], forms.FileField: [None],
    forms.MultipleChoiceField: ["x", ["x"]], django_filters.fields.ModelMultipleChoiceField: [["x"]],
}  # fmt: skip
LIMITS = {
    forms.IntegerField: {"min_value": 1, "max_value": 9}, forms.DecimalField: {"max_digits": 3, "decimal_places": 2}, forms.CharField: {"max_length": 3},
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_field_with_no_words_of_its_own_speaks_ours(kind):
    users = {"queryset": UserFactory._meta.model.objects.all()} if "Model" in kind.__name__ else {}
    field, said = kind(**LIMITS.get(kind, {}), **users), []
    for value in [None, *VALUES[kind]]:
        try:
            field.clean(value)
        except forms.ValidationError as error:
            said += error.messages
    assert len(said) >= len(VALUES[kind])
    frames = [
        re.compile(PLACEHOLDER.sub(".*", re.escape(words).replace(r"\%", "%").replace(r"\(", "(").replace(r"\)", ")")))
        for words in ours().values()
    ]
    assert [one for one in said if not any(frame.fullmatch(one) for frame in frames)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "password123", "1234567890", "aaaaaaaaaaaa", "Inspector-09"])
def test_a_weak_password_is_refused_in_our_words(password):
    person = UserFactory(username="inspector-09")
    with pytest.raises(forms.ValidationError) as refused:
        password_validation.validate_password(password, person)
    said = "".join([*refused.value.messages, *password_validation.password_validators_help_texts()])
    assert not set(said) & set(ascii_letters)


@pytest.fixture
def person(manager):
    return APIClient(headers=header_of(manager))


ENGLISH = re.compile(r"[A-Za-z]{4,}(?: [A-Za-z]+)+")
REFUSED = {
    "no row": (404, lambda api: api.get("/api/v1/hazards/987654321/")),
    "no address": (404, lambda api: api.get("/api/v1/nothing/")),
    "method": (405, lambda api: api.delete("/api/v1/hazards/")),
    "media type": (415, lambda api: api.post("/api/v1/enterprises/", "<a/>", content_type="application/xml")),
    "no JSON": (400, lambda api: api.post("/api/v1/enterprises/", "{", content_type="application/json")),
    "no object": (400, lambda api: api.post("/api/v1/enterprises/", "[1]", content_type="application/json")),
    "nothing said": (400, lambda api: api.post("/api/v1/enterprises/", {}, format="json")),
    "no row named": (400, lambda api: api.post("/api/v1/enterprises/", {"township": "9", "sector": "9", "risk_grade": "9", "name": None, "version": "x"}, format="json")),
    "not acceptable": (406, lambda api: api.get("/api/v1/hazards/", headers={"Accept": "text/xml"})),
    "no format": (404, lambda api: api.get("/api/v1/hazards/?format=xml")),
    "no file": (400, lambda api: api.post("/api/v1/photos/", {"file": "x"}, format="multipart")),
    "not mine": (403, lambda api: api.get("/api/v1/rankings/")),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("what", REFUSED)
def test_the_api_refuses_in_our_words(person, township, what):
    status, ask = REFUSED[what]
    if what == "not mine":
        person = APIClient(headers=header_of(UserFactory(role="auditor")))
    answer = ask(person)
    assert answer.status_code == status
    said = json.dumps(answer.json(), ensure_ascii=False)
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert not ENGLISH.search(said), said
    assert [term for term in SOFTWARE if term in said] == []


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", "Token", "Token 123", "Token a b", "Token \xff", "Bearer 123", "Basic eDp4"])
def test_a_missing_or_wrong_token_is_401_and_says_what_to_bring(header):
    client = APIClient(headers={"Authorization": header} if header else {})
    answer = client.get(reverse("api-hazard-list"))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert "令牌" in answer.json()["detail"]


@pytest.mark.django_db
def test_a_stopped_persons_token_is_401_and_a_missing_permission_403(manager):
    header = header_of(manager)
    type(manager).objects.filter(pk=manager.pk).update(is_active=False, state="stopped")
    assert APIClient(headers=header).get(reverse("api-hazard-list")).status_code == 401
    reader = UserFactory(role="auditor")
    signed_in = APIClient()
    signed_in.force_login(reader)
    assert signed_in.get(reverse("api-rankings")).status_code == 403


@pytest.mark.django_db
def test_a_request_that_no_page_made_is_refused_in_words(manager):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(manager)
    answer = client.post(reverse("api-enterprise-list"), {}, format="json")
    assert (answer.status_code, answer.json()["detail"]) == (403, "页面已过期，请刷新页面后重试")


def test_relations_are_among_what_is_walked():
    """The walk would also pass if it saw no classes of the API."""
    assert 'Invalid pk "{pk_value}" - object does not exist.' in looked_up()
    assert relations.SlugRelatedField.default_error_messages["does_not_exist"] in [*said_by_classes()]
