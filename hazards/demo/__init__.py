"""Made-up data for demonstrations: people, enterprises, two years of inspections and hazards with valid event chains.

The same moment gives the same data. Places come from the division codes; every person, firm and telephone is invented.
"""

from hazards.demo.loading import empty_database, is_loaded, load
from hazards.demo.people import refresh_passwords

__all__ = ["empty_database", "is_loaded", "load", "refresh_passwords"]
