"""Whoever writes to the database, but has neither the keys nor the file of anchors, is found out: each way is named in a sentence.

One ledger, made by the verbs alone and anchored; every tampering is tried on it and taken back.
"""

import hashlib
import json
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AccountEvent, Unit, User
from evidence.models import Document, Photo
from hazards import operations
from hazards.models import Hazard, HazardEvent
from inspections.models import Enterprise, Sector
from inspections.operations import enlist
from journal import anchors, digest, outbox
from journal.audit import breaks
from journal.models import Offset, record_kinds
from journal.series import Series
from rankings.models import Formula, Freeze, Line
from rankings.operations import freeze
from workdays.periods import week_of

pytestmark = pytest.mark.django_db
EVENTS = HazardEvent._meta.db_table
FIRST, SECOND = "YH-4114-{year}-000001", "YH-4114-{year}-000002"


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def ledger(photo, document):
    """A city, its people, a firm, two hazards (one sent back once), a frozen week: all through the verbs, and anchored."""
    call_command("init_city", "4114", stdout=StringIO())
    at, here = timezone.now(), Unit.objects.get(code="411402001")
    names = ("inspector", "manager", "colleague")
    people = [User.objects.create_user(name, full_name=name, unit=here, role=role) for name, role in zip(names, ("inspector", "manager", "inspector"), strict=True)]  # fmt: skip
    inspector, manager, colleague = people
    firm = enlist(by=manager, at=at, township=here, name="甲厂", sector=Sector.objects.get(code="GMSM"), principal="王五", phone="13900000000")  # fmt: skip
    found = {"level": "general", "description": "通道堆放货物", "requirement": "清理通道"}
    _, hazards = operations.record_inspection(
        by=inspector, at=at, kind="routine", enterprise=firm, inspected_on=timezone.localdate(at),
        inspectors=[inspector, colleague],
        hazards=[found | {"before": [photo(inspector, colour, at=at)]} for colour in ("red", "blue")],
    )  # fmt: skip
    one = hazards[0]
    operations.issue(one, by=manager, at=at, days=10)
    file = {"by": manager, "at": at, "content": "已清理"}
    operations.submit_feedback(one, photos=[photo(manager, "green", at=at)], **file)
    operations.review(one, by=colleague, at=at, passed=False, opinion="未清完")
    operations.comment(one, by=inspector, at=at, text="见报告", documents=[document(inspector, at=at)])
    freeze("4114", week_of(timezone.localdate()).previous(), at=timezone.now())
    anchors.anchor(at=at)
    return one


def says():
    """What verify_audit says of all there is, one by one; first of what most tamperings are about."""
    yield from anchors.differences()
    kinds = [Hazard, User, Unit, Enterprise, Freeze, Formula]
    for kind in [*kinds, *(set(record_kinds()) - set(kinds))]:
        yield from breaks([kind])


def lacking(expected):
    """Those of the texts ``expected`` that the verifier does not say, and what it says instead; it is heard until all came."""
    heard, waiting = [], set(expected)
    for one in map(str, says()):
        heard.append(one)
        waiting = {text for text in waiting if text not in one}
        if not waiting:
            return None
    return sorted(waiting), heard


def edit(model, **columns):
    """Change columns of the oldest row of ``model`` by SQL."""

    def tamper():
        table = model._meta.db_table
        setting = ", ".join(f"{name} = %s" for name in columns)
        sql(f"UPDATE {table} SET {setting} WHERE id = (SELECT min(id) FROM {table})", *columns.values())

    return tamper


def of_event(sequence, **columns):
    def tamper():
        setting = ", ".join(f"{name} = %s" for name in columns)
        where = f"record_id = (SELECT min(id) FROM hazards_hazard) AND sequence = {sequence}"
        sql(f"UPDATE {EVENTS} SET {setting} WHERE {where}", *columns.values())

    return tamper


def remove_an_event():
    sql(f"DELETE FROM {EVENTS} WHERE record_id = (SELECT min(id) FROM hazards_hazard) AND sequence = 3")


