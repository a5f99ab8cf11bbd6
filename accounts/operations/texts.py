"""What a row of ours says, in words, and whether it can stand."""

import unicodedata

from django.core.exceptions import ValidationError

from accounts.roles import Role
from journal.facts import OWN
from journal.refusal import Refused


def words_of(field, value):
    """``value`` of ``field`` of an account or unit as a reader of the audit should find it; "" for nothing."""
    if field.name == "role":
        return Role(value).label
    if field.name == "is_active":
        return "启用" if value else "未启用"
    if value is not None and field.name == "unit":
        return f"{value.name}（{value.code}）"
    if value is not None and field.name == "superior":
        return f"{value}（{value.username}）"
    return value or ""


def check_row(row, typed):
    """Refused unless every field of ``row`` can stand as it is; ``typed`` are those that people write."""
    fields = {field.name: field for field in row._meta.concrete_fields}
    for name in typed:
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in getattr(row, name)):
            raise Refused(f"{fields[name].verbose_name}含有无法识别的字符")
    try:
        row.clean_fields(exclude={*OWN, *getattr(row, "unsealed", ())})
    except ValidationError as error:
        said = [f"{fields[name].verbose_name}：{text}" for name, texts in error.message_dict.items() for text in texts]
        raise Refused("；".join(said)) from error
