"""The matrix as a workbook: what is exported comes back equal, and a sheet is taken whole or not at all."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.models import User
from inspections.models import Enterprise, Sector
from journal.models import record_kinds
from responsibilities import sheet
from responsibilities.models import Charge, Line
from responsibilities.operations import appoint_charge, appoint_line, take_over
from tests.factories import EnterpriseFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them


def read(user, at):
    """What an export of ``user`` says, read back: ``[(row number, {heading: text}), …]``."""
    content = b"".join(sheet.stream_matrix(user, at=at))
    return sheet.read_matrix(BytesIO(content), "责任分工.xlsx")


def events():
    return {kind: kind.stream().objects.count() for kind in record_kinds()}


def said(user, at):
    return {sheet.told(cells) for _, cells in read(user, at)}


@pytest.fixture
def filled(safety_office, manager, inspector, deputy, county, department, fireworks, enterprise, clock):
    """A matrix of every kind of row, with two people of one name."""
    UserFactory(unit=manager.unit, full_name="袁立新", phone="13700000001")
    appoint_line(by=safety_office, at=next(clock), place=county, sector=fireworks, competent=department)
    township = {"unit": manager.unit}
    appoint_charge(by=manager, at=next(clock), sector=fireworks, holder=inspector, deputy=deputy, **township)
    appoint_charge(by=manager, at=next(clock), holder=manager, **township)
    EnterpriseFactory(
        township=manager.unit, sector=fireworks, safety_manager="柳安", safety_manager_phone="13600000001"
    )
    return safety_office


def test_an_export_comes_back_equal_and_changes_nothing(filled, inspector, clock):
    rows = read(filled, next(clock))
    assert [cells["类别"] for _, cells in rows] == ["行业分工", "单位责任", "单位责任", "企业责任", "企业责任"]
    assert {cells["责任人"] for _, cells in rows} == {"", "袁立新（13900000000）", "郑有田"}
    before = events()
    assert take_over(rows, by=filled, at=next(clock)) == {"new": 0, "changed": 0, "same": 5}
    User.objects.filter(pk=inspector.pk).update(is_active=False, state="stopped")  # named, and left since
    assert take_over(read(filled, next(clock)), by=filled, at=next(clock))["same"] == 5
    assert events() == before


def test_an_emptied_matrix_is_filled_from_its_export(filled, clock):
    rows, before = read(filled, next(clock)), said(filled, next(clock))
    for kind in (Charge, Line):
        kind.stream().objects.all()._raw_delete("default")
        kind.objects.all()._raw_delete("default")
    Enterprise.objects.update(safety_manager="", safety_manager_phone="", principal="")
    assert take_over(rows, by=filled, at=next(clock)) == {"new": 3, "changed": 2, "same": 0}
    assert said(filled, next(clock)) == before


def test_changed_cells_become_acts_and_rows_left_out_stay(filled, manager, clock):
    rows = read(filled, next(clock))
    [number, row] = next(one for one in rows if one[1]["责任人"] == "郑有田")
    row["副职"] = "范守一"
    firm = next(cells for _, cells in rows if cells["安全管理员"])
    firm["安全管理员"] = "柳平"
    at = next(clock)
    assert take_over([(number, row), (9, firm)], by=filled, at=at) == {"new": 0, "changed": 2, "same": 0}
    now = Charge.objects.current().get(sector=None)
    assert (str(now.deputy), now.valid_from, now.events.get().note) == ("范守一", at.date(), "导入责任分工表")
    assert Charge.objects.current().count() == 2
    assert Enterprise.objects.filter(safety_manager="柳平").exists()


ROW = {"类别": "单位责任", "单位代码": "411402001", "行业领域": "烟花爆竹", "责任人": "郑有田", "副职": ""}
FIRM = {"类别": "企业责任", "单位代码": "411402001", "企业名称": "商丘豫盛冷链食品有限公司"}
LINE = {"类别": "行业分工", "单位代码": "411402", "行业领域": "烟花爆竹"}
WRONG = [
    (ROW | {"类别": "别的"}, "类别“别的”应为“行业分工”“单位责任”“企业责任”之一"),
    (ROW | {"单位代码": "411499"}, "没有代码为“411499”的在用单位，或不在您的管辖范围内"),
    (ROW | {"行业领域": "烟酒"}, "没有在用的行业领域“烟酒”"),
    (ROW | {"责任人": ""}, "责任人不能为空"),
    (ROW | {"责任人": "无此人"}, "双八镇没有在用的人员“无此人”"),
    (ROW | {"责任人": "同名"}, "双八镇有 2 个责任人“同名”，请在姓名后写明电话"),
    (ROW | {"副职": "郑有田"}, "副职不能就是责任人本人"),
    (FIRM | {"企业名称": "没有的厂"}, "双八镇没有名为“没有的厂”的企业"),
    (FIRM | {"主要负责人": ""}, "主要负责人不能为空"),
    (FIRM | {"主要负责人": "长" * 41}, "主要负责人不能超过 40 个字"),
    (LINE, "请至少确定一个部门"),
    (LINE | {"行业主管部门": "没有的局"}, "行业主管部门“没有的局”不在单位表中"),
    (LINE | {"单位代码": "411402001", "监管部门": "单位411402-GA"}, "行业分工按县（区）或市确定"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_row_that_cannot_be_meant_is_named_and_nothing_of_the_sheet_is_written(
    safety_office, manager, enterprise, department, fireworks, noon, wrong, words
):
    for phone in ("13700000001", "13700000002"):
        UserFactory(unit=manager.unit, full_name="同名", phone=phone)
    good = ROW | {"行业领域": "消防", "责任人": "同名（13700000002）"}
    before = events()
    with pytest.raises(Exception, match="整张表都没有写入") as refused:
        take_over([(3, good), (4, wrong), (5, good)], by=safety_office, at=noon)
    first, second = refused.value.problems
    assert first.startswith("第 4 行：") and words in first
    assert second == "第 5 行：与第 3 行说的是同一件事，请只留一行"
    assert events() == before
    assert take_over([(3, good)], by=safety_office, at=noon)["new"] == 1
    assert Charge.objects.get().holder.phone == "13700000002"


def test_nobody_writes_by_a_sheet_what_they_may_not(manager, stranger, county, department, enterprise, noon):
    for by, row, words in (
        (stranger, ROW | {"责任人": "丁怀民"}, "不在您的管辖范围内"),
        (manager, LINE | {"监管部门": department.code}, "不在您的管辖范围内"),
        (stranger, FIRM | {"主要负责人": "甲"}, "不在您的管辖范围内"),
    ):
        with pytest.raises(Exception, match="有 1 行不能导入") as refused:
            take_over([(2, row)], by=by, at=noon)
        assert words in refused.value.problems[0]


def uploaded(rows):
    book = Workbook()
    book.active.append(["某县责任分工表"])
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("分工.xlsx", content.getvalue())


def test_the_page_takes_a_sheet_and_says_what_came_of_it(client, manager, inspector, fireworks, enterprise):
    client.force_login(manager)
    address, headings = reverse("responsibilities:take"), list(ROW)
    text = client.post(address, {"file": uploaded([headings, list(ROW.values())])}, follow=True).content.decode()
    assert "已导入：新增 1 条，更换 0 条，没有变化 0 条" in text
    assert Charge.objects.get().holder == manager
    wrong = list((ROW | {"行业领域": "消防", "责任人": "无此人"}).values())
    response = client.post(address, {"file": uploaded([headings, list(ROW.values()), wrong])})
    text = response.content.decode()
    assert response.status_code == 400
    assert "第 4 行：双八镇没有在用的人员“无此人”" in text and "整张表都没有写入" in text
    for rows, words in (([["甲", "乙"]], "没有找到表头"), ([headings], "表头下面没有内容")):
        response = client.post(address, {"file": uploaded(rows)})
        assert (response.status_code, words in response.content.decode()) == (400, True)
    content = b"".join(client.get(reverse("responsibilities:export")).streaming_content)
    [found] = [
        row for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True) if row[0] == "单位责任"
    ]
    assert found[1] == "411402001" and "郑有田" in found


def test_a_department_found_by_its_short_name_or_code(safety_office, county, department, noon):
    xf = Sector.objects.get(code="XF")
    UnitFactory(code="411403-GA", short_name=department.short_name)
    rows = [(2, LINE | {"监管部门": "411402-ga"}), (3, LINE | {"行业领域": xf.name, "监管部门": department.short_name})]
    with pytest.raises(Exception, match="有 1 行不能导入") as refused:
        take_over(rows, by=safety_office, at=noon)
    assert "有多个，请填写单位代码" in refused.value.problems[0]
