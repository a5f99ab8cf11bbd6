"""Who may do what to which hazard. Each rule is ``(user, hazard) -> bool`` and assumes the hazard is visible to the user."""

from accounts.roles import Role


def is_author(user, hazard):
    return user.is_officer and hazard.registered_by_id == user.pk


def is_issuer(user, hazard):
    """A township, department or safety office manager: assigns the deadline and the people who answer for it."""
    return user.is_manager


def is_registrar(user, hazard):
    """The inspector who found it, or a manager, may close what was fixed in front of them; a major hazard needs a review."""
    return hazard.level != "major" and (is_author(user, hazard) or user.is_manager)


def is_rectifier(user, hazard):
    """The enterprise itself, or a manager of one of the bodies that answer for the hazard, on its behalf."""
    if not user.is_active:
        return False
    if user.role == Role.ENTERPRISE:
        return True  # an enterprise user only ever sees hazards of its own enterprise
    answering = {hazard.territorial_unit_id, hazard.competent_unit_id}
    return user.role == Role.MANAGER and user.unit_id in answering


def is_reviewer(user, hazard):
    """Any officer but the person who filed the feedback under review (two-person rule)."""
    return user.is_officer and hazard.feedback_by_id != user.pk
