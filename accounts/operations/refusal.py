class Refused(Exception):
    """The act is not possible; the message is a Chinese sentence fit for the user."""


class NotPermitted(Refused):
    """The act is not this person's to do."""


class Conflict(Refused):
    """Somebody else was there first; the page the act was decided on is out of date."""
