"""Writes, one module a journey.

Keyword-only, one transaction each, with the audit row and the re-assessed flags inside.
"""
