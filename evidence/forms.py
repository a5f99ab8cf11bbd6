"""Form fields for photos and documents, so that a form declares them like anything else that is filled in."""

from django import forms
from django.core.exceptions import ValidationError

from doors.names import many
from evidence.picking import DOCUMENTS, PHOTOS, Picked, pick, sent_in


class PhotosInput(forms.Widget):
    """Camera, album and the photos uploaded so far. Drawn whole by the tag ``field``; upload.js sends each photo at once."""

    field_template = "evidence/_photos_field.html"
    needs_multipart_form = True

    @staticmethod
    def sent_names(name):
        """What a page sends for it: files, and the ids of those that arrived before."""
        return many(name, f"{name}_id")

    def value_from_datadict(self, data, files, name):
        return sent_in(data, files, name)


class DocumentsInput(PhotosInput):
    """A choice of files and those uploaded so far."""

    field_template = "evidence/_documents_field.html"


class BoundPhotos(forms.BoundField):
    @property
    def limit(self):
        """How many the field takes."""
        return self.field.picked.limit

    @property
    def waiting(self):
        """Photos to show again: everything that arrived and that no record has taken, also when the field has errors."""
        self.form.is_valid()  # judges the form, unless it was judged before
        return self.field.picked.waiting


class PhotosField(forms.Field):
    """Photos of one stage as a list of Photo, in the order they were sent.

    The form says who sends them and when, before it is judged: ``field.by`` (None: somebody without an account) and
    ``field.at``. Files are stored as soon as the field is cleaned: a form that must store nothing is given no files.
    """

    widget = PhotosInput
    bound_field_class = BoundPhotos
    sort, missing = PHOTOS, "请上传至少一张{label}"
    by = at = None

    def __init__(self, *, label, **options):
        sentences = {"required": self.missing.format(label=label)} | options.pop("error_messages", {})
        super().__init__(label=label, error_messages=sentences, **options)
        self.picked = Picked("")  # nothing came before the form is judged; replaced, never changed

    def clean(self, sent):
        [self.picked] = pick([sent], by=self.by, at=self.at, sort=self.sort)
        if self.picked.errors:
            raise ValidationError(self.picked.errors)
        if self.required and not self.picked.photos:
            raise ValidationError(self.error_messages["required"], code="required")
        return self.picked.photos

    def has_changed(self, initial, sent):
        return bool(sent.ids or sent.files)


class DocumentsField(PhotosField):
    """Documents as a list of Document, taken and told like photos."""

    widget = DocumentsInput
    sort, missing = DOCUMENTS, "请上传至少一个{label}"
