"""What the pages of one kind of record share."""

from django.shortcuts import get_object_or_404
from django.views import View


class Pages(View):
    """A kind of record names here what its pages share: ``kind``, ``related`` (for select_related), ``home`` (URL name of its
    list) with its ``home_label``, and ``facts``, the columns its page tells. Who must not even ask is turned away in ``record``.
    """

    kind = None
    related = facts = ()
    home = home_label = ""

    def record(self, user, pk):
        return get_object_or_404(self.kind.objects.visible_to(user).select_related(*self.related), pk=pk)
