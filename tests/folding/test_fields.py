"""Folded columns stay right however a row is written, and are asked without wildcards."""

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat

from accounts.models import Unit
from folding.fields import holding
from inspections.models import Enterprise
from tests.factories import EnterpriseFactory, UnitFactory

pytestmark = pytest.mark.django_db


def lines(row):
    row.refresh_from_db()
    return row.folded.split("\n")


def test_written_by_save_and_by_saving_one_column():
    unit = UnitFactory(name="双八镇　人民政府", short_name="双八镇（新）")
    assert lines(unit) == ["411402001", "双八镇人民政府", "双八镇(新)"]
    unit.name, unit.short_name = "甲", "乙"
    unit.save(update_fields=["name"])
    assert lines(unit) == ["411402001", "甲", "双八镇(新)"]


def test_written_by_an_update_of_any_kind():
    units = [UnitFactory(code=f"41140200{n}", name=f"Ａ{n}") for n in range(3)]
    assert Unit.objects.filter(name__startswith="Ａ").update(name=Concat(F("name"), Value("（Ｂ）"))) == 3
    assert [lines(unit)[1] for unit in units] == ["a0(b)", "a1(b)", "a2(b)"]
    for unit in units:
        unit.short_name = f"简（{unit.code}）"
    Unit.objects.bulk_update(units, ["short_name"])
    assert [lines(unit)[2] for unit in units] == [f"简({unit.code})" for unit in units]


def test_written_when_many_are_made_at_once():
    made = EnterpriseFactory.build_batch(2, township=UnitFactory(), sector=None, division_code="411402001")
    made[0].name, made[1].name = "华联（集团）", "ＡＢ 厂"
    Enterprise.objects.bulk_create(made)
    assert set(Enterprise.objects.values_list("name_folded", flat=True)) == {"华联(集团)", "ab厂"}


@pytest.mark.parametrize(
    ("query", "found"),
    [("100%", 1), ("%", 1), ("1_0", 0), ("\\", 0), ("乙丙", 0), ("甲 ％", 1), ("甲 乙", 0), ("", 2), ("\u200b", 2)],
)
def test_words_are_words_and_no_patterns(query, found):
    UnitFactory(code="411402001", name="甲100%", short_name="甲")
    UnitFactory(code="411402002", name="乙", short_name="丙")
    assert Unit.objects.filter(holding(query, "folded")).count() == found


def test_a_text_that_is_said_whole():
    UnitFactory(code="411402001", name="双八镇人民政府", short_name="双八镇")
    assert Unit.objects.filter(folded__says="双八 镇").exists()
    assert not Unit.objects.filter(folded__says="八镇").exists()
    assert not Unit.objects.filter(folded__says="%").exists()
