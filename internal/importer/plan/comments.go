package plan

import (
	"regexp"
	"strings"
)

// verbatim returns a line of a comment of the original as a comment, with its indentation.
// There is a blank behind the slashes, so that no text is a directive. The few texts that
// tools nevertheless obey keep the # of YAML.
func verbatim(text string) string {
	text = strings.TrimRight(strings.Map(printable, strings.ToValidUTF8(strings.ReplaceAll(text, "\n", " "), "�")), " ")
	switch {
	case text == "":
		return "//"
	case obeyed.MatchString(text):
		return "// # " + strings.TrimLeft(text, " ")
	case text[0] == ' ':
		return "//" + text
	}
	return "// " + text
}

// obeyed matches texts that mean something to tools even behind a blank: build constraints,
// linters, and what marks a file as generated.
var obeyed = regexp.MustCompile(`^\s*(\+build|nolint|Code generated .* DO NOT EDIT\.)`)

// unconstrained returns comments above the package clause. Go reads a line with +build there as a
// build constraint, and go vet reports one with it in any place, such as in the path of a file.
func unconstrained(text string) string { return strings.ReplaceAll(text, "+build", "%2Bbuild") }

// verbatims writes lines of comments.
func (p *printer) verbatims(lines []string) {
	for _, l := range lines {
		p.line("%s", verbatim(l))
	}
}

// noted writes a doc comment with comments of the original below it.
func (p *printer) noted(doc string, notes []string) {
	p.comment(doc)
	if len(notes) > 0 {
		p.line("//")
		p.verbatims(notes)
	}
}

// statement writes a statement with its comments. A comment at its end is above it if the
// statement has several lines.
func (p *printer) statement(text string, n Notes) {
	p.verbatims(n.Above)
	switch {
	case n.End == "":
		p.line("%s", text)
	case strings.Contains(text, "\n"):
		p.line("%s\n%s", verbatim(n.End), text)
	default:
		p.line("%s %s", text, verbatim(n.End))
	}
	p.verbatims(n.Below)
}

// licences writes the licences of the originals, each once. A blank line follows, so that they
// are not the doc comment of the package.
func (f *File) licences(p *printer) {
	seen := map[string]bool{}
	add := func(lines []string) {
		if key := strings.Join(lines, "\n"); key != "" && !seen[key] {
			seen[key] = true
			p.verbatims(lines)
			p.line("")
		}
	}
	for _, t := range f.Types {
		add(t.Licence)
	}
	for _, fn := range f.Funcs {
		add(fn.Licence)
	}
}
