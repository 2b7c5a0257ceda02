#!/bin/sh
set -eu
# Rolls a release back to its last good revision. Inputs are in the environment.

tool=helm-rollback

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=object-names.sh
. ./object-names.sh

# shellcheck source-path=SCRIPTDIR source=kubeconfig.sh
. ./kubeconfig.sh

# read_history sets $newest and $newest_status to the latest revision and its
# status, and $good to the last good revision before it. The status of a good
# revision is deployed if only failed revisions follow, and otherwise superseded.
read_history() {
  newest='' newest_status='' deployed='' superseded='' number=''
  history=$(helm history "--namespace=$NAMESPACE" --max=256 --output=yaml -- "$RELEASE" 2>"$work/error") || return 1
  lines=$(printf '%s\n' "$history" | sed -n 's/^  \(revision: [0-9][0-9]*\)$/\1/p; s/^  \(status: [a-z-]*\)$/\1/p') || return 1
  while read -r key text; do
    case $key in
    end) break ;;
    revision:) number=$text ;;
    status:)
      case $newest_status in
      deployed) deployed=$newest ;;
      superseded) superseded=$newest ;;
      esac
      newest=$number newest_status=$text
      ;;
    esac
  done <<HISTORY
$lines
end
HISTORY
  good=${deployed:-$superseded}
  [ "$key" = end ] && [ -n "$newest" ]
}

finish() { # REVISION
  printf '%s' "$1" >"$RESULT_REVISION"
  say "revision $1 of $RELEASE is deployed"
  exit 0
}

object_name release "$RELEASE"
object_name namespace "$NAMESPACE"
boolean wait "$WAIT"
boolean uninstall "$UNINSTALL"
case $REVISION in
'' | previous) ;;
*[!0-9]* | 0*) fail "revision is '$REVISION', want a number, previous, or empty for the last good revision" ;;
esac
cluster
work=$(mktemp -d)

if ! read_history; then
  if grep -q 'release: not found' "$work/error"; then
    say "release '$RELEASE' does not exist in '$NAMESPACE': nothing to roll back"
    exit 0
  fi
  cat "$work/error" >&2
  fail "cannot read the history of '$RELEASE'"
fi

target=$REVISION
case $REVISION in
'')
  if [ "$newest_status" = deployed ]; then
    say "the latest revision is good: nothing to roll back"
    finish "$newest"
  fi
  target=$good
  ;;
previous) target=$good ;;
esac
if [ -z "$target" ]; then
  [ "$UNINSTALL" = true ] ||
    fail "no revision of '$RELEASE' was ever good; revision $newest is left unchanged ($newest_status)"
  say "no revision of $RELEASE was ever good: uninstalling it"
  helm uninstall "--namespace=$NAMESPACE" "--timeout=$TIMEOUT" --wait -- "$RELEASE" || fail "helm uninstall failed"
  exit 0
fi

set -- "--namespace=$NAMESPACE" "--timeout=$TIMEOUT"
[ "$WAIT" = false ] || set -- "$@" --wait
say "rolling $RELEASE back from revision $newest ($newest_status) to $target"
helm rollback "$@" -- "$RELEASE" "$target" || fail "helm rollback failed"
read_history || fail "cannot read the history of '$RELEASE'"
finish "$newest"
