"""Pages: one short function per page or endpoint."""
