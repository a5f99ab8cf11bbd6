"""The matrix over the API: read, name, replace, end; the same verbs and sentences as the pages."""

from django.utils import timezone
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import PermissionDenied

from accounts.api import Newest
from accounts.models import Unit, User
from inspections.api import Filtered
from inspections.models import Sector
from journal import acts
from journal.api import EventSerializer, Scoped, perform, with_acts
from responsibilities.filters import ChargeFilter, LineFilter
from responsibilities.forms import departments_named_by, people_of
from responsibilities.models import Charge, Line


def _places(user):
    return Unit.objects.in_territory_of(user).active()


READ_ONLY = ["state", "valid_from", "valid_to", "version"]


class ChargeListSerializer(Scoped, serializers.ModelSerializer):
    """``sector`` null: for every sector of the unit without a row of its own."""

    state_label = serializers.CharField(read_only=True)
    unit = serializers.SlugRelatedField(slug_field="code", queryset=Unit.objects.none())
    sector = serializers.SlugRelatedField(
        slug_field="code", queryset=Sector.objects.active(), required=False, allow_null=True
    )
    holder = serializers.PrimaryKeyRelatedField(queryset=User.objects.none())
    deputy = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False, allow_null=True)
    querysets = {"unit": _places, "holder": people_of, "deputy": people_of}

    class Meta:
        model = Charge
        read_only_fields = READ_ONLY
        validators = []  # that nobody is in force there the verb asks, with its own words
        fields = [
            "id", "unit", "sector", "holder", "deputy", "valid_from", "valid_to", "state", "state_label", "version",
        ]  # fmt: skip


class ChargeSerializer(ChargeListSerializer):
    events = EventSerializer(many=True, read_only=True)

    class Meta(ChargeListSerializer.Meta):
        fields = [*ChargeListSerializer.Meta.fields, "events"]


class LineListSerializer(Scoped, serializers.ModelSerializer):
    sector = serializers.SlugRelatedField(slug_field="code", queryset=Sector.objects.active())
    state_label = serializers.CharField(read_only=True)
    place = serializers.SlugRelatedField(slug_field="code", queryset=Unit.objects.none())
    competent = serializers.PrimaryKeyRelatedField(queryset=Unit.objects.none(), required=False, allow_null=True)
    supervising = serializers.PrimaryKeyRelatedField(queryset=Unit.objects.none(), required=False, allow_null=True)
    querysets = {"place": _places, "competent": departments_named_by, "supervising": departments_named_by}

    class Meta:
        model = Line
        read_only_fields = READ_ONLY
        validators = []
        fields = [
            "id", "place", "sector", "competent", "supervising", "valid_from", "valid_to", "state", "state_label", "version",
        ]  # fmt: skip


class LineSerializer(LineListSerializer):
    events = EventSerializer(many=True, read_only=True)

    class Meta(LineListSerializer.Meta):
        fields = [*LineListSerializer.Meta.fields, "events"]


class PeriodViewSet(Filtered, mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    pagination_class = Newest
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "head", "options"]
    kind = list_serializer = whole_serializer = None
    related = ()

    def get_serializer_class(self):
        return self.list_serializer if self.action == "list" else self.whole_serializer

    def get_queryset(self):
        rows = self.kind.objects.visible_to(self.request.user).select_related(*self.related)
        return rows if self.action == "list" else rows.prefetch_related("events")

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        act = acts.named(self.kind, "appoint")
        if self.action == "create" and (refusal := act.refusal(request.user, self.kind())):
            raise PermissionDenied(str(refusal))

    def perform_create(self, serializer):
        act = acts.named(self.kind, "appoint")
        serializer.instance = perform(act.do, None, serializer.validated_data, by=self.request.user, at=timezone.now())


@with_acts(Charge)
class ChargeViewSet(PeriodViewSet):
    queryset, kind, filter_class = Charge.objects.none(), Charge, ChargeFilter
    list_serializer, whole_serializer = ChargeListSerializer, ChargeSerializer
    related = ("unit", "sector", "holder", "deputy")


@with_acts(Line)
class LineViewSet(PeriodViewSet):
    queryset, kind, filter_class = Line.objects.none(), Line, LineFilter
    list_serializer, whole_serializer = LineListSerializer, LineSerializer
    related = ("place", "sector", "competent", "supervising")
