"""The paging of the API, and units and people, read only."""

import re

from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination

from accounts.models import Unit, User
from doors.api import KnownFields

ID = re.compile(r"[0-9]{1,18}", re.ASCII)
PAGE_SIZE = re.compile(r"[0-9]{1,4}", re.ASCII)


class Newest(CursorPagination):
    """Cursor paging by id: a row that arrives while pages are read is neither repeated nor pushes another out."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    invalid_cursor_message = "翻页游标无效，请从第一页重新读取"

    def get_page_size(self, request):
        """The library takes what it cannot mean for the default, and cuts what is too much."""
        text = request.query_params.get(self.page_size_query_param, "")
        if text and not (PAGE_SIZE.fullmatch(text) and 0 < int(text) <= self.max_page_size):
            raise ValidationError({self.page_size_query_param: [f"每页条数应在 1 到 {self.max_page_size} 之间"]})
        return int(text or self.page_size)

    def decode_cursor(self, request):
        """The library takes any text for a position; ours are ids."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not ID.fullmatch(cursor.position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


class UnitSerializer(KnownFields, serializers.ModelSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)

    class Meta:
        model = Unit
        fields = [
            "id",
            "code",
            "name",
            "short_name",
            "kind",
            "kind_label",
            "level",
            "function",
            "division_code",
            "parent",
            "is_active",
        ]


class PersonSerializer(KnownFields, serializers.ModelSerializer):
    role_label = serializers.CharField(source="get_role_display", read_only=True)

    class Meta:
        model = User
        fields = ["id", "full_name", "role", "role_label", "unit", "post", "phone"]


class UnitViewSet(viewsets.ReadOnlyModelViewSet):
    """Units of the caller's territory."""

    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    pagination_class = Newest
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return Unit.objects.in_territory_of(self.request.user)


class PersonViewSet(viewsets.ReadOnlyModelViewSet):
    """Active people of the units in the caller's territory: inspectors and holders to be named."""

    queryset = User.objects.none()
    serializer_class = PersonSerializer
    pagination_class = Newest
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return User.objects.filter(is_active=True, unit__in=Unit.objects.in_territory_of(self.request.user))
