"""What hazards are found by, and that it stays right whatever writes them or renames what they name."""

import pytest
from django.db import connection

from hazards import operations
from hazards.models import Hazard, HazardText
from hazards.models.text import rewrite_texts, text_of
from hazards.search import matching
from inspections import operations as inspection_operations
from inspections.models import Enterprise
from journal import chronicle
from tests.factories import NOON, EnterpriseFactory, HazardFactory, UnitFactory

pytestmark = pytest.mark.django_db


def found(text):
    return sorted(Hazard.objects.filter(matching(text)).values_list("description", flat=True))


def wrong_texts():
    """Hazards whose text is not there or not theirs."""
    held = dict(HazardText.objects.values_list("hazard", "folded"))
    return [row.pk for row in Hazard.objects.select_related("enterprise") if held.get(row.pk) != text_of(row)]


@pytest.fixture
def counties(township, foreign_township):
    UnitFactory(code="4114", name="商丘市人民政府", short_name="商丘市")
    UnitFactory(code="411402", name="梁园区人民政府", short_name="梁园区")
    UnitFactory(code="411403", name="睢阳区人民政府", short_name="睢阳区")


@pytest.fixture
def ledger(counties, township, foreign_township):
    here, there = (
        EnterpriseFactory(township=township, name="豫盛冷链"),
        EnterpriseFactory(township=foreign_township, name="华联超市", uscc="91411400MA3X0000XA"),
    )
    HazardFactory(
        enterprise=here,
        description="配电室堆物",
        location="５号库",
        territorial_person="郑有田",
        number="YH-4114-2026-000041",
    )
    HazardFactory(enterprise=here, description="双八镇来的叉车", competent_person="阿依·买买提")
    HazardFactory(enterprise=there, description="冷库无报警", enterprise_person="Ma Lin", supervising_person="丁怀民")


@pytest.mark.parametrize(
    ("query", "descriptions"),
    [
        ("郑有田", ["配电室堆物"]),
        ("阿依•买买提", ["双八镇来的叉车"]),
        ("MA　lin", ["冷库无报警"]),
        ("丁怀民", ["冷库无报警"]),
        ("91411400ma3x0000xa", ["冷库无报警"]),
        ("MA3X", ["冷库无报警"]),
        ("双八镇", ["双八镇来的叉车", "配电室堆物"]),
        ("双八镇 叉车", ["双八镇来的叉车"]),
        ("梁园区", ["双八镇来的叉车", "配电室堆物"]),
        ("双八", ["双八镇来的叉车", "配电室堆物"]),
        ("梁园区双八", ["双八镇来的叉车", "配电室堆物"]),
        ("双 八　镇", ["双八镇来的叉车", "配电室堆物"]),
        ("人民政府", []),
        ("八镇", ["双八镇来的叉车"]),
        ("梁园区双八镇", ["双八镇来的叉车", "配电室堆物"]),
        ("郭村镇人民政府", ["冷库无报警"]),
        ("商丘市", []),  # everything lies in the city: that is no condition
        ("5号库", ["配电室堆物"]),
        ("000041", ["配电室堆物"]),
        ("yh-4114-2026-000041", ["配电室堆物"]),
        ("冷", ["冷库无报警", "双八镇来的叉车", "配电室堆物"]),
        ("冷 库", ["冷库无报警", "配电室堆物"]),
        ("冷库", ["冷库无报警"]),
        ("冷链 冷库", []),
        ("堆物5号", []),  # the end of one text and the beginning of the next
        ("ysll", ["双八镇来的叉车", "配电室堆物"]),
        ("YSLL 叉车", ["双八镇来的叉车"]),
        ("%", []),
        ("__", []),
        ("", ["冷库无报警", "双八镇来的叉车", "配电室堆物"]),
    ],
)  # fmt: skip
def test_found_by_everything_a_row_is_known_by(ledger, query, descriptions):
    assert found(query) == descriptions


def test_a_place_gives_all_its_rows_and_costs_one_query_more(ledger, django_assert_num_queries):
    plans = 2 if connection.vendor == "postgresql" else 0  # of the place and of the other words, against all
    with django_assert_num_queries(2 + plans):
        assert list(Hazard.objects.filter(matching("双八镇 配电 郑有田")).values_list("description", flat=True)) == [
            "配电室堆物"
        ]


