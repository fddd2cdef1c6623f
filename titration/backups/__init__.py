"""A copy of the whole record that is known to be whole: made while people write, checked when made and when restored.

SQLite is copied by its online backup, PostgreSQL by pg_dump on one exported snapshot. Beside each copy stands a small
file that says what it must hold. The copy holds patient data: keep it as safe as the record itself.
"""
