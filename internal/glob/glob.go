// Package glob defines the patterns of the events of packages triggers and pac, for
// branches, tags and files.
package glob

import (
	"regexp"
	"strings"
)

// Regexp returns a regular expression that matches the same texts as a glob:
// * matches any characters except slashes, ** any characters, and ? one character
// except a slash.
func Regexp(glob string) string {
	var b strings.Builder
	b.WriteByte('^')
	for i := 0; i < len(glob); {
		switch {
		case strings.HasPrefix(glob[i:], "**/"):
			b.WriteString("(.*/)?")
			i += 3
		case strings.HasPrefix(glob[i:], "**"):
			b.WriteString(".*")
			i += 2
		case glob[i] == '*':
			b.WriteString("[^/]*")
			i++
		case glob[i] == '?':
			b.WriteString("[^/]")
			i++
		default:
			j := i
			for j < len(glob) && glob[j] != '*' && glob[j] != '?' {
				j++
			}
			b.WriteString(regexp.QuoteMeta(glob[i:j]))
			i = j
		}
	}
	b.WriteByte('$')
	return b.String()
}
