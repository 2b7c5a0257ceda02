package check

import "strings"

// match is one $(...) of a text.
type match struct {
	start, end int    // of the whole, in the text
	expr       string // between the parentheses
	escaped    bool   // it follows a $: Kubernetes takes $$(x) for a literal $(x)
	open       bool   // its parenthesis is never closed
}

// scan calls yield for each $(...) of s from left to right, in one pass. Of
// nested ones only the innermost counts, since substitution is textual.
func scan(s string, yield func(match)) {
	start := -1
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '$' && i+1 < len(s) && s[i+1] == '(':
			if start >= 0 {
				yieldOpen(s, start, i, yield)
			}
			start = i
			i++
		case s[i] == ')' && start >= 0:
			yield(match{start, i + 1, s[start+2 : i], escaped(s, start), false})
			start = -1
		}
	}
	if start >= 0 {
		yieldOpen(s, start, len(s), yield)
	}
}

// yieldOpen reports a $( without its parenthesis: what it would name ends at
// the first character that no reference holds.
func yieldOpen(s string, start, end int, yield func(match)) {
	expr := s[start+2 : end]
	if i := strings.IndexFunc(expr, func(r rune) bool { return !isNameRune(r) && !strings.ContainsRune(`[]*'"`, r) }); i >= 0 {
		expr = expr[:i]
	}
	if strings.IndexByte(expr, '[') < 0 {
		expr = strings.TrimRight(expr, `'"`) // of the text around it
	}
	yield(match{start, start + 2 + len(expr), expr, escaped(s, start), true})
}

func escaped(s string, start int) bool { return start > 0 && s[start-1] == '$' }

// isNameRune reports whether a name in a reference may hold r.
func isNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
}

// isName reports whether s is not empty and holds only runes of names.
func isName(s string) bool {
	for _, r := range s {
		if !isNameRune(r) {
			return false
		}
	}
	return s != ""
}
