package secrets

import (
	"regexp"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/suggest"
)

// part is a document of a text that cannot be read.
type part struct {
	text string
	at   int
}

// documents splits a text at the lines that end documents. A key in PEM also begins with
// dashes.
func documents(s string) []part {
	var all []part
	begin := 0
	for at := 0; at < len(s); {
		next := at + strings.IndexByte(s[at:], '\n') + 1
		if next == at {
			next = len(s)
		}
		if isMarker(s[at:]) && at > begin {
			all = append(all, part{s[begin:at], begin})
			begin = at
		}
		at = next
	}
	return append(all, part{s[begin:], begin})
}

// isMarker reports whether a text begins with --- as a separate word.
func isMarker(s string) bool {
	rest, ok := strings.CutPrefix(s, "---")
	return ok && (rest == "" || isSpace(rest[0]))
}

// onlyComments reports whether a document has no content.
func onlyComments(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line != "---" && line != "..." {
			return false
		}
	}
	return true
}

// maybe matches a text that may be meant as a Secret.
var maybe = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)\bkind\b["']?\s*:?\s*(?:#[^\n]*\s*)*(?:[&!]\S*\s+)*["']?\w*secr|stringData|\\[xu]|\bkind\b.{0,40}!|\bkind["']?\s*:\s*\*`)
})

// kind matches a kind, and data the data of a Secret or a ConfigMap.
var (
	kind = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bkind["']?\s*:\s*["']?(\w+)`) })
	data = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)(?:^[\s-]*|[{,]\s*)["']?data["']?\s*:`) })
)

// maybeSecret reports whether a text that cannot be read may be meant as a Secret. It may
// be if its kind is misspelled, or it has data and no kind.
func maybeSecret(text string) bool {
	// The expressions are slow, and few texts have what they look for.
	kinds := kinds().find(text, func(int, int) bool { return true })
	if !kinds && !escaped(text) && !datas().find(text, func(int, int) bool { return true }) {
		return false
	}
	if maybe().MatchString(text) {
		return true
	}
	named := false
	for rest := text; kinds; {
		k := kind().FindStringSubmatchIndex(rest)
		if k == nil {
			break
		}
		if named = true; suggest.Name(rest[k[2]:k[3]], []string{"Secret"}) != "" {
			return true
		}
		rest = rest[k[1]:]
	}
	return !named && data().MatchString(text)
}

// datas finds the names of the data of a Secret.
var datas = sync.OnceValue(func() *words { return newWords("data", "stringdata") })

// setting matches a variable or a param with a value.
var setting = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\bname["']?\s*:\s*["']?([\w.-]+)["']?\s*,?\s*["']?(?:value|default)["']?\s*:[ \t]*([^\n]+)`)
})

// settings hides variables and params that are named like a secret in a text that cannot be
// read.
func (p *Parts) settings(text string, start int) {
	p.lines(text, start)
	if !strings.Contains(text, "name") {
		return
	}
	for _, at := range setting().FindAllStringSubmatchIndex(text, -1) {
		value := text[at[4]:at[5]]
		bare := strings.Trim(value, " \t\r\"'*&|>{}[],")
		if sounds(text[at[2]:at[3]], bare, variableName) && Valued(text[at[2]:at[3]], bare) {
			p.add(text, start, at[4], at[5])
			p.value(bare)
		}
	}
}

// lines hides the values of lines NAME: VALUE in a text that cannot be read, if the name
// sounds like a secret, and the lines of their block scalars.
func (p *Parts) lines(text string, start int) {
	inside, at := -1, 0 // the indentation of the line before a block scalar
	for line := range strings.Lines(text) {
		from, content := at, strings.TrimLeft(line, " \t-")
		at += len(line)
		indent := len(line) - len(content)
		if inside >= 0 && indent > inside && content != "" {
			p.loose(text, start, from+indent, at)
			continue
		}
		inside = -1
		end := strings.IndexByte(content, ':')
		if end <= 0 || end > longestName || end+1 < len(content) && !isSpace(content[end+1]) || !hasSecretWord(content[:end]) {
			continue
		}
		name, value := strings.Trim(content[:end], "\"' "), strings.TrimSpace(content[end+1:])
		if value == "" || strings.Trim(name, nameLetters) != "" {
			continue
		}
		bare := strings.Trim(value, "\"'*&|>!{}[], ")
		switch {
		case value[0] == '|' || value[0] == '>':
			if sounds(name, "", fieldName) {
				inside = indent
			}
		case len(bare) >= short && value[0] != '{' && sounds(name, bare, fieldName) && Valued(name, bare):
			p.loose(text, start, from+indent+end+1, at)
		}
	}
}

// loose hides a part of a text, and adds its words.
func (p *Parts) loose(text string, start, from, to int) {
	p.add(text, start, from, to)
	for word := range strings.FieldsFuncSeq(text[from:to], isBetween) {
		if len(word) >= short {
			p.value(word)
		}
	}
}

// more has the fields of a Secret that are not at its top level.
var more = map[string]bool{"name": true, "namespace": true, "labels": true}

// field matches a line with a field of a Secret that is not secret.
var field = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\s*)(?:- )?["']?(apiVersion|kind|metadata|name|namespace|labels|type|immutable|data|stringData)["']?\s*:`)
})

// broken hides the lines of a document that cannot be read and may be a Secret, apart
// from its fields that are not secret.
func (p *Parts) broken(text string, start int) {
	inside, at := false, 0 // inside of data, or of something unknown
	for line := range strings.Lines(text) {
		from, content := at, strings.TrimSpace(line)
		at += len(line)
		if content == "" || content == "---" {
			continue
		}
		name := ""
		if m := field().FindStringSubmatchIndex(line); m != nil && (!inside || m[3] == 0 && !more[line[m[4]:m[5]]]) {
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
		p.loose(text, start, from, at)
	}
}

// simple reports whether a value is a single word, such as a name.
func simple(value string) bool {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	return !strings.ContainsAny(value, " \t{[,:&*!|>\"'")
}
