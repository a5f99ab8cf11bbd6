"""What is really attached to records, for `journal.audit` to compare with what their events say."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType

from evidence.models import Photo, pictured_models


def photos_of(kind, ids):
    """``{record id: [[SHA-256, stage], …]}`` of the photos that records of ``kind`` have taken; one query."""
    found = defaultdict(list)
    if kind in pictured_models():
        taken = Photo.objects.filter(content_type=ContentType.objects.get_for_model(kind), object_id__in=ids)
        for pk, sha256, stage in taken.order_by().values_list("object_id", "sha256", "stage"):
            found[pk].append([sha256, stage])
    return found
