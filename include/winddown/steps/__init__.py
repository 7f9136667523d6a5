"""One module per DAG, one function per task: gather, decide, apply."""
