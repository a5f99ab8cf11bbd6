"""Spreadsheets in and out. No models, knows no other app."""
