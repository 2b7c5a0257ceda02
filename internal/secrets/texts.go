package secrets

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// address matches the password in a URL, or a long user without one, which is a token.
var address = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://(?:[^\s/?#"':]*:([^\s/?#"'$({@]+(?:@[^\s/?#"'$({@]+)*)|([A-Za-z0-9_-]{20,}))@`)
})

// assigned matches a name with a value behind an equals sign, as in scripts and in queries
// of URLs, an option with a value behind a space, and a header.
var assigned = sync.OnceValue(func() *regexp.Regexp {
	const names = `password|passwd|passphrase|token|api[_-]?key|access[_-]?key|private[_-]key|secret[_-]key|credentials`
	return regexp.MustCompile(`(?i)(?:^|[^\w.-])-{0,2}([\w.-]*(?:` + names + `))=["']?([^\s"'&;|)$` + "`" + `\\]+)` +
		`|\\?["']([\w.-]*(?:` + names + `))\\?["']\s*:\s*\\?["']([^\s"'$` + "`" + `\\]+)` +
		`|--((?:\w+-)*(?:password|passphrase|token|oauth2-bearer))[ \t]+["']?([^\s"'&;|)$` + "`" + `\\-][^\s"'&;|)$` + "`" + `\\]*)` +
		`|["'=](authorization|[\w-]+-token|x-api-key):[ \t]*(?:(?:bearer|basic|token)[ \t]+)?([^\s"'&;|)$` + "`" + `\\{},\]]+)`)
})

// literal matches the value of an option of kubectl create secret.
var literal = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`--from-literal(?:=|[ \t]+)["']?[^\s="']+=["']?([^\s"'&;|)$` + "`" + `\\]+)`)
})

// texts hides the passwords in URLs, and values that are assigned to names of secrets.
func (p *Parts) texts(text string, start int) {
	p.addresses(text, start)
	if strings.Contains(text, "create secret") {
		for _, at := range literal().FindAllStringSubmatchIndex(text, -1) {
			p.add(text, start, at[2], at[3])
			p.value(text[at[2]:at[3]])
		}
	}
	for from, to := range passages(text) {
		part := text[from:to]
		for _, at := range assigned().FindAllStringSubmatchIndex(part, -1) {
			for i := 2; i < len(at); i += 4 {
				if at[i] >= 0 {
					// Words that messages may have, too, are no values there.
					if value := part[at[i+2]:at[i+3]]; len(value) >= short && Valued(part[at[i]:at[i+1]], value) && !isScheme(value) {
						p.add(text, start, from+at[i+2], from+at[i+3])
					}
				}
			}
		}
	}
}

// passages returns the lines of a text that have a name that assigned may match, each
// with the two lines after it, where the value may be. The expression is slow, and few
// lines have one.
func passages(text string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from, at, more := 0, 0, 0
		for line := range strings.Lines(text) {
			switch {
			case hasName(line):
				if more == 0 {
					from = at
				}
				more = 3
			case more == 0:
				at += len(line)
				continue
			}
			at += len(line)
			if more--; more == 0 && !yield(from, at) {
				return
			}
		}
		if more > 0 {
			yield(from, at)
		}
	}
}

// nameWords has the words in the names that assigned matches, by their first letters.
var nameWords = map[byte][]string{
	'p': {"password", "passwd", "passphrase", "private_key", "private-key"},
	't': {"token"},
	'a': {"apikey", "api_key", "api-key", "accesskey", "access_key", "access-key", "authorization"},
	's': {"secret_key", "secret-key"},
	'c': {"credentials"},
	'o': {"oauth2-bearer"},
}

// hasName reports whether a line has a name that assigned may match.
func hasName(line string) bool {
	for i := range len(line) {
		switch c := line[i] | 0x20; c {
		case 'p', 't', 'a', 's', 'c', 'o':
			for _, w := range nameWords[c] {
				if len(line)-i >= len(w) && strings.EqualFold(line[i:i+len(w)], w) {
					return true
				}
			}
		}
	}
	return false
}

// isScheme reports whether a text is the first word of the header Authorization.
func isScheme(s string) bool {
	return strings.EqualFold(s, "bearer") || strings.EqualFold(s, "basic") || strings.EqualFold(s, "token")
}

// addresses hides the passwords in URLs.
func (p *Parts) addresses(text string, start int) {
	if !strings.Contains(text, "://") || !strings.Contains(text, "@") {
		return
	}
	for _, at := range address().FindAllStringSubmatchIndex(text, -1) {
		from, to := max(at[2], at[4]), max(at[3], at[5])
		p.Ranges = append(p.Ranges, [2]int{start + from, start + to})
		p.value(text[from:to])
	}
}

// Addresses returns a text without the passwords in its URLs.
func Addresses(text string) string {
	var p Parts
	p.addresses(text, 0)
	for _, r := range slices.Backward(p.Ranges) {
		text = text[:r[0]] + Hidden + text[r[1]:]
	}
	return text
}
