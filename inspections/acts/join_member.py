from inspections import operations
from inspections.forms import JoinForm
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(
    record=Enterprise,
    name="join_member",
    verb=operations.join_member,
    form=JoinForm,
    words="关联企业账号",
    button="关联",
    strip="关联后，该账号能看到这家企业的隐患并提交整改反馈。",
    done="已关联企业账号",
    icon="users",
    notices={"join_member": NOBODY},
)
