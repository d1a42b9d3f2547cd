"""``python -m bench.queries FILE RUNS [WORD]``: measure the queries of DATABASE_URL."""

import os
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    sys.exit(import_module("bench.queries.running").main(sys.argv[1:]))
