#!/bin/sh
set -eu
# Sets the status of a commit on GitHub, GitLab or Gitea. Inputs are in the environment.

tool=commit-status

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=json.sh
. ./json.sh

# shellcheck source-path=SCRIPTDIR source=http-post.sh
. ./http-post.sh

check_inputs() {
  case $PROVIDER in
  github) [ -n "$API" ] || API=https://api.github.com ;;
  gitlab) [ -n "$API" ] || API=https://gitlab.com/api/v4 ;;
  gitea) [ -n "$API" ] || fail "api is empty, but provider 'gitea' requires it" ;;
  *) fail "provider is '$PROVIDER', want github, gitlab or gitea" ;;
  esac
  while [ "${API%/}" != "$API" ]; do
    API=${API%/}
  done
  case $API in
  *[!A-Za-z0-9._~:/%@!-]* | *@*) fail "api is not a URL, or contains a user" ;;
  http://?* | https://?*) ;;
  *) fail "api '$API' is not an http or https URL" ;;
  esac
  case /$REPOSITORY/ in
  *[!A-Za-z0-9._/-]*) fail "repository '$REPOSITORY' is not the path of a repository" ;;
  */./* | */../* | *//*) fail "repository '$REPOSITORY' is not the path of a repository" ;;
  /*/*/) ;;
  *) [ "$PROVIDER" = gitlab ] || fail "repository '$REPOSITORY' is not OWNER/NAME" ;; # a number
  esac
  case $PROVIDER-$REPOSITORY in
  gitlab-*) ;;
  *-*/*/*) fail "repository '$REPOSITORY' is not OWNER/NAME" ;;
  esac
  case ${#COMMIT}-$COMMIT in
  *-*[!0-9a-fA-F]*) fail "commit '$COMMIT' is not the full hash of a commit" ;;
  40-* | 64-*) ;;
  *) fail "commit '$COMMIT' is not the full hash of a commit" ;;
  esac
  case $COMMIT in
  *[!0]*) ;;
  *) fail "commit '$COMMIT' is all zeros: the branch was deleted" ;;
  esac
  case $STATE in
  pending | success | failure | error) ;;
  Succeeded | Completed) STATE=success ;;
  Failed) STATE=failure ;;
  None) STATE=error ;;
  *) fail "state is '$STATE', want pending, success, failure or error, or the status of a task" ;;
  esac
  [ -n "$CONTEXT" ] || fail "context is empty"
  [ -z "$TARGET_URL" ] || web_link target-url "$TARGET_URL"
}

# field prints a field of the body unless its value is empty.
field() { # NAME VALUE [MOST]
  [ -n "$2" ] || return 0
  json_string "$2" "${3-0}"
  printf ',"%s":%s' "$1" "$json"
}

check_inputs
one_line token "$TOKEN_PATH" "$TOKEN_FILE"
work=$(mktemp -d)
case $PROVIDER in
github)
  option header "Authorization: Bearer $line"
  option header 'Accept: application/vnd.github+json'
  url=$API/repos/$REPOSITORY/statuses/$COMMIT
  ;;
gitlab)
  option header "PRIVATE-TOKEN: $line"
  [ "$STATE" != failure ] || STATE=failed
  [ "$STATE" != error ] || STATE=canceled
  url=$API/projects/$(printf '%s' "$REPOSITORY" | sed 's|/|%2F|g')/statuses/$COMMIT
  ;;
gitea)
  option header "Authorization: token $line"
  url=$API/repos/$REPOSITORY/statuses/$COMMIT
  ;;
esac
option url "$url"
{
  printf '{"state":"%s"' "$STATE"
  field context "$CONTEXT" 255
  field description "$DESCRIPTION" 140
  field target_url "$TARGET_URL"
  printf '}'
} >"$work/body"
post "$API"
case $code in
2??) ;;
*)
  case $PROVIDER-$code-$answer in
  # GitLab refuses to set the status that a commit has already.
  gitlab-400-*"Cannot transition status"*"from :$STATE"*) ;;
  *) fail "$API refused the status with code $code: $answer" ;;
  esac
  ;;
esac
say "$CONTEXT of $COMMIT is $STATE"
