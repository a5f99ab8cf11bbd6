"""Pictures and documents over the API: uploaded first, then named by id in the act that uses them."""

from django.urls import reverse
from django.utils import timezone
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.roles import OFFICERS, Role
from doors.api import KnownFields
from evidence import operations
from evidence.models import Document, Photo
from journal.api import perform


class PhotoSerializer(KnownFields, serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ["id", "stage", "width", "height", "sha256", "taken_at", "uploaded_at", "url", "thumbnail_url"]

    def get_url(self, photo) -> str:
        return reverse("evidence:photo", args=[photo.pk])

    def get_thumbnail_url(self, photo) -> str:
        return reverse("evidence:photo_thumbnail", args=[photo.pk])


class PhotosField(serializers.ListField):
    """Ids of pictures (or what ``model`` is) the caller uploaded and no record has taken, at most ``MAX_PER_STAGE``; one query for all.

    The caller is the user of the request in the serializer's context. ``even_taken``: also those that a record has taken,
    where the same body may be sent twice; attaching them anywhere else is for the verb to refuse.
    """

    model = Photo

    def __init__(self, *, even_taken=False, **options):
        self.even_taken = even_taken
        child = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
        super().__init__(child=child, max_length=operations.MAX_PER_STAGE, **options)

    def to_internal_value(self, data):
        ids = super().to_internal_value(data)
        user = self.context["request"].user
        mine = self.model.objects.filter(uploaded_by=user)
        found = (mine if self.even_taken else mine.waiting()).in_bulk(ids)
        if missing := [pk for pk in ids if pk not in found]:
            raise serializers.ValidationError(
                f"{self.model._meta.verbose_name} {missing[0]} 不存在、不是您上传的，或者已经用在别处"
            )
        return [found[pk] for pk in dict.fromkeys(ids)]


class DocumentsField(PhotosField):
    """Ids of documents the caller uploaded and no record has taken."""

    model = Document


class DocumentSerializer(KnownFields, serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = ["id", "name", "kind", "size", "sha256", "uploaded_at", "url"]

    def get_url(self, document) -> str:
        return reverse("evidence:document", args=[document.pk])


def documents_of_part(record, part):
    """The documents of ``record``, prefetched, that belong to the row beside it with the uid ``part``."""
    return DocumentSerializer([one for one in record.documents.all() if one.part == part], many=True).data


class UploadSerializer(KnownFields):
    file = serializers.FileField()


class UploadViewSet(mixins.CreateModelMixin, viewsets.GenericViewSet):
    """Upload it first, then name its id in the act that uses it."""

    serializer_class = UploadSerializer
    parser_classes = [MultiPartParser]
    told, store = None, None

    def create(self, request, *args, **kwargs):
        if request.user.role not in OFFICERS | {Role.ENTERPRISE}:
            raise PermissionDenied(f"您的角色不能上传{self.told.Meta.model._meta.verbose_name}")
        data = self.get_serializer(data=request.data)
        data.is_valid(raise_exception=True)
        kept = perform(self.store, data.validated_data["file"], by=request.user, at=timezone.now())
        return Response(self.told(kept).data, status=status.HTTP_201_CREATED)


class PhotoViewSet(UploadViewSet):
    queryset = Photo.objects.none()
    told, store = PhotoSerializer, staticmethod(operations.store_photo)


class DocumentViewSet(UploadViewSet):
    queryset = Document.objects.none()
    told, store = DocumentSerializer, staticmethod(operations.store_document)
