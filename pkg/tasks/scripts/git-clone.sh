#!/bin/sh
set -eu
# Clones one revision of a repository into the output workspace. Inputs come in
# the environment, the directories of a sparse checkout as arguments.

fail() {
  printf 'git-clone: %s\n' "$1" >&2
  exit 1
}

boolean() { # INPUT VALUE
  case $2 in
  true | false) ;;
  *) fail "$1 is '$2', want true or false" ;;
  esac
}

# authority is what stands between the scheme and the path of an URL.
authority() {
  rest=${URL#*://}
  printf '%s' "${rest%%[/?#]*}"
}

check_inputs() {
  boolean submodules "$SUBMODULES"
  boolean delete-existing "$DELETE_EXISTING"
  boolean verbose "$VERBOSE"
  case $DEPTH in
  '' | *[!0-9]* | ??????????*) fail "depth is '$DEPTH', want a number; 0 is the whole history" ;;
  esac
  case $URL in
  '') fail "url is empty" ;;
  -*) fail "url '$URL' starts with a dash" ;;
  *://*)
    case $(authority) in
    *:*@*) fail "url holds a password: give it through the basic-auth workspace" ;;
    esac
    ;;
  esac
  case $REVISION in
  '') return ;;
  [-+]*) fail "revision '$REVISION' starts with a dash or a plus" ;;
  *[!0]*) ;;
  *) fail "revision '$REVISION' is all zeros: the branch was deleted" ;;
  esac
  git check-ref-format --allow-onelevel "$REVISION" ||
    fail "revision '$REVISION' names no branch, tag, ref or commit"
}

# enter goes to the directory to clone into, and makes it where it is missing.
# It follows no link, so it cannot leave the workspace.
enter() {
  cd "$OUTPUT" || fail "no output workspace at '$OUTPUT'"
  case $SUBDIRECTORY in
  /*) fail "subdirectory '$SUBDIRECTORY' is absolute" ;;
  esac
  rest=$SUBDIRECTORY
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in
    */*) rest=${rest#*/} ;;
    *) rest= ;;
    esac
    case $part in
    '' | .) continue ;;
    .. | .git) fail "subdirectory '$SUBDIRECTORY' has a part '$part'" ;;
    esac
    [ ! -h "./$part" ] || fail "subdirectory '$SUBDIRECTORY' goes through a symbolic link, '$part'"
    [ -d "./$part" ] || mkdir "./$part" || unwritable
    cd "./$part" || fail "cannot enter subdirectory '$SUBDIRECTORY'"
  done
  [ -w . ] || unwritable
}

unwritable() {
  fail "user $(id -u) may not write to the output workspace: give the run's pod an fsGroup"
}

