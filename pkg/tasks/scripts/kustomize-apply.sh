#!/bin/sh
set -eu
# Applies a kustomization with other images. Inputs are in the environment; the arguments
# are images, --next--, rollouts.

tool=kustomize-apply

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# shellcheck source-path=SCRIPTDIR source=image-reference.sh
. ./image-reference.sh

# shellcheck source-path=SCRIPTDIR source=object-names.sh
. ./object-names.sh

# shellcheck source-path=SCRIPTDIR source=visible.sh
. ./visible.sh

# shellcheck source-path=SCRIPTDIR source=workload.sh
. ./workload.sh

# shellcheck source-path=SCRIPTDIR source=kubeconfig.sh
. ./kubeconfig.sh

# image adds an image to the kustomization. A reference alone is for the image of the same
# name. The characters of both parts need no quotes within the quotes.
image() { # [NAME=]REFERENCE
  value=${1#*=}
  case $1 in
  *=*)
    reference image "${1%%=*}"
    [ "$name" = "${1%%=*}" ] || fail "image '$1' has a tag or a digest in the name"
    ;;
  *) reference image "$value" ;;
  esac
  [ "$images" = true ] || echo 'images:' >>"$work/overlay/kustomization.yaml"
  images=true
  printf -- '- name: "%s"\n' "$name" >>"$work/overlay/kustomization.yaml"
  reference image "$value"
  printf '  newName: "%s"\n' "$name" >>"$work/overlay/kustomization.yaml"
  case $value in
  *@*)
    by_digest image "$value"
    printf '  digest: "%s"\n' "$digest" >>"$work/overlay/kustomization.yaml"
    ;;
  "$name") fail "image '$1' has neither a tag nor a digest" ;;
  *) printf '  newTag: "%s"\n' "${value#"$name:"}" >>"$work/overlay/kustomization.yaml" ;;
  esac
}

object_name namespace "$NAMESPACE"
[ -n "$KUSTOMIZATION" ] || fail "path is empty"
visible path "$KUSTOMIZATION"
inside path "$KUSTOMIZATION"
[ -d "$SOURCE/$KUSTOMIZATION" ] || fail "no directory '$KUSTOMIZATION' in the source"
boolean server-side "$SERVER_SIDE"
boolean dry-run "$DRY_RUN"
work=$(mktemp -d)
mkdir "$work/overlay"
# The source is a base by a link, because kustomize reads some paths as URLs.
ln -s "$real" "$work/overlay/base"
printf '%s\n' 'apiVersion: kustomize.config.k8s.io/v1beta1' 'kind: Kustomization' 'resources: [base]' >"$work/overlay/kustomization.yaml"
marks=0 images=false
for item; do
  case $marks-$item in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-) ;;
  0-*) image "$item" ;;
  1-) ;;
  1-*) workload rollout "$item" ;;
  esac
done
[ "$marks" -eq 1 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"
# For the remote bases of a kustomization, kubectl runs git fetch with their ref as it
# is. From a repository in a file, git would run PROGRAM of a ref --upload-pack=PROGRAM.
export GIT_ALLOW_PROTOCOL=http:https:ssh:git
cluster

while [ "$1" != --next-- ]; do
  shift
done
shift
# kubectl prints one line for each object.
code=0
{
  flags="--kustomize=$work/overlay"
  if [ "$SERVER_SIDE" = true ] && [ "$DRY_RUN" = true ]; then
    kubectl apply "$flags" "--namespace=$NAMESPACE" --server-side --dry-run=server
  elif [ "$SERVER_SIDE" = true ]; then
    kubectl apply "$flags" "--namespace=$NAMESPACE" --server-side
  elif [ "$DRY_RUN" = true ]; then
    kubectl apply "$flags" "--namespace=$NAMESPACE" --dry-run=server
  else
    kubectl apply "$flags" "--namespace=$NAMESPACE"
  fi
} >"$work/applied" || code=$?
cat "$work/applied"
count=$(awk '$1 ~ /^[a-z][a-z0-9.-]*\// { n++ } END { print n + 0 }' "$work/applied")
printf '%s' "$count" >"$RESULT_APPLIED"
[ "$code" -eq 0 ] || fail "kubectl apply failed"

[ "$DRY_RUN" = false ] || set --
for item; do
  [ -n "$item" ] || continue
  await "$item"
done
say "applied $count objects to $NAMESPACE"
