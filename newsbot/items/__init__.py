"""The records, and what is done to them when they are loaded: repair, validation, identity."""
