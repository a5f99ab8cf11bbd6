"""What the house holds before it is broken: `python -m tests.faults.world PHOTOS`, in the house's environment; prints what a client needs as JSON."""

import json
import sys
from datetime import timedelta

import django

OWED = 20


def main(photos):
    from django.test import Client
    from django.utils import timezone

    from hazards import operations
    from hazards.models import Reminder
    from tests import stages

    people = stages.cast()
    author, manager, firm = people["author"], people["manager"], people["firm"]
    author.set_password("Fault-12345")
    author.save()
    at = timezone.now() - timedelta(days=20)
    rows = [
        {
            "description": f"隐患{number}",
            "level": "general",
            "requirement": "整改",
            "before": [stages.waiting_photo(author)],
        }
        for number in range(OWED)
    ]
    _, hazards = operations.record_inspection(
        by=author,
        at=at,
        kind="routine",
        enterprise=firm,
        inspected_on=timezone.localdate(at),
        inspectors=[author, people["colleague"]],
        hazards=rows,
    )
    for hazard in hazards:
        operations.issue(hazard, by=manager, at=at + timedelta(hours=1), working_days=5)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(author)
    told = {
        "cookies": {name: morsel.value for name, morsel in client.cookies.items()},
        "username": author.username,
        "password": "Fault-12345",
        "hazards": [hazard.pk for hazard in hazards],
        "photos": [stages.waiting_photo(author).pk for _ in range(photos)],
        "enterprise": firm.pk,
        "inspectors": [author.pk, people["colleague"].pk],
        "today": timezone.localdate().isoformat(),
        "owed": Reminder.objects.filter(next_on__lte=timezone.localdate()).count(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
