"""Exports of a plan: one PlanDocument in, bytes out.

FORMATS maps what the address ends in to its writer; adding a format is one module and one line here. Nothing here
knows a request, a database or a clock: who printed it and when stands in the document.
"""
