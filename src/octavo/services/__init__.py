"""Use cases, one noun per file, its functions are the verbs. The only place that opens transactions."""