def test_a_renamed_enterprise_is_found_by_the_name_it_has(registered, manager, enterprise):
    inspection_operations.edit(enterprise, by=manager, at=NOON, name="商丘市（新）豫盛")
    assert found("商丘市(新)") == [registered.description] and found("冷链食品") == []
    inspection_operations.edit(enterprise, by=manager, at=NOON, uscc="", address="别处")
    assert wrong_texts() == []
    enterprise.name = "再一个名字"
    enterprise.save()
    assert found("再一个名字") == [registered.description] and wrong_texts() == []


def test_a_renamed_place_is_found_by_the_name_it_has(ledger, township):
    township.short_name = township.name = "新双八街道"
    township.save()
    assert found("新双八街道") == ["双八镇来的叉车", "配电室堆物"] and found("双八镇") == ["双八镇来的叉车"]


def test_a_draft_is_found_by_its_number_once_it_has_one(inspector, enterprise):
    hazard = operations.draft(by=inspector, at=NOON, enterprise=enterprise, found_on=NOON.date(), description="门锁坏")
    operations.register(hazard, by=inspector, at=NOON)
    assert found(hazard.number) == ["门锁坏"] and wrong_texts() == []


def test_texts_are_right_whatever_writes_the_rows(inspector, enterprise, township, counties, rectifying):
    HazardFactory()
    born = [
        HazardFactory.build(
            enterprise=enterprise,
            division_code="411402001",
            found_by_unit=township,
            registered_by=inspector,
            state="",
            number=None,
            sector=None,
            territorial_unit=None,
        )
        for _ in range(2)
    ]
    chronicle.write(chronicle.born(born, "draft", by=inspector, at=NOON))
    Hazard.objects.bulk_create(
        [
            HazardFactory.build(
                enterprise_id=enterprise.pk,
                division_code="411402001",
                found_by_unit=township,
                registered_by=inspector,
                enterprise=enterprise,
                sector=None,
                territorial_unit=None,
            )
        ]
    )
    assert Hazard.objects.count() == 5 and wrong_texts() == []
    Hazard.objects.update(location="（西）门")
    rows = list(Hazard.objects.all())
    for row in rows:
        row.description = f"第{row.pk}条"
    Hazard.objects.bulk_update(rows, ["description"])
    rows[0].description = "改"
    rows[0].save(update_fields=["description"])
    assert wrong_texts() == [] and len(found("(西)门")) == 5


def test_texts_lost_can_be_written_again(ledger, monkeypatch):
    monkeypatch.setattr("hazards.models.text.CHUNK", 2)
    HazardText.objects.all().delete()
    Enterprise.objects.filter(name="豫盛冷链").update(name="豫盛（北）")
    assert rewrite_texts(Hazard.objects.all()) == 3 and wrong_texts() == []
    assert len(found("豫盛(北)")) == 2


POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="the index is PostgreSQL's")


@POSTGRESQL
@pytest.mark.parametrize("word", ["冷库", "冷库无报警", "ma3x"])
def test_words_are_found_by_the_index(ledger, word):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    rows = HazardText.objects.filter(folded__found=word)
    assert "hazard_text_pairs" in rows.explain()
    assert list(rows.values_list("hazard__description", flat=True)) == ["冷库无报警"]


@POSTGRESQL
def test_pairs_that_stand_apart_are_no_word(ledger):
    HazardFactory(description="甲乙丙，乙丙丁，甲乙")
    assert not HazardText.objects.filter(folded__found="甲乙丙丁").exists()
    assert HazardText.objects.filter(folded__found="甲乙丙").exists()


@pytest.mark.parametrize("often", [0, 0.2, 1])
def test_few_and_many_are_found_alike(ledger, monkeypatch, often):
    monkeypatch.setattr("hazards.search.OFTEN", often)
    assert found("食品") == [] and found("冷链") == ["双八镇来的叉车", "配电室堆物"]
    assert found("冷链 叉车") == found("叉车") == ["双八镇来的叉车"]
