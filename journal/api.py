"""The API of everything that is acted on: refusals as problems, and one endpoint for each act."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from doors.api import KnownFields
from journal import acts
from journal.forms import LAST_VERSION
from journal.refusal import Refused


class ActRefused(APIException):
    """403 or 409 with the Chinese sentence of the refusal."""

    default_code = "refused"

    def __init__(self, refusal):
        super().__init__(str(refusal))
        self.status_code = refusal.status


def perform(operation, *args, **kwargs):
    """Call one verb; its refusal becomes 403 or 409 with the same sentence."""
    try:
        return operation(*args, **kwargs)
    except Refused as refusal:
        raise ActRefused(refusal) from refusal


class Scoped(KnownFields):
    """Related rows can be named only inside the caller's scope: ``querysets`` maps a field to ``user -> queryset``."""

    querysets = {}

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            for name, queryset in self.querysets.items():
                field = fields[name]
                target = field if hasattr(field, "queryset") else getattr(field, "child", field)
                target.queryset = queryset(request.user)
        return fields


class ActSerializer(Scoped):
    """``version`` (optional): the version the caller acted on; an older one than the row's is refused with 409."""

    version = serializers.IntegerField(required=False, min_value=0, max_value=LAST_VERSION)

    def acted_on(self):
        """The record in its caller's scope; None where none is asked for, as in the description of the API."""
        return self.context.get("record")


class EventSerializer(KnownFields):
    """One event as the timeline of the API says it."""

    sequence = serializers.IntegerField()
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="label")
    actor_name = serializers.CharField()
    unit_name = serializers.CharField()
    at = serializers.DateTimeField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    note = serializers.CharField()
    changes = serializers.SerializerMethodField()
    digest = serializers.CharField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_changes(self, event):
        return acts.changes_told(self.context["request"].user, event)


def with_acts(kind):
    """Decorate the viewset of ``kind``: ``POST <pk>/<act>/`` for each act that has a serializer and acts on a row."""

    def decorate(viewset):
        for act in acts.acts_of(kind):
            if act.serializer and not act.creates:
                setattr(viewset, act.name, _endpoint(kind, act))
        return viewset

    return decorate


def _endpoint(kind, act):
    def endpoint(self, request, pk=None):
        # Bare: all that hangs on it is read once, for the answer.
        record = get_object_or_404(kind.objects.visible_to(request.user), pk=pk)
        body = act.serializer(data=request.data, context=self.get_serializer_context() | {"record": record})
        body.is_valid(raise_exception=True)
        perform(act.do, record, body.validated_data, by=request.user, at=timezone.now())
        try:
            return Response(self.get_serializer(self.get_object()).data)
        except Http404:  # done, and no longer in the caller's scope: as a draft given back, a row handed over
            return Response(status=status.HTTP_204_NO_CONTENT)

    endpoint.__name__ = act.name
    endpoint.__doc__ = act.words
    schema = extend_schema(request=act.serializer, summary=act.words, description=act.strip)
    return schema(action(detail=True, methods=["post"])(endpoint))
