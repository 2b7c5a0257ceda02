package triggers

import (
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/glob"
)

// This file builds CEL expressions.

// celString returns a CEL string literal.
func celString(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			b.WriteString(`\x`)
			if r < 0x10 {
				b.WriteByte('0')
			}
			b.WriteString(strconv.FormatInt(int64(r), 16))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// celList returns a CEL list of strings.
func celList(items []string) string {
	q := make([]string, len(items))
	for i, s := range items {
		q[i] = celString(s)
	}
	return "[" + strings.Join(q, ", ") + "]"
}

// celMatch returns the condition that a string expression matches one of the
// globs, or "" if there are none.
func celMatch(expr string, globs []string) string {
	var plain []string
	var likes []string
	for _, g := range globs {
		if strings.ContainsAny(g, "*?") {
			likes = append(likes, expr+".matches("+celString(glob.Regexp(g))+")")
		} else {
			plain = append(plain, g)
		}
	}
	switch len(plain) {
	case 0:
	case 1:
		likes = append([]string{expr + " == " + celString(plain[0])}, likes...)
	default:
		likes = append([]string{expr + " in " + celList(plain)}, likes...)
	}
	return celAny(likes)
}

// celAny returns the condition that at least one of the conditions is true.
func celAny(conditions []string) string {
	switch len(conditions) {
	case 0:
		return ""
	case 1:
		return conditions[0]
	}
	return "(" + strings.Join(conditions, " || ") + ")"
}
