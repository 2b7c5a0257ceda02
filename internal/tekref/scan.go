package tekref

import (
	"iter"
	"strings"
)

// Match is one $(...) of a text.
type Match struct {
	Start, End int    // byte offsets of the whole in the text, from $ to behind )
	Expr       string // what is between the parentheses
	Escaped    bool   // a $ precedes it: Kubernetes reads $$(x) as the literal text $(x)
	Open       bool   // it has no closing parenthesis
}

// String returns the match as it is written in the text.
func (m Match) String() string {
	if m.Open {
		return open + m.Expr
	}
	return Text(m.Expr)
}

// open begins a variable.
const open = "$("

// Text returns the text of the variable with this expression: $(expr).
func Text(expr string) string { return open + expr + ")" }

// Contains reports whether s has a $(, with or without a closing parenthesis.
func Contains(s string) bool { return strings.Contains(s, open) }

// Scan returns the $(...) of s from left to right, found in one pass. Of
// nested ones only the innermost counts, since Tekton substitutes text. Of a
// $( without a closing parenthesis the match ends before the first character
// that no variable has.
//
// Scan reads the texts of Pipelines, Tasks, runs and TriggerTemplates. The
// values of a TriggerBinding follow another rule: see [ScanBinding].
func Scan(s string) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		start := -1
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] == '$' && i+1 < len(s) && s[i+1] == '(':
				if start >= 0 && !yield(openMatch(s, start, i)) {
					return
				}
				start = i
				i++
			case s[i] == ')' && start >= 0:
				if !yield(Match{start, i + 1, s[start+len(open) : i], escaped(s, start), false}) {
					return
				}
				start = -1
			}
		}
		if start >= 0 {
			yield(openMatch(s, start, len(s)))
		}
	}
}

// openMatch returns the match of a $( that is not closed before end.
func openMatch(s string, start, end int) Match {
	expr := s[start+len(open) : end]
	if i := strings.IndexFunc(expr, func(r rune) bool { return !IsNameRune(r) && !strings.ContainsRune(`[]*'"`, r) }); i >= 0 {
		expr = expr[:i]
	}
	if strings.IndexByte(expr, '[') < 0 {
		expr = strings.TrimRight(expr, `'"`) // of the text around it
	}
	return Match{start, start + len(open) + len(expr), expr, escaped(s, start), true}
}

func escaped(s string, start int) bool { return start > 0 && s[start-1] == '$' }

// ScanBinding returns the $(...) in the value of a TriggerBinding, from left to
// right. Tekton Triggers reads them unlike Pipelines: an expression is a
// JSONPath, so parentheses inside it are counted, as in
// $(body.items[?(@.a==1)]), and nothing escapes a $(.
//
// An open match reaches to the next $(, or to the end of the value. Triggers
// refuses the first and leaves the second as it is; see [Match.End].
func ScanBinding(value string) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		for start := strings.Index(value, open); start >= 0; {
			next, limit := strings.Index(value[start+len(open):], open), len(value)
			if next >= 0 {
				next += start + len(open)
				limit = next
			}
			m := Match{Start: start, End: limit, Expr: value[start+len(open) : limit], Open: true}
			if i := closing(m.Expr); i >= 0 {
				m = Match{Start: start, End: start + len(open) + i + 1, Expr: m.Expr[:i]}
			}
			if !yield(m) {
				return
			}
			start = next
		}
	}
}

// closing returns the index of the first parenthesis that closes more than s
// opens, -1 if there is none.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return -1
}

// Replace returns s with each match of [Scan] replaced by what with returns.
func Replace(s string, with func(Match) string) string {
	if !Contains(s) {
		return s
	}
	var b strings.Builder
	from := 0
	for m := range Scan(s) {
		b.WriteString(s[from:m.Start])
		b.WriteString(with(m))
		from = m.End
	}
	b.WriteString(s[from:])
	return b.String()
}

// TemplateParams returns the names in the $(tt.params.NAME) of s, each once,
// in the order of first use. The text is often the JSON of a resource template.
func TemplateParams(s string) []string {
	if !strings.Contains(s, open+TemplatePrefix) {
		return nil // the usual case, and JSON is long
	}
	var names []string
	seen := map[string]bool{}
	for m := range Scan(s) {
		if name, ok := strings.CutPrefix(m.Expr, TemplatePrefix); ok && !m.Open && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// IsNameRune reports whether a name in a variable may have r.
func IsNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
}

// IsName reports whether s is not empty and has only runes of names.
func IsName(s string) bool {
	for _, r := range s {
		if !IsNameRune(r) {
			return false
		}
	}
	return s != ""
}
