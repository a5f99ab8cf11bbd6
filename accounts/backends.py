"""Who a session belongs to."""

from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class Seated(ModelBackend):
    """Reads a person with their unit and the unit above it, in one query: the scope and the frame of every page ask for both."""

    def get_user(self, user_id):
        person = User.objects.select_related("unit__parent").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
