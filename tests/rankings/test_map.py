"""The map: colours say the frozen figure, squares lie still, and an office's file is judged before it is drawn."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from journal.refusal import NotPermitted, Refused
from rankings.models import Outline
from rankings.operations import load_outline
from rankings.outlines import LARGEST, read
from tests.cities.conftest import CITY
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # doors and pages: no database decides what they show
PAGE, LOAD, SHAPES = "/rankings/map/", "/rankings/map/outline/", "/rankings/map/shapes/"
SQUARE = [[[115.0, 34.0], [115.1, 34.0], [115.1, 34.1], [115.0, 34.0]]]
BOOK = [
    ("411402001", "梁园区", ("双八镇", "双八镇人民政府")),
    ("411421100", "民权县", ("城关镇", "城关镇人民政府")),
    ("411424100", "柘城县", ("城关镇", "城关镇人民政府")),
]


def feature(properties, coordinates=None, kind="Polygon", **more):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates or SQUARE},
    } | more


def file(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()


def codes(found):
    return [one["properties"]["name"] for one in json.loads(found.shapes)["features"]]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"name": "双八镇"}, "411402001"),
        ({"名称": " 双八镇人民政府 "}, "411402001"),
        ({"XZQDM": "411402001000"}, "411402001"),
        ({"code": 411402001}, "411402001"),
        ({"name": "城关镇", "county": "柘城县"}, "411424100"),
        ({"name": "民权县城关镇"}, "411421100"),
        ({"name": "城关镇", "code": "411421100"}, "411421100"),
    ],
)
def test_a_shape_is_known_by_code_or_by_a_name_only_one_bears(properties, code):
    assert codes(read(file(feature(properties)), BOOK)) == [code]


def test_what_is_no_township_is_named_and_left_out():
    found = read(file(feature({"name": "双八镇"}), feature({"name": "城关镇"}), feature({"name": "别处镇"})), BOOK)
    assert (found.matched, found.unknown, found.missing) == (1, ["城关镇", "别处镇"], ["城关镇", "城关镇"])


def test_a_feature_may_carry_its_code_as_its_id():
    assert codes(read(file(feature({}, id="411402001")), BOOK)) == ["411402001"]


def test_coordinates_keep_a_metre_and_nothing_else_of_the_file_is_kept():
    ring = [[[115.123456789, 34.1, 55], [115.2, 34.1], [115.2, 34.2], [115.123456789, 34.1]]]
    [one] = json.loads(read(file(feature({"name": "双八镇", "secret": "x"}, ring)), BOOK).shapes)["features"]
    assert one["geometry"]["coordinates"][0][0][0] == [115.12346, 34.1]
    assert one["properties"] == {"name": "411402001"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是完整的 GeoJSON"),
        (b"[" * 100_000, "不是完整的 GeoJSON"),
        ("双八镇".encode("gbk"), "UTF-8"),
        (b"[]", "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": 3}', "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "0 个图形"),
        (file(feature({"name": "别处镇"})), "没有一个图形对得上"),
        (file(feature({"name": "双八镇"}), feature({"code": "411402001"})), "出现了两次"),
        (file(feature({"name": "双八镇"}, [115, 34], "Point")), "不是面"),
        (file(feature({"name": "双八镇"}, [[[115, 34], [116, 35]]])), "不足 4 个点"),
        (file(feature({"name": "双八镇"}, [[["a", 34], [1, 1], [1, 2], [1, 1]]])), "坐标不是数字"),
        (file(feature({"name": "双八镇"}, [[[True, 34], [1, 1], [1, 2], [1, 1]]])), "坐标不是数字"),
        (file(feature({"name": "双八镇"}, [[[500000, 3800000]] * 4])), "经纬度"),
        (b'{"type": "FeatureCollection", "features": [{"properties": {"name": NaN}}]}', "不是完整的 GeoJSON"),
        (file(*[None] * 3), "不是面"),
        (b" " * (LARGEST + 1), "不能超过"),
        (file(feature({"name": "双八镇"}, [[[1, 1]] * 300_001])), "简化边界"),
    ],
    ids=range(17),
)
def test_anything_else_is_refused_with_what_to_do(content, said):
    with pytest.raises(Refused, match=said):
        read(content, BOOK)


def test_the_safety_office_of_the_city_loads_it_and_its_readers_get_it(client, safety_office, township, leader):
    client.force_login(safety_office)
    sent = {"file": SimpleUploadedFile("乡镇.geojson", file(feature({"name": "双八镇"}), feature({"name": "别处镇"})))}
    answer = client.post(LOAD, sent, follow=True)

    assert answer.redirect_chain[-1][0] == PAGE
    assert "对上 1 个乡镇" in answer.content.decode() and "别处镇对不上" in answer.content.decode()
    one = Outline.objects.get()
    assert (one.city_code, one.loaded_by, one.matched) == (CITY, safety_office, 1)
    client.force_login(leader)
    assert codes(one) == [json.loads(client.get(SHAPES).content)["features"][0]["properties"]["name"]] == ["411402001"]
    assert (
        "data-map" in client.get(PAGE).content.decode()
        and "data-map" not in client.get(PAGE, {"view": "squares"}).content.decode()
    )
    elsewhere = UserFactory(role="leader", unit=UnitFactory(code="4115"))
    client.force_login(elsewhere)
    assert client.get(SHAPES).status_code == 404


def test_a_bad_file_is_told_and_changes_nothing(client, safety_office, township):
    client.force_login(safety_office)
    answer = client.post(LOAD, {"file": SimpleUploadedFile("乡镇.geojson", b"{}")})
    assert answer.status_code == 400 and "FeatureCollection" in answer.content.decode()
    assert not Outline.objects.exists()


def test_nobody_else_loads_it(client, township, manager, leader):
    county_office = UserFactory(role="safety_office", unit=UnitFactory(code="411402-AWB"))
    for person in (manager, leader, county_office):
        client.force_login(person)
        assert client.get(LOAD).status_code == 403
        with pytest.raises(NotPermitted):
            load_outline(by=person, at=NOON, filename="a", content=file(feature({"name": "双八镇"})))


def test_a_question_that_cannot_be_meant_is_said(client, leader, township):
    client.force_login(leader)
    assert client.get(PAGE, {"by": "colour"}).status_code == 400
    assert client.get(reverse("rankings:map"), {"kind": "county"}).status_code == 400