# empty deletes what the directory holds, never the directory.
empty() {
  for entry in ./* ./.[!.]* ./..?*; do
    case $entry in
    ./lost+found) ;; # belongs to the file system
    *) rm -rf "$entry" || fail "cannot delete '$entry' from an earlier run" ;;
    esac
  done
}

# setting configures git for this script and what it starts, in no file.
setting() { # KEY VALUE
  export "GIT_CONFIG_KEY_$GIT_CONFIG_COUNT=$1" "GIT_CONFIG_VALUE_$GIT_CONFIG_COUNT=$2"
  GIT_CONFIG_COUNT=$((GIT_CONFIG_COUNT + 1))
}

use_proxies() {
  [ -z "$HTTP_PROXY_URL" ] || export http_proxy="$HTTP_PROXY_URL"
  [ -z "$HTTPS_PROXY_URL" ] || export https_proxy="$HTTPS_PROXY_URL"
  [ -z "$NO_PROXY_HOSTS" ] || export no_proxy="$NO_PROXY_HOSTS"
}

use_ca() {
  [ -f "$CA_PATH/ca-bundle.crt" ] || fail "the ca workspace holds no ca-bundle.crt"
  setting http.sslCAInfo "$CA_PATH/ca-bundle.crt"
}

# use_basic_auth answers git's question for a password, for the host of the URL
# alone. No password comes into an argument, an URL, a log or .git/config.
use_basic_auth() {
  if [ -f "$BASIC_AUTH_PATH/username" ] && [ -f "$BASIC_AUTH_PATH/password" ]; then
    case $URL in
    http://* | https://*) ;;
    *)
      echo "git-clone: the basic-auth workspace is of no use: url is not http or https" >&2
      return
      ;;
    esac
    cat >"$private/credential" <<'HELPER'
[ "$1" = get ] || exit 0
printf 'username=%s\npassword=%s\n' "$(cat "$BASIC_AUTH_PATH/username")" "$(cat "$BASIC_AUTH_PATH/password")"
HELPER
    origin=$(authority)
    origin=${URL%%://*}://${origin##*@}
    setting "credential.$origin.helper" ''
    setting "credential.$origin.helper" "!sh '$private/credential'"
  elif [ -f "$BASIC_AUTH_PATH/.git-credentials" ] && [ -f "$BASIC_AUTH_PATH/.gitconfig" ]; then
    (umask 077 && cat "$BASIC_AUTH_PATH/.git-credentials" >"$HOME/.git-credentials" &&
      cat "$BASIC_AUTH_PATH/.gitconfig" >"$HOME/.gitconfig") || fail "cannot copy the basic-auth workspace to '$HOME'"
  else
    fail "the basic-auth workspace holds neither username and password nor .gitconfig and .git-credentials"
  fi
}

# use_ssh copies the keys, as ssh wants them readable by nobody else and ended
# by a newline, and always checks the host's key.
use_ssh() {
  [ -f "$SSH_PATH/known_hosts" ] ||
    fail "the ssh workspace holds no known_hosts, which the host's key is checked against: see ssh-keyscan"
  mkdir "$private/ssh"
  printf '%s\n' 'StrictHostKeyChecking yes' 'BatchMode yes' 'IdentitiesOnly yes' \
    "UserKnownHostsFile \"$private/ssh/known_hosts\"" >"$private/ssh_config"
  for file in "$SSH_PATH"/*; do
    [ -f "$file" ] || continue
    name=${file##*/}
    (umask 077 && { cat "$file" && echo; } >"$private/ssh/$name")
    IFS= read -r first <"$private/ssh/$name" || first=
    case $first in
    -----BEGIN*'PRIVATE KEY-----'*) printf 'IdentityFile "%s"\n' "$private/ssh/$name" >>"$private/ssh_config" ;;
    esac
  done
  [ ! -f "$private/ssh/config" ] || printf 'Include "%s"\n' "$private/ssh/config" >>"$private/ssh_config"
  setting core.sshCommand "ssh -F '$private/ssh_config'"
}

# prepare sets git up: nothing asks at a terminal, no hook runs.
prepare() {
  private=$(mktemp -d) # which nobody else may enter
  export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=0
  setting safe.directory '*'
  setting core.hooksPath /dev/null
  setting init.defaultBranch main
  use_proxies
  [ "$CA_BOUND" != true ] || use_ca
  [ "$BASIC_AUTH_BOUND" != true ] || use_basic_auth
  if [ "$SSH_BOUND" = true ]; then
    use_ssh
  elif [ -f "$HOME/.ssh/config" ]; then # from Secrets of the run's account
    setting core.sshCommand "ssh -F '$HOME/.ssh/config' -o 'UserKnownHostsFile=$HOME/.ssh/known_hosts' -o BatchMode=yes"
  fi
}

shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }

fetch() { # REFSPEC…
  set -- -- origin "$@"
  if [ "$DEPTH" -gt 0 ]; then
    set -- "--depth=$DEPTH" "$@"
  elif shallow; then
    set -- --unshallow --tags "$@"
  else
    set -- --tags "$@"
  fi
  git fetch --force --update-head-ok --no-recurse-submodules "$@"
}

# fetch_all gets all branches and tags with their history: the way to a commit
# that the server does not give out by its name.
fetch_all() {
  set -- --tags -- origin '+refs/heads/*:refs/remotes/origin/*'
  ! shallow || set -- --unshallow "$@"
  git fetch --force --update-head-ok --no-recurse-submodules "$@" || fail "cannot fetch from '$URL'"
}

