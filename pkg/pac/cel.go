package pac

import (
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/glob"
)

// This file builds CEL expressions.

// quote is that of CEL literals in annotations, which are in single quotes.
const quote = glob.Quote('"')

// celPaths returns the condition that a file is changed that matches one of the paths, if
// there are any, and none of those to ignore. The function pathChanged reads some
// patterns like this package.
func celPaths(paths, ignore []string) string {
	if len(ignore) == 0 && !slices.ContainsFunc(paths, func(g string) bool { return !isTree(g) }) {
		any := make([]string, len(paths))
		for i, g := range paths {
			any[i] = quote.Text(g) + ".pathChanged()"
		}
		return glob.Any(any)
	}
	var all []string
	if len(paths) > 0 {
		all = append(all, quote.Match("f", "", paths))
	}
	if len(ignore) > 0 {
		not := quote.Match("f", "", ignore)
		if !strings.HasPrefix(not, "(") {
			not = "(" + not + ")"
		}
		all = append(all, "!"+not)
	}
	return "files.all.exists(f, " + strings.Join(all, " && ") + ")"
}

// isTree reports whether a glob is a path, or all below one: for both, Pipelines-as-Code
// and this package agree.
func isTree(g string) bool {
	return glob.IsPlain(strings.TrimSuffix(g, "/**"))
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
			b.WriteString("[" + quote.Text(m[1]) + "]")
		}
		b.WriteString(m[2])
	}
	return b.String(), true
}

func isHeader(name string) bool { return headerName.MatchString(name) }

// headerCEL returns a header as CEL.
func headerCEL(name string) string {
	return "headers[" + quote.Text(textproto.CanonicalMIMEHeaderKey(name)) + "]"
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
