import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict

from evidence.forms import PhotosField
from evidence.models import Photo
from evidence.operations import MAX_PER_STAGE, attach_photos

pytestmark = pytest.mark.django_db


class ActForm(forms.Form):
    photos = PhotosField(label="整改后照片", help_text="同一角度")
    more = PhotosField(label="其他照片", required=False)
    note = forms.CharField(label="说明", required=False, max_length=3)


@pytest.fixture
def form(inspector, noon):
    """``form(by, files=[…], photos_id=[…], …)``: the form as posted; ``by`` the inspector unless given."""

    def make(by=inspector, files=(), **data):
        posted = QueryDict(mutable=True)
        for name, value in data.items():
            posted.setlist(name, value if isinstance(value, list) else [value])
        made = ActForm(posted, MultiValueDict({"photos": list(files)}))
        for name in ("photos", "more"):
            made.fields[name].by, made.fields[name].at = by, noon
        return made

    return make


def drawn(form, name="photos"):
    return Template("{% field bound %}").render(Context({"bound": form[name]}))


def test_with_script_the_ids_come_back_as_photos_in_their_order(form, inspector, photo):
    first, second = photo(inspector), photo(inspector)
    made = form(photos_id=[str(second.pk), str(first.pk), str(second.pk)])

    assert made.is_valid()
    assert made.cleaned_data["photos"] == [second, first]
    assert made.cleaned_data["more"] == []


def test_without_script_the_files_are_stored_at_once(form, inspector, picture, noon):
    made = form(files=[picture("red"), picture("blue")], note="太长的话")

    assert list(made.errors) == ["note"]
    assert made.cleaned_data["photos"] == list(Photo.objects.order_by("pk"))
    assert {(row.uploaded_by, row.uploaded_at) for row in Photo.objects.all()} == {(inspector, noon)}


def test_the_same_form_with_what_is_waiting(form, inspector, photo, picture):
    earlier = photo(inspector)
    made = form(files=[picture("red"), SimpleUploadedFile("坏.jpg", b"x")], photos_id=[str(earlier.pk)])
    html = drawn(made)

    assert "“坏.jpg”不是可用的照片" in html
    sent = Photo.objects.exclude(pk=earlier.pk).get()
    for row in (earlier, sent):
        assert f'name="photos_id" value="{row.pk}" checked' in html
        assert f'src="/photos/{row.pk}/thumbnail/"' in html
    assert Photo.objects.count() == 2  # drawing judges no second time


def test_an_empty_form_is_drawn_with_camera_album_and_words(form):
    html = drawn(ActForm())
    assert html.count('type="file"') == html.count(' name="photos"') == 2
    assert 'data-upload="/photos/"' in html
    assert "必填" in html and "同一角度" in html and "整改后照片" in html
    assert "photos_id" not in html
    assert "必填" not in drawn(ActForm(), "more")
    assert ActForm().is_multipart()


def test_a_prefix_is_kept_in_both_names(inspector, noon, photo):
    waiting = photo(inspector)
    made = ActForm(QueryDict(f"a-photos_id={waiting.pk}"), MultiValueDict(), prefix="a")
    made.fields["photos"].by, made.fields["photos"].at = inspector, noon

    assert made.is_valid()
    assert f'name="a-photos_id" value="{waiting.pk}"' in drawn(made)


def test_a_required_field_wants_one(form):
    assert form().errors == {"photos": ["请上传至少一张整改后照片"]}


@pytest.mark.parametrize("whose", ["stranger", "nobody", "gone"])
def test_ids_of_pictures_that_are_not_ones_own_are_told_as_lost(form, inspector, stranger, photo, picture, whose):
    mine = photo(inspector)
    foreign = {"stranger": lambda: photo(stranger).pk, "nobody": lambda: photo(None).pk, "gone": lambda: 10**9}[whose]()
    made = form(photos_id=[str(mine.pk), str(foreign)])

    assert made.errors == {"photos": ["有照片已失效，请重新上传"]}
    assert made["photos"].waiting == [mine]


def test_somebody_without_an_account_sends_files_but_names_no_ids(form, photo, picture):
    anonymous = photo(None)
    assert form(by=None, photos_id=[str(anonymous.pk)]).errors == {"photos": ["有照片已失效，请重新上传"]}

    made = form(by=None, files=[picture()])
    assert made.is_valid()
    assert [row.uploaded_by for row in made.cleaned_data["photos"]] == [None]


def test_what_is_no_id_is_left_out(form):
    assert form(photos_id=["x", "-1", "9" * 40, "１", ""]).errors == {"photos": ["请上传至少一张整改后照片"]}


def test_more_than_nine_are_not_kept(form, inspector, photo, picture):
    ids = [str(photo(inspector).pk) for _ in range(MAX_PER_STAGE)]
    made = form(files=[picture()], photos_id=ids)

    assert made.errors == {"photos": ["一次最多上传 9 张照片，多出的没有保存"]}
    assert len(made["photos"].waiting) == Photo.objects.count() == MAX_PER_STAGE


def test_a_picture_taken_meanwhile_is_not_shown_again(form, registered, inspector, photo):
    taken = photo(inspector)
    attach_photos(registered, [taken], stage="after", by=inspector)
    made = form(photos_id=[str(taken.pk)])

    assert made.is_valid()  # the verb says that it is used
    assert made["photos"].waiting == []


def test_two_forms_share_nothing(form, inspector, photo):
    waiting = photo(inspector)
    assert form(photos_id=[str(waiting.pk)])["photos"].waiting == [waiting]
    assert ActForm()["photos"].waiting == []


def test_only_a_form_with_photos_has_changed(form, inspector, photo):
    assert not form().has_changed()
    assert form(photos_id=[str(photo(inspector).pk)]).has_changed()
