// Package secrets finds the parts of manifests that must not be shown: the values of
// Secrets, and what looks like a password elsewhere.
package secrets

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// Hidden is the text that is shown instead of a value.
const Hidden = "***"

// Parts are the secret parts of a text.
type Parts struct {
	// Ranges are pairs of offsets in the text, sorted and apart.
	Ranges [][2]int
	// Values are the values there, as a message may repeat them.
	Values []string

	secrets []string        // the values of Secrets among them
	keys    map[string]bool // the keys of Secrets, which are shown
	stop    func() bool     // whether to end early; nil if not
}

// Clone returns a copy that does not refer to the text.
func (p Parts) Clone() Parts {
	return Parts{Ranges: p.Ranges, Values: cloned(p.Values), secrets: cloned(p.secrets)}
}

func cloned(texts []string) []string {
	texts = slices.Clone(texts)
	for i := range texts {
		texts[i] = strings.Clone(texts[i])
	}
	return texts
}

// ended reports whether the search has to end early.
func (p *Parts) ended() bool { return p.stop != nil && p.stop() }

// In returns the secret parts of a stream of YAML or JSON. Of a document that cannot be
// read and may be a Secret, almost everything is secret.
func In(stream string) Parts { return in(stream, nil) }

// in is like [In], but may end early.
func in(stream string, stop func() bool) Parts {
	r := NewReader(stream)
	r.Until(stop)
	for d := range yamlread.Documents(stream) {
		r.Document(d)
	}
	return r.Parts()
}

// gap adds what is between two documents that can be read. It returns whether what is
// before it, or its last document, may be a Secret. What follows and is no object may belong
// to a value of it, inside of which is a line that separates documents.
func (p *Parts) gap(stream string, from, to int, secret bool) bool {
	if strings.TrimSpace(stream[from:max(from, to)]) == "" {
		return secret
	}
	for _, d := range documents(stream[from:max(from, to)]) {
		if p.ended() {
			return true
		}
		if onlyComments(d.text) && !strings.Contains(d.text, "stringData") {
			p.texts(d.text, from+d.at)
			continue
		}
		if secret = maybeSecret(d.text) || secret && !kind().MatchString(d.text); secret {
			p.broken(d.text, from+d.at)
		}
		p.settings(d.text, from+d.at)
		p.texts(d.text, from+d.at)
	}
	return secret
}

// isObject reports whether a document is meant as an object.
func isObject(n *yamlread.Node) bool { return n.Index("kind") >= 0 || n.Index("apiVersion") >= 0 }

// OfObject returns the values of an object if it is a Secret. They are sorted as in
// [Parts].
func OfObject(object map[string]any) []string {
	if kind, _ := object["kind"].(string); !strings.EqualFold(kind, "Secret") {
		return nil
	}
	var p Parts
	for _, field := range []string{"data", "stringData"} {
		p.any(object[field])
	}
	p.settle("")
	return p.Values
}

// OfSecret returns the values of a Secret, sorted as in [Parts].
func OfSecret(data map[string][]byte, text map[string]string) []string {
	var p Parts
	for k, v := range data {
		p.key(k)
		p.value(string(v))
		p.value(base64.StdEncoding.EncodeToString(v))
	}
	for k, v := range text {
		p.key(k)
		p.value(v)
	}
	p.settle("")
	return p.Values
}

// key adds a key of a Secret. A value that repeats one is no value in messages, where it
// would hide the key.
func (p *Parts) key(name string) {
	if p.keys == nil {
		p.keys = map[string]bool{}
	}
	p.keys[name] = true
}

// any adds the values in a value of JSON.
func (p *Parts) any(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			p.key(key)
			p.any(item)
		}
	case []any:
		for _, item := range v {
			p.any(item)
		}
	case string:
		p.encoded(v)
	case nil:
	default:
		p.value(fmt.Sprint(v))
	}
}

// encoded adds a value that may be base64.
func (p *Parts) encoded(text string) {
	p.value(text)
	if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil && len(decoded) >= short {
		p.value(string(decoded))
	}
}

