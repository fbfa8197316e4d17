"""The demo newsroom: a small local paper, written by us, that ages from edition to edition.

Texts are data (``news/*.toml``, ``editions.toml``), pages are jinja2 templates, and what an extractor should
find on each page is computed from the same data (`newsbot.demo.truth`). Nothing here reads a clock: an
edition's bytes depend on its number and the server's address alone.
"""
