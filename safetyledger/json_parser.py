"""JSON bodies of the API, refused in Chinese."""

import json

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JsonParser(JSONParser):
    """As the framework's, but a body that is no JSON, is nothing or is nested beyond Python's recursion gives 400 in Chinese."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
        except (ParseError, RecursionError) as error:
            raise ParseError("请求内容不是有效的 JSON，请检查后重新发送") from error
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:  # half a surrogate pair: neither a database nor an answer can hold it
            raise ParseError("请求内容含有无法识别的字符，请检查编码后重新发送") from error
        if data is None:
            raise ParseError("请求内容是空的（null），请按接口文档发送")
        return data
