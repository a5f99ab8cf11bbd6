from django import forms

from accounts import operations
from accounts.forms import SeenForm
from accounts.models import User
from accounts.roles import Role
from journal.acts import NOBODY, Act


class GrantForm(SeenForm):
    role = forms.ChoiceField(
        label="角色", choices=[("", "请选择"), *Role.choices], error_messages={"required": "请选择角色"}
    )

    def __init__(self, *args, record, **options):
        # A role that is not granted is none, whatever the column holds.
        granted = {"role": record.role if record.is_active else ""}
        super().__init__(*args, record=record, initial=granted, **options)


act = Act(
    record=User,
    name="grant",
    verb=operations.grant,
    form=GrantForm,
    words="授权启用",
    strip="授予角色后，此人可以登录。",
    done="已授权启用：{record}，角色为{record.role_label}",
    icon="shield-check",
    looks={"grant": "ok"},
    notices={"grant": NOBODY},
)
