#!/bin/sh
# Access to the repository at $URL. This file is merged into the scripts that
# source it, which define warn and fail. prepare configures git.

# authority prints the part of the URL between the scheme and the path.
authority() {
  rest=${URL#*://}
  printf '%s' "${rest%%[/?#]*}"
}

# check_url checks the URL, and sets $user to the user in it. A user of ssh is a part
# of the address. Others are removed from the URL, because a token can be in place of
# the user, and git would write it to .git/config and to its messages.
check_url() {
  user=
  case $URL in
  '') fail "url is empty" ;;
  -*) fail "url '$URL' starts with a dash" ;;
  *[[:cntrl:]]*) fail "url contains a control character" ;;
  [Hh][Tt][Tt][Pp]:///* | [Hh][Tt][Tt][Pp][Ss]:///*) fail "url has no host: want https://HOST/PATH" ;;
  *://*)
    name=$(authority)
    case $name in
    *:*@*) fail "url contains a password: use the basic-auth workspace instead" ;;
    *@*) ;;
    \[*) return 0 ;;
    *:*[!0-9]*) fail "url has a port that is not a number, or contains a password: use the basic-auth workspace instead" ;;
    *) return 0 ;;
    esac
    case $URL in
    ssh://* | git+ssh://* | ssh+git://*) ;;
    *)
      user=${name%@*}
      rest=${URL#*://}
      URL=${URL%%://*}://${name##*@}${rest#"$name"}
      ;;
    esac
    ;;
  http:[!:]* | https:[!:]*) fail "url has no host: want https://HOST/PATH" ;; # git would take it for one of ssh
  http::*@* | https::*@* | ftp::*@* | ftps::*@*) fail "url contains a user or a password after '${URL%%::*}::': write '${URL%%::*}://'" ;;
  esac
}

# alone fails if the URL is the path of a repository that refers to files elsewhere. Whoever
# can write to it could have git read another repository that the step can read. git looks
# for a repository at the same four paths.
alone() {
  place=$URL
  case $URL in
  file://*%*) fail "url '$URL' contains an escaped character: want the path without file://" ;;
  file:///*) place=${URL#file://} ;;
  file://*) place=/${URL#file://} ;;
  "~"*) fail "url '$URL' starts with a tilde: want the path" ;;
  *) case ${URL%%/*} in
    *:*) return 0 ;; # of a host
    esac ;;
  esac
  case $place in
  /*) above='' rest=$place ;;
  *) above=. rest=$place ;;
  esac
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in
    */*) rest=${rest#*/} ;;
    *) rest= ;;
    esac
    [ -n "$part" ] || continue
    above=$above/$part
    [ ! -h "$above" ] || fail "url '$URL' goes through a symbolic link, '$above'"
  done
  for found in "$above/.git" "$above" "$above.git/.git" "$above.git"; do
    [ ! -h "$found" ] || fail "url '$URL' goes through a symbolic link, '$found'"
    if [ -f "$found" ]; then
      first=
      IFS= read -r first <"$found" || :
      case $first in
      gitdir:*) fail "'$found' of url '$URL' refers to a repository elsewhere" ;;
      esac
    fi
    [ -e "$found/HEAD" ] || [ -h "$found/HEAD" ] || continue
    for file in commondir objects/info/alternates; do
      [ ! -s "$found/$file" ] || fail "'$found/$file' of url '$URL' refers to a repository elsewhere"
    done
    { [ -d "$found/objects" ] && [ -d "$found/refs" ]; } || continue
    # git itself follows a HEAD that is a link only to a branch.
    links=$(cd "$found" && for file in config config.worktree objects packed-refs refs reftable shallow; do
      { [ ! -e "./$file" ] && [ ! -h "./$file" ]; } || find "./$file" -type l || exit 1
    done && echo .) || fail "cannot search '$found' of url '$URL' for symbolic links"
    [ "$links" = . ] || fail "url '$URL' has a symbolic link in its repository: '${links%%
