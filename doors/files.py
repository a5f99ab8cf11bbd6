"""Answers that a browser keeps as a file."""

from django.utils.http import content_disposition_header


def sent_as(response, name, conditions=""):
    """``response`` as the file ``name``. ``conditions``: what was asked for in words, for whoever reads later what was taken out."""
    response["Content-Disposition"] = content_disposition_header(True, name)
    response.conditions = conditions
    return response
