#!/bin/sh
set -eu
# Applies manifests and waits for rollouts. Inputs are in the environment; the
# arguments are rollouts, --next--, additional arguments.

tool=kubectl-apply

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# shellcheck source-path=SCRIPTDIR source=exact-values.sh
. ./exact-values.sh

# shellcheck source-path=SCRIPTDIR source=object-names.sh
. ./object-names.sh

# shellcheck source-path=SCRIPTDIR source=visible.sh
. ./visible.sh

# shellcheck source-path=SCRIPTDIR source=workload.sh
. ./workload.sh

# shellcheck source-path=SCRIPTDIR source=kubeconfig.sh
. ./kubeconfig.sh

# apply runs kubectl apply with the arguments after --next--.
apply() {
  while [ "$1" != --next-- ]; do
    shift
  done
  shift
  set -- "--namespace=$NAMESPACE" "$@"
  [ "$DRY_RUN" = false ] || set -- --dry-run=server "$@"
  [ "$SERVER_SIDE" = false ] || set -- --server-side "$@"
  if [ "$KUSTOMIZE" = true ]; then
    set -- "--kustomize=$SOURCE/$MANIFESTS" "$@"
  else
    set -- "--filename=$quoted" "$@"
  fi
  kubectl apply "$@"
}

object_name namespace "$NAMESPACE"
[ -n "$MANIFESTS" ] || fail "path is empty"
visible path "$MANIFESTS"
inside path "$MANIFESTS"
[ -e "$SOURCE/$MANIFESTS" ] || fail "no '$MANIFESTS' in the source"
list_item "$SOURCE/$MANIFESTS"
boolean kustomize "$KUSTOMIZE"
boolean server-side "$SERVER_SIDE"
boolean dry-run "$DRY_RUN"
marks=0 depth=1 # how deep kubectl looks for manifests
for item; do
  case $marks-$item in
  [0-9]---next--) marks=$((marks + 1)) ;;
  1--R* | 1---recursive*) depth='' ;;
  0- | 1-*) ;;
  0-*) workload rollout "$item" ;;
  esac
done
[ "$marks" -eq 1 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"
# The links of a kustomization need no check: kubectl refuses its files if they are not
# below its directory when their links are resolved.
[ "$KUSTOMIZE" = true ] || [ ! -d "$SOURCE/$MANIFESTS" ] ||
  contained path "$MANIFESTS" ' .json .yaml .yml ' "$depth"
# For the remote bases of a kustomization, kubectl runs git fetch with their ref as it
# is. From a repository in a file, git would run PROGRAM of a ref --upload-pack=PROGRAM.
export GIT_ALLOW_PROTOCOL=http:https:ssh:git
cluster
work=$(mktemp -d)

# kubectl prints one line for each object.
code=0
apply "$@" >"$work/applied" || code=$?
cat "$work/applied"
count=$(awk '$1 ~ /^[a-z][a-z0-9.-]*\// { n++ } END { print n + 0 }' "$work/applied")
printf '%s' "$count" >"$RESULT_APPLIED"
[ "$code" -eq 0 ] || fail "kubectl apply failed"

for item; do
  case $item in
  '') continue ;;
  --next--) break ;;
  esac
  [ "$DRY_RUN" = false ] || continue
  await "$item"
done
say "applied $count objects to $NAMESPACE"
