"""LibreOffice Calc: the catalogue as an extension, built from the same declarations."""
