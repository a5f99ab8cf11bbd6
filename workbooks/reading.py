"""Any workbook people really send, read to rows of Python values in bounded memory."""

import codecs
import csv
import pickle
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from . import parser_process
from .detection import BROKEN, ENCRYPTED, MACROS, MAX_FILE_BYTES, SAVE_AS, Unreadable, detect

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "MAX_ROWS", "Sheet", "Unreadable", "Workbook", "open_workbook"]

MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 8_000_000
EXHAUSTED = f"解析这个文件需要的内存或时间超出限度，不予读取；请拆分后再导入，或{SAVE_AS}"
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Sheet:
    """One worksheet. `hidden` sheets are listed too: the caller decides whether to offer them."""

    name: str
    hidden: bool
    index: int
    workbook: "Workbook" = field(repr=False)

    def rows(self) -> Iterator[list]:
        """Rows from sheet row 1 on, index 0 = column A; empty cells are "".

        Values: str, float, int, bool, date, datetime, time, timedelta. A datetime at midnight comes as `date`; a day in
        a cell formatted General comes as its serial number (43613.0). CSV gives str only. Each call reads afresh.
        Raises Unreadable, at once or while iterating.
        """
        return self.workbook._rows(self.index)


class Workbook:
    """An opened file: `kind` (xlsx, xlsb, ods, xls, csv) and `sheets`. Close it, or use it in a with statement."""

    def __init__(self, path: str, kind: str, filename: str, close):
        self.filename, self.kind = filename, kind
        self._path, self.close = path, close
        if kind == "csv":
            self._encoding = _encoding_of(path)
            names = [(0, Path(filename).stem[:31] or "CSV", False)]
        else:
            names = next(_messages(path, "names"))
        self.sheets = [Sheet(name, hidden, index, self) for index, name, hidden in names]
        if not self.sheets:
            raise Unreadable("文件里没有工作表")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def _rows(self, index: int) -> Iterator[list]:
        if self.kind == "csv":
            yield from _csv_rows(self._path, self._encoding)
            return
        for batch in _messages(self._path, str(index)):
            yield from batch


def open_workbook(file: BinaryIO, filename: str) -> Workbook:
    """Open an uploaded spreadsheet (xlsx, xls, xlsb, ods, WPS .et, CSV in UTF-8, UTF-16 or GBK), judged by content.

    `file` is read once from its beginning and copied to a temporary file (at most 64 MiB), which `close()` removes.
    Parsing happens in a child process with 1 GiB of memory and 60 s of CPU. Raises Unreadable with a Chinese
    sentence for empty, broken, encrypted, macro-carrying, hostile and over-large files and for other kinds of file.
    """
    spool = tempfile.NamedTemporaryFile(prefix="workbook-", suffix=".part")  # noqa: SIM115 - closed by Workbook
    try:
        _copy(file, spool)
        kind = detect(spool, filename)
        workbook = Workbook(spool.name, kind, filename, spool.close)
    except BaseException:
        spool.close()
        raise
    weakref.finalize(workbook, spool.close)
    return workbook


def _copy(file: BinaryIO, spool: BinaryIO) -> None:
    if file.seekable():
        file.seek(0)
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > MAX_FILE_BYTES:
            raise Unreadable(f"文件超过 {MAX_FILE_BYTES // 2**20} MB，请拆分后分批导入")
        spool.write(chunk)
    spool.flush()


def _messages(path: str, wanted: str) -> Iterator[list]:
    """The payloads of the child's "sheets" and "rows" messages; kills the child when the consumer stops early."""
    limits = [str(limit) for limit in (MAX_ROWS, MAX_COLUMNS, MAX_CELLS)]
    child = subprocess.Popen(  # noqa: S603 - our own script and a path we chose
        [sys.executable, "-I", parser_process.__file__, path, wanted, *limits],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                # Written by our own child from plain values, never from the uploaded bytes themselves.
                message = pickle.load(child.stdout)  # noqa: S301
            except (EOFError, pickle.UnpicklingError):
                raise Unreadable(EXHAUSTED) from None
            if message[0] == "end":
                return
            if message[0] == "refused":
                raise Unreadable(_sentence(message[1], message[2]))
            yield message[1]
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _sentence(reason: str, number: int) -> str:
    return {
        "password": ENCRYPTED,
        "macros": MACROS,
        "broken": BROKEN,
        "memory": EXHAUSTED,
        "rows": f"工作表有 {number} 行，最多 {MAX_ROWS} 行；请删去表尾多余内容，或拆分后分批导入",
        "columns": f"工作表有 {number} 列，最多 {MAX_COLUMNS} 列；请删去右侧多余内容后再导入",
        "cells": f"工作表有 {number} 格（含空格），最多 {MAX_CELLS} 格；请删去多余行列，或拆分后分批导入",
    }[reason]


def _encoding_of(path: str) -> str:
    """UTF-8 (with or without BOM), UTF-16 with BOM, else GBK in its widest form; the whole file must decode."""
    with Path(path).open("rb") as file:
        head = file.read(2)
        guesses = ("utf-16",) if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8-sig", "gb18030")
        for encoding in guesses:
            decoder = codecs.getincrementaldecoder(encoding)()
            file.seek(0)
            try:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeError:
                continue
            return encoding
    raise Unreadable(f"文本文件的编码既不是 UTF-8 也不是 GBK，无法识别；{SAVE_AS}")


def _csv_rows(path: str, encoding: str) -> Iterator[list]:
    with Path(path).open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_CHUNK))
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter)
        number = 0
        try:
            for number, row in enumerate(reader, 1):
                if number > MAX_ROWS:
                    raise Unreadable(f"文件超过 {MAX_ROWS} 行，请拆分后分批导入")
                if len(row) > MAX_COLUMNS:
                    raise Unreadable(_sentence("columns", len(row)))
                yield row
        except csv.Error:
            raise Unreadable(f"第 {number + 1} 行附近有引号没有闭合，或一格文字过长，无法读取") from None


def _delimiter(sample: str) -> str:
    """The separator that occurs most in the first lines: comma, tab or semicolon."""
    lines = "".join(sample.splitlines(keepends=True)[:30])
    return max(",\t;", key=lines.count)
