"""`manage.py bench`: what the product costs over the bare work it must do, as ratios measured side by side.

What each ratio stands for, and what its floor leaves out, is written in docs/adr/0006-bench.md.
"""
