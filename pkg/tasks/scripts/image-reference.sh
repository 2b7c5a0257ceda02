#!/bin/sh
# References to images. This file is merged into the scripts that source it, which define
# fail.

# reference checks a reference, and sets $name to it without tag and digest.
reference() { # INPUT TEXT
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
