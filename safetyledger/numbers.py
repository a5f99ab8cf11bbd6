"""Numbers of the acts that a house may set, by environment variables of these names; with the defaults of the law or of the house."""

NUMBERS = {
    # The order follows the registering within so many working days, of a major hazard within so many. Over holidays that are not
    # published yet Mon–Fri count; unlike a deadline this day is not counted again when they are.
    "ISSUE_WORKING_DAYS": 3,
    "ISSUE_WORKING_DAYS_MAJOR": 1,
    # Feedback is reviewed within so many days.
    "REVIEW_DAYS": 10,
    # The plan of a major hazard is filed within so many days of the order, or of its return.
    "PLAN_DAYS": 10,
    # An extension is asked for at least so many working days before the deadline in force …
    "EXTENSION_NOTICE_WORKING_DAYS": 1,
    # … is to be decided within so many …
    "EXTENSION_DECISION_WORKING_DAYS": 5,
    # … and is granted so often for one hazard, and up to so many days after its original deadline.
    "EXTENSIONS_AT_MOST": 2,
    "EXTENSION_DAYS_AT_MOST": 90,
    # An application to resume is to be decided within so many working days.
    "RESUMPTION_WORKING_DAYS": 5,
    # Power or water is cut so many hours after notice (安全生产法 §70).
    "UTILITY_NOTICE_HOURS": 24,
    # Whoever has a major hazard and was punished so often in so many days, or so often in a year, is proposed for closure (§113).
    "CLOSURE_PENALTIES": 3,
    "CLOSURE_DAYS": 180,
    "CLOSURE_PENALTIES_IN_A_YEAR": 4,
    # A transfer (移交) is to be answered within so many working days; then the safety office assigns.
    "TRANSFER_WORKING_DAYS": 3,
    # Progress on a major hazard is reported at least every so many months after its plan was approved (总局令第16号 §14) …
    "PROGRESS_MONTHS": 3,
    # … and stands on the rectifier's desk so many days ahead.
    "PROGRESS_NOTICE_DAYS": 15,
    # A major hazard is accepted on site within so many days of the feedback that asks for it (总局令第16号 §23).
    "ACCEPTANCE_DAYS": 10,
    # A month of statistics ends on this day (25: from the 26th to the 25th; at most 28); 0: the calendar month.
    "MONTH_ENDS_ON": 0,
    # A period is frozen so many hours after its end, as of its end: the week on Monday, the month on its first day after, at nine …
    "FREEZE_HOURS": 9,
    # … and what was missed is made up, so many weeks and months back.
    "FREEZE_WEEKS_BACK": 26,
    "FREEZE_MONTHS_BACK": 24,
    # Working days that a body has to answer a leader's instruction (批示) which names no day.
    "INSTRUCTION_WORKING_DAYS": 5,
    # --- flags (数据异常提示); the lower bounds keep small numbers from ever being flagged, see docs/adr on flags
    # A unit answers a flag within so many working days; before that nobody upholds it.
    "FLAG_ANSWER_WORKING_DAYS": 5,
    # Flags about rows look back four weeks, as weekly statistics do; those about habits thirteen weeks, as the ranking does.
    "FLAG_DAYS": 28,
    "FLAG_LONG_DAYS": 91,
    # With fewer peers that have enough rows a median says nothing.
    "FLAG_PEERS": 5,
    # Reviews passed by one unit in one minute: each is a page of its own, and nobody reads ten in sixty seconds.
    "FLAG_BURST_ROWS": 10,
    # The same words so often, and this share of all: some inspectors have a set phrase for an extinguisher, none for a fourth of it all.
    "FLAG_COPIED_ROWS": 6,
    "FLAG_COPIED_PERCENT": 25,
    # Hazards that share a picture across firms or days; one slip of the finger concerns two.
    "FLAG_PHOTO_ROWS": 3,
    # Hazards whose picture after is the one before; one may be a slip.
    "FLAG_UNCHANGED_ROWS": 2,
    # Honest units close a tenth to a fifth on the spot; the ranking counts against a unit what is beyond two fifths.
    "FLAG_SPOT_ROWS": 15,
    "FLAG_SPOT_PERCENT": 90,
    # Deadlines of general hazards: three times the peers', and beyond the 20 days after which the ranking counts a row as due.
    "FLAG_FAR_ROWS": 10,
    "FLAG_FAR_DAYS": 20,
    "FLAG_FAR_TIMES": 3,
    # No measure at all is flagged where that would happen by chance, taken as often as by the peers, in at most so many of 100 cases.
    "FLAG_MEASURES_CHANCE_PERCENT": 1,
    # Hazards a unit would have found, did it as its peers do; less than a fourth of 12 comes by chance in 1 of 1,900 cases.
    "FLAG_FEW_EXPECTED": 12,
    "FLAG_FEW_PERCENT": 25,
    # Rows registered so many days after the day they are said to have been found.
    "FLAG_BACKDATED_DAYS": 7,
    "FLAG_BACKDATED_ROWS": 5,
    "FLAG_BACKDATED_PERCENT": 20,
    # Descriptions that say nothing one could check (docs/labelling.md).
    "FLAG_PERFUNCTORY_ROWS": 5,
    "FLAG_PERFUNCTORY_PERCENT": 20,
    # A period is closed, and its reports are asked for, at this hour of the day after its last.
    "REPORT_CUT_OFF_HOUR": 9,
    # The report of a week is due on this day of the next (1: Monday), that of a month on this day of the next, or on the first working
    # day after it …
    "REPORT_WEEKDAY": 1,
    "REPORT_MONTH_DAY": 5,
    # … at this hour.
    "REPORT_HOUR": 12,
    # Who reported in time and got the report back files it again within so many hours.
    "REPORT_REFILE_HOURS": 24,
    # Whoever owes a weekly report is reminded so many hours ahead; offices hear after so many days of those that are missing.
    "REPORT_REMINDER_HOURS": 1,
    "REPORT_OFFICE_DAYS": 2,
    # What lets somebody in besides a password, docs/guide/access.md: a token for programs lives so many days at most, and a person has so many in use.
    "TOKEN_DAYS": 180,
    "TOKENS_AT_MOST": 10,
    # At how many devices one account is signed in at once, and that of an administrator; 0: no bound. A demonstration has none.
    "SESSIONS_AT_MOST": 3,
    "SESSIONS_AT_MOST_ADMINISTRATORS": 1,
}
