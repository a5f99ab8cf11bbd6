"""The paper itself: one set of words and tables for the page, for print and for Word. Words come from the bulletin, tables from its freeze."""

import logging
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from bulletins import composing, frozen
from bulletins.models import HEADED, LABELS
from journal.refusal import Refused

log = logging.getLogger(__name__)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BUILT_IN = Path(__file__).parent / "data" / "bulletin.docx"
BREAK = "安全隐患排查整治"  # a title of two lines is broken before it
NOTE = "注：检查、发现、重大、销号为本期数；得分、整改率、按期率按计分时段计算；逾期为期末数。"
# What may stand in a template; docs/guide tells what each is.
NAMES = frozenset(
    ("issuer", "number", "title_lines", "addressed", "opening", "sections", "attachment_lines", "attachments", "date", "printed", "copies", "red_head")
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A headed part: ``paragraphs`` are ``[{lead, rest}, …]``, the lead in 楷体; ``table`` a `frozen.Sheet` or None."""

    name: str
    heading: str
    paragraphs: list
    table: object = None


@dataclass(frozen=True)
class Paper:
    """One bulletin as it is printed. ``number`` and ``date`` have their place kept while there are none."""

    issuer: str
    number: str
    title_lines: list
    addressed: str
    opening: str
    sections: list
    attachments: list
    date: str
    copies: str

    @property
    def printed(self):
        return f"{self.date}印发"

    @property
    def attachment_lines(self):
        """附件：1. …, as they are announced under the body; one attachment has no number."""
        names = [one["caption"] for one in self.attachments]
        if len(names) < 2:
            return [f"附件：{name}" for name in names]
        return [f"{'附件：' if place == 1 else '　　　'}{place}. {name}" for place, name in enumerate(names, start=1)]


def paper_of(bulletin, tables):
    """The `Paper` of ``bulletin`` over the ``tables`` of its freeze (`frozen.shown_tables`)."""
    one = frozen.main_of(tables)
    headed = [name for name in HEADED if getattr(bulletin, name).strip()]
    sections = [
        Section(
            name,
            composing.numbered(LABELS[name], place),
            [{"lead": lead, "rest": rest} for lead, rest in composing.paragraphs(getattr(bulletin, name))],
            frozen.body_sheet(one) if name == "ranking" else None,
        )
        for place, name in enumerate(headed)
    ]
    sheets = frozen.attached_sheets(tables)
    attachments = [
        {
            "code": sheet.code,
            "label": "附件" if len(sheets) == 1 else f"附件{place}",
            "caption": sheet.caption,
            "headings": sheet.headings,
            "rows": sheet.rows,
            "note": NOTE,
        }
        for place, sheet in enumerate(sheets, start=1)
    ]
    return Paper(
        issuer=bulletin.unit.name,
        number=bulletin.number or f"{bulletin.word}〔{bulletin.freeze.last.year}〕　号",
        title_lines=_broken(bulletin.title),
        addressed=bulletin.addressed,
        opening=bulletin.opening,
        sections=sections,
        attachments=attachments,
        date=composing.date_words(bulletin.issued_on) if bulletin.issued_on else "　　年　月　日",
        copies=bulletin.copies.strip().rstrip("。"),
    )


def _broken(title):
    head, found, rest = title.partition(BREAK)
    return [head, found + rest] if head and found else [title]


def template_path():
    """The template in use: the one the house has set, else the one that comes with the code."""
    own = Path(settings.BULLETIN_TEMPLATE)
    return own if own.is_file() else BUILT_IN


def docx_of(paper):
    """The bytes of ``paper`` as .docx by the template in use. Refused where a template of the house cannot be used."""
    return filled(template_path(), paper)


def filled(path, paper):
    """``paper`` in the template at ``path``."""
    words = {name: getattr(paper, name) for name in NAMES - {"red_head"}} | {"red_head": settings.BULLETIN_RED_HEAD}
    # A template is text from outside the code: it may name what it is given and nothing else.
    environment, out = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined), BytesIO()
    try:
        document = DocxTemplate(path)
        document.render(words, environment, autoescape=True)
        document.save(out)
    except Exception as error:  # the file is not ours: whatever is wrong with it, no bulletin can be made by it
        log.warning("the template of bulletins %s cannot be used: %s", path, error)
        raise Refused("通报的 Word 模板不能使用，请联系系统维护人员检查模板文件；正文可以在页面上查看和打印") from error
    return out.getvalue()


def unknown_names(path):
    """The names in the template at ``path`` that a bulletin does not have, sorted."""
    return sorted(DocxTemplate(path).get_undeclared_template_variables(SandboxedEnvironment()) - NAMES)