// join sorts and joins the ranges.
func (p *Parts) join() {
	slices.SortFunc(p.Ranges, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	joined := p.Ranges[:0]
	for _, r := range p.Ranges {
		if n := len(joined); n > 0 && r[0] <= joined[n-1][1] {
			joined[n-1][1] = max(joined[n-1][1], r[1])
			continue
		}
		joined = append(joined, r)
	}
	p.Ranges = joined
}

// settle sorts and joins the ranges, and sorts the values, longest first. A message may
// repeat a part of a value, so the words that no language has are values, too.
func (p *Parts) settle(text string) {
	p.join()
	for _, r := range p.Ranges {
		for line := range strings.Lines(text[r[0]:r[1]]) {
			if p.ended() {
				return
			}
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue // a comment, which no message repeats
			}
			for word := range strings.FieldsFuncSeq(line, isBetween) {
				if len(word) >= short && strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) && !isVariable(word) {
					p.Values = append(p.Values, word)
				}
			}
		}
	}
	if len(p.keys) > 0 {
		p.Values = slices.DeleteFunc(p.Values, func(v string) bool { return p.keys[v] })
	}
	slices.SortFunc(p.Values, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	p.Values = slices.Compact(p.Values)
}

// isBetween reports whether r separates words.
func isBetween(r rune) bool {
	return unicode.IsSpace(r) || r == utf8.RuneError || strings.ContainsRune(`:,{}[]"'*&!|>`, r)
}

// add adds a range without the white space around it.
func (p *Parts) add(text string, start, from, to int) {
	for from < to && isSpace(text[from]) {
		from++
	}
	for to > from && isSpace(text[to-1]) {
		to--
	}
	if from < to && !isVariable(strings.Trim(text[from:to], " \t\r\n:{}[],\"'")) {
		p.Ranges = append(p.Ranges, [2]int{start + from, start + to})
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// value adds a value, in all forms in which a message may have it.
func (p *Parts) value(text string) {
	if isVariable(text) {
		return // Tekton puts the value in its place
	}
	last := ""
	for _, form := range [...]string{text, strings.TrimSpace(text), unquoted(text)} {
		if form != "" && form != last {
			p.Values = append(p.Values, form)
			last = form
		}
	}
	if strings.Contains(text, "\n") {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) >= short {
				p.Values = append(p.Values, line)
				if q := unquoted(line); q != line {
					p.Values = append(p.Values, q)
				}
			}
		}
	}
}

// isVariable reports whether a text is one variable of Tekton and nothing else.
func isVariable(text string) bool {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "$(") {
		return false // without reading a text as long as a file
	}
	for m := range tekref.Scan(text) {
		v := tekref.Parse(m.Expr)
		return !m.Open && m.Start == 0 && m.End == len(text) && v.Kind != tekref.None && v.Fault == ""
	}
	return false
}

// unquoted returns a text as it is between the quotes of a message.
func unquoted(text string) string {
	if isPlain(text) {
		return text // most are, and some are as long as a file
	}
	q := strconv.Quote(text)
	return q[1 : len(q)-1]
}

// isPlain reports whether a text is the same between quotes.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// short is the length below which a value is likely to be a part of other words.
const short = 4

// Text returns a stream with [Hidden] instead of its secret parts. Lines remain lines.
func Text(stream string) string {
	p := In(stream)
	var b strings.Builder
	last := 0
	for _, r := range p.Ranges {
		b.WriteString(stream[last:r[0]])
		for i, line := range strings.Split(stream[r[0]:r[1]], "\n") {
			content := strings.TrimLeft(line, " \t")
			if i > 0 {
				b.WriteString("\n" + line[:len(line)-len(content)])
			}
			if content != "" {
				b.WriteString(Hidden)
			}
		}
		last = r[1]
	}
	return b.String() + stream[last:]
}

// suspicious reports whether a text may have a secret. Most have none, and need not be
// searched.
func suspicious(s string) bool {
	return escaped(s) || len(passwords(s)) > 0 || suspect().find(s, func(from, to int) bool {
		switch s[to-1] | 0x20 {
		case 'y': // key, but also apikey and access_key
			return to-from > len("_key") || !isLetter(s, to)
		case 'a': // data, but also stringData
			return to-from > len("data") || !isLetter(s, to)
		case 'l', 's': // curl, sshpass
			return !isLetter(s, from-1) && !isLetter(s, to)
		case 'n': // login, but also token and authorization
			return !strings.EqualFold(s[from:to], "login") || !isLetter(s, from-1) && !isLetter(s, to)
		}
		return true
	}) || passes(s)
}

var suspect = sync.OnceValue(func() *words {
	return newWords("secr", "stringdata", "password", "passwd", "passphrase", "token", "credentials", "apikey", "_key", ".key", "-key",
		"accesskey", "access_key", "authorization", "login", "curl", "sshpass", "!binary", "data")
})

// escaped reports whether a text has an escape that may hide a word: a character by its
// number, or the end of a line.
func escaped(s string) bool {
	for {
		_, after, ok := strings.Cut(s, `\`)
		if !ok || after == "" {
			return false
		}
		if strings.IndexByte("xu\r\n", after[0]) >= 0 {
			return true
		}
		s = after
	}
}
