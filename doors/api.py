"""Names that a door of the API knows: parameters of its address, fields of its body."""

from collections.abc import Mapping

from rest_framework import serializers
from rest_framework.settings import api_settings

from doors.names import NOTHING, SHOWN, names_of, of_filter, once


class KnownFields(serializers.Serializer):
    """A serializer, of the body or of a part of it, that refuses fields it does not know or cannot write, naming each."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping) and (wrong := self._refused(data)):
            raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def _refused(self, data):
        wrong = {}
        for name in data:
            field = self.fields.get(name)
            if field is None:
                wrong[str(name)[:SHOWN]] = ["没有这一项，请核对写法"]
            elif field.read_only:
                wrong[name] = ["这一项只能读取，不能填写"]
            elif (
                hasattr(data, "getlist")
                and len(data.getlist(name)) > 1
                and not isinstance(field, serializers.ListField)
            ):
                wrong[name] = ["这一项写了不止一次，只能写一次"]
        return wrong


def parameters_of(view, method, arguments):
    """The names in the address of one endpoint: what its class says, or for a list its conditions and its paging."""
    found = once(api_settings.URL_FORMAT_OVERRIDE) if api_settings.URL_FORMAT_OVERRIDE else NOTHING
    found |= names_of(view.cls, "query_names", arguments)
    if getattr(view, "actions", {}).get(method.lower()) != "list":
        return found
    if filters := getattr(view.cls, "filter_class", None):
        found |= of_filter(filters)
    if paging := view.cls.pagination_class:
        found |= once(paging.cursor_query_param, paging.page_size_query_param) | names_of(
            paging, "query_names", arguments
        )
    return found
