"""A made-up city on which the formula of the score is tried: what each known trick would win, and how much of a place is chance.

Nothing here touches the database. `city` draws townships, firms and hazards; `behaviour` says how a township works; `tricks` how
one that games the formula does; `playing` lets it work and keeps its ledger; `counting` makes `rankings.formula.Inputs` of any
ledger; `report` tries a formula and returns what came of it. Everything a township does is an assumption, not an observation
(docs/adr/0031-formula-2.md): what it shows is whether a trick pays, not how many points a real township will have.
"""
