#!/bin/sh
# Objects whose rollout is awaited. This file is merged into the scripts that source it,
# which define fail, and write what kubectl apply prints to $work/applied.

# workload fails unless a text is KIND/NAME or all.
workload() { # INPUT TEXT
  case $2 in
  *[!A-Za-z0-9./-]* | [!A-Za-z]* | */*/* | */ | */[!A-Za-z0-9]*) fail "$1 '$2' is not KIND/NAME" ;;
  */* | all) ;;
  *) fail "$1 '$2' is not KIND/NAME" ;;
  esac
}

# await waits for a rollout, or for those of all objects that were applied and have one.
await() { # TEXT
  if [ "$1" != all ]; then
    kubectl rollout status "--namespace=$NAMESPACE" "--timeout=$TIMEOUT" -- "$1" || fail "the rollout of '$1' did not complete"
    return
  fi
  # With another output, such as of --output=json in extra-args, nothing would be found.
  # shellcheck disable=SC2154 # the scripts set it
  named=$(awk '/^[a-z][a-z0-9.-]*\/[^ ]/ { print "yes"; exit }' "$work/applied") ||
    fail "cannot list the rollouts of what was applied"
  [ -n "$named" ] || fail "cannot tell which rollouts to wait for: kubectl has printed no object as KIND/NAME"
  workloads=$(awk '$1 ~ /^(deployment|statefulset|daemonset)\.apps\// { print $1 }' "$work/applied") ||
    fail "cannot list the rollouts of what was applied"
  set -f
  for each in $workloads; do
    await "$each"
  done
  set +f
}
