package simulate

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// candidates calls try for values of symbols with which the expression may be decided
// otherwise.
func (w When) candidates(try func(symbol string, value any)) {
	if w.CEL == "" {
		for _, v := range w.Values {
			solve(w.Input, v, try)
			solve(v, w.Input, try)
		}
		return
	}
	literals := celLiterals(w.CEL)
	for _, text := range literals {
		if !IsSymbol(text) {
			continue
		}
		for _, other := range literals {
			if IsSymbol(other) {
				if other != text {
					solve(text, other, try)
				}
				continue
			}
			solve(text, other, try)
			if match, ok := example(other); ok {
				solve(text, match, try)
			}
		}
		solve(text, "", try)
	}
}

// solve calls try with the value of the one symbol in the text with which this equals the
// other text.
func solve(text, other string, try func(symbol string, value any)) {
	at := symbol.FindAllStringIndex(text, -1)
	if len(at) != 1 || text == other {
		return
	}
	before, after := text[:at[0][0]], text[at[0][1]:]
	if len(other) >= len(before)+len(after) && strings.HasPrefix(other, before) && strings.HasSuffix(other, after) {
		try(text[at[0][0]:at[0][1]], other[len(before):len(other)-len(after)])
	}
}

var literal = regexp.MustCompile(`'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"`)

// celLiterals are the texts in quotes, each once.
func celLiterals(cel string) (out []string) {
	seen := map[string]bool{}
	for _, m := range literal.FindAllStringSubmatch(cel, -1) {
		text := m[1] + m[2]
		if !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return out
}

// example returns a text that the regular expression matches, if the text is one that is
// more than a text.
func example(pattern string) (string, bool) {
	if regexp.QuoteMeta(pattern) == pattern {
		return "", false
	}
	expr, err := syntax.Parse(strings.ReplaceAll(pattern, `\\`, `\`), syntax.Perl)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	if !write(&b, expr, 0) {
		return "", false
	}
	compiled, err := regexp.Compile(strings.ReplaceAll(pattern, `\\`, `\`))
	return b.String(), err == nil && compiled.MatchString(b.String())
}

// write writes a short text that the expression matches.
func write(b *strings.Builder, e *syntax.Regexp, depth int) bool {
	if depth > 50 || b.Len() > 1000 {
		return false
	}
	switch e.Op {
	case syntax.OpLiteral:
		b.WriteString(string(e.Rune))
	case syntax.OpCharClass:
		if len(e.Rune) == 0 {
			return false
		}
		r := e.Rune[0]
		for i := 0; i+1 < len(e.Rune); i += 2 { // rather a letter than a control character
			if e.Rune[i] <= 'a' && 'a' <= e.Rune[i+1] {
				r = 'a'
			}
		}
		b.WriteRune(r)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpCapture, syntax.OpPlus:
		return write(b, e.Sub[0], depth+1)
	case syntax.OpRepeat:
		for range e.Min {
			if !write(b, e.Sub[0], depth+1) {
				return false
			}
		}
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			if !write(b, sub, depth+1) {
				return false
			}
		}
	case syntax.OpAlternate:
		return write(b, e.Sub[0], depth+1)
	case syntax.OpNoMatch:
		return false
	}
	return true // the empty text
}
