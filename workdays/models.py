"""The editable working-day calendar: years whose notice is out, and their days that differ from Monday–Friday."""

from django.db import models


class PublishedYear(models.Model):
    """The State Council's holiday notice for one year. A year without a row is 未公布 and counts Monday to Friday."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    notice = models.CharField("依据（文号）", max_length=200)
    published_on = models.DateField("发布日期", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间", db_index=True)
    recorded_by = models.CharField("录入人", max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "放假安排"
        ordering = ["-year"]

    def __str__(self):
        return f"{self.year} 年放假安排"


class WorkingDay(models.Model):
    """An exception to Monday–Friday: a weekday off or a weekend day worked. ``year`` is the notice it comes from,
    which for the last days of December is the following year's."""

    date = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40)
    year = models.ForeignKey(PublishedYear, models.CASCADE, related_name="days", verbose_name="放假安排")

    class Meta:
        verbose_name = verbose_name_plural = "工作日例外"
        ordering = ["date"]

    def __str__(self):
        return f"{self.date} {self.name}{'上班' if self.is_working else '放假'}"
