"""The photos or documents of one field of a posted page: those uploaded earlier, and files sent along without script."""

from collections.abc import Callable
from dataclasses import dataclass, field

from evidence.models import Document, Photo
from evidence.operations import MAX_PER_STAGE, store_document, store_photo
from journal.refusal import Refused


@dataclass(frozen=True)
class Sort:
    """What a field takes: the model, and the verb that stores one."""

    model: type
    store: Callable

    @property
    def noun(self):
        return self.model._meta.verbose_name


PHOTOS, DOCUMENTS = Sort(Photo, store_photo), Sort(Document, store_document)


@dataclass(frozen=True)
class Sent:
    """What a page sent for the field ``name``: ``<name>_id`` as numbers, and the files ``<name>``."""

    name: str
    ids: list
    files: list


@dataclass
class Picked:
    """What came of it: the uploads, in the order they were sent, and Chinese sentences about those that are missing."""

    name: str
    photos: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @property
    def limit(self):
        """How many the field takes."""
        return MAX_PER_STAGE

    @property
    def waiting(self):
        """Those to show again: the ones no record has taken."""
        return [photo for photo in self.photos if photo.object_id is None]


def sent_in(data, files, name):
    """The :class:`Sent` of one field of ``request.POST`` and ``request.FILES``; anything that is no id is left out."""
    texts = map(str, data.getlist(f"{name}_id"))
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
    return Sent(name, list(dict.fromkeys(ids))[: MAX_PER_STAGE + 1], files.getlist(name))


def pick(fields, *, by, at, sort=PHOTOS):
    """Turn each :class:`Sent` into a :class:`Picked`. Files are stored at once, so that nothing is lost when the page comes
    back with an error. Only the person's own uploads can be named by id; nobody (``by`` None) owns none.
    """
    wanted = {pk for sent in fields for pk in sent.ids}
    mine = sort.model.objects.filter(uploaded_by=by).in_bulk(wanted) if wanted and by is not None else {}
    return [_pick(sent, mine, sort, by=by, at=at) for sent in fields]


def take_photos(request, names, *, at):
    """Collect the photos of fields ``names`` of a posted page, as ``{name: Picked}``."""
    fields = [sent_in(request.POST, request.FILES, name) for name in names]
    return {picked.name: picked for picked in pick(fields, by=request.user, at=at)}


def _pick(sent, mine, sort, *, by, at):
    picked = Picked(sent.name, [mine[pk] for pk in sent.ids if pk in mine])
    if len(picked.photos) < len(sent.ids):
        picked.errors.append(f"有{sort.noun}已失效，请重新上传")
    for file in sent.files:
        if len(picked.photos) >= MAX_PER_STAGE:
            picked.errors.append(f"一次最多上传 {MAX_PER_STAGE} {sort.model.MEASURE}{sort.noun}，多出的没有保存")
            break
        try:
            picked.photos.append(sort.store(file, by=by, at=at))
        except Refused as refusal:
            picked.errors.append(str(refusal))
    return picked
