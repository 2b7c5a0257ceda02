package glob

import (
	"strconv"
	"strings"
)

// A Quote is the character around the string literals of a CEL expression. In YAML, an
// expression in single quotes has double ones inside.
type Quote byte

// Text returns a CEL string literal.
func (q Quote) Text(s string) string {
	var b strings.Builder
	b.WriteByte(byte(q))
	for _, r := range s {
		switch {
		case r == rune(q) || r == '\\':
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
	b.WriteByte(byte(q))
	return b.String()
}

// List returns a CEL list of strings.
func (q Quote) List(items []string) string {
	all := make([]string, len(items))
	for i, s := range items {
		all[i] = q.Text(s)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// Match returns the condition that a string expression matches one of the globs, each after
// the prefix; "" if there are none.
func (q Quote) Match(expr, prefix string, globs []string) string {
	var plain, all []string
	for _, g := range globs {
		if IsPlain(g) {
			plain = append(plain, prefix+g)
		}
	}
	switch len(plain) {
	case 0:
	case 1:
		all = append(all, expr+" == "+q.Text(plain[0]))
	default:
		all = append(all, expr+" in "+q.List(plain))
	}
	for _, g := range globs {
		if !IsPlain(g) {
			all = append(all, expr+".matches("+q.Text(Regexp(prefix+g))+")")
		}
	}
	return Any(all)
}

// Any returns the condition that at least one of the conditions is true; "" if there are
// none.
func Any(conditions []string) string {
	switch len(conditions) {
	case 0:
		return ""
	case 1:
		return conditions[0]
	}
	return "(" + strings.Join(conditions, " || ") + ")"
}

// IsPlain reports whether a glob matches only itself.
func IsPlain(glob string) bool { return !strings.ContainsAny(glob, "*?") }
