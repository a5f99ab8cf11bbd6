"""Pictures of any record. Which records have them is said above, by a ``GenericRelation`` to :class:`Photo` on their model."""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q


def pictured_models():
    """The models that declare a ``GenericRelation`` to Photo; each has ``objects.visible_to(user)``."""
    return [
        model
        for model in apps.get_models()
        if any(isinstance(one, GenericRelation) and one.related_model is Photo for one in model._meta.private_fields)
    ]


class PhotoQuerySet(models.QuerySet):
    def waiting(self):
        """Uploads that no record has taken."""
        return self.filter(object_id=None)

    def visible_to(self, user):
        """Photos of records the user may see, and the user's own uploads that no record has taken yet.

        Nobody owns a picture without an uploader: until a record takes it, nobody sees it.
        """
        if not user.is_authenticated:
            return self.none()
        seen = Q(object_id=None, uploaded_by=user)
        for model in pictured_models():
            records = model._default_manager.visible_to(user).values("pk")
            seen |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=records)
        return self.filter(seen)


class Photo(models.Model):
    """A picture before or after rectification. Uploaded first, then taken by exactly one record and stage.

    ``part`` is the ``uid`` of the row beside the record that the picture belongs to, such as one round of feedback.
    ``image`` and ``thumbnail`` are re-encoded, upright and carry no GPS; ``original`` is the file as it was sent, ``sha256`` its
    hash, ``kept_sha256`` that of ``image``. Rows from before originals were kept, and those without an uploader, have none.
    ``uploaded_by`` is null when the sender has no account.
    """

    class Stage(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"

    content_type = models.ForeignKey(ContentType, models.PROTECT, db_index=False, null=True, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)
    record = GenericForeignKey("content_type", "object_id")
    part = models.UUIDField(null=True)
    stage = models.CharField(max_length=6, choices=Stage.choices, blank=True)
    image = models.FileField(upload_to="photos/%Y/%m/")
    original = models.FileField(upload_to="originals/%Y/%m/", blank=True)
    thumbnail = models.FileField(upload_to="photos/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    kept_sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "照片"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_type=None, object_id=None, part=None, stage="")
                | Q(content_type__isnull=False, object_id__isnull=False, stage__in=["before", "after"]),
                name="photo_stage_iff_taken",
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="photo_record"),
            models.Index(fields=["uploaded_by"], condition=Q(object_id=None), name="photo_waiting"),
        ]
