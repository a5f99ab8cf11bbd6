from inspections import operations
from inspections.forms import EnterpriseForm
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(
    record=Enterprise,
    name="edit",
    verb=operations.edit,
    form=EnterpriseForm,
    words="修改",
    title="修改企业信息",
    button="保存",
    strip="更正企业的基本信息；改前改后都留在办理记录里。",
    done="已修改：{record}",
    icon="edit",
    notices={"edit": NOBODY},
)
