#!/bin/sh
set -eu
# Posts a message to a webhook. Inputs are in the environment; the arguments are statuses of
# tasks.

tool=notify

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=json.sh
. ./json.sh

# shellcheck source-path=SCRIPTDIR source=http-post.sh
. ./http-post.sh

# slack sets $escaped to a text in which Slack finds no link but bare URLs, no mention and no
# channel.
slack() { # TEXT
  escaped=$(printf '%s' "$1" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g') || fail "cannot escape the message"
}

newline='
'

[ -n "$MESSAGE" ] || fail "message is empty"
failed=
for task; do
  case $task in
  =*) fail "task '$task' has no name" ;;
  *=Failed) failed="$failed${failed:+, }${task%=Failed}" ;;
  *=*) ;;
  *) fail "task '$task' is not NAME=STATUS" ;;
  esac
done
MESSAGE="$MESSAGE${failed:+${newline}failed tasks: $failed}"
[ -z "$LINK" ] || web_link link "$LINK"
text=${STATUS:+$STATUS: }$MESSAGE
work=$(mktemp -d)
case $FORMAT in
slack)
  slack "$text${LINK:+$newline$LINK}"
  json_string "$escaped" 4000
  printf '{"text":%s}' "$json"
  ;;
discord)
  json_string "$text${LINK:+$newline$LINK}" 2000
  printf '{"content":%s,"allowed_mentions":{"parse":[]}}' "$json"
  ;;
teams)
  json_string "$text" 4000
  printf '{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{'
  # shellcheck disable=SC2016 # the key has a dollar sign
  printf '"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard","version":"1.4","body":['
  printf '{"type":"TextBlock","wrap":true,"text":%s}]' "$json"
  json_string "$LINK"
  [ -z "$LINK" ] || printf ',"actions":[{"type":"Action.OpenUrl","title":"Open","url":%s}]' "$json"
  printf '}}]}'
  ;;
json)
  json_string "$STATUS"
  printf '{"status":%s' "$json"
  json_string "$MESSAGE" 4000
  printf ',"message":%s' "$json"
  json_string "$LINK"
  printf ',"link":%s}' "$json"
  ;;
*) fail "format is '$FORMAT', want slack, discord, teams or json" ;;
esac >"$work/body"
one_line webhook "$WEBHOOK_PATH" "$URL_FILE"
case $line in
http://?* | https://?*) ;;
*) fail "'$URL_FILE' of the webhook workspace is not an http or https URL" ;;
esac
option url "$line"
post "the webhook"
case $code in
2??) say "posted the message" ;;
*) fail "the webhook refused the message with code $code" ;; # its answer could contain the URL
esac
