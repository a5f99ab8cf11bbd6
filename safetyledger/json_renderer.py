"""JSON answers of the API, written by orjson."""

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

OTHERS = JSONEncoder().default  # what the framework can write and orjson does not know
# Line ends to JavaScript, plain characters to JSON.
ESCAPED = {"\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}


class JsonRenderer(JSONRenderer):
    """As the framework's, byte for byte; an indented answer, which a client may ask for, is the framework's own."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if data is None:
            return b""
        if self.get_indent(accepted_media_type, renderer_context or {}):
            return super().render(data, accepted_media_type, renderer_context)
        told = orjson.dumps(data, default=OTHERS, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)
        for sign, escape in ESCAPED.items():
            told = told.replace(sign, escape)
        return told
