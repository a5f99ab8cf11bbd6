"""Standards and their items over the API, to read."""

from rest_framework import serializers, viewsets

from accounts.api import Newest
from criteria.filters import CriterionFilter, StandardFilter
from criteria.models import Criterion, Standard
from doors.api import KnownFields
from inspections.api import Filtered


class StandardSerializer(KnownFields, serializers.ModelSerializer):
    sector = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Standard
        fields = ["id", "name", "number", "effective_on", "expires_on", "sector", "version"]
        read_only_fields = fields


class CriterionSerializer(KnownFields, serializers.ModelSerializer):
    """One item, or with an empty ``article`` a standard as a whole. ``basis``: the text for a hazard's ``basis``."""

    number = serializers.CharField(source="standard.number", read_only=True)
    basis = serializers.CharField(source="citation", read_only=True)

    class Meta:
        model = Criterion
        fields = ["id", "standard", "number", "article", "item", "field", "wording", "basis"]
        read_only_fields = fields


class StandardViewSet(Filtered, viewsets.ReadOnlyModelViewSet):
    queryset = Standard.objects.none()
    serializer_class = StandardSerializer
    pagination_class = Newest
    filter_class = StandardFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return Standard.objects.visible_to(self.request.user).select_related("sector")


class CriterionViewSet(Filtered, viewsets.ReadOnlyModelViewSet):
    """The list holds what counts now; a row that was superseded is read by its id, for hazards were judged by it."""

    queryset = Criterion.objects.none()
    serializer_class = CriterionSerializer
    pagination_class = Newest
    filter_class = CriterionFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        rows = Criterion.objects.visible_to(self.request.user).select_related("standard")
        return rows.newest() if self.action == "list" else rows
