"""What a file is, judged by its content alone: names and the types browsers send are claims."""

import io
import zipfile

from PIL import Image

from evidence.models import Document
from journal.refusal import Refused

COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")  # the old Office formats, and those of WPS
PDF_WITHIN = 1024  # bytes: readers find its mark there
PICTURES = {"JPEG": Document.Kind.JPEG, "PNG": Document.Kind.PNG, "HEIF": Document.Kind.HEIC}
OTHER = "不是 PDF、Word、Excel 文件或图片（按内容判断，与扩展名无关），请另存为其中一种再上传"
MACROS = "含有宏，不能上传；请另存为不含宏的文档（.docx、.xlsx）或 PDF"
LOCKED = "设有打开密码，别人无法查看；请取消密码后再上传"


def kind_of(raw, name):
    """The `Document.Kind` of the file with content ``raw``. ``name`` is only for the sentence of the refusal."""
    if b"%PDF-" in raw[:PDF_WITHIN]:
        return Document.Kind.PDF
    if raw.startswith(b"PK"):
        kind, problem = _of_package(raw)
    elif raw.startswith(COMPOUND):
        kind, problem = _of_compound(raw)
    else:
        kind, problem = _of_picture(raw)
    if kind is None:
        raise Refused(f"“{name}”{problem}")
    return kind


def _of_package(raw):
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            inside = set(package.namelist())  # the list alone: nothing is unpacked
    except Exception:  # a cut or forged archive makes zipfile raise nearly anything
        return None, OTHER
    if any(part.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for part in inside):
        return None, MACROS
    if "[Content_Types].xml" in inside:
        if "word/document.xml" in inside:
            return Document.Kind.DOCX, ""
        if "xl/workbook.xml" in inside:
            return Document.Kind.XLSX, ""
    return None, OTHER


def _of_compound(raw):
    def holds(stream):
        return stream.encode("utf-16-le") in raw

    if holds("EncryptedPackage"):
        return None, LOCKED
    if holds("_VBA_PROJECT"):
        return None, MACROS
    if holds("WordDocument"):
        return Document.Kind.DOC, ""
    if holds("Workbook") or holds("Book"):
        return Document.Kind.XLS, ""
    return None, OTHER


def _of_picture(raw):
    try:
        with Image.open(io.BytesIO(raw), formats=list(PICTURES)) as picture:
            found = PICTURES[picture.format]
            picture.verify()
            return found, ""
    except Exception:  # as above
        return None, OTHER
