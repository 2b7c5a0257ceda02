package printable

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// sequence matches escape sequences of terminals: CSI, OSC and other strings with
// their ends, and short ones. A sequence that does not end in the line matches
// nothing; its first character is escaped.
var sequence = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]" +
		"|(?:\x1b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)" +
		"|\x1b[ -/]*[0-Z\\\\`-~]")
})

// color matches a sequence at the beginning of a text that sets colors and other
// attributes of text.
var color = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\x1b\[[0-9;:]{0,32}m`) })

const longestColor = 35

const reset = "\x1b[0m"

// Log returns a line of a log. Escape sequences, which many programs write, are left
// out. If colors is set, those that set colors are kept, and the line ends with a
// reset. Other characters that are not shown are escaped, except tabs.
func Log(line string, colors bool) Safe {
	if plain(line) {
		return Safe(line)
	}
	line = strings.TrimRight(line, "\r\n")
	shown := func(s string) string {
		return escaped(s, func(r rune) (string, bool) { return "\t", r == '\t' })
	}
	text := shown(sequence().ReplaceAllString(line, ""))
	if made := harmless(text); !colors || made != text {
		return Safe(made)
	}
	var b strings.Builder
	colored, last := false, 0
	for _, at := range sequence().FindAllStringIndex(line, -1) {
		b.WriteString(shown(line[last:at[0]]))
		last = at[1]
		if s := line[at[0]:at[1]]; color().MatchString(s) {
			b.WriteString(s)
			colored = s != reset && s != "\x1b[m"
		}
	}
	b.WriteString(shown(line[last:]))
	if colored {
		b.WriteString(reset)
	}
	return Safe(b.String())
}

// Fold splits a line of [Log] into lines of at most width characters, not counting
// sequences.
func Fold(line Safe, width int) []Safe {
	if width < 1 {
		return []Safe{line}
	}
	var all []Safe
	rest, start, n := string(line), 0, 0
	for i := 0; i < len(rest); {
		if rest[i] == '\x1b' {
			if at := color().FindStringIndex(rest[i:min(len(rest), i+longestColor)]); at != nil {
				i += at[1]
				continue
			}
		}
		_, size := utf8.DecodeRuneInString(rest[i:])
		if n == width {
			all = append(all, Safe(rest[start:i]))
			start, n = i, 0
		}
		n++
		i += size
	}
	return append(all, Safe(rest[start:]))
}