def remove_the_tail():
    """The second hazard as if nothing had happened since it was drafted, places closed up: nothing inside the database shows it."""
    two = Hazard.objects.order_by("pk").last()
    last, before = two.events.order_by("-sequence")[:2]
    sql(f"DELETE FROM {EVENTS} WHERE id = %s", last.pk)
    facts = dict.fromkeys(last.facts) | {"state": before.to_state, "version": before.sequence, "last_digest": before.digest}  # fmt: skip
    columns = {Hazard._meta.get_field(name).column: value for name, value in facts.items()}
    text = {name for name in columns if not Hazard._meta.get_field(name).null}
    setting = ", ".join(f"{name} = %s" for name in columns)
    values = [Hazard._meta.get_field(name).get_default() if value is None and name in text else value for name, value in columns.items()]  # fmt: skip
    sql(f"UPDATE hazards_hazard SET {setting} WHERE id = %s", *values, two.pk)
    _close_up()


def _close_up():
    """Give the places of the outbox anew, as if nothing had ever been between."""
    sql(f"UPDATE {EVENTS} SET position = NULL")
    Offset.objects.filter(consumer="", stream=EVENTS).update(last=0)
    outbox.place(HazardEvent)


def remove_a_record():
    """The second hazard with all that belongs to it, its number given back, places closed up."""
    two = Hazard.objects.order_by("pk").last()
    Photo.objects.filter(object_id=two.pk).delete()
    sql(f"DELETE FROM {EVENTS} WHERE record_id = %s", two.pk)
    for table in ("hazards_hazardtext", "hazards_reminder"):
        sql(f"DELETE FROM {table} WHERE hazard_id = %s", two.pk)
    sql("DELETE FROM hazards_hazard WHERE id = %s", two.pk)
    Series.objects.filter(kind="YH").update(last=1)
    _close_up()


