package plan

import (
	"slices"
	"strings"
)

// link is a call of a chain.
type link struct {
	text string
	kind string // calls of a kind are together
	Notes
}

// chain returns a chain of calls: in one line, or in lines that are as full as readable. A
// call with a comment has a line of its own.
func (p *printer) chain(e *Call) string {
	start := p.column
	p.column = p.indent + 2*tab // of a call on a line of its own
	defer func() { p.column = start }()
	var links []link
	var on Expr = e
	noted := false
	for {
		c, ok := on.(*Call)
		if !ok || c.On == nil {
			break
		}
		column := p.column
		if _, call := c.On.(*Call); !call { // beside the variable
			column = start + widthOf(c.On)
		}
		l := link{text: c.Func + p.args(c.Func, c.Args, column), kind: kindOfCall(c.Func)}
		if _, ok := c.On.(*Call); ok {
			l.Notes = c.Notes
			noted = noted || len(c.Above) > 0 || c.End != ""
		}
		links = append(links, l)
		on = c.On
	}
	slices.Reverse(links)
	first := ""
	switch x := on.(type) {
	case *Call:
		first = p.qualified(x.Func) + p.args(x.Func, x.Args, start+len(p.qualified(x.Func))-len(x.Func))
	case Join:
		first = "(" + p.join(x) + ")"
	default:
		first = p.expr(on)
	}
	if len(links) == 0 {
		return first
	}
	kind := ""
	if _, call := on.(*Call); !call { // the first call stays beside the variable
		first, kind, links = first+"."+links[0].text, links[0].kind, links[1:]
	}
	one := first
	for _, l := range links {
		one += "." + l.text
	}
	if !noted && (len(links) == 0 || start+len(one) <= lineWidth && !strings.Contains(one, "\n")) {
		return one
	}
	return first + filled(first, kind, links, start, p.indent+2*tab)
}

// widthOf returns the width of what a method is called on.
func widthOf(on Expr) int {
	switch on := on.(type) {
	case *Var:
		return len(on.Name) + 1
	case Select:
		return len(on.On.Name) + len(on.Field) + 2
	}
	return 2 * tab
}

// kindOfCall returns what kind of call a method is: calls of different kinds are not in the
// same line of a long chain.
func kindOfCall(method string) string {
	for _, prefix := range []string{"Env", "Mount", "Label", "Annotate", "When"} {
		if strings.HasPrefix(method, prefix) {
			return prefix
		}
	}
	return ""
}

// filled returns the calls behind the first one, which is of a kind, each with the point before it. A comment at
// the end of a line is behind the point of the next call.
func filled(first, kind string, links []link, start, indent int) string {
	var b strings.Builder
	width := start + len(first)
	if i := strings.LastIndexByte(first, '\n'); i >= 0 {
		width = indent + len(first) - i
	}
	alone, end := strings.Contains(first, "{\n") || strings.Contains(first, "`") || strings.Contains(first, ").\n"), "" // after a block, a text, or another chain
	for i, l := range links {
		lines := strings.Contains(l.text, "\n")
		own := len(l.Above) > 0 || l.End != ""
		b.WriteByte('.')
		if end != "" {
			b.WriteString(" " + end)
		}
		if alone || own || lines || l.kind != kind || width+len(l.text)+1 > lineWidth {
			b.WriteByte('\n')
			width = indent
		}
		alone, kind, end = own || lines, l.kind, ""
		width += len(l.text) + 1
		switch {
		case l.End == "":
		case lines || i+1 == len(links): // there is no room
			b.WriteString(verbatim(l.End) + "\n")
		default:
			end = verbatim(l.End)
		}
		for _, c := range l.Above {
			b.WriteString(verbatim(c) + "\n")
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// args returns the arguments of a call that begins at a column, in one line if they are short.
// Long ones fill lines.
func (p *printer) args(function string, list []Expr, column int) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = p.expr(e)
	}
	return "(" + fill(parts, column+len(function)+1, p.indent+2*tab) + ")"
}

// fill returns parts of a list in lines that are as full as possible. The first one begins at
// a column, and the others are indented.
func fill(parts []string, column, indent int) string {
	var b strings.Builder
	for i, s := range parts {
		line, _, _ := strings.Cut(s, "\n")
		if i > 0 && column+len(line)+1 > lineWidth {
			b.WriteString(",\n")
			column = indent
		} else if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(s)
		column += len(s) + 2
		if at := strings.LastIndexByte(s, '\n'); at >= 0 {
			column = indent + len(s) - at + 1
		}
	}
	return b.String()
}

func (p *printer) make(e Make) string {
	parts := make([]string, len(e.Fields))
	noted := false
	width := len(e.Type.Name)
	for i, s := range e.Fields {
		parts[i] = s.Field + ": " + p.expr(s.Value)
		width += len(parts[i]) + 2
		noted = noted || len(s.Above) > 0 || s.End != ""
	}
	if !noted {
		if len(parts) == 0 {
			return e.Type.Name + "{}"
		}
		return e.Type.Name + braces(parts, width)
	}
	var b strings.Builder
	b.WriteString(e.Type.Name + "{\n")
	for i, s := range e.Fields {
		lines := strings.Contains(parts[i], "\n")
		if lines && s.End != "" {
			b.WriteString(verbatim(s.End) + "\n")
		}
		for _, c := range s.Above {
			b.WriteString(verbatim(c) + "\n")
		}
		b.WriteString(parts[i] + ",")
		if !lines && s.End != "" {
			b.WriteString(" " + verbatim(s.End))
		}
		b.WriteByte('\n')
	}
	return b.String() + "}"
}

// braces returns the fields of a literal between braces.
func braces(parts []string, width int) string {
	// The literal is behind the name of a variable or a field.
	if width <= lineWidth-30 && !strings.Contains(strings.Join(parts, ""), "\n") {
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "{\n" + strings.Join(parts, ",\n") + ",\n}"
}

// items returns the items of a list, or the fields of a value, between braces.
func items(parts []string, width int) string {
	if width <= lineWidth-30 || strings.Contains(strings.Join(parts, ""), "\n") {
		return braces(parts, width)
	}
	return "{\n" + fill(parts, 3*tab, 3*tab) + ",\n}"
}
