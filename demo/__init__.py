"""Made-up data for demonstrations: people, enterprises, two years of inspections and hazards with valid event chains.

The same moment gives the same data. Places come from the division codes; every person, firm and telephone is invented.
"""
