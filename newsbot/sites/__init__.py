"""Sites as data: one TOML file each, and the reader that checks it."""
