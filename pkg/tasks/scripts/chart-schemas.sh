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
    # Not that nothing was found: grep and tr can fail, such as for lack of memory.
    count=$({ gzip -dc <"$file" 2>/dev/null || echo values.schema.json; printf "\n-- end of the archive --\n"; } | tr "\000" "\n" |
      LC_ALL=C grep -cE "values\.schema\.json|\.tgz|^-- end of the archive --\$" 2>/dev/null) || exit 1
    [ "$count" = 1 ] || exit 1
  done'

# The records are what is between two backslashes. Only the start of a string is kept, so
# that a long one takes no longer than its length.
# shellcheck disable=SC2016 # it is for another shell
schema_check='
  for file; do
    [ -f "$file" ] || continue
    LC_ALL=C awk '"'"'
      function digit(c) { return index("0123456789abcdef", c) - 1 }
      function add(more) { if (inside && length(text) < 200) text = text substr(more, 1, 200) }
      # quote starts or ends a string.
      function quote(before) {
        inside = !inside
        if (inside) {
          value = refers && before ~ /^[ \t\r\n]*:[ \t\r\n]*$/
          refers = 0
          text = ""
          return
        }
        if (value && text !~ /^(#|$|https?:\/\/json-schema\.org\/)/) {
          found = 1
          exit
        }
        refers = !value && text ~ /^\$(ref|dynamicRef|recursiveRef|schema)$/
      }
      BEGIN { RS = "\\" }
      {
        rest = $0
        if (escaped && rest == "") { # of two backslashes, the second is the character
          add("\\")
          escaped = 0
          next
        }
        if (escaped) {
          c = substr(rest, 1, 1)
          rest = substr(rest, 2)
          if (c == "u") {
            c = tolower(substr(rest, 1, 4))
            c = substr(c, 1, 2) == "00" ? sprintf("%c", 16 * digit(substr(c, 3, 1)) + digit(substr(c, 4, 1))) : "?"
            rest = substr(rest, 5)
          }
          add(c)
        }
        escaped = 1
        n = split(rest, part, "\"")
        for (i = 1; i <= n; i++) {
          if (i > 1) quote(part[i - 1])
          add(part[i])
        }
      }
      END { exit found }'"'"' <"$file" || exit 1
  done'