fetch_refspecs() {
  set -f
  for spec in $REFSPEC; do
    case $spec in
    -*) fail "refspec '$spec' starts with a dash" ;;
    esac
    set -- "$@" "$spec"
  done
  set +f
  [ $# -eq 0 ] || fetch "$@" || fail "cannot fetch refspec '$REFSPEC' from '$URL'"
}

is_commit() { git rev-parse --quiet --verify "$1^{commit}" >/dev/null 2>&1; }

# locate fetches the revision and says in $found where it is.
locate() {
  found=FETCH_HEAD
  if [ -z "$REVISION" ]; then
    [ -n "$REFSPEC" ] || fetch HEAD || fail "cannot fetch the default branch of '$URL'"
    return
  fi
  case ${#REVISION}-$REVISION in
  *-*[!0-9a-fA-F]*) named ;;
  40-* | 64-*) by_name ;;
  *) named ;;
  esac
}

# by_name fetches a commit by its full name.
by_name() {
  if ! is_commit "$REVISION" && ! fetch "$REVISION"; then
    echo "git-clone: '$URL' does not give out commit $REVISION alone, fetching all branches and tags" >&2
    fetch_all
    is_commit "$REVISION" || fail "no commit '$REVISION' in the branches and tags of '$URL'"
  fi
  found=$REVISION
}

# named fetches a ref; failing that, it looks among what the refspec brought,
# and then for a commit whose name starts so.
named() {
  listed=$(git ls-remote -- origin "refs/tags/$REVISION" "refs/heads/$REVISION" "refs/$REVISION" "$REVISION") ||
    fail "cannot list the refs of '$URL'"
  for ref in "refs/tags/$REVISION" "refs/heads/$REVISION" "refs/$REVISION" "$REVISION"; do
    case "$listed$newline" in
    *"$tab$ref$newline"*) ;;
    *) continue ;;
    esac
    case $ref in
    refs/tags/*) fetch "+$ref:$ref" ;;
    refs/heads/*) fetch "+$ref:refs/remotes/origin/${ref#refs/heads/}" ;;
    *) fetch "$ref" ;;
    esac || fail "cannot fetch '$ref' from '$URL'"
    return
  done
  found=$REVISION
  [ -z "$REFSPEC" ] || ! is_commit "$REVISION" || return 0
  case $REVISION in
  *[!0-9a-fA-F]* | ? | ?? | ???) ;;
  *)
    fetch_all
    ! is_commit "$REVISION" || return 0
    ;;
  esac
  fail "no branch, tag, ref or commit '$REVISION' in '$URL'"
}

sparse() { # DIRECTORY…
  if [ $# -gt 0 ]; then
    printf '%s\n' "$@" | git sparse-checkout set --cone --stdin || fail "cannot check out only the directories wanted"
  elif [ "$(git config --type=bool core.sparseCheckout || :)" = true ]; then
    git sparse-checkout disable || fail "cannot undo the sparse checkout of an earlier run"
  fi
}

submodules() {
  set -- --init --recursive --force
  [ "$DEPTH" -eq 0 ] || set -- "$@" "--depth=$DEPTH"
  { git submodule sync --quiet --recursive && git submodule update "$@"; } || fail "cannot fetch the submodules"
}

newline='
'
tab=$(printf '\t')

check_inputs
enter
[ "$DELETE_EXISTING" = false ] || empty
prepare
[ "$VERBOSE" = false ] || set -x
git init --quiet --template= . || fail "cannot make a repository in the output workspace"
git config --replace-all remote.origin.url "$URL"
git config --replace-all remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
fetch_refspecs
locate
commit=$(git rev-parse --quiet --verify "$found^{commit}") || fail "revision '$REVISION' is no commit"
sparse "$@"
git checkout --quiet --force --detach "$commit" || fail "cannot check out $commit"
[ "$SUBMODULES" = false ] || [ ! -f .gitmodules ] || submodules

short=$(git rev-parse --short "$commit")
time=$(git log -1 --no-show-signature --format=%ct "$commit")
printf '%s' "$commit" >"$RESULT_COMMIT"
printf '%s' "$short" >"$RESULT_SHORT_COMMIT"
printf '%s' "$time" >"$RESULT_COMMITTER_DATE"
printf '%s' "$URL" >"$RESULT_URL"
printf 'git-clone: %s is at %s\n' "$URL" "$commit"
