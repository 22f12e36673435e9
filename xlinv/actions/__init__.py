"""What a ribbon button does: tables in, report out."""
