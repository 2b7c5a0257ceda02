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
	p.assignments(text, start)
	for from, to := range passages(text) {
		if p.ended() {
			return
		}
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
		from, end, to := 0, 0, 0 // the end of the last line with a name, and of the second one after it
		stopped := names().find(text, func(at, after int) bool {
			if at < end || !isAssigned(text, at, after) {
				return false
			}
			start := end + strings.LastIndexByte(text[end:at], '\n') + 1
			if start > to || to == 0 || to-from > passage {
				if to > 0 && !yield(from, to) {
					return true
				}
				from = start
			}
			end = nextLine(text, at)
			to = nextLine(text, nextLine(text, end))
			return false
		})
		if !stopped && to > 0 {
			yield(from, to)
		}
	}
}

// passage is the size from which a passage is not made longer, so that a search can end
// between two of them. The next one may repeat the last two lines.
const passage = 16 << 10

// nextLine returns the beginning of the line after an offset.
func nextLine(s string, at int) int {
	if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(s)
}

// names finds the words in the names that assigned matches.
var names = sync.OnceValue(func() *words {
	return newWords("password", "passwd", "passphrase", "token", "apikey", "api_key", "api-key", "accesskey", "access_key", "access-key",
		"private_key", "private-key", "secret_key", "secret-key", "credentials", "authorization", "oauth2-bearer")
})

// isAssigned reports whether a value may follow a word of [names], as assigned matches
// it.
func isAssigned(text string, from, to int) bool {
	if to == len(text) {
		return false
	}
	switch text[to] {
	case '=':
		return begins(unquote(text[to+1:]), blanks+"\"'&;|)$`\\")
	case '"', '\'', '\\': // a key of JSON, which may itself be in quotes
		key := strings.TrimPrefix(text[to:], `\`)
		if rest := unquote(key); rest != key {
			rest, ok := strings.CutPrefix(strings.TrimLeft(rest, blanks), ":")
			value := strings.TrimPrefix(strings.TrimLeft(rest, blanks), `\`)
			return ok && unquote(value) != value && begins(unquote(value), blanks+"\"'$`\\")
		}
		return false
	case ' ', '\t', ':':
	default:
		return false
	}
	begin := from
	for begin > 0 && from-begin < longName && (isLetter(text, begin-1) || text[begin-1] == '-') {
		begin--
	}
	if text[to] == ':' { // a header
		return begin == 0 || from-begin == longName || strings.IndexByte(`"'=`, text[begin-1]) >= 0
	}
	return from-begin == longName || strings.Contains(text[begin:from], "--") // an option
}

// blanks are the characters that \s matches in an expression.
const blanks = " \t\r\n\f"

// unquote returns a text without a quote at its beginning.
func unquote(s string) string {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		return s[1:]
	}
	return s
}

// begins reports whether a text begins with a character other than some.
func begins(s, others string) bool { return s != "" && strings.IndexByte(others, s[0]) < 0 }

// longName is the length of a name up to which its beginning is looked at.
const longName = 64

// isScheme reports whether a text is the first word of the header Authorization.
func isScheme(s string) bool {
	return strings.EqualFold(s, "bearer") || strings.EqualFold(s, "basic") || strings.EqualFold(s, "token")
}

// addresses hides the passwords in URLs.
func (p *Parts) addresses(text string, start int) {
	for _, r := range passwords(text) {
		p.Ranges = append(p.Ranges, [2]int{start + r[0], start + r[1]})
		p.value(text[r[0]:r[1]])
	}
}

// passwords returns the ranges of the passwords in the URLs of a text.
func passwords(text string) [][2]int {
	var all [][2]int
	for at := 0; ; {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			return all
		}
		from := at + i
		at = from + len("://")
		end := len(text)
		if n := strings.IndexAny(text[at:], " \t\n\r\f\v/?#\"'"); n >= 0 {
			end = at + n
		}
		if strings.IndexByte(text[at:end], '@') < 0 {
			continue
		}
		for from > 0 && (isLetter(text, from-1) && text[from-1] != '_' || strings.IndexByte("+.-", text[from-1]) >= 0) {
			from--
		}
		for _, m := range address().FindAllStringSubmatchIndex(text[from:end], -1) {
			all = append(all, [2]int{from + max(m[2], m[4]), from + max(m[3], m[5])})
		}
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
