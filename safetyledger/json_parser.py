"""JSON bodies of the API, refused in Chinese."""

import json

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from doors.names import SHOWN


class JsonParser(JSONParser):
    """As the framework's, but a body that is no JSON, is nothing, says a thing twice or is nested beyond Python's recursion
    gives 400 in Chinese. JSON is UTF-8 (RFC 8259).
    """

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = json.loads(stream.read().decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ParseError("请求内容不是正确的 JSON，请检查后重新发送") from error
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:  # half a surrogate pair: neither a database nor an answer can hold it
            raise ParseError("请求内容含有无法识别的字符，请检查编码后重新发送") from error
        if data is None:
            raise ParseError("请求内容是空的（null），请按接口文档发送")
        return data


def _each_once(pairs):
    """The object; of a name that stands in it twice the standard library would keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"请求内容中“{twice[:SHOWN]}”写了不止一次，只能写一次".encode(errors="replace").decode())
    return found


def _no_number(word):
    raise ValueError(f"{word} is no JSON")
