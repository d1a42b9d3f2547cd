"""Backup and restore: a folder with the database, this host's spool and a manifest."""
