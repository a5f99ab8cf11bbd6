"""The file of anchors: what is written, what an interruption leaves, and what is never covered up. What it finds: tests/laws/test_tampering.py."""

import hashlib
import json
import stat
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from hazards import operations
from hazards.models import HazardEvent
from journal import anchors
from journal.merkle import Tree
from journal.models import Offset

pytestmark = pytest.mark.django_db


def said(roots=()):
    return [str(one) for one in anchors.differences(roots)]


def lines(settings):
    return [json.loads(line) for line in settings.AUDIT_ANCHORS.read_bytes().splitlines()]


def test_a_tree_is_that_of_the_standard():
    """RFC 6962: leaves and nodes are told apart, the larger half is whole."""

    def expected(leaves):
        if len(leaves) == 1:
            return hashlib.sha256(b"\0" + leaves[0]).digest()
        half = 1 << (len(leaves) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + expected(leaves[:half]) + expected(leaves[half:])).digest()

    tree, leaves = Tree(), [bytes([n]) for n in range(21)]
    for n, leaf in enumerate(leaves, start=1):
        tree.add(leaf)
        assert tree.root == expected(leaves[:n]).hex()


def test_an_anchor_tells_what_moved_since_the_last_and_the_log_has_its_root(pending, manager, noon, settings, caplog):
    caplog.set_level("INFO", "journal.anchors")
    root, _ = anchors.anchor(at=noon)
    operations.comment(pending, by=manager, at=noon, text="请抓紧")
    later, moved = anchors.anchor(at=noon + timedelta(days=1))

    assert moved == 1 and lines(settings)[-2][2:] == [5, pending.events.last().digest, f"隐患 {pending.number}"]
    assert [one["root"] for one in lines(settings) if isinstance(one, dict)] == [root, later]
    assert lines(settings)[-1]["previous"] == root and f"root={later}" in caplog.text
    assert stat.S_IMODE(settings.AUDIT_ANCHORS.stat().st_mode) == 0o600
    assert said([root, later]) == []
    for late in (timedelta(days=4), timedelta(days=-2)):
        [stale] = anchors.differences(now=noon + late)
        assert "夜里的锚定停了，或者时钟不对" in str(stale)
    assert said(["0" * 64]) == [f"锚点文件：没有根值为 {'0' * 64} 的锚点，文件被换过或截断"]


def test_what_an_interrupted_run_left_is_no_fault_and_is_written_over(pending, noon, settings):
    anchors.anchor(at=noon)
    whole = settings.AUDIT_ANCHORS.read_bytes()
    for name in (
        "at",
        "places",
        "heads",
        "root",
        "format",
        "seal",
    ):  # whatever somebody writes there is told, not stumbled over
        *heads, closing = whole.splitlines(keepends=True)
        settings.AUDIT_ANCHORS.write_bytes(
            b"".join(heads) + json.dumps(json.loads(closing) | {name: [1]}).encode() + b"\n"
        )
        assert any("锚点文件：" in one for one in said()), name
    settings.AUDIT_ANCHORS.write_bytes(whole)
    settings.AUDIT_ANCHORS.write_bytes(whole + whole.splitlines(keepends=True)[0] + b'["hazards_haz')
    assert said() == []
    anchors.anchor(at=noon)
    assert settings.AUDIT_ANCHORS.read_bytes().startswith(whole + b'{"at"') and said() == []


def test_a_loss_is_covered_up_by_no_anchor_and_stays_told_when_somebody_answers_for_it(pending, noon, settings, capsys):
    anchors.anchor(at=noon)
    last = pending.events.last()
    QuerySet(HazardEvent).filter(pk=last.pk).delete()
    Offset.objects.filter(stream=HazardEvent._meta.db_table).update(last=last.sequence - 1)
    with pytest.raises(CommandError, match=r"没有锚定：数据库：比 .* 的锚点旧"):
        call_command("anchor_audit")
    call_command("anchor_audit", accept_loss="恢复 11-20 的备份")

    assert said() == [] and any(one.endswith("登记过缺失：恢复 11-20 的备份") for one in anchors.summary())
    QuerySet(HazardEvent).filter(record=pending).delete()
    assert [one for one in said() if f"隐患 {pending.number}" in one] != [], (
        "what was anchored with the loss is asked for"
    )
    settings.AUDIT_ANCHORS.unlink()
    with pytest.raises(CommandError, match="没有锚定：锚点文件：缺失或被截断"):
        call_command("anchor_audit")


def test_the_cost_of_a_comparison_grows_with_chunks(pending, noon, django_assert_max_num_queries):
    anchors.anchor(at=noon)
    streams = len({head[0] for _, some in anchors._heads_by_anchor() for head in some})
    with django_assert_max_num_queries(2 + 2 * streams):
        assert said() == []
