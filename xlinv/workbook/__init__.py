"""Workbooks without Excel: read, rewrite, evaluate, patch and check .xlsx packages."""
