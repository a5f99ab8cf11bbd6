"""Roles as code: what a person is, and the few questions the rest of the house asks about it."""

from django.db import models


class Role(models.TextChoices):
    INSPECTOR = "inspector", "检查人员"
    MANAGER = "manager", "安全负责人"
    SAFETY_OFFICE = "safety_office", "安委办"
    LEADER = "leader", "领导"
    ENTERPRISE = "enterprise", "企业人员"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计员"


# The three administrators (三员) keep accounts, policies and the audit trail; none of them sees ledger data by role.
ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
# Who may write inspections and hazards on behalf of a government body.
OFFICERS = frozenset({Role.INSPECTOR, Role.MANAGER, Role.SAFETY_OFFICE})
# Who answers for a body: issues deadlines, decides.
MANAGERS = frozenset({Role.MANAGER, Role.SAFETY_OFFICE})
# Who reads statistics and rankings.
RANKING_READERS = frozenset({Role.INSPECTOR, Role.MANAGER, Role.SAFETY_OFFICE, Role.LEADER})
# Who reads the tree of units: who keeps it, and who audits that.
UNIT_READERS = frozenset({Role.SYSADMIN, Role.AUDITOR})
