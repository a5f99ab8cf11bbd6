"""视图: a query of the ledger with a name. No record: nothing follows from it but the rows one already may see."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse

from accounts.models import Unit
from accounts.roles import RANKING_READERS

LONGEST = 1500  # signs of a query


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those shared with the unit one serves now. A unit's word for its work is not for the administrators and
        the firms' people who happen to be entered there."""
        shared = Q(unit=user.unit_id) if may_share(user) else Q(pk__in=[])
        return self.filter(Q(owner=user.pk) | shared)

    def own_first(self, user):
        """Those of ``user`` before what others share, by name: where a list ends, it ends with the others'."""
        others = Case(When(owner=user.pk, then=0), default=1)
        return self.order_by(others, "name", "pk")


def may_share(user):
    """Whether ``user`` reads the ledger for a unit, and so shares views with its people."""
    return user.is_active and user.role in RANKING_READERS and user.unit_id is not None


class SavedView(models.Model):
    """``query`` as it stands in the address of the ledger: conditions, tab, order, columns. With a ``unit`` its people see it too;
    whoever opens it sees the rows of their own scope.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name="保存人"
    )
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+", verbose_name="共享单位")
    name = models.CharField("名称", max_length=30)
    query = models.CharField("条件", max_length=LONGEST)
    saved_at = models.DateTimeField("保存时间")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "视图"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('hazards:ledger')}?{self.query}"
