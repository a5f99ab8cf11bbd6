"""Who may go in at which address: the tables of `tests.laws.test_doors`."""

from hazards.models import Hazard
from journal import acts
from tests import stages
from tests.laws.doors import (
    API_WRITE,
    FOREIGN_OFFICERS,
    MEASURES_GET,
    MEASURES_MARKED,
    MEASURES_POST,
    OFFICERS,
    SEEN,
    SEEN_API,
    SEES,
    WRITES,
    WRITES_NOTHING,
    api,
    each,
)
from tests.laws.doors_of_access import ACCESS_GET, ACCESS_POST, ACCESS_SAID_IT_ALL
from tests.laws.doors_of_bulletins import BULLETINS_GET, BULLETINS_POST, BULLETINS_SAID_IT_ALL
from tests.laws.doors_of_flags import FLAGS_GET, FLAGS_MARKED, FLAGS_POST
from tests.laws.doors_of_rankings import RANKINGS_GET, RANKINGS_POST
from tests.laws.doors_of_reports import REPORTS_GET, REPORTS_MARKED, REPORTS_POST, REPORTS_SAID_IT_ALL
from tests.laws.doors_of_the_matrix import MATRIX_GET, MATRIX_MARKED, MATRIX_POST
from tests.laws.test_who import who_may

# What the people of the world below are called in `tests.stages`; its hazard is a general one, registered.
STAGE, KNOWN_AS = "registered", {"inspector": "author", "safety_office": "office"}


def acted(act, done):
    """``(status, roles)``: ``done`` for those who may do the act called ``act`` to the hazard of the world. The others who see
    it are turned away as persons, or by its state when nobody may."""
    may = who_may(act, STAGE)
    doers = {role for role in SEES if KNOWN_AS.get(role, role) in may}
    return (done, doers), (403 if may else 409, SEES - doers)


def api_address(act):
    return f"api-hazard-{act.replace('_', '-')}"


def api_act(act):
    """An empty body: 400 where something is required; otherwise the verb answers, and misses what it must be told."""
    required = any(field.required for field in acts.named(Hazard, act).serializer().fields.values())
    return api(404, *([(400, SEES)] if required else acted(act, 409)))