*}'"
  done
  # Nor does what is planted there run when the script pushes: git has no other server then.
  setting remote.origin.receivepack "GIT_NO_LAZY_FETCH=1 git -c core.hooksPath=/dev/null -c receive.autogc=false -c receive.denyCurrentBranch=refuse receive-pack"
}

# setting configures git in the environment of this script, without a file.
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
  [ -f "$CA_PATH/ca-bundle.crt" ] || fail "the ca workspace has no file ca-bundle.crt"
  setting http.sslCAInfo "$CA_PATH/ca-bundle.crt"
}

# single fails unless a file of the basic-auth workspace has only one line. git would take
# another one for something else, and repeat it in a warning.
single() { # FILE
  lines=$(cat "$BASIC_AUTH_PATH/$1") || fail "cannot read '$1' of the basic-auth workspace"
  case $lines in
  *"
"*) fail "'$1' of the basic-auth workspace has several lines" ;;
  esac
}

# use_basic_auth sets a credential helper for the host of the URL only. The
# password is not written to an argument, a URL, a log or .git/config.
use_basic_auth() {
  if [ -f "$BASIC_AUTH_PATH/username" ] && [ -f "$BASIC_AUTH_PATH/password" ]; then
    case $URL in
    http://* | https://*) ;;
    *)
      warn "ignoring the basic-auth workspace: url is not http or https"
      return
      ;;
    esac
    single username
    single password
    cat >"$private/credential" <<'HELPER'
[ "$1" = get ] || exit 0
printf 'username=%s\npassword=%s\n' "$(cat "$BASIC_AUTH_PATH/username")" "$(cat "$BASIC_AUTH_PATH/password")"
HELPER
    origin=${URL%%://*}://$(authority)
    setting "credential.$origin.helper" ''
    setting "credential.$origin.helper" "!sh '$private/credential'"
  elif [ -f "$BASIC_AUTH_PATH/.git-credentials" ] && [ -f "$BASIC_AUTH_PATH/.gitconfig" ]; then
    (umask 077 && cat "$BASIC_AUTH_PATH/.git-credentials" >"$HOME/.git-credentials" &&
      cat "$BASIC_AUTH_PATH/.gitconfig" >"$HOME/.gitconfig") || fail "cannot copy the basic-auth workspace to '$HOME'"
  else
    fail "the basic-auth workspace has neither username and password nor .gitconfig and .git-credentials"
  fi
}

# use_user selects the user of the URL if .git-credentials has several.
use_user() {
  lines=
  [ ! -f "$HOME/.git-credentials" ] || lines=$(cat "$HOME/.git-credentials") || fail "cannot read '$HOME/.git-credentials'"
  case $lines in
  *"://$user:"*) setting "credential.${URL%%://*}://$(authority).username" "$user" ;;
  *) warn "ignoring the user in url: users and tokens come from the basic-auth workspace" ;;
  esac
}

# use_ssh copies the keys, because ssh requires that nobody else can read them and
# that they end with a newline. It always verifies the key of the host.
use_ssh() {
  [ -f "$SSH_PATH/known_hosts" ] ||
    fail "the ssh workspace has no file known_hosts, which is needed to verify the key of the host: see ssh-keyscan"
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

# prepare configures git: no prompts at a terminal, no hooks, and the files of a commit
# are those of its hash, although a refspec can fetch refs/replace.
prepare() {
  private=$(mktemp -d) # not accessible to other users
  export GIT_TERMINAL_PROMPT=0 GIT_NO_REPLACE_OBJECTS=1 GIT_CONFIG_COUNT=0
  setting safe.directory '*'
  setting core.hooksPath /dev/null
  setting init.defaultBranch main
  alone
  use_proxies
  [ "$CA_BOUND" != true ] || use_ca
  [ "$BASIC_AUTH_BOUND" != true ] || use_basic_auth
  [ -z "$user" ] || use_user
  if [ "$SSH_BOUND" = true ]; then
    use_ssh
  elif [ -f "$HOME/.ssh/config" ]; then # from Secrets of the service account
    setting core.sshCommand "ssh -F '$HOME/.ssh/config' -o 'UserKnownHostsFile=$HOME/.ssh/known_hosts' -o BatchMode=yes"
  fi
}
