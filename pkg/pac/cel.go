package pac

import (
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/glob"
)

// This file builds CEL expressions.

// celString returns a CEL string literal in double quotes.
func celString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
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
	b.WriteByte('"')
	return b.String()
}

// celMatch returns the condition that a string expression is one of the globs, each after
// the prefix.
func celMatch(expr, prefix string, globs []string) string {
	var plain, any []string
	for _, g := range globs {
		if isPlain(g) {
			plain = append(plain, celString(prefix+g))
		}
	}
	switch len(plain) {
	case 0:
	case 1:
		any = append(any, expr+" == "+plain[0])
	default:
		any = append(any, expr+" in ["+strings.Join(plain, ", ")+"]")
	}
	for _, g := range globs {
		if !isPlain(g) {
			any = append(any, expr+".matches("+celString(glob.Regexp(prefix+g))+")")
		}
	}
	return celAny(any)
}

// celAny returns the condition that one of the conditions is true.
func celAny(conditions []string) string {
	if len(conditions) == 1 {
		return conditions[0]
	}
	return "(" + strings.Join(conditions, " || ") + ")"
}

// celPaths returns the condition that a file is changed that matches one of the paths, if
// there are any, and none of those to ignore. The function pathChanged reads some
// patterns like this package.
func celPaths(paths, ignore []string) string {
	if len(ignore) == 0 && !slices.ContainsFunc(paths, func(g string) bool { return !isTree(g) }) {
		any := make([]string, len(paths))
		for i, g := range paths {
			any[i] = celString(g) + ".pathChanged()"
		}
		return celAny(any)
	}
	var all []string
	if len(paths) > 0 {
		all = append(all, celMatch("f", "", paths))
	}
	if len(ignore) > 0 {
		not := celMatch("f", "", ignore)
		if !strings.HasPrefix(not, "(") {
			not = "(" + not + ")"
		}
		all = append(all, "!"+not)
	}
	return "files.all.exists(f, " + strings.Join(all, " && ") + ")"
}

// isPlain reports whether a glob matches only itself.
func isPlain(g string) bool { return !strings.ContainsAny(g, "*?") }

// isTree reports whether a glob is a path, or all below one: for both, Pipelines-as-Code
// and this package agree.
func isTree(g string) bool {
	return isPlain(strings.TrimSuffix(g, "/**"))
}

var (
	bodyPart   = regexp.MustCompile(`^([A-Za-z0-9_-]+)((?:\[[0-9]+\])*)$`)
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	headerName = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
)

// reserved lists the words that CEL does not accept as field names.
var reserved = strings.Fields("as break const continue else false for function if import in let loop namespace null package return true var void while")

// bodyCEL returns the field of the payload with a path as CEL; false if the path is not
// valid.
func bodyCEL(path string) (string, bool) {
	var b strings.Builder
	b.WriteString("body")
	for part := range strings.SplitSeq(path, ".") {
		m := bodyPart.FindStringSubmatch(part)
		switch {
		case m == nil:
			return "", false
		case identifier.MatchString(m[1]) && !slices.Contains(reserved, m[1]):
			b.WriteString("." + m[1])
		default:
			b.WriteString("[" + celString(m[1]) + "]")
		}
		b.WriteString(m[2])
	}
	return b.String(), true
}

func isHeader(name string) bool { return headerName.MatchString(name) }

// headerCEL returns a header as CEL.
func headerCEL(name string) string {
	return "headers[" + celString(textproto.CanonicalMIMEHeaderKey(name)) + "]"
}

// literals matches the string literals of CEL.
var literals = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`)

// bodyField matches the first field in body.pull_request.draft.
var bodyField = regexp.MustCompile(`\bbody\.([A-Za-z_][A-Za-z0-9_]*)`)

// guarded returns a condition that is false, not an error, if the payload lacks a field
// that the expression reads. The payload of a comment, for example, has no pull_request.
func guarded(expr string) string {
	bare := literals.ReplaceAllString(expr, `""`)
	var all []string
	for _, m := range bodyField.FindAllStringSubmatch(bare, -1) {
		has := "has(body." + m[1] + ")"
		if !strings.Contains(bare, has) && !slices.Contains(all, has) {
			all = append(all, has)
		}
	}
	return strings.Join(append(all, "("+expr+")"), " && ")
}
