from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own uploads only: a file may hold more than its uploader's superiors are to see unfiltered."""
        return self.filter(uploaded_by=user) if user.is_authenticated else self.none()


class ImportBatch(models.Model):
    """One uploaded ledger on its way into ours: the file, how its columns are to be read, and what came of it.

    ``layout`` is ``{"0": {"header_rows": [2, 3], "mapping": {"1": "description", "2": null}}}`` by sheet and column index;
    ``answers`` is imports.answers.Answers.as_dict; ``report`` is imports.reporting.report_of, with the preview under ``previews`` until the batch is done.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "待确认"
        DONE = "done", "已导入"

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="导入单位")
    file = models.FileField("文件", upload_to="imports/%Y/%m/")
    filename = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    layout = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.UPLOADED)
    imported_at = models.DateTimeField("导入时间", null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "导入批次"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="uploaded", imported_at=None) | Q(state="done", imported_at__isnull=False),
                name="importbatch_done_iff_imported",
            ),
        ]
        indexes = [models.Index(fields=["uploaded_by", "-id"], name="importbatch_mine")]

    def __str__(self):
        return self.filename
