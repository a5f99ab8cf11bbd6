"""The password rule that Django does not bring (GB/T 22239-2019 8.1.4.1 a: complexity)."""

from django.core.exceptions import ValidationError


class CharacterClassesValidator:
    """Wants at least `classes` of: lower-case letter, upper-case letter, digit, other character."""

    def __init__(self, classes=3):
        self.classes = classes

    def validate(self, password, user=None):
        """Raises ValidationError with a Chinese sentence when `password` mixes too few classes."""
        present = {kind(character) for character in password}
        if len(present) < self.classes:
            raise ValidationError(self.get_help_text(), code="password_too_few_classes")

    def get_help_text(self):
        return f"密码须至少包含大写字母、小写字母、数字、符号中的 {self.classes} 种。"


def kind(character):
    """The class one character counts for; letters without case, such as Chinese ones, count as symbols."""
    if character.isdecimal():
        return "digit"
    if character.islower():
        return "lower"
    if character.isupper():
        return "upper"
    return "symbol"
