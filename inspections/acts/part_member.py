from inspections import operations
from inspections.forms import PartForm
from inspections.models import Enterprise
from journal.acts import NOBODY, Act

act = Act(
    record=Enterprise,
    name="part_member",
    verb=operations.part_member,
    form=PartForm,
    words="解除企业账号",
    button="解除",
    strip="解除后，该账号不再看到这家企业的隐患；已写明的责任人姓名不变。",
    done="已解除企业账号",
    icon="ban",
    looks={"part_member": "bad"},
    notices={"part_member": NOBODY},
    is_danger=True,
)
