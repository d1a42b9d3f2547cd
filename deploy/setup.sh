#!/bin/sh
# Makes .venv ready: finds a Python that will do, then bootstrap.py goes on with it.
# Usage: deploy/setup.sh LOCK...   (names of requirements/LOCK.txt)
set -eu
here=$(cd "$(dirname "$0")" && pwd)

will_do() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

for python in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
    if [ -n "$python" ] && will_do "$python"; then
        exec "$python" -I "$here/bootstrap.py" "$@"
    fi
done
echo "There is no Python 3.11 or later here: install one, or name it with PYTHON=." >&2
exit 1
