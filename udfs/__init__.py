"""What Excel loads. Nothing is computed here."""
