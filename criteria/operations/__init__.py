"""Everything that changes the standards by which hazards are judged major.

Each verb takes ``by=`` (a person, or None for the system) and ``at=`` (an aware moment) and either happens whole, with its
event, or raises `journal.refusal.Refused` with a Chinese sentence fit for the user.
"""

from criteria.operations.items import TAKEN_OUT, Item, load_items
from criteria.operations.standards import edit, enter, seed_standards

__all__ = ["TAKEN_OUT", "Item", "edit", "enter", "load_items", "seed_standards"]
