from bulletins import audience, operations
from bulletins.forms import PlainForm
from bulletins.models import Bulletin
from journal.acts import Act, Notice
from journal.api import ActSerializer

act = Act(
    record=Bulletin,
    name="submit_bulletin",
    verb=operations.submit_bulletin,
    form=PlainForm,
    serializer=ActSerializer,
    words="送签",
    button="送签",
    strip="正文随即锁定，由本安委办的另一名人员或本级领导签发。",
    done="已送签，正文锁定，等待另一人签发",
    icon="send",
    waiting="等待送签",
    is_inner=True,
    notices={"submit_bulletin": Notice("通报待签发", audience.signers)},
)
