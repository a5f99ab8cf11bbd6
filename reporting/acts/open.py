from journal.acts import Act, Notice
from reporting import audience, operations
from reporting.models import Report

act = Act(
    record=Report,
    name="open",
    verb=operations.open_reports,
    notices={"open": Notice("请报送{name}，{due} 前", audience.filers)},
)
