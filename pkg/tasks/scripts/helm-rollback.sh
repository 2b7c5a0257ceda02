#!/bin/sh
set -eu
# Takes a release back to its last good revision. Inputs come in the
# environment.

fail() {
  printf 'helm-rollback: %s\n' "$1" >&2
  exit 1
}

say() { printf 'helm-rollback: %s\n' "$1"; }

boolean() { # INPUT VALUE
  case $2 in
  true | false) ;;
  *) fail "$1 is '$2', want true or false" ;;
  esac
}

# cluster chooses the account: of the kubeconfig, else the pod's own.
cluster() {
  [ "$KUBECONFIG_BOUND" = true ] || return 0
  for name in config kubeconfig value; do
    [ -f "$KUBECONFIG_PATH/$name" ] || continue
    export KUBECONFIG="$KUBECONFIG_PATH/$name"
    return
  done
  fail "the kubeconfig workspace holds no config, kubeconfig or value"
}

# read_history sets $newest and $newest_status, and $good: the revision before
# the newest that was deployed well. Helm calls it deployed as long as only
# failures came after it, else superseded.
read_history() {
  newest='' newest_status='' deployed='' superseded='' number=''
  history=$(helm history "--namespace=$NAMESPACE" --max=256 --output=yaml -- "$RELEASE" 2>"$work/error") || return 1
  while read -r key text; do
    case $key in
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
$(printf '%s\n' "$history" | sed -n 's/^  \(revision: [0-9][0-9]*\)$/\1/p; s/^  \(status: [a-z-]*\)$/\1/p')
HISTORY
  good=${deployed:-$superseded}
  [ -n "$newest" ]
}

finish() { # REVISION
  printf '%s' "$1" >"$RESULT_REVISION"
  say "revision $1 of $RELEASE is deployed"
  exit 0
}

[ -n "$RELEASE" ] || fail "release is empty"
[ -n "$NAMESPACE" ] || fail "namespace is empty"
boolean wait "$WAIT"
boolean uninstall "$UNINSTALL"
case $REVISION in
'' | previous) ;;
*[!0-9]* | 0*) fail "revision is '$REVISION', want a number, previous, or nothing for the last good one" ;;
esac
cluster
work=$(mktemp -d)

if ! read_history; then
  if grep -q 'release: not found' "$work/error"; then
    say "there is no release '$RELEASE' in '$NAMESPACE': nothing to roll back"
    exit 0
  fi
  cat "$work/error" >&2
  fail "cannot read the history of '$RELEASE'"
fi

target=$REVISION
case $REVISION in
'')
  if [ "$newest_status" = deployed ]; then
    say "the last deploy left nothing to roll back"
    finish "$newest"
  fi
  target=$good
  ;;
previous) target=$good ;;
esac
if [ -z "$target" ]; then
  [ "$UNINSTALL" = true ] ||
    fail "no revision of '$RELEASE' was ever good; revision $newest is left as it is ($newest_status)"
  say "no revision of $RELEASE was ever good: uninstalling it"
  helm uninstall "--namespace=$NAMESPACE" "--timeout=$TIMEOUT" --wait -- "$RELEASE" || fail "helm uninstall failed"
  exit 0
fi

set -- "--namespace=$NAMESPACE" "--timeout=$TIMEOUT"
[ "$WAIT" = false ] || set -- "$@" --wait
say "taking $RELEASE from revision $newest ($newest_status) back to $target"
helm rollback "$@" -- "$RELEASE" "$target" || fail "helm rollback failed"
read_history || fail "cannot read the history of '$RELEASE'"
finish "$newest"
