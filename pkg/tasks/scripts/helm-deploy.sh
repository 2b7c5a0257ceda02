#!/bin/sh
set -eu
# Installs or upgrades a release. Inputs are in the environment; the arguments are
# values files, --next--, values, --next--, string values, --next--, additional
# arguments.

tool=helm-deploy

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# shellcheck source-path=SCRIPTDIR source=exact-values.sh
. ./exact-values.sh

# shellcheck source-path=SCRIPTDIR source=chart-schemas.sh
. ./chart-schemas.sh

# from_source fails unless a file or directory is in the source.
from_source() { # INPUT PATH
  [ "$SOURCE_BOUND" = true ] || fail "$1 '$2' is a path, but the source workspace is not bound"
  inside "$1" "$2"
  [ -e "$SOURCE/$2" ] || fail "$1 '$2' is not in the source"
}

# anonymous fails if a URL contains a user, since helm writes it to its messages, or what
# would be another line there.
anonymous() { # INPUT URL
  case $2 in
  *://*) ;;
  *) return 0 ;;
  esac
  name=${2#*://}
  case ${name%%[/?#]*} in
  *@*) fail "$1 contains a user or a password, which anyone who can read the run would see: use an oci:// chart with the docker-config workspace, or a file in the source" ;;
  esac
  case $2 in
  *[[:cntrl:][:space:]]*) fail "$1 is not a URL: it contains a blank or a control character" ;;
  esac
}

# shellcheck source-path=SCRIPTDIR source=object-names.sh
. ./object-names.sh

# shellcheck source-path=SCRIPTDIR source=visible.sh
. ./visible.sh

# shellcheck source-path=SCRIPTDIR source=kubeconfig.sh
. ./kubeconfig.sh

# login copies the registry credentials to a directory that helm can write to.
login() {
  [ "$DOCKER_CONFIG_BOUND" = true ] || return 0
  for credentials in config.json .dockerconfigjson; do
    [ -f "$DOCKER_CONFIG_PATH/$credentials" ] || continue
    (umask 077 && cat "$DOCKER_CONFIG_PATH/$credentials" >"$HOME/registry.json") ||
      fail "cannot copy the docker-config workspace to '$HOME'"
    export HELM_REGISTRY_CONFIG="$HOME/registry.json"
    return
  done
  fail "the docker-config workspace has neither config.json nor .dockerconfigjson"
}

# escaped prints a text with a backslash before each comma and backslash. It appends
# an x, so that trailing newlines are kept.
escaped() { printf '%sx' "$1" | sed 's/[\\,]/\\&/g'; }

# newest sets $revision and $status to those of the latest revision of the release, or to
# nothing if there is no release. It fails if that cannot be known.
newest() {
  revision='' status=''
  if ! history=$(helm history "--namespace=$NAMESPACE" --max=1 --output=yaml -- "$RELEASE" 2>"$HOME/history-error"); then
    ! grep -q 'release: not found' "$HOME/history-error" || return 0
    cat "$HOME/history-error" >&2
    return 1
  fi
  revision=$(printf '%s\n' "$history" | sed -n 's/^  revision: \([0-9][0-9]*\)$/\1/p')
  status=$(printf '%s\n' "$history" | sed -n 's/^  status: \([a-z-]*\)$/\1/p')
  [ -n "$revision" ] && [ -n "$status" ]
}

object_name release "$RELEASE"
object_name namespace "$NAMESPACE"
boolean wait "$WAIT"
boolean create-namespace "$CREATE_NAMESPACE"
cd "$HOME" # which contains no path with the name of a chart in a repository
anonymous chart "$CHART"
anonymous repository "$REPOSITORY"
visible chart "$CHART"
visible repository "$REPOSITORY"
visible version "$VERSION"
what=$CHART validate=true
case $what in
'') fail "chart is empty" ;;
oci://* | http://* | https://*) ;;
*)
  if [ -z "$REPOSITORY" ]; then
    from_source chart "$CHART"
    what=$SOURCE/$CHART
    if [ -d "$what" ]; then
      what=$what/. # helm removes spaces at the end of a path, which is then another one
      contained chart "$CHART" '' '' unpacked_chart # helm follows links
    else
      exact_end chart "$CHART" helm
      packed_chart "$what"
    fi
    [ "$validate" = true ] || warn "the values are not validated: a schema of chart '$CHART' may refer to other files"
  else
    case $what in
    [!A-Za-z0-9]* | */../*) fail "chart '$CHART' is not the name of a chart in the repository" ;;
    esac
  fi
  ;;
esac

marks=0 count=$# option=
set -- "$@" upgrade --install "--namespace=$NAMESPACE" "--timeout=$TIMEOUT"
[ "$WAIT" = false ] || set -- "$@" --wait
[ "$CREATE_NAMESPACE" = false ] || set -- "$@" --create-namespace
[ -z "$VERSION" ] || set -- "$@" "--version=$VERSION"
[ -z "$REPOSITORY" ] || set -- "$@" "--repo=$REPOSITORY"
[ "$validate" = true ] || set -- "$@" --skip-schema-validation
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-)
    ;;
  0-*)
    file=$1
    case $file in
    http://* | https://*) anonymous "values file" "$file" ;;
    *)
      from_source "values file" "$file"
      file=$SOURCE/$file
      ;;
    esac
    visible "values file" "$1"
    list_item "$file"
    set -- "$@" "--values=$quoted"
    ;;
  [12]-*=*) # escaped, because a comma in the flag would start the next key
    case ${1%%=*} in
    *,*) fail "value '${1%%=*}' contains a comma in its key" ;;
    *\\) fail "value '${1%%=*}' has a key that ends with a backslash, which would make the equals sign a part of it" ;;
    esac
    value=$(escaped "${1#*=}")
    flag=--set
    if [ "$marks" -eq 2 ]; then
      flag=--set-string
      case $value in
      '{'*) value="\\$value" ;; # a brace would start a list
      esac
    fi
    set -- "$@" "$flag=${1%%=*}=${value%x}"
    ;;
  [12]-*) fail "value '$1' is not key=value" ;;
  3-*)
    case $option$1 in # the history is that of the same cluster
    --kube-context=*) export HELM_KUBECONTEXT="${1#--kube-context=}" ;;
    --kube-context*) [ -z "$option" ] || export HELM_KUBECONTEXT="$1" ;;
    esac
    option=
    [ "$1" != --kube-context ] || option=$1
    set -- "$@" "$1"
    ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 3 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"

cluster
login
newest || fail "cannot read the history of '$RELEASE'"
before=$revision was=$status
code=0
# If the task is cancelled or times out, helm receives the signal too and records
# that the release failed. The shell must wait for that: otherwise helm is killed
# and the release stays locked as pending.
trap : TERM
helm "$@" -- "$RELEASE" "$what" || code=$?
if ! newest; then
  [ "$code" -eq 0 ] || fail "helm upgrade failed"
  fail "$RELEASE was deployed, but its history cannot be read"
fi
# A deploy that failed early created no revision: the latest one is an earlier one.
if [ -n "$revision" ] && [ "$revision" != "$before" ]; then
  printf '%s' "$revision" >"$RESULT_REVISION"
  printf '%s' "$status" >"$RESULT_STATUS"
  say "revision $revision of $RELEASE is $status"
fi
[ "$code" -eq 0 ] || case $before-$was in
"$revision"-pending-*) fail "helm upgrade failed: revision $revision is $was; if no other deploy is running, roll it back" ;;
*) fail "helm upgrade failed" ;;
esac
