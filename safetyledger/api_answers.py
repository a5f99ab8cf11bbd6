"""What the API answers when it refuses."""

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.views import exception_handler


def answer_to(error, context):
    """The framework's answer to `error`. What Django says of rows and permissions is English and names models: not passed on."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, DjangoPermissionDenied) and str(error).isascii():
        error = PermissionDenied()
    return exception_handler(error, context)