READS_RANKINGS = (200, OFFICERS | FOREIGN_OFFICERS | {"leader"})
IN_TERRITORY = (200, OFFICERS | {"leader"})
KEEPERS = each(403, (200, {"sysadmin", "secadmin"}))
BATCH_OF_INSPECTOR = each(403, (404, OFFICERS | FOREIGN_OFFICERS), (200, {"inspector"}))
GET = {
    "hazards:desk": each(200),
    "hazards:ledger": each(200),
    "hazards:export": each(200),
    "hazards:export_form": each(200),
    "hazards:saved_views": each(200),
    "hazards:saved_view_drop": each(405),
    "hazards:bulk": each(200),  # with nothing ticked it is the ledger
    "hazards:handover": each(403, (404, {"foreign_manager", "foreign_department"}), (200, OFFICERS - {"inspector"})),
    "hazards:register": WRITES,
    "imports:upload": WRITES,
    "imports:preview": BATCH_OF_INSPECTOR,
    "imports:errors": BATCH_OF_INSPECTOR | {"inspector": 400},  # the file of the world below is no ledger
    "hazards:detail": SEEN,
    "hazards:files": SEEN,
    "hazards:facets": each(200),
    "hazards:act": each(404, *acted("issue", 200)),
    "evidence:photo_upload": each(405),
    "evidence:document_upload": each(405),
    "evidence:document": SEEN,
    "evidence:photo": SEEN,
    "evidence:photo_page": SEEN,
    "evidence:photo_thumbnail": SEEN,
    "accounts:login": each(302, anonymous=200),
    "accounts:second_step": each(302),  # nobody waits there
    "accounts:logout": each(405, anonymous=405),
    "accounts:alive": each(200),
    "accounts:resume": each(302),  # nothing waits
    "accounts:me": each(200),
    "accounts:password": each(200),
    "accounts:factors": each(200),
    "accounts:factor_app": each(200),
    "accounts:factor_passkey": each(200),
    "accounts:factor_codes": each(302),  # nobody has any
    "accounts:factor_drop": each(404),
    "accounts:people": KEEPERS,
    "accounts:person_create": each(403, (200, {"sysadmin"})),
    "accounts:person": each(
        404,
        (200, OFFICERS | {"leader", "sysadmin", "secadmin"}),
        (403, {"auditor", "enterprise", "foreign_enterprise"}),
    ),
    "accounts:person_edit": each(403, (200, {"sysadmin"})),
    "accounts:person_password": each(403, (200, {"sysadmin"})),
    "accounts:person_factor": each(403, (409, {"sysadmin", "secadmin"})),  # the person of the world has none
    "accounts:person_stop": KEEPERS,
    "accounts:person_grant": each(403, (200, {"secadmin"})),
    "accounts:units": each(403, (200, {"sysadmin", "auditor"})),
    "accounts:unit_events": each(403, (200, {"auditor"})),
    "accounts:sign_ins": each(403, (200, {"auditor"})),
    "disclosures:list": each(403, (200, {"auditor"})),
    "accounts:verifications": each(403, (200, {"auditor"})),
    "accounts:verify": each(405),
    "accounts:unit": each(
        404,
        (200, OFFICERS | {"leader", "sysadmin", "auditor"}),
        (403, {"secadmin", "enterprise", "foreign_enterprise"}),
    ),
    "accounts:unit_act": each(403, (200, {"sysadmin"})),
    "accounts:account_events": each(403, (200, {"auditor"})),
    **ACCESS_GET,
    "inspections:list": each(200),
    "inspections:detail": SEEN,
    "inspections:enterprises": each(200),
    "inspections:enterprise_create": WRITES,
    "inspections:enterprise": SEEN,
    "inspections:enterprise_act": each(404, (200, OFFICERS), (403, {"leader", "enterprise"})),
    "criteria:standards": each(200),
    "criteria:items": each(200),
    "criteria:offered": each(200),
    "criteria:template": each(200),
    "criteria:standard_new": each(403, (200, {"safety_office"})),
    "criteria:standard": each(200),
    "criteria:standard_act": each(403, (200, {"safety_office"})),
    "inspections:sectors": each(200),
    "inspections:sector": each(200),
    "inspections:sector_act": each(403, (200, {"sysadmin"})),
    **MEASURES_GET,
    **MATRIX_GET,
    **FLAGS_GET,
    **REPORTS_GET,
    "notifications:inbox": each(200),
    "notifications:read_all": each(405),
    "notifications:open": each(404, (302, {"inspector"})),
    **RANKINGS_GET,
    **BULLETINS_GET,
    "api-hazard-list": api(200),
    "api-hazard-detail": SEEN_API,
    **{api_address(act): api(405) for act in stages.over_the_api()},
    "api-inspection-list": api(200),
    "api-inspection-detail": SEEN_API,
    "api-photo-list": api(405),
    "api-document-list": api(405),
    "api-enterprise-list": api(200),
    "api-enterprise-detail": SEEN_API,
    "api-sector-list": api(200),
    "api-sector-detail": api(200),
    "api-standard-list": api(200),
    "api-standard-detail": api(200),
    "api-criterion-list": api(200),
    "api-criterion-detail": api(200),
    "api-unit-list": api(200),
    "api-unit-detail": api(404, IN_TERRITORY),
    "api-person-list": api(200),
    "api-person-detail": api(404, IN_TERRITORY),
    "api-rankings": api(403, READS_RANKINGS),
    "api-schema": api(200),
    "api-docs": each(200),
    "look": each(200),
    "favicon": each(302),
    "healthz": each(200, anonymous=200),
    "readyz": each(503, anonymous=503),  # no worker runs beside the tests
}
SENDS_PHOTOS = (400, OFFICERS | FOREIGN_OFFICERS | {"enterprise", "foreign_enterprise"})
# {address: roles} where an empty body is all there is to say: it would do the act, so these do not send it.
SAID_IT_ALL = (
    {api_address(act): acted(act, 200)[0][1] for act in stages.over_the_api() if not stages.is_told_something(act)}
    | REPORTS_SAID_IT_ALL
    | BULLETINS_SAID_IT_ALL
    | ACCESS_SAID_IT_ALL
)
POST = {
    "hazards:handover": each(403, (404, {"foreign_manager", "foreign_department"}), (400, OFFICERS - {"inspector"})),
    "hazards:register": WRITES_NOTHING,
    "imports:upload": WRITES_NOTHING,
    "imports:preview": BATCH_OF_INSPECTOR | {"inspector": 400},
    "hazards:act": each(404, *acted("issue", 400)),
    "hazards:saved_views": each(400),
    "hazards:saved_view_drop": each(404),  # the world's is another person's
    "hazards:bulk": each(302),  # nothing ticked: back to the ledger
    "evidence:photo_upload": each(403, SENDS_PHOTOS),
    "evidence:document_upload": each(403, SENDS_PHOTOS),
    "accounts:login": each(302, anonymous=200),  # Django's own sign-in page shows its errors with 200
    "accounts:second_step": each(302),
    "accounts:password": each(200),
    "accounts:verify": each(403, (302, {"auditor"})),
    "accounts:factor_app": each(400),
    "accounts:factor_passkey": each(400),
    "accounts:factor_codes": each(302),
    "accounts:factor_drop": each(404),
    "accounts:person_create": each(403, (400, {"sysadmin"})),
    "accounts:person_edit": each(403, (400, {"sysadmin"})),
    "accounts:person_password": each(403, (400, {"sysadmin"})),
    "accounts:person_factor": each(403, (409, {"sysadmin", "secadmin"})),
    "accounts:person_stop": each(403, (400, {"sysadmin", "secadmin"})),
    "accounts:person_grant": each(403, (400, {"secadmin"})),
    "accounts:unit_act": each(403, (400, {"sysadmin"})),
    **ACCESS_POST,
    "inspections:enterprise_create": WRITES_NOTHING,
    "inspections:enterprise_act": each(404, (400, OFFICERS), (403, {"leader", "enterprise"})),
    "inspections:sector_act": each(403, (400, {"sysadmin"})),
    **MEASURES_POST,
    **MATRIX_POST,
    **FLAGS_POST,
    **RANKINGS_POST,
    **REPORTS_POST,
    **BULLETINS_POST,
    "criteria:standard_new": each(403, (400, {"safety_office"})),
    "criteria:standard_act": each(403, (400, {"safety_office"})),
    "notifications:read_all": each(302),
    "notifications:open": each(404, (302, {"inspector"})),
    **{api_address(act): api_act(act) for act in stages.over_the_api()},
    "api-inspection-list": API_WRITE,
    "api-photo-list": api(403, SENDS_PHOTOS),
    "api-document-list": api(403, SENDS_PHOTOS),
    "api-enterprise-list": API_WRITE,
    "accounts:logout": each(302),  # last: it ends the session
}
PATCH = {"api-enterprise-detail": api(403, (200, OFFICERS), (404, FOREIGN_OFFICERS))}
# Lists that hold rows of the world: whoever may see them finds the mark there, nobody else does.
MARKED = {
    "hazards:ledger": SEES,
    "hazards:export": SEES,
    "inspections:list": SEES,
    "inspections:enterprises": SEES,
    **MEASURES_MARKED,
    **MATRIX_MARKED,
    **FLAGS_MARKED,
    **REPORTS_MARKED,
    "api-hazard-list": SEES,
    "api-inspection-list": SEES,
    "api-enterprise-list": SEES,
    "api-unit-list": OFFICERS | {"leader"},
    "api-person-list": OFFICERS | {"leader"},
    "notifications:inbox": {"inspector"},
    "imports:upload": {"inspector"},
    "accounts:people": {"sysadmin", "secadmin"},
    "accounts:units": {"sysadmin", "auditor"},
}
