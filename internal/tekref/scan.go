package tekref

import (
	"iter"
	"strings"
)

// Match is a $(...) in a text.
type Match struct {
	Start, End int    // byte offsets in the text: of the $, and after the )
	Expr       string // what is between the parentheses
	Escaped    bool   // a $ precedes it: Kubernetes reads $$(x) as the literal text $(x)
	Open       bool   // it has no closing parenthesis
}

// String returns the matched text.
func (m Match) String() string {
	if m.Open {
		return open + m.Expr
	}
	return Text(m.Expr)
}

// open is the beginning of a variable.
const open = "$("

// Text returns $(expr).
func Text(expr string) string { return open + expr + ")" }

// Contains reports whether s contains $(, with or without a closing parenthesis.
func Contains(s string) bool { return strings.Contains(s, open) }

// Scan returns an iterator over the $(...) in s, from left to right. If they are
// nested, only the innermost one is closed, because Tekton substitutes text. The match
// of a $( without a closing parenthesis ends before the first character that cannot be
// in a variable.
//
// Scan is for Pipelines, Tasks, runs and TriggerTemplates. For the values of
// TriggerBindings, use [ScanBinding].
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
		expr = strings.TrimRight(expr, `'"`) // these belong to the surrounding text
	}
	return Match{start, start + len(open) + len(expr), expr, escaped(s, start), true}
}

func escaped(s string, start int) bool { return start > 0 && s[start-1] == '$' }

// ScanBinding returns an iterator over the $(...) in the value of a TriggerBinding,
// from left to right. Unlike Tekton Pipelines, Tekton Triggers expects a JSONPath,
// which may contain pairs of parentheses, as in $(body.items[?(@.a==1)]). A $( cannot
// be escaped.
//
// An open match ends before the next $( or at the end of the value; see [Match.End].
// Triggers rejects the former and does not replace the latter.
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

// closing returns the index of the first closing parenthesis in s without an opening
// one, or -1 if there is none.
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

// Replace returns s with each match of [Scan] replaced by the result of replacement.
func Replace(s string, replacement func(Match) string) string {
	if !Contains(s) {
		return s
	}
	var b strings.Builder
	from := 0
	for m := range Scan(s) {
		b.WriteString(s[from:m.Start])
		b.WriteString(replacement(m))
		from = m.End
	}
	b.WriteString(s[from:])
	return b.String()
}

// TemplateParams returns the names in each $(tt.params.NAME) in s, without duplicates
// and in the order of their first use. Often s is the JSON of a resource template.
func TemplateParams(s string) []string {
	if !strings.Contains(s, open+TemplatePrefix) {
		return nil // the common case; s may be long
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

// IsNameRune reports whether a name in a variable may contain r.
func IsNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
}

// IsName reports whether s is not empty and consists of runes that names may contain.
func IsName(s string) bool {
	for _, r := range s {
		if !IsNameRune(r) {
			return false
		}
	}
	return s != ""
}
