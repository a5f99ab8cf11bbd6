"""Where the pages of one kind of record stand."""

from django.urls import path

from journal.acts import acts_of
from journal.views.acting import ActPage
from journal.views.birth import BirthPage
from journal.views.record import RecordPage


def addresses(pages):
    """URL patterns for the kind of ``pages`` (a `Pages`): ``<app>:<slug>``, ``<app>:<slug>_act`` and, where a form
    creates one, ``<app>:<slug>_new``.
    """
    slug = pages.kind.slug

    def page(base):
        return type(f"{pages.__name__}{base.__name__}", (pages, base), {}).as_view()

    born = any(act.creates and act.form for act in acts_of(pages.kind))
    return [
        *([path("new/<slug:act>/", page(BirthPage), name=f"{slug}_new")] if born else []),
        path("<int:pk>/", page(RecordPage), name=slug),
        path("<int:pk>/<slug:act>/", page(ActPage), name=f"{slug}_act"),
    ]
