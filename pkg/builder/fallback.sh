#!/bin/sh
set -eu
# Ends a task whose step may fail. As long as there are retries, the attempt fails. After
# the last one, the given results are written.

code=
IFS= read -r code <"$EXIT_CODE" || :
[ "$code" != 0 ] || exit 0
if [ "$RETRY_COUNT" -lt "$RETRIES" ]; then
  echo "attempt $((RETRY_COUNT + 1)) of $((RETRIES + 1)) failed with exit code '$code'" >&2
  exit 1
fi
echo "the last attempt failed with exit code '$code': the task goes on with the given results" >&2
