import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from safetyledger.passwords import CharacterClassesValidator


@pytest.mark.parametrize("password", ["abcdefghij1", "ABCDEFGH12", "1234567890!", "安全生产月abc"])
def test_two_classes_are_too_few(password):
    with pytest.raises(ValidationError, match="至少包含"):
        CharacterClassesValidator(classes=3).validate(password)


@pytest.mark.parametrize("password", ["Abcdefghi1", "abcdefghi1!", "安全abcdefg1"])
def test_three_classes_are_enough(password):
    CharacterClassesValidator(classes=3).validate(password)


@pytest.mark.parametrize("password", ["Ab1!", "Password123", "alllowercaseletters"])
def test_settings_refuse_short_common_and_plain_passwords(password):
    with pytest.raises(ValidationError):
        validate_password(password)
