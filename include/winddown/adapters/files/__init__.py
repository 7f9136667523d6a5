"""Read CSV, XLSX and gzip files strictly: good rows out, bad rows to quarantine, nothing dropped."""
