"""The outlines of a city's townships, as its safety office loaded them: the map is drawn by the newest."""

from django.conf import settings
from django.db import models

CITY = 4  # digits of a city's code


class OutlineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who reads rankings reads the map of the own city."""
        if not user.is_authenticated or not user.reads_rankings:
            return self.none()
        return self.filter(city_code=user.unit.division_code[:CITY])

    def in_force(self, city):
        """The newest of ``city``, or None."""
        return self.filter(city_code=city).order_by("-pk").first()


class Outline(models.Model):
    """One file that was loaded. ``shapes``: a FeatureCollection as text, each feature with ``{"name": township code}``, longitude and
    latitude with five digits (a metre); rows are never changed, a new file is a new row."""

    city_code = models.CharField("行政区划", max_length=4)
    filename = models.CharField("文件名", max_length=120)
    shapes = models.TextField("边界")
    matched = models.PositiveSmallIntegerField("对上的乡镇数")
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    loaded_at = models.DateTimeField("上传时间")

    objects = OutlineQuerySet.as_manager()

    class Meta:
        verbose_name = "乡镇边界"
        indexes = [models.Index(fields=["city_code", "-id"], name="outline_city")]

    def __str__(self):
        return self.filename
