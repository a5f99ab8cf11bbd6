"""How the description of the API is made (drf-spectacular); a part of the settings."""

SPECTACULAR_SETTINGS = {
    "TITLE": "安全隐患台账接口",
    "DESCRIPTION": "生产安全事故隐患排查治理台账:隐患、检查、企业、排名。",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    # Names of choice sets that several fields share, so that clients generated from the schema read well.
    "ENUM_NAME_OVERRIDES": {
        "HazardStateEnum": "hazards.lifecycle.State",
        "BulletinStateEnum": "bulletins.lifecycle.State",
        "HazardLevelEnum": "hazards.models.Hazard.Level",
        "MeasureKindEnum": "enforcement.kinds.Kind",
        "InspectionKindEnum": "inspections.models.Inspection.Kind",
        "ReportKindEnum": "reporting.terms.Kind",
    },
}
