"""One engine for all imports from spreadsheets (domain.md 18.6): pure reading here, writing in the rooms that own the rows.

`sheets` reads a file, `columns` finds the table in it, `values` reads a cell, `kinds` is where rooms register what can be imported,
`passes` goes through the rows, `mend` writes the rows that could not be read back into a workbook.
"""
