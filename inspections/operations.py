"""Verbs about the register of enterprises."""

from django.db import IntegrityError, transaction


class Refused(Exception):
    """The act is not possible; the message is a Chinese sentence fit for the user."""


def save_enterprise(enterprise, *, by):
    """Write a new or changed enterprise, or raise Refused: not an officer, or someone entered the same one just now."""
    if not by.is_officer:
        raise Refused("登记和修改企业须由检查人员、安全负责人或安委办办理")
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError as error:
        raise Refused("这家企业刚刚已被登记，请在企业名录中查找") from error
    return enterprise
