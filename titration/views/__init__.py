"""The pages: load, check, ask, render. One module a noun; what they share stands in `desk` and `answers`."""
