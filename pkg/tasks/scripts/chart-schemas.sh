#!/bin/sh
# Schemas of charts in the source. This file is merged into the scripts that source it.

# These functions set $validate to false if a schema in a chart may refer to another
# document. helm opens any file that a schema refers to, and its message shows how the
# file starts. A schema from a URL can refer to files, too. Of an archive it is only known
# whether it has a schema or another archive. One that gzip cannot read may have both: helm
# skips a byte order mark before it, and flags that gzip does not know. helm refuses a pipe
# or a device, and to read one could take forever.

unpacked_chart() { # DIRECTORY
  # not with -L: it would follow links in a circle
  {
    find "$1" -name values.schema.json -exec sh -c "$schema_check" sh {} + &&
      find "$1" -name '*.tgz' -exec sh -c "$archive_check" sh {} +
  } || validate=false
}

# shellcheck disable=SC2034 # the script reads it
packed_chart() { # FILE
  sh -c "$archive_check" sh "$1" || validate=false
}

# shellcheck disable=SC2016 # it is for another shell
archive_check='
  for file; do
    [ -f "$file" ] || continue
    ! { gzip -dc <"$file" 2>/dev/null || echo values.schema.json; } | tr "\000" "\n" | LC_ALL=C grep -qE "values\.schema\.json|\.tgz" || exit 1
  done'

# The records are what is between two quotes: outside of strings, inside, and so on.
# shellcheck disable=SC2016 # it is for another shell
schema_check='
  for file; do
    [ -f "$file" ] || continue
    LC_ALL=C awk -v "RS=\"" '"'"'
      function plain(text,  out, at, c) {
        while (at = index(text, "\\")) {
          out = out substr(text, 1, at - 1)
          c = substr(text, at + 1, 1)
          if (c == "u") {
            c = tolower(substr(text, at + 2, 4))
            c = substr(c, 1, 2) == "00" ? sprintf("%c", 16 * digit(substr(c, 3, 1)) + digit(substr(c, 4, 1))) : "?"
            at += 4
          }
          out = out c
          text = substr(text, at + 2)
        }
        return out text
      }
      function digit(c) { return index("0123456789abcdef", c) - 1 }
      {
        if (!inside) {
          value = refers && $0 ~ /^[ \t\r\n]*:[ \t\r\n]*$/
          refers = 0
          inside = 1
          text = ""
          next
        }
        text = text $0
        match($0, /\\*$/)
        if (RLENGTH % 2) {
          text = text "\""
          next
        }
        inside = 0
        text = plain(text)
        if (value && text !~ /^(#|$|https?:\/\/json-schema\.org\/)/) {
          found = 1
          exit
        }
        refers = !value && text ~ /^\$(ref|dynamicRef|recursiveRef|schema)$/
      }
      END { exit found }'"'"' <"$file" || exit 1
  done'
