from django.conf import settings
from django.db import models
from django.db.models import Q


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Photos of hazards the user may see, and the user's own uploads that no hazard has taken yet."""
        from_hazards = self.model._meta.get_field("hazard").related_model.objects.visible_to(user)
        return self.filter(Q(hazard__in=from_hazards) | Q(hazard=None, uploaded_by=user))


class Photo(models.Model):
    """A picture before or after rectification. Uploaded first, then taken by exactly one hazard and stage.

    ``image`` and ``thumbnail`` are re-encoded, upright and carry no GPS; ``sha256`` is that of the file as it was sent.
    """

    class Stage(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, null=True, related_name="photos")
    feedback = models.ForeignKey("hazards.Feedback", models.PROTECT, null=True, related_name="photos")
    stage = models.CharField(max_length=6, choices=Stage.choices, blank=True)
    image = models.FileField(upload_to="photos/%Y/%m/")
    thumbnail = models.FileField(upload_to="photos/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    taken_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hazard=None, stage="") | Q(hazard__isnull=False, stage__in=["before", "after"]),
                name="photo_stage_iff_taken",
            ),
        ]
        indexes = [models.Index(fields=["uploaded_by"], condition=Q(hazard=None), name="photo_waiting")]
