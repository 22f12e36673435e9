"""The reference of the catalogue: on the terminal, as a static site, and as a workbook of live examples."""
