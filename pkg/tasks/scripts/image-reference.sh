#!/bin/sh
# References to images. This file is merged into the scripts that source it, which define
# fail.

# no_user fails if what follows an @ is no digest. It does not show the text, since what is
# before the @ can be a password.
no_user() { # INPUT TEXT
  case $2 in
  *@*) ;;
  *) return 0 ;;
  esac
  case ${2#*@} in
  sha[0-9]*[!A-Za-z0-9:]*) ;;
  sha[0-9]*:*) return 0 ;;
  esac
  fail "$1 contains an @ without a digest after it: a reference has no user and no password"
}

# destination fails unless a text can be the image to push. The builders repeat it in their
# messages as it is.
destination() { # TEXT
  [ -n "$1" ] || fail "image is empty"
  no_user image "$1"
  case $1 in
  *[[:cntrl:][:space:]]*) fail "image '$1' is not an image reference" ;;
  esac
}

# reference checks a reference, and sets $name to it without tag and digest.
reference() { # INPUT TEXT
  no_user "$1" "$2"
  case $2 in
  '') fail "$1 is empty" ;;
  *[!A-Za-z0-9._:/@-]* | [!A-Za-z0-9]* | *[!A-Za-z0-9_]) fail "$1 '$2' is not an image reference" ;;
  *//* | */:* | *:/* | *@*@* | */@*) fail "$1 '$2' is not an image reference" ;;
  esac
  name=${2%%@*}
  case ${name##*/} in
  *:*:*) fail "$1 '$2' is not an image reference" ;;
  *:*) name=${name%:*} ;;
  esac
}

# by_digest checks a reference with a digest, which it sets $digest to.
by_digest() { # INPUT TEXT
  reference "$1" "$2"
  case $2 in
  *@*) digest=${2##*@} ;;
  *) fail "$1 '$2' has no digest: only a digest always refers to the same image" ;;
  esac
  case ${#digest}-$digest in
  71-sha256:*[!0-9a-f]*) fail "$1 '$2' has an invalid digest" ;;
  71-sha256:*) ;;
  *) fail "$1 '$2' has an invalid digest" ;;
  esac
}
