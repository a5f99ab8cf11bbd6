"""Workbooks of the ledger: one table of columns, read on the way in and written on the way out."""

from hazards.excel.export import stream_ledger

__all__ = ["stream_ledger"]
