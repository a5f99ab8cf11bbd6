"""The one family of refusals. Every door turns them into its own language; the sentence stays the same."""


class Refused(Exception):
    """The act is not possible; the message is a Chinese sentence fit for the user. ``status`` is what HTTP says."""

    status = 409


class NotPermitted(Refused):
    """This person may not do it."""

    status = 403


class Conflict(Refused):
    """Somebody else was first, or the record is not in a state the act starts from."""
