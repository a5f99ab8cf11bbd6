"""The way back to a list, as its reader left it."""

import pytest
from django.urls import reverse

from tests.factories import HazardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages, forms and words: no database decides them
LEDGER = "/hazards/"


def test_from_a_record_and_after_an_act_one_comes_back_to_the_same_rows(client, inspector, enterprise):
    HazardFactory.create_batch(25, enterprise=enterprise)
    draft = HazardFactory(enterprise=enterprise, drafted=True, registered_by=inspector)
    row = HazardFactory(enterprise=enterprise)
    client.force_login(inspector)
    second = client.get(f"{LEDGER}?view=all&level=general&order=deadline&size=20").context["next_url"]
    client.get(LEDGER + second)
    back = f'href="{LEDGER}{second}"'.replace("&", "&amp;")
    assert "cursor=" in back
    for address in (
        row.get_absolute_url(),
        draft.get_absolute_url(),
        reverse("hazards:act", args=[draft.pk, "discard"]),
    ):
        assert back in client.get(address).content.decode(), address
    client.post(reverse("hazards:act", args=[draft.pk, "discard"]), {"version": draft.version, "reason": "重复"})
    assert back in client.get(row.get_absolute_url()).content.decode()


def test_lists_do_not_share_their_ways_and_people_do_not_either(client, inspector, colleague, enterprise):
    row = HazardFactory(enterprise=enterprise)
    client.force_login(inspector)
    client.get(f"{LEDGER}?level=general")
    client.get(reverse("inspections:enterprises") + "?q=%E5%8E%82")
    assert "level=general" in client.get(row.get_absolute_url()).content.decode()
    assert 'href="/inspections/enterprises/?q=%E5%8E%82"' in client.get(enterprise.get_absolute_url()).content.decode()
    cookies = client.cookies.output(header="")
    client.force_login(colleague)
    client.cookies.load({"list-hazards-ledger": f"{inspector.pk}?level=general"})
    assert (
        "list-hazards-ledger" in cookies and "level=general" not in client.get(row.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    "left", ["https://evil.example/?x=1", "?level=major", "{pk}", '{pk}?q="><script>', "{pk}?" + "a" * 5000]
)
def test_what_no_list_has_left_leads_to_the_list_and_nowhere_else(client, inspector, enterprise, left):
    row = HazardFactory(enterprise=enterprise)
    client.force_login(inspector)
    client.cookies["list-hazards-ledger"] = left.format(pk=inspector.pk)
    html = client.get(row.get_absolute_url()).content.decode()
    assert '<script>"' not in html and "evil" not in html and 'aria-label="返回台账"' in html
    assert 'href="/hazards/' in html


def test_a_list_refused_or_printed_leaves_no_way_and_the_same_query_none_twice(client, inspector):
    client.force_login(inspector)
    for query in ("level=secret", "print=1"):
        assert "list-hazards-ledger" not in client.get(f"{LEDGER}?{query}").cookies, query
    assert "list-hazards-ledger" in client.get(f"{LEDGER}?level=major").cookies
    assert "list-hazards-ledger" not in client.get(f"{LEDGER}?level=major").cookies
