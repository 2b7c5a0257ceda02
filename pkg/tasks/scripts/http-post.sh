#!/bin/sh
# Requests to a server. This file is merged into the scripts that source it, which define
# fail. Secrets are in files that curl reads, never in its arguments.

# web_link fails unless a text is an http or https URL. It does not show a text with a blank or a
# control character, of which it is not known where a password ends.
web_link() { # INPUT TEXT
  case $2 in
  *[[:cntrl:][:space:]]*) fail "$1 is not a URL: it contains a blank or a control character" ;;
  http://?* | https://?*) ;;
  *) fail "$1 '$2' is not an http or https URL" ;;
  esac
}

# one_line sets $line to the only line of a file of a workspace. It may end with a newline.
one_line() { # WORKSPACE DIRECTORY FILE
  case $3 in
  '' | . | .. | *[!A-Za-z0-9._-]*) fail "'$3' is not the name of a file of the $1 workspace" ;;
  esac
  [ -f "$2/$3" ] || fail "the $1 workspace has no file '$3'"
  line=$(cat "$2/$3") || fail "cannot read '$3' of the $1 workspace"
  line=${line%"$(printf '\r')"}
  case $line in
  '') fail "'$3' of the $1 workspace is empty" ;;
  *[!!-~]*) fail "'$3' of the $1 workspace contains a blank or a character that is not ASCII" ;;
  esac
}

# option adds an option to the configuration of curl.
# shellcheck disable=SC2154 # the scripts set work
option() { # NAME VALUE
  value=$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')
  (umask 077 && printf '%s = "%s"\n' "$1" "$value" >>"$work/curl")
}

# post posts the file body as JSON, as the configuration says. It sets $code to the status
# of the answer, and $answer to the start of its text. It follows no redirects, which could
# lead to another host, and does not wait as long as the answer may ask for.
# shellcheck disable=SC2034,SC2154 # the scripts read answer, and set work
post() { # WHAT
  option header 'Content-Type: application/json'
  if [ "$CA_BOUND" = true ]; then
    [ -f "$CA_PATH/ca-bundle.crt" ] || fail "the ca workspace has no file ca-bundle.crt"
    option cacert "$CA_PATH/ca-bundle.crt"
  fi
  status=0
  # Before 8.4.0, curl did not limit an answer that does not say its size.
  code=$(ulimit -f 4096 && exec curl --disable --config "$work/curl" --silent --globoff --proto '=http,https' --request POST \
    --data-binary "@$work/body" --connect-timeout 20 --max-time 60 --max-filesize 1000000 \
    --retry 3 --retry-connrefused --retry-max-time 60 --output "$work/answer" --write-out '%{http_code}' 2>/dev/null) || status=$?
  [ "$status" -eq 0 ] || fail "$1 does not answer: curl ended with exit code $status"
  answer=
  [ ! -f "$work/answer" ] || answer=$(start)
}

# start prints the start of the answer, without the secret in $line: some servers repeat
# the request. If they quote it in some way, nothing of the answer is printed.
start() (
  LC_ALL=C # to count bytes
  most=500
  whole=$(head -c "$((most + 6 * ${#line}))" "$work/answer" | tr -d '\000')
  text=$(printf "%.$((most + ${#line}))s" "$whole")
  shown=
  while [ "$most" -gt 0 ]; do
    before=${text%%"$line"*}
    [ "${#before}" -lt "$most" ] || before=$text
    shown=$shown$(printf "%.${most}s" "$before")
    [ "$before" != "$text" ] || break
    shown="$shown***"
    most=$((most - ${#before} - ${#line}))
    text=${text#*"$line"}
  done
  # What is left of a secret that is quoted is at least its longest word.
  rest=
  while :; do
    case $whole in
    *"$line"*) ;;
    *) break ;;
    esac
    rest=$rest${whole%%"$line"*}
    whole=${whole#*"$line"}
  done
  rest=$rest$whole
  longest=
  for word in $(printf '%s' "$line" | tr -cs 'A-Za-z0-9' ' '); do
    [ ${#word} -le ${#longest} ] || longest=$word
  done
  case $rest in
  *"${longest:-$line}"*) [ ${#longest} -lt 6 ] || shown='***' ;;
  esac
  printf '%s' "$shown"
)
