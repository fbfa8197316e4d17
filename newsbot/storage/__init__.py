"""The store: SQLite as the truth, segments published whole, the frontier. Knows items only."""
