"""Saving and dropping views of the ledger."""

from django.db import transaction

from accounts.models import User
from hazards.models import SavedView
from hazards.models.saved_view import may_share
from journal.refusal import NotPermitted, Refused

MOST = 30  # views a person may keep


@transaction.atomic
def save_view(*, by, at, name, query, shared):
    """The view ``name`` of ``by`` on ``query``, in place of one of that name; ``shared``: with the unit ``by`` serves.

    Raises Refused without a unit to share with (`may_share`), and when there are as many as one may keep.
    """
    if shared and not may_share(by):
        raise Refused("您没有所属单位，不能共享；请存给自己")
    User.objects.select_for_update().get(pk=by.pk)  # two tabs must not pass the limit together
    others = SavedView.objects.filter(owner=by).exclude(name=name)
    if others.count() >= MOST:
        raise Refused(f"最多保存 {MOST} 个视图，请先删除不用的")
    given = {"query": query, "unit_id": by.unit_id if shared else None, "saved_at": at}
    view, _ = SavedView.objects.update_or_create(owner=by, name=name, defaults=given)
    return view


def drop_view(view, *, by):
    """Only its owner drops a view."""
    if view.owner_id != by.pk:
        raise NotPermitted("只有保存人本人可以删除这个视图")
    view.delete()
