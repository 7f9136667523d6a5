"""The bulk side of the match: files in, joins in DuckDB, tables out; it decides nothing."""
