"""Pictures and documents of any record. Which records have them is said above, by a ``GenericRelation`` on their model."""

from collections import defaultdict

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q


def models_with(kind):
    """The models that declare a ``GenericRelation`` to ``kind`` (Photo or Document); each has ``objects.visible_to(user)``."""
    return [
        model
        for model in apps.get_models()
        if any(isinstance(one, GenericRelation) and one.related_model is kind for one in model._meta.private_fields)
    ]


def by_part(uploads):
    """``{uid of the row beside their record, None for the record itself: [upload, …]}``, in the order given."""
    found = defaultdict(list)
    for upload in uploads:
        found[upload.part].append(upload)
    return found


def parts_kept_from(user, model):
    """The ``part`` of uploads that ``user`` does not see on a record of ``model`` that they do see: what the model says in
    ``unseen_parts(user)``, if it has parts that are not for all its readers."""
    return model.unseen_parts(user) if hasattr(model, "unseen_parts") else []


class UploadQuerySet(models.QuerySet):
    def waiting(self):
        """Uploads that no record has taken."""
        return self.filter(object_id=None)

    def of(self, record):
        """What ``record`` has taken."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def visible_to(self, user):
        """Uploads of records the user may see, and the user's own that no record has taken yet.

        Nobody owns one without an uploader: until a record takes it, nobody sees it.
        """
        if not user.is_authenticated:
            return self.none()
        seen = Q(object_id=None, uploaded_by=user)
        for model in models_with(self.model):
            records = model._default_manager.visible_to(user).values("pk")
            of_records = Q(content_type=ContentType.objects.get_for_model(model), object_id__in=records)
            seen |= of_records & ~Q(part__in=parts_kept_from(user, model))
        return self.filter(seen)


class Upload(models.Model):
    """What somebody sent: uploaded first, then taken by exactly one record.

    ``part`` is the ``uid`` of the row beside the record that it belongs to, such as one round of feedback. ``uploaded_by`` is
    null when the sender has no account. ``sha256`` is the hash of the file as it was sent.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, db_index=False, null=True, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)
    record = GenericForeignKey("content_type", "object_id")
    part = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["id"]


class Photo(Upload):
    """A picture before, during or after rectification.

    ``image`` and ``thumbnail`` are re-encoded, upright and carry no GPS; ``original`` is the file as it was sent, ``kept_sha256``
    the hash of ``image``. Rows from before originals were kept, and those without an uploader, have none. ``likeness`` says what it
    looks like (`evidence.likeness`); None where it shows too little, or was kept before that was asked.
    """

    class Stage(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"
        DURING = "during", "整改中"  # how far the work has come

    stage = models.CharField(max_length=6, choices=Stage.choices, blank=True)
    image = models.FileField(upload_to="photos/%Y/%m/")
    original = models.FileField(upload_to="originals/%Y/%m/", blank=True)
    thumbnail = models.FileField(upload_to="photos/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    kept_sha256 = models.CharField(max_length=64)
    likeness = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    FILES, MEASURE = ("image", "thumbnail", "original"), "张"

    class Meta(Upload.Meta):
        verbose_name = "照片"
        constraints = [
            models.CheckConstraint(
                condition=Q(content_type=None, object_id=None, part=None, stage="")
                | Q(
                    content_type__isnull=False,
                    object_id__isnull=False,
                    stage__in=["before", "after", "during"],
                ),
                name="photo_stage_iff_taken",
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="photo_record"),
            models.Index(fields=["uploaded_by"], condition=Q(object_id=None), name="photo_waiting"),
        ]


class Document(Upload):
    """A file of paper: kept as it was sent and never opened here; what it is was judged by its content.

    ``name`` is what it is called when it is downloaded, with the ending of its ``kind`` whatever it was sent as.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        DOC = "doc", "Word"
        XLSX = "xlsx", "Excel"
        XLS = "xls", "Excel"
        JPEG = "jpg", "图片"
        PNG = "png", "图片"
        HEIC = "heic", "图片"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="documents/%Y/%m/")
    FILES, MEASURE = ("file",), "个"

    class Meta(Upload.Meta):
        verbose_name = "附件"
        constraints = [
            models.CheckConstraint(
                condition=Q(content_type=None, object_id=None, part=None)
                | Q(content_type__isnull=False, object_id__isnull=False),
                name="document_whole_iff_taken",
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="document_record"),
            models.Index(fields=["uploaded_by"], condition=Q(object_id=None), name="document_waiting"),
        ]

    def __str__(self):
        return self.name
