import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from evidence.models import Document, Photo, models_with
from evidence.operations import attach_photos, store_photo
from hazards.models import Hazard
from journal.refusal import Refused
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def seen_by(user):
    return set(Photo.objects.visible_to(user))


def test_records_are_found_by_what_they_declare():
    for kind in (Photo, Document):
        assert Hazard in models_with(kind)
        assert all(hasattr(model.objects, "visible_to") for model in models_with(kind))


def test_pictures_are_seen_with_their_record_and_while_they_wait_by_their_uploader(
    registered, inspector, colleague, manager, stranger, enterprise_user, photo
):
    taken, waiting = registered.photos.get(), photo(inspector)

    assert seen_by(inspector) == {taken, waiting}
    assert seen_by(colleague) == seen_by(manager) == seen_by(enterprise_user) == {taken}
    assert seen_by(stranger) == seen_by(AnonymousUser()) == set()


def test_a_record_in_nobodys_scope_hides_its_pictures_from_their_uploader_too(registered, inspector, foreign_township):
    inspector.unit = foreign_township
    inspector.save()

    assert seen_by(inspector) == set()


def test_a_row_of_another_kind_with_the_same_key_shows_nothing(registered, manager, inspector, photo):
    """``object_id`` alone says nothing: a photo of some other kind of record must not be read as a hazard's."""
    waiting = photo(inspector)
    attach_photos(UserFactory(pk=registered.pk + 10**6), [waiting], stage="before", by=inspector)
    Photo.objects.filter(pk=waiting.pk).update(object_id=registered.pk)

    assert waiting not in seen_by(manager)
    assert waiting not in registered.photos.all()


def test_a_picture_without_an_uploader_is_nobodys_until_a_record_takes_it(registered, manager, stranger, picture, noon):
    sent = store_photo(picture(), by=None, at=noon)
    assert sent not in seen_by(manager) | seen_by(AnonymousUser())

    attach_photos(registered, [sent], stage="before", by=None)
    assert sent in seen_by(manager)
    assert sent not in seen_by(stranger)


@pytest.mark.parametrize(
    "half", [{"stage": "before"}, {"object_id": 1}, {"stage": "before", "object_id": 1}, {"part": "0" * 32}]
)
def test_a_photo_is_taken_whole_or_not_at_all(inspector, photo, half):
    waiting = photo(inspector)
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=waiting.pk).update(**half)


def test_a_taken_photo_has_a_stage(registered):
    with pytest.raises(IntegrityError), transaction.atomic():
        registered.photos.update(stage="")


def test_a_round_of_feedback_knows_its_pictures(pending):
    [first] = pending.feedbacks.all()
    assert list(pending.photos.values_list("stage", "part")) == [("before", None), ("after", first.uid)]


def test_pictures_of_many_records_come_in_one_query(registered, django_assert_num_queries):
    with django_assert_num_queries(2):
        [hazard] = Hazard.objects.prefetch_related("photos")
        assert [row.stage for row in hazard.photos.all()] == ["before"]


def test_the_pictures_of_a_record_are_found_by_an_index(registered):
    if connection.vendor != "sqlite":
        pytest.skip("asks SQLite for its plan")
    assert "photo_record" in registered.photos.all().explain()


def test_a_hazard_with_pictures_is_not_deleted(registered):
    """A generic relation would delete the pictures with their record: the events of the record forbid it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        registered.delete()
    assert registered.photos.exists()


def test_others_cannot_take_what_was_sent_without_an_account(registered, inspector, picture, noon):
    with pytest.raises(Refused, match="不是您上传的"):
        attach_photos(registered, [store_photo(picture(), by=None, at=noon)], stage="before", by=inspector)
