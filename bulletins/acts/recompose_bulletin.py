from bulletins import operations
from bulletins.forms import PlainForm
from bulletins.models import Bulletin
from journal.acts import NOBODY, Act
from journal.api import ActSerializer

act = Act(
    record=Bulletin,
    name="recompose_bulletin",
    verb=operations.recompose_bulletin,
    form=PlainForm,
    serializer=ActSerializer,
    words="重新成文",
    button="重新成文",
    strip="按现行的冻结数字重写全文；已选的案例保留，手工改过的文字不保留。",
    done="已按现行的冻结数字重新成文",
    icon="refresh",
    is_inner=True,
    notices={"recompose_bulletin": NOBODY},
)
