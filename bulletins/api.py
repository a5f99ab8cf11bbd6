"""Bulletins over the API: read, drafted, and each act."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.api import Newest
from bulletins import rules
from bulletins.acts.draft_bulletin import DraftBulletinSerializer
from bulletins.filters import BulletinFilter
from bulletins.lifecycle import LAW
from bulletins.models import SECTIONS, Bulletin
from bulletins.operations import note_reading
from doors.api import KnownFields
from journal import acts
from journal.api import EventSerializer, perform, with_acts


class BulletinListSerializer(KnownFields, serializers.ModelSerializer):
    state_label = serializers.CharField(read_only=True)
    unit = serializers.CharField(source="unit.code", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    revision = serializers.IntegerField(source="freeze.revision", read_only=True, help_text="按第几次冻结成文")

    class Meta:
        model = Bulletin
        fields = [
            "id", "number", "title", "state", "state_label", "unit", "unit_name", "division", "period", "freeze", "revision", "corrects",
            "issued_on", "version",
        ]  # fmt: skip
        read_only_fields = fields


class BulletinSerializer(BulletinListSerializer):
    moves = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()

    class Meta(BulletinListSerializer.Meta):
        fields = [
            *BulletinListSerializer.Meta.fields,
            "word",
            *(name for name, _ in SECTIONS if name != "title"),
            "moves",
            "events",
        ]
        read_only_fields = fields

    @extend_schema_field(EventSerializer(many=True))
    def get_events(self, bulletin):
        kept = acts.kept_from(self.context["request"].user, bulletin)
        told = [event for event in bulletin.events.all() if event.kind not in kept]
        return EventSerializer(told, many=True, context=self.context).data

    def get_moves(self, bulletin) -> list[str]:
        return [move.name for move in LAW.moves_open_to(self.context["request"].user, bulletin)]


@with_acts(Bulletin)
class BulletinViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    queryset = Bulletin.objects.none()
    pagination_class = Newest
    filter_class = BulletinFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self):
        return BulletinListSerializer if self.action == "list" else BulletinSerializer

    def get_queryset(self):
        rows = Bulletin.objects.visible_to(self.request.user).select_related("unit", "freeze__formula")
        return rows if self.action == "list" else rows.prefetch_related("events")

    def filter_queryset(self, queryset):
        if self.action != "list":
            return queryset
        asked = BulletinFilter(self.request.query_params, queryset, user=self.request.user)
        if asked.errors:
            raise ValidationError(asked.errors)
        return asked.qs

    def retrieve(self, request, *args, **kwargs):
        """读一份通报；主送单位的人第一次读到，记入已读回执。"""
        bulletin = self.get_object()
        note_reading(bulletin, by=request.user, at=timezone.now())
        return Response(self.get_serializer(bulletin).data)

    @extend_schema(request=DraftBulletinSerializer)
    def create(self, request, *args, **kwargs):
        """按冻结数字拟一份通报：freeze 为冻结的编号，corrects 为要更正的已印发通报。"""
        if not rules.serves_an_office(request.user):
            raise PermissionDenied(rules.drafts.sentence)
        body = DraftBulletinSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        act = acts.named(Bulletin, "draft_bulletin")
        made = perform(act.do, None, body.validated_data, by=request.user, at=timezone.now())
        found = BulletinSerializer(made, context=self.get_serializer_context())
        return Response(found.data, status=status.HTTP_201_CREATED)
