"""What a file really is, judged by its bytes, and whether it may be handed to a parser at all.

Nothing here unpacks more than the first kilobytes of a part, so that a hostile file costs little to refuse.
"""

import re
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
# Deflate cannot exceed about 1032:1; XML written by Excel stays below about 60:1.
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 8 * 1024 * 1024
PROLOGUE_BYTES = 64 * 1024

SAVE_AS = "请在 Excel 或 WPS 中另存为 .xlsx 后再导入"
BROKEN = "文件不完整或已损坏（可能没有下载完），请重新下载，或用 Excel、WPS 打开后另存为 .xlsx 再导入"
ENCRYPTED = "文件设有打开密码，无法读取；请取消密码后再导入"
MACROS = f"文件带有宏，为安全起见不予读取；{SAVE_AS}（不带宏的工作簿）"
BOMB = "文件解压后异常庞大，为安全起见不予读取"

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|style|div|script)\b", re.I | re.S
)
_MHTML = re.compile(rb"\s*(?:MIME-Version:|Content-Type:\s*multipart)", re.I)
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NAMED = (
    (b"%PDF", "PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"{\\rtf", "RTF 文档"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
)


class Unreadable(ValueError):
    """A file that is not read; `str(error)` is a Chinese sentence fit for the person who uploaded it."""


def detect(file: BinaryIO, filename: str) -> str:
    """The kind of a seekable binary file by content: xlsx, xlsb, ods, xls or csv; the name only words refusals.

    Raises Unreadable for everything else and for hostile, encrypted, macro-carrying or broken files.
    """
    file.seek(0)
    head = file.read(PROLOGUE_BYTES)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("文件是空的")
    if head.startswith(b"PK\x05\x06"):
        raise Unreadable("文件是一个空的压缩包，不是表格")
    if head.startswith(b"PK"):
        return _inspect_zip(file)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _inspect_ole(file)
    return _inspect_plain(head, filename)


def _inspect_plain(head: bytes, filename: str) -> str:
    suffix = Path(filename).suffix.lower()
    lead = f"这个文件的扩展名是 {suffix[:10]}，内容却是" if suffix else "这个文件的内容是"
    for magic, name in _NAMED:
        if head.startswith(magic) and (len(magic) > 2 or _BINARY.search(head)):
            raise Unreadable(f"{lead}{name}，不是表格；{SAVE_AS}")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    body = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(body) or _MHTML.match(body) or (body.lstrip().startswith(b"<?xml") and b"<html" in body.lower()):
        raise Unreadable(f"{lead}网页；{SAVE_AS}")
    if body.lstrip().startswith(b"<?xml") or _DOCTYPE.match(body.lstrip()):
        raise Unreadable(f"{lead} XML 文本；{SAVE_AS}")
    if _BINARY.search(body):
        raise Unreadable(f"认不出这个文件的格式；{SAVE_AS}")
    return "csv"


def _inspect_ole(file: BinaryIO) -> str:
    """Old binary Office files: the names of the streams tell what is inside."""
    found: set[str] = set()
    names = ("EncryptedPackage", "_VBA_PROJECT", "WordDocument", "PowerPoint Document", "Workbook", "Book")
    tail = b""
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        window = tail + chunk
        found |= {name for name in names if name.encode("utf-16-le") in window}
        tail = window[-64:]
    if "EncryptedPackage" in found:
        raise Unreadable(ENCRYPTED)
    if "WordDocument" in found and "Workbook" not in found:
        raise Unreadable(f"文件是 Word 文档，不是表格；{SAVE_AS}")
    if "PowerPoint Document" in found:
        raise Unreadable(f"文件是演示文稿，不是表格；{SAVE_AS}")
    if "_VBA_PROJECT" in found:
        raise Unreadable(MACROS)
    if not found & {"Workbook", "Book"}:
        raise Unreadable(BROKEN)
    return "xls"


def _inspect_zip(file: BinaryIO) -> str:
    # Counted on the raw bytes first: zipfile builds an object per entry before anyone can ask how many there are.
    if _count(file, b"PK\x01\x02") > MAX_ENTRIES:
        raise Unreadable(BOMB)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_sizes(file, entries)
            kind = _kind_of_zip({entry.filename.replace("\\", "/").lower() for entry in entries}, archive)
            _refuse_document_types(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(BROKEN) from None
    return kind


def _count(file: BinaryIO, pattern: bytes) -> int:
    total, tail = 0, b""
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        window = tail + chunk
        total += window.count(pattern)
        tail = window[-(len(pattern) - 1) :]
    return total


def _check_sizes(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    size = file.seek(0, 2)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Unreadable(BOMB)
    # Parts that overlap add up to more packed bytes than the file has (D. Fifield's bomb).
    if sum(entry.compress_size for entry in entries) > size:
        raise Unreadable(BOMB)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Unreadable(ENCRYPTED)
        if entry.file_size > RATIO_MATTERS_FROM_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Unreadable(BOMB)


def _kind_of_zip(names: set[str], archive: zipfile.ZipFile) -> str:
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Unreadable(MACROS)
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        mimetype = archive.open("mimetype").read(200)
        if b"opendocument.spreadsheet" not in mimetype:
            raise Unreadable(f"文件是文字文档或演示文稿，不是表格；{SAVE_AS}")
        if any(name.startswith("basic/") and not name.endswith("/") for name in names):
            raise Unreadable(MACROS)
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise Unreadable(f"文件是 Word 文档，不是表格；{SAVE_AS}")
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable(f"文件是演示文稿，不是表格；{SAVE_AS}")
    raise Unreadable("文件是压缩包，不是表格；请解压后导入里面的表格")


def _refuse_document_types(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """No office program writes a DTD; one in a part means entity expansion or an outside reference (XXE)."""
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(entry) as part:
            head = part.read(PROLOGUE_BYTES)
        # UTF-16 would hide the words from this check and from none of the office programs.
        if _DOCTYPE.search(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
            raise Unreadable("文件里有外部引用或实体定义（DTD），为安全起见不予读取")
