#!/bin/sh
# Authors of commits and tags. This file is merged into the scripts that source it, which
# define fail.

person() { # INPUT VALUE
  case $2 in
  '') fail "$1 is empty" ;;
  *[\<\>]* | *"
"*) fail "$1 '$2' contains a character that is not allowed in the author of a commit" ;;
  esac
}
