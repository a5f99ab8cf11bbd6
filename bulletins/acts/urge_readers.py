from bulletins import audience, operations
from bulletins.forms import PlainForm
from bulletins.models import Bulletin
from journal.acts import Act, Notice
from journal.api import ActSerializer

act = Act(
    record=Bulletin,
    name="urge_readers",
    verb=operations.urge_readers,
    form=PlainForm,
    serializer=ActSerializer,
    words="催阅",
    title="催阅未读单位",
    button="发出催阅",
    strip="提醒还没有人打开的单位，每天一次。",
    done="已催阅",
    icon="bell",
    notices={"urge_readers": Notice("请阅读通报：{number}", audience.late_readers)},
)
