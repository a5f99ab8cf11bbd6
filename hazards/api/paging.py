"""The paging of the hazards over the API: the newest first, or in one of the ledger's orders."""

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.utils.urls import replace_query_param

from accounts.api import Newest
from doors.names import once
from hazards.ordering import ORDER, ORDERS
from look.paging import BadCursor, order_named, page_of


class InOrder(Newest):
    """With ``order`` a page costs two queries, its keys and its rows, however deep it lies."""

    query_names = once(ORDER)
    sorted_page = None

    def paginate_queryset(self, queryset, request, view=None):
        """One page of ``queryset``, of dicts with their ``id``."""
        if not (named := request.query_params.get(ORDER)):
            return super().paginate_queryset(queryset, request, view)
        self.base_url = request.build_absolute_uri()
        try:
            order = order_named(named, ORDERS)
        except BadCursor as refusal:
            raise ValidationError({ORDER: [str(refusal)]}) from None
        cursor, size = request.query_params.get(self.cursor_query_param, ""), self.get_page_size(request)
        try:
            self.sorted_page = page_of(queryset, order=order, cursor=cursor, size=size)
        except BadCursor:
            raise NotFound(self.invalid_cursor_message) from None
        found = {row["id"]: row for row in queryset.filter(pk__in=self.sorted_page.ids)}
        return [found[pk] for pk in self.sorted_page.ids if pk in found]

    def get_next_link(self):
        return super().get_next_link() if self.sorted_page is None else self._link(self.sorted_page.next)

    def get_previous_link(self):
        return super().get_previous_link() if self.sorted_page is None else self._link(self.sorted_page.previous)

    def _link(self, cursor):
        return replace_query_param(self.base_url, self.cursor_query_param, cursor) if cursor else None
