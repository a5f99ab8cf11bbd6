"""The browser's import: an uploaded file waits as a batch while its owner checks how it was read, then is entered once."""

import hashlib
import json
from contextlib import closing

from django.db import transaction

from evidence.room import check_room
from imports.answers import Answers
from imports.models import ImportBatch
from imports.reading import BROWSER_ROWS, commit, read_ledger, units_to_import_into
from imports.reporting import error_workbook, preview_of, report_of
from journal.gate import day_of
from journal.refusal import Conflict, NotPermitted, Refused
from workbooks.headings import text_of

DONE_ALREADY = "这份台账已经导入，不能再改列的对应"
NOT_SEEN = "这份台账刚刚在别的页面按另外的列重新识别过，请核对下面的结果后再导入"
LISTED = 200  # errors per sheet kept for the page; the workbook with errors holds all


def upload(file, *, unit, by, at):
    """Read an uploaded ledger for import into ``unit`` and keep it as a batch. Raises Unreadable or Refused; then nothing is kept."""
    _check(by, unit)
    check_room()
    filename = (text_of(file.name) or "台账.xlsx")[-200:]
    reading = read_ledger(file, filename, unit=unit, today=day_of(at), by=by, max_rows=BROWSER_ROWS)
    batch = ImportBatch(
        uploaded_by=by, uploaded_at=at, unit=unit, filename=filename, report=_report(reading, dry_run=True)
    )
    file.seek(0)
    batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    batch.file.save(f"{batch.sha256[:16]}.ledger", file, save=False)
    batch.save()
    return batch


def reread(batch, *, by, at, layout=None, answers=None):
    """Read the batch again with other header rows or columns (``layout``) or ``answers``, both as in ImportBatch; what is not
    given stays. Raises Refused; then all of it does."""
    _check(by, batch.unit)
    if batch.state == ImportBatch.State.DONE:
        raise Refused(DONE_ALREADY)
    layout = batch.layout if layout is None else layout
    answers = Answers.of(batch.answers if answers is None else answers)
    reading = _read(batch, layout, answers, at)
    if refused := next((sheet.note for sheet in reading.sheets if sheet.refused), ""):
        raise Refused(refused)
    found = {"layout": layout, "answers": answers.as_dict(), "report": _report(reading, dry_run=True)}
    # Reading takes a while, in which another page may have entered the batch.
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.UPLOADED)
    if not waiting.update(**found):
        raise Refused(DONE_ALREADY)
    batch.layout, batch.answers, batch.report = found.values()


def digest_of(batch):
    """What stands for the batch as it is shown to be checked: SHA-256 over columns, answers and result."""
    told = json.dumps([batch.layout, batch.answers, batch.report], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def enter(batch, *, seen, by, at):
    """Enter what can be imported, once: a second click finds the batch done. Returns how many rows this call entered.

    ``seen``: the :func:`digest_of` what ``by`` has checked; Conflict when the batch was read otherwise since.
    """
    _check(by, batch.unit)
    if _is_done(batch, seen):
        return 0
    reading = _read(batch, batch.layout, Answers.of(batch.answers), at)
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if _is_done(locked, seen):
            return 0
        days = sorted(entry.fields["found_on"] for sheet in reading.sheets for entry in sheet.new)
        entered = commit(reading, by=by, at=at)
        span = {"found_from": str(days[0]), "found_to": str(days[-1])} if days else {}
        locked.report = _report(reading, dry_run=False) | {"span": span}
        locked.state, locked.imported_at = ImportBatch.State.DONE, at
        locked.save(update_fields=["report", "state", "imported_at"])
    return entered


def _is_done(batch, seen):
    if batch.state == ImportBatch.State.DONE:
        return True
    if digest_of(batch) != seen:
        raise Conflict(NOT_SEEN)
    return False


def errors_of(batch, *, at):
    """The bytes of a workbook with the rows that are still refused; None when there are none."""
    reading = _read(batch, batch.layout, Answers.of(batch.answers), at, keep_cells=True)
    return error_workbook(reading) if reading.error_rows else None


def _check(by, unit):
    if not by.is_officer:
        raise NotPermitted("导入台账须由检查人员、安全负责人或安委办办理")
    if not units_to_import_into(by).filter(pk=unit.pk).exists():
        raise Refused(f"“{unit.name}”不在您的管辖范围内，不能导入它的台账")


def _read(batch, layout, answers, at, **options):
    layout = {
        int(index): {
            "header_rows": chosen.get("header_rows"),
            "mapping": {int(column): name for column, name in chosen.get("mapping", {}).items()},
        }
        for index, chosen in layout.items()
    }
    try:
        file = batch.file.open("rb")
    except FileNotFoundError as error:
        raise Refused("上传的台账文件已不在服务器上，请重新上传") from error
    options |= {"unit": batch.unit, "today": day_of(at), "by": batch.uploaded_by, "max_rows": BROWSER_ROWS}
    with closing(file):
        return read_ledger(file, batch.filename, layout=layout, answers=answers, **options)


def _report(reading, *, dry_run):
    report = report_of(reading, dry_run=dry_run, most_errors=LISTED)
    if dry_run:
        for sheet, told in zip(reading.sheets, report["sheets"], strict=True):
            told["preview"] = preview_of(sheet)
    return report
