"""Enterprises and sectors over the API, and visits to read; recording a visit is the ledger's business (hazards.api)."""

from django.utils import timezone
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError

from accounts.api import Newest
from accounts.models import Unit
from doors.api import KnownFields
from inspections import rules, uscc
from inspections.filters import EnterpriseFilter, InspectionFilter, townships_of
from inspections.models import Enterprise, Inspection, Sector, validate_uscc
from journal import acts
from journal.api import EventSerializer, perform
from journal.forms import LAST_VERSION


class Filtered:
    """Runs ``filter_class`` over the list; a value that cannot be meant gives 400 with the sentence of the page."""

    filter_class = None

    def filter_queryset(self, queryset):
        if self.action != "list":
            return queryset
        asked = self.filter_class(self.request.query_params, queryset=queryset)
        if asked.errors:
            raise ValidationError(asked.errors)
        return asked.qs


class SectorSerializer(KnownFields, serializers.ModelSerializer):
    competent_function = serializers.CharField(read_only=True)
    supervising_function = serializers.CharField(read_only=True)

    class Meta:
        model = Sector
        fields = ["id", "code", "name", "competent_function", "supervising_function"]


class CreditCodeField(serializers.CharField):
    """A credit code in any case and width."""

    def to_internal_value(self, data):
        return uscc.canonical(super().to_internal_value(data))


class EnterpriseListSerializer(KnownFields, serializers.ModelSerializer):
    """``version`` (optional when writing): the version the caller decided on; an older one than the row's is refused with 409."""

    township = serializers.SlugRelatedField(
        slug_field="code", queryset=Unit.objects.none(), help_text="属地乡镇（街道）单位代码"
    )
    sector = serializers.SlugRelatedField(slug_field="code", queryset=Sector.objects.active())
    uscc = CreditCodeField(
        required=False, allow_blank=True, validators=[validate_uscc], label="统一社会信用代码", help_text="18 位"
    )
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    version = serializers.IntegerField(required=False, min_value=0, max_value=LAST_VERSION)

    class Meta:
        model = Enterprise
        fields = [
            "id", "name", "uscc", "township", "sector", "address", "principal", "phone", "safety_manager",
            "safety_manager_phone", "risk_grade", "status", "status_label", "registered_on", "version",
        ]  # fmt: skip
        read_only_fields = ["registered_on"]

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["township"].queryset = townships_of(request.user)
        if isinstance(self.instance, Enterprise):  # one that is no longer offered stays with whoever has it
            fields["sector"].queryset |= Sector.objects.filter(pk=self.instance.sector_id)
        return fields


class EnterpriseSerializer(EnterpriseListSerializer):
    events = EventSerializer(many=True, read_only=True)

    class Meta(EnterpriseListSerializer.Meta):
        fields = [*EnterpriseListSerializer.Meta.fields, "events"]


class InspectionSerializer(KnownFields, serializers.ModelSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)

    class Meta:
        model = Inspection
        fields = [
            "id", "kind", "kind_label", "enterprise", "enterprise_name", "unit", "unit_name", "inspected_on", "inspectors",
            "nothing_found", "note", "created_by", "created_at",
        ]  # fmt: skip


class SectorViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Sector.objects.active()
    serializer_class = SectorSerializer
    pagination_class = None  # some thirty rows
    lookup_value_regex = "[0-9]{1,18}"


class EnterpriseViewSet(Filtered, mixins.CreateModelMixin, mixins.UpdateModelMixin, viewsets.ReadOnlyModelViewSet):
    queryset = Enterprise.objects.none()
    pagination_class = Newest
    filter_class = EnterpriseFilter
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_serializer_class(self):
        return EnterpriseListSerializer if self.action == "list" else EnterpriseSerializer

    def get_queryset(self):
        rows = Enterprise.objects.visible_to(self.request.user).select_related("township", "sector")
        return rows if self.action == "list" else rows.prefetch_related("events")

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action in ("create", "partial_update") and not request.user.is_officer:
            raise PermissionDenied(rules.is_officer.sentence)

    def perform_create(self, serializer):
        serializer.instance = self._do("enlist", None, serializer)

    def perform_update(self, serializer):
        self._do("edit", serializer.instance, serializer)

    def _do(self, name, enterprise, serializer):
        act = acts.named(Enterprise, name)
        return perform(act.do, enterprise, serializer.validated_data, by=self.request.user, at=timezone.now())


class InspectionViewSet(Filtered, viewsets.ReadOnlyModelViewSet):
    queryset = Inspection.objects.none()
    serializer_class = InspectionSerializer
    pagination_class = Newest
    filter_class = InspectionFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        rows = Inspection.objects.visible_to(self.request.user).paid()
        return rows.select_related("enterprise", "unit").prefetch_related("inspectors")
