#!/bin/sh
# Texts that the tools repeat in their messages as they are. This file is merged into the
# scripts that source it, which define fail.

# visible fails if a text contains a control character: what follows a newline would look
# like a message of the script.
visible() { # INPUT TEXT
  case $2 in
  *[[:cntrl:]]*) fail "$1 '$2' contains a control character" ;;
  esac
}
