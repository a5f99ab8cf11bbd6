from accounts import operations
from accounts.forms import AccountForm, SeenForm
from accounts.models import User
from journal.acts import NOBODY, Act


class EditForm(SeenForm, AccountForm):
    fields_template = "accounts/_edit_fields.html"

    def __init__(self, *args, record, **options):
        written = {name: getattr(record, name) for name in ("full_name", "post", "phone", "email")}
        written["unit"] = record.unit.code if record.unit else ""
        written["superior"] = record.superior.username if record.superior else ""
        super().__init__(*args, record=record, initial=written, **options)
        self.fields["unit"].kept, self.fields["superior"].kept = record.unit, record.superior
        self.fields["unit"].help_text += "。更换已启用账号的单位后，该账号停用待授权，须由安全管理员重新授权"


act = Act(
    record=User,
    name="edit",
    verb=operations.edit_account,
    form=EditForm,
    words="修改资料",
    button="保存",
    strip="姓名、单位和联系方式由系统管理员维护；角色由安全管理员授予。",
    done={
        "edit": "已修改资料：{record}",
        "transfer": "已更换单位：{record}，须由安全管理员重新授权后才能登录",
    },
    icon="edit",
    notices={"edit": NOBODY, "transfer": NOBODY},
)
