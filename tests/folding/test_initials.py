"""Initials: what people type who look for a firm they know by ear."""

import pytest
from hypothesis import given, strategies

from folding.fields import holding
from folding.initials import initials_of
from folding.texts import fold
from inspections.models import Enterprise
from tests.factories import EnterpriseFactory


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("商丘豫盛冷链食品有限公司", "sqysllspyxgs"),
        ("重庆银行长兴店", "cqyhcxd"),  # 重 and 行 as they are read in these words
        ("华联（集团）２店Ａ区", "hljt2daq"),
        ("ABC 100", ""),
        ("", ""),
        ("，。", ""),
        ("厂" * 100, "c" * 60),
    ],
)
def test_a_letter_for_every_sign_and_what_is_no_chinese_as_it_stands(name, letters):
    assert initials_of(name) == letters


@given(strategies.text(max_size=80))
def test_initials_are_folded_and_in_one_piece(text):
    letters = initials_of(text)
    assert letters == fold(letters) and "\n" not in letters


@pytest.mark.django_db
def test_an_enterprise_is_found_by_its_initials_and_by_the_new_ones_once_it_is_renamed(township):
    firm = EnterpriseFactory(township=township, name="商丘豫盛冷链食品有限公司")

    def found(typed):
        return list(Enterprise.objects.filter(holding(typed, "folded")))

    assert found("ysll") == found("YSLL 豫盛") == [firm] and found("yslc") == []
    Enterprise.objects.update(name="商丘豫盛仓储公司")
    assert found("yscc") == [firm] and found("ysll") == []
