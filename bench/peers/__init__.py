"""`make bench-peers`: the ledger beside what one would reach for instead, Django's admin and django-import-export, on the same rows.

An app of settings of its own (`bench.peers.settings`): the product knows neither the admin nor these packages. What each side leaves
out stands in `bench.peers.table.NOT_THE_SAME` and is printed under the figures.
"""