def recompute():
    """The chain of the first hazard written anew with another note, sealed as events once were: by a SHA-256 anybody can compute."""

    def plain(number, said, key=None):
        text = json.dumps([number, *said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    previous = ""
    for event in Hazard.objects.order_by("pk")[0].events.order_by("sequence"):
        event.format, event.note, event.previous = 1, event.note or "改过", previous
        with patch.object(digest, "seal", plain):
            previous = event.compute_digest()
        setting = "format = 1, note = %s, previous = %s, digest = %s"
        sql(f"UPDATE {EVENTS} SET {setting} WHERE id = %s", event.note, event.previous, previous, event.pk)
    sql("UPDATE hazards_hazard SET last_digest = %s WHERE id = (SELECT min(id) FROM hazards_hazard)", previous)


def swap_photos():
    """The files of two photos, by the columns that name them."""
    a, b = Photo.objects.filter(stage="before").order_by("pk")[:2]
    for photo, other in ((a, b), (b, a)):
        sql("UPDATE evidence_photo SET image = %s, original = %s WHERE id = %s", other.image.name, other.original.name, photo.pk)  # fmt: skip


def other_file(model, column):
    """Write something else into a file where it lies."""

    def tamper():
        file = getattr(model.objects.order_by("pk")[0], column)
        with file.open("rb") as there:
            before = there.read()
        _write(file, b"other")
        return lambda: _write(file, before)

    return tamper


def _write(file, content):
    with file.storage.open(file.name, "wb") as there:
        there.write(content)


def insert_a_row():
    columns = [field.column for field in Unit._meta.concrete_fields if not field.generated and field.name != "id"]
    values = ["%s" if name in ("uid", "code") else name for name in columns]
    uid = Unit._meta.get_field("uid").get_db_prep_value("0" * 32, connection)
    given = [{"uid": uid, "code": "411499"}[name] for name in columns if name in ("uid", "code")]
    sql(f"INSERT INTO accounts_unit ({', '.join(columns)}) SELECT {', '.join(values)} FROM accounts_unit WHERE code = '411402'", *given)  # fmt: skip


def older_copy():
    """As `remove_the_tail` of the whole database: it stands as it stood before, down to what it knows of its anchors."""
    remove_a_record()
    Offset.objects.filter(consumer=anchors.CONSUMER).delete()


def emptied_file(settings_path):
    content = settings_path.read_bytes()
    settings_path.unlink()
    return lambda: settings_path.write_bytes(content)


def edited_file(settings_path):
    content = settings_path.read_bytes()
    settings_path.write_bytes(content.replace(b'"000', b'"001', 1).replace(b"YH-", b"YX-", 1))
    return lambda: settings_path.write_bytes(content)


CHANGED, UNLIKE = "内容与校验值不符，记录被改动过", "被改动，与办理记录不符"
FILES, GONE = "照片或附件与办理记录不符", "现在连同办理记录一起不见了"
TABLE = {
    "an event's note": (of_event(4, note="改过"), f"隐患 {FIRST} 第 4 条：{CHANGED}"),
    "an event's actor": (of_event(3, actor_name="别人"), f"隐患 {FIRST} 第 3 条：{CHANGED}"),
    "an event's time": (of_event(2, at="2026-01-01 00:00:00+00:00"), f"隐患 {FIRST} 第 2 条：{CHANGED}"),
    "an event in the middle": (remove_an_event, f"隐患 {FIRST} 第 3 条：缺失，其后直接是第 4 条"),
    "the tail": (remove_the_tail, "末尾的办理记录被删除过"),
    "a record whole": (remove_a_record, f"隐患 {SECOND}：", GONE),
    "a chain recomputed": (recompute, f"隐患 {FIRST} 第 1 条：校验值不是用密钥算出的，记录可能被整条重算", "这条链被换过"),
    "photos swapped": (swap_photos, f"隐患 {FIRST}：{FILES}", f"隐患 {SECOND}：{FILES}"),
    "a photo's file": (other_file(Photo, "image"), f"隐患 {FIRST}：{FILES}"),
    "a photo's original": (other_file(Photo, "original"), f"隐患 {FIRST}：{FILES}"),
    "a photo's row": (edit(Photo, stage="after"), f"隐患 {FIRST}：{FILES}"),
    "a document's file": (other_file(Document, "file"), f"隐患 {FIRST}：{FILES}"),
    "level": (edit(Hazard, level="major"), f"隐患 {FIRST}：“隐患等级”{UNLIKE}"),
    "deadline": (edit(Hazard, deadline="2030-01-01"), f"隐患 {FIRST}：“整改期限”{UNLIKE}"),
    "description": (edit(Hazard, description="无"), f"隐患 {FIRST}：“隐患描述”{UNLIKE}"),
    "number": (edit(Hazard, number="YH-4114-2026-000009"), "YH-4114-2026-000009：编号不是系统发出的", f"{FIRST}：编号已发出，却没有这一条"),
    "state": (edit(Hazard, state="closed"), "状态被改动：办理记录为“整改中”，台账为“已销号”"),
    "holder": (edit(Hazard, territorial_holder_id=None), f"隐患 {FIRST}：“内部栏目 territorial_holder”{UNLIKE}"),
    "role": (edit(User, role="leader"), f"账号 inspector：“角色”{UNLIKE}"),
    "unit": (edit(User, unit_id=None), f"账号 inspector：“单位”{UNLIKE}"),
    "an account's event": (edit(AccountEvent, at="2026-01-01 00:00:00+00:00"), f"账号 inspector 第 1 条：{CHANGED}"),
    "a firm": (edit(Enterprise, name="乙厂"), f"企业 乙厂：“企业名称”{UNLIKE}"),
    "a feedback's text": (lambda: sql("UPDATE hazards_feedback SET content = '改过'"), f"隐患 {FIRST}：整改反馈{UNLIKE}"),
    "a review's outcome": (lambda: sql("UPDATE hazards_review SET passed = %s", True), f"隐患 {FIRST}：复查意见{UNLIKE}"),
    "a frozen line": (edit(Line, name="别处"), "冻结的数字或其背后的记录被改动，与校验值不符"),
    "a frozen digest": (edit(Freeze, figures_digest="0" * 64), "“数字校验值”被改动"),
    "a formula's number": (edit(Formula, number=9), f"排名公式 第 9 版：“版次”{UNLIKE}"),
    "a row without events": (insert_a_row, "单位 梁园区人民政府 第 1 条：缺失：台账记有 1 条，实有 0 条"),
    "an older copy": (older_copy, "数据库：比 ", "可能被换成了较早的副本", GONE),
}  # fmt: skip


def test_every_tampering_is_found_and_named(ledger, settings):
    assert list(says()) == [], "the untouched ledger"
    table = TABLE | {
        "the file of anchors": (lambda: emptied_file(settings.AUDIT_ANCHORS), "锚点文件：缺失或被截断"),
        "a line of the file": (lambda: edited_file(settings.AUDIT_ANCHORS), "所列各链末条不符，文件被改动过"),
    }
    missed = {}
    for name, (tamper, *expected) in table.items():
        place = transaction.savepoint()
        undo = tamper()
        if unheard := lacking([one.format(year=timezone.localdate().year) for one in expected]):
            missed[name] = unheard
        transaction.savepoint_rollback(place)
        if undo:
            undo()
    assert missed == {}
    assert list(says()) == [], "everything was taken back"
