"""The REST API, version 1: thin views over searches and public shapes."""
