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

// maybeSecret reports whether a text that cannot be read may be meant as a Secret. It may
// be if its kind is misspelled or hidden, or it has data and no kind.
func maybeSecret(text string) bool {
	for _, escape := range []string{`\x`, `\u`, `\X`, `\U`} {
		if strings.Contains(text, escape) {
			return true
		}
	}
	named, data, end := false, false, 0 // the end of the last comments
	known := map[string]bool{}
	return broken().find(text, func(from, to int) bool {
		switch word := text[from:to]; {
		case len(word) > len("kind"):
			return true // stringData
		case word == "data":
			data = data || isField(text, from, to)
			return false
		case !strings.EqualFold(word, "kind") || isLetter(text, from-1) || isLetter(text, to):
			return false
		}
		if i := strings.IndexByte(text[to:min(len(text), to+near)], '!'); i >= 0 {
			return true // a tag
		}
		rest := strings.TrimLeft(unquote(text[to:]), blanks)
		value, isKind := strings.CutPrefix(rest, ":")
		value = strings.TrimLeft(value, blanks)
		if isKind && strings.HasPrefix(value, "*") {
			return true // an alias
		}
		if word := wordOf(unquote(value)); isKind && text[from:to] == "kind" && word != "" {
			if named = true; !known[word] && suggest.Name(word, []string{"Secret"}) != "" {
				return true
			}
			known[word] = true
		}
		if strings.HasPrefix(value, "#") {
			if at := len(text) - len(value); end < at {
				end = afterComments(text, at)
			}
			value = text[end:]
		}
		for range near {
			if !strings.HasPrefix(value, "&") {
				break
			}
			i := strings.IndexAny(value, blanks)
			if i < 0 {
				return false
			}
			value = strings.TrimLeft(value[i:], blanks)
		}
		return strings.HasPrefix(value, "&") || strings.Contains(strings.ToLower(wordOf(unquote(value))), "secr")
	}) || !named && data
}

// near is the number of bytes behind a kind in which a tag may be, and the number of its
// anchors.
const near = 42

// broken finds the words of a Secret in a text that cannot be read.
var broken = sync.OnceValue(func() *words { return newWords("kind", "data", "stringdata") })

// isField reports whether a word is a field of a map.
func isField(text string, from, to int) bool {
	if !strings.HasPrefix(strings.TrimLeft(unquote(text[to:]), blanks), ":") {
		return false
	}
	if from > 0 && (text[from-1] == '"' || text[from-1] == '\'') {
		from--
	}
	for from > 0 && strings.IndexByte(" \t\r-", text[from-1]) >= 0 {
		from--
	}
	return from == 0 || strings.IndexByte("\n{,", text[from-1]) >= 0
}

// wordOf returns the word at the beginning of a text. A long one is no kind.
func wordOf(s string) string {
	for i := range min(len(s), longestName) {
		if !isLetter(s, i) {
			return s[:i]
		}
	}
	return s[:min(len(s), longestName)]
}

// afterComments returns the offset of what follows comments.
func afterComments(text string, at int) int {
	for at < len(text) && text[at] == '#' {
		at = nextLine(text, at)
		for at < len(text) && strings.IndexByte(blanks, text[at]) >= 0 {
			at++
		}
	}
	return at
}

// kind matches a kind.
var kind = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bkind["']?\s*:\s*["']?(\w+)`) })

// setting matches a variable or a param with a value.
var setting = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^name["']?\s*:\s*["']?([\w.-]+)["']?\s*,?\s*["']?(?:value|default)["']?\s*:[ \t]*([^\n]+)`)
})

// eachSetting calls visit for each variable or param with a value whose name may sound like a
// secret, with the offsets of the name and of the value, until it returns false.
func eachSetting(text string, visit func(name, value [2]int) bool) {
	last := 0
	nameWords().find(text, func(from, to int) bool {
		if from < last || text[from:to] != "name" || isLetter(text, from-1) {
			return false
		}
		rest := strings.TrimLeft(unquote(text[to:]), blanks)
		if rest == "" || rest[0] != ':' {
			return false
		}
		rest = unquote(strings.TrimLeft(rest[1:], blanks))
		if end := strings.IndexFunc(rest, func(r rune) bool { return r >= 0x80 || !inName(byte(r)) }); end <= 0 || end > longestName || !hasSecretWord(rest[:end]) {
			return false
		}
		at := setting().FindStringSubmatchIndex(text[from:])
		if at == nil {
			return false
		}
		last = from + at[1]
		return !visit([2]int{from + at[2], from + at[3]}, [2]int{from + at[4], from + at[5]})
	})
}

var nameWords = sync.OnceValue(func() *words { return newWords("name") })

// settings hides variables and params that are named like a secret in a text that cannot be
// read.
func (p *Parts) settings(text string, start int) {
	p.lines(text, start)
	eachSetting(text, func(name, value [2]int) bool {
		bare := strings.Trim(text[value[0]:value[1]], " \t\r\"'*&|>{}[],")
		if name := text[name[0]:name[1]]; sounds(name, bare, variableName) && Valued(name, bare) {
			p.add(text, start, value[0], value[1])
			p.value(bare)
		}
		return !p.ended()
	})
}

// lines hides the values of lines NAME: VALUE in a text that cannot be read, if the name
// sounds like a secret, and the lines of their block scalars.
func (p *Parts) lines(text string, start int) {
	inside, at := -1, 0 // the indentation of the line before a block scalar
	for line := range strings.Lines(text) {
		if p.ended() {
			return
		}
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
		if value == "" || !allInName(name) {
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
		if p.ended() {
			return
		}
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
