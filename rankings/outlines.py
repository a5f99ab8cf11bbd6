"""Reads a GeoJSON file of townships: what it must be, which township each shape is, and what is wrong with it in Chinese.

The format is RFC 7946; maps drawn in other coordinates (CGCS2000 metres) are refused, because nobody could see that they lie elsewhere.
"""

import json
import math
import re
from dataclasses import dataclass

from folding.texts import fold
from journal.refusal import Refused

LARGEST = 8 * 1024 * 1024  # bytes of the file
MOST_FEATURES, MOST_POINTS = 2_000, 300_000
DIGITS = 5  # of a coordinate: about a metre
CODE_NAMES = ("code", "CODE", "adcode", "XZQDM", "xzqdm", "行政区划代码", "区划代码", "代码", "id")
NAME_NAMES = ("name", "NAME", "XZQMC", "xzqmc", "名称", "乡镇", "街道")
COUNTY_NAMES = ("county", "COUNTY", "parent", "县区", "区县", "所属县区")
DIVISION = re.compile(r"[0-9]{9}(?:000)?", re.ASCII)


@dataclass(frozen=True)
class Read:
    """``shapes``: text of the FeatureCollection, features called by township codes; ``unknown``: names of shapes that are no township of
    the city; ``missing``: names of townships without a shape."""

    shapes: str
    matched: int
    unknown: list
    missing: list


def read(content, townships):
    """``content`` (bytes) as a `Read`, judged against ``townships``, [(division code, county's name, names)]; `Refused` when it cannot be."""
    collection = _parsed(content)
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise Refused("文件应为 GeoJSON 的 FeatureCollection，请在制图软件中导出为 GeoJSON（WGS84 经纬度）后再上传")
    if not 1 <= len(features) <= MOST_FEATURES:
        raise Refused(f"文件中有 {len(features)} 个图形，应为 1 至 {MOST_FEATURES} 个，每个乡镇（街道）一个")
    book, shapes, unknown, points = _Book(townships), {}, [], _Points()
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        properties = properties if isinstance(properties, dict) else {}
        geometry = _geometry(feature.get("geometry") if isinstance(feature, dict) else None, number, points)
        code = book.code_of(properties, feature.get("id"))
        if code is None:
            unknown.append(_named(properties) or f"第 {number} 个图形")
        elif code in shapes:
            raise Refused(f"“{_named(properties) or code}”在文件中出现了两次，请合并为一个图形（MultiPolygon）后再上传")
        else:
            shapes[code] = {"type": "Feature", "properties": {"name": code}, "geometry": geometry}
    if not shapes:
        raise Refused(
            "没有一个图形对得上本市的乡镇（街道）：请在属性中写明 name（名称，与系统中的一致）或 code（9 位区划代码）"
        )
    kept = {"type": "FeatureCollection", "features": list(shapes.values())}
    missing = [names[0] for code, _, names in townships if code not in shapes]
    return Read(json.dumps(kept, ensure_ascii=False, separators=(",", ":")), len(shapes), unknown, missing)


def _parsed(content):
    if len(content) > LARGEST:
        raise Refused(f"文件不能超过 {LARGEST // 1024 // 1024} MB，请先简化边界（保留 100 米精度即可）")
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise Refused("文件不是 UTF-8 编码，请另存为 UTF-8 编码的 GeoJSON") from None
    except (ValueError, RecursionError):
        raise Refused("文件不是完整的 GeoJSON，请重新导出后再上传") from None


def _no_number(word):
    raise ValueError(word)


class _Points:
    """Counts the points of a file, so that a drawing stays one a browser can paint."""

    def __init__(self):
        self.left = MOST_POINTS

    def take(self, count):
        self.left -= count
        if self.left < 0:
            raise Refused(f"边界共超过 {MOST_POINTS} 个点，请先简化边界（保留 100 米精度即可）")


def _geometry(geometry, number, points):
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    rings = geometry.get("coordinates") if kind in ("Polygon", "MultiPolygon") else None
    polygons = [rings] if kind == "Polygon" else rings
    if not isinstance(polygons, list) or not polygons:
        raise Refused(f"第 {number} 个图形不是面（Polygon 或 MultiPolygon），请只导出乡镇的面")
    return {"type": "MultiPolygon", "coordinates": [_polygon(one, number, points) for one in polygons]}


def _polygon(rings, number, points):
    if not isinstance(rings, list) or not rings:
        raise Refused(f"第 {number} 个图形没有边界，请检查后再上传")
    return [_ring(one, number, points) for one in rings]


def _ring(ring, number, points):
    if not isinstance(ring, list) or len(ring) < 4:
        raise Refused(f"第 {number} 个图形的边界不足 4 个点，请检查后再上传")
    points.take(len(ring))
    return [_point(one, number) for one in ring]


def _point(point, number):
    if not isinstance(point, list) or len(point) < 2 or not all(_is_number(value) for value in point[:2]):
        raise Refused(f"第 {number} 个图形的坐标不是数字，请重新导出后再上传")
    longitude, latitude = point[:2]
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise Refused("坐标应为经纬度（WGS84 或 CGCS2000，单位为度），这份文件像是投影坐标（单位为米），请转换后再上传")
    return [round(longitude, DIGITS), round(latitude, DIGITS)]


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


class _Book:
    """Finds townships by code, and by name where only one of the city, or of the county that is named, bears it."""

    def __init__(self, townships):
        self.codes, self.names = set(), {}
        for code, county, names in townships:
            self.codes.add(code)
            for name in {fold(name) for name in names if name}:
                self.names.setdefault(name, set()).add(code)
                self.names.setdefault(fold(county) + name, set()).add(code)

    def code_of(self, properties, feature_id):
        for value in (*(properties.get(name) for name in CODE_NAMES), feature_id):
            text = str(value) if isinstance(value, str | int) else ""
            if DIVISION.fullmatch(text) and text[:9] in self.codes:
                return text[:9]
        name, county = fold(_named(properties)), fold(_first(properties, COUNTY_NAMES))
        for wanted in (county + name, name):
            if len(self.names.get(wanted, ())) == 1:
                return next(iter(self.names[wanted]))
        return None


def _named(properties):
    return _first(properties, NAME_NAMES)


def _first(properties, names):
    return next((properties[name].strip() for name in names if isinstance(properties.get(name), str)), "")[:60]
