"""Sign-ins that failed, and the limits they run into: kept in PostgreSQL, not in Redis."""
