"""The pages of records: one of each kind of page for every kind of record."""

from journal.views.acting import ActPage
from journal.views.addresses import addresses
from journal.views.birth import BirthPage
from journal.views.bulk import BulkPage
from journal.views.pages import Pages
from journal.views.record import RecordPage, next_of, offers
from journal.views.timeline import entry_of as timeline_entry
from journal.views.timeline import timeline

__all__ = [
    "ActPage",
    "BirthPage",
    "BulkPage",
    "Pages",
    "RecordPage",
    "addresses",
    "next_of",
    "offers",
    "timeline",
    "timeline_entry",
]
