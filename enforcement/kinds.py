"""The kinds of measures, and what sets them apart."""

from django.db import models


class Kind(models.TextChoices):
    ON_SPOT = "on_spot", "当场纠正"
    ORDER = "order", "责令限期整改"
    SUSPENSION = "suspension", "停产停业整顿"
    EQUIPMENT = "equipment", "停用设施设备"
    SEIZURE = "seizure", "查封扣押"
    UTILITIES = "utilities", "停水停电"
    PENALTY = "penalty", "行政处罚"
    CLOSURE = "closure", "提请关闭"
    TRANSFER = "transfer", "移送司法"


# What has an end: the others are done once they are decided.
LIFTABLE = frozenset({Kind.SUSPENSION, Kind.EQUIPMENT, Kind.SEIZURE, Kind.UTILITIES})
# 安全生产法 §65: production and use are taken up again only after review and consent.
RESUMABLE = frozenset({Kind.SUSPENSION, Kind.EQUIPMENT})
# Of these the enterprise is told by a message; a transfer to the courts is theirs to announce.
TOLD = frozenset({*LIFTABLE, Kind.PENALTY, Kind.CLOSURE})
