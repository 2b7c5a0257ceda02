package secrets

import (
	"regexp"
	"strings"
	"sync"
)

// part is a document of a text that cannot be read.
type part struct {
	text string
	at   int
}

// documents splits a text at the lines that begin with ---.
func documents(s string) []part {
	var all []part
	begin := 0
	for at := 0; at < len(s); {
		next := at + strings.IndexByte(s[at:], '\n') + 1
		if next == at {
			next = len(s)
		}
		if strings.HasPrefix(s[at:], "---") && at > begin {
			all = append(all, part{s[begin:at], begin})
			begin = at
		}
		at = next
	}
	return append(all, part{s[begin:], begin})
}

// maybe matches a text that may be meant as a Secret.
var maybe = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)\bkind\b.{0,40}secr|stringData|\\[xu]|\bkind\b.{0,40}!`)
})

// field matches a line with a field of a Secret that is not secret.
var field = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\s*)(?:- )?["']?(apiVersion|kind|metadata|name|namespace|labels|type|immutable|data|stringData)["']?\s*:`)
})

// broken hides the lines of a document that cannot be read and may be a Secret, apart
// from its fields that are not secret.
func (p *Parts) broken(text string, start int) {
	if !maybe().MatchString(text) {
		return
	}
	inside, at := false, 0 // inside of data, or of something unknown
	for line := range strings.Lines(text) {
		from, content := at, strings.TrimSpace(line)
		at += len(line)
		if content == "" || content == "---" {
			continue
		}
		name := ""
		if m := field().FindStringSubmatchIndex(line); m != nil && (!inside || m[3] == 0) {
			name = line[m[4]:m[5]]
			from += m[1]
		}
		switch name {
		case "":
			inside = inside || content[0] != '#'
		case "data", "stringData":
			inside = true
		default:
			if inside = false; simple(text[from:at]) {
				continue
			}
		}
		p.add(text, start, from, at)
		for word := range strings.FieldsFuncSeq(text[from:at], isBetween) {
			if len(word) >= short {
				p.value(word)
			}
		}
	}
}

// simple reports whether a value is a single word, such as a name.
func simple(value string) bool {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	return !strings.ContainsAny(value, " \t{[,:&*!|>\"'")
}
