from accounts import operations
from accounts.forms import SeenForm
from accounts.models import Unit
from journal.acts import NOBODY, Act
from look.fields import TextField


class EditUnitForm(SeenForm):
    code = TextField(label="单位代码", max_length=24, help_text="以行政区划代码开头，与所在地一致")
    name = TextField(label="单位名称", max_length=100)
    short_name = TextField(label="简称", max_length=40)

    def __init__(self, *args, record, **options):
        written = {name: getattr(record, name) for name in ("code", "name", "short_name")}
        super().__init__(*args, record=record, initial=written, **options)


act = Act(
    record=Unit,
    name="edit",
    verb=operations.edit_unit,
    form=EditUnitForm,
    words="修改单位",
    button="保存",
    strip="更正单位的代码和名称。",
    done="已修改单位：{record}",
    icon="edit",
    notices={"edit": NOBODY},
)
