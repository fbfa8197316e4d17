"""How much damage newsbot's repair undoes, how sure it is of it, and what it does to good text."""
