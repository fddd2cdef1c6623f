"""A patient's history out of a table: text or a spreadsheet in, values and verdicts out.

Pure: nothing here knows a database or a request. Four steps, each in its module: `sheets` (bytes -> cells as text),
`columns` (header -> what each column holds), `rows` (cells -> values, or what is wrong with which cell), `checks` (what
the patient's file says to each row). What would have to be guessed is refused with its row and column.
"""
