"""The photos of one field of a posted page: those uploaded earlier, and files sent along without script."""

from dataclasses import dataclass, field

from evidence.models import Photo
from evidence.operations import MAX_PER_STAGE, store_photo
from journal.refusal import Refused


@dataclass(frozen=True)
class Sent:
    """What a page sent for the field ``name``: ``<name>_id`` as numbers, and the files ``<name>``."""

    name: str
    ids: list
    files: list


@dataclass
class Picked:
    """What came of it: the photos, in the order they were sent, and Chinese sentences about those that are missing."""

    name: str
    photos: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @property
    def limit(self):
        """How many the field takes."""
        return MAX_PER_STAGE

    @property
    def waiting(self):
        """Photos to show again: the ones no record has taken."""
        return [photo for photo in self.photos if photo.object_id is None]


def sent_in(data, files, name):
    """The :class:`Sent` of one field of ``request.POST`` and ``request.FILES``; anything that is no id is left out."""
    texts = map(str, data.getlist(f"{name}_id"))
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
    return Sent(name, list(dict.fromkeys(ids))[: MAX_PER_STAGE + 1], files.getlist(name))


def pick(fields, *, by, at):
    """Turn each :class:`Sent` into a :class:`Picked`. Files are stored at once, so that nothing is lost when the page comes
    back with an error. Only the person's own uploads can be named by id; nobody (``by`` None) owns none.
    """
    wanted = {pk for sent in fields for pk in sent.ids}
    mine = Photo.objects.filter(uploaded_by=by).in_bulk(wanted) if wanted and by is not None else {}
    return [_pick(sent, mine, by=by, at=at) for sent in fields]


def take_photos(request, names, *, at):
    """Collect the photos of fields ``names`` of a posted page, as ``{name: Picked}``."""
    fields = [sent_in(request.POST, request.FILES, name) for name in names]
    return {picked.name: picked for picked in pick(fields, by=request.user, at=at)}


def _pick(sent, mine, *, by, at):
    picked = Picked(sent.name, [mine[pk] for pk in sent.ids if pk in mine])
    if len(picked.photos) < len(sent.ids):
        picked.errors.append("有照片已失效，请重新上传")
    for file in sent.files:
        if len(picked.photos) >= MAX_PER_STAGE:
            picked.errors.append(f"一次最多上传 {MAX_PER_STAGE} 张照片，多出的没有保存")
            break
        try:
            picked.photos.append(store_photo(file, by=by, at=at))
        except Refused as refusal:
            picked.errors.append(str(refusal))
    return picked
