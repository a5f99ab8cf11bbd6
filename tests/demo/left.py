"""What the demonstration leaves undone, and why."""

from hazards.lifecycle import State

IN_LEDGER = {*State.values} - {State.DRAFT, State.DISCARDED, State.VOIDED}
# Moves that nobody in the city has made, and why.
UNMADE = {
    "rankings.Formula": {"publish_formula": "the periods of the city are judged by the house's formula"},
    "accounts.Unit": {"edit": "units are called as the divisions are", "restore": "what is retired stays so"},
    "accounts.User": {
        "readmit": "only on the server, for an account that was stopped",
        "reset_password": "nobody but the nine has a password",
        **dict.fromkeys(
            ("reset_factor", "clear_factor", "bind_factor", "drop_factor", "renew_codes"),
            "the demonstration's accounts are everybody's: nobody binds a second factor to one",
        ),
        "change_password": "the nine share one that is printed",
        "set_password": "only on the server",
        "make_token": "no program reads a made-up city",
        "revoke_token": "there is none",
        "end_access": "nobody comes in anywhere while the city is made",
    },
    "inspections.Sector": {"edit": "sectors are those that come with the code", "restore": "as units"},
    "inspections.Enterprise": {"adopt": "the old ledgers name firms that are known already"},
    "hazards.Hazard": {"recount": "the next year's holidays are not published while the city is made"},
}
ABOVE = "done by units above the one it serves"
# Groups of a desk in which nothing waits, and why.
UNWAITED = {
    "inspector": {"accept": ABOVE},
    "township": {
        "accept": ABOVE,
        "acknowledge_report": ABOVE,
        "decide_plan": ABOVE,
        "decide_void": ABOVE,
        "report_missing": ABOVE,
    },
    "department": {"decide_void": ABOVE, "report_missing": ABOVE},
    "safety_office": {"decide_plan": "every department has somebody who may decide"},
}
