#!/bin/sh
# Results of all tasks that build an image. This file is merged into the scripts that source
# it, which define say. It needs only builtins of the shell.

# pushed writes the results of an image that is in the registry.
pushed() { # DIGEST
  printf '%s' "$1" >"$RESULT_DIGEST"
  printf '%s' "$IMAGE" >"$RESULT_URL"
  printf '%s' "${IMAGE%@*}@$1" >"$RESULT_REFERENCE"
  say "pushed $IMAGE at $1"
}

# unpushed writes empty results, because the image is in no registry, and ends the script.
# Without results, tasks that use them would fail the run.
unpushed() {
  : >"$RESULT_DIGEST"
  : >"$RESULT_URL"
  : >"$RESULT_REFERENCE"
  say "built $IMAGE without pushing it"
  exit 0
}
