package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// lineWidth is the width above which calls and literals are split into lines, textWidth that
// for texts, which are inside of these, and partWidth the width of the parts of a long text.
const (
	lineWidth = 118
	textWidth = 100
	partWidth = 90
)

// tab is the width of an indentation.
const tab = 4

// expr returns an expression as Go, before formatting.
func (p *printer) expr(e Expr) string {
	switch e := e.(type) {
	case Text:
		return quoted(string(e))
	case Int:
		return strconv.FormatInt(int64(e), 10)
	case Octal:
		return "0o" + strconv.FormatInt(int64(e), 8)
	case Span:
		return p.duration(time.Duration(e))
	case Const:
		return p.qualified(string(e))
	case Join:
		return p.join(e)
	case Literal:
		return p.literal(e.Value)
	case *Var:
		return e.Name
	case Select:
		return e.On.Name + "." + e.Field
	case *Call:
		return p.chain(e)
	case Make:
		return p.make(e)
	case Map:
		return p.mapped(e)
	case Change:
		return p.change(e)
	case Inline:
		in := &printer{imports: p.imports, embedded: p.embedded, indent: p.indent + tab}
		in.body(e.Body, usesOf(e.Body))
		return "func(" + e.Param.Name + " *builder.Task) {\n" + in.b.String() + "}"
	case Pick:
		return "func(o " + e.Type.output() + ") builder.String { return o." + e.Field + " }"
	case New:
		return e.Func.Name + "()"
	case Embedded:
		p.embedded[e.Name] = e
		return e.Name
	case Convert:
		return p.use("builder") + "." + string(e.Kind) + "(" + quoted(e.Text) + ")"
	}
	return "nil"
}

func (p *printer) join(list Join) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = p.expr(e)
	}
	return sum(parts, " + ")
}

// sum returns parts that + joins. Many of them are in groups, as go/format takes quadratic time
// for a long sum.
func sum(parts []string, plus string) string {
	const most = 100
	for len(parts) > most {
		var groups []string
		for group := range slices.Chunk(parts, most) {
			groups = append(groups, "("+strings.Join(group, plus)+")")
		}
		parts = groups
	}
	return strings.Join(parts, plus)
}

// quoted returns a text as a string literal: between back quotes if it has several lines
// or many quotes, and split at its sentences or lines if it is long.
func quoted(s string) string {
	lines := strings.Contains(s, "\n")
	if raw(s) && (lines || strings.Count(s, `"`)+strings.Count(s, `\`) > 1) {
		return "`" + s + "`"
	}
	if !lines && len(s) <= textWidth {
		return strconv.Quote(s)
	}
	var parts []string
	for s != "" {
		n := cut(s)
		parts, s = append(parts, strconv.Quote(s[:n])), s[n:]
	}
	return sum(parts, " +\n")
}

// cut returns the length of the first part of a long text: a line, sentences, or words.
func cut(s string) int {
	end := len(s)
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		end = i + 1
	}
	if end <= textWidth {
		return end
	}
	if i := strings.LastIndex(s[:partWidth], ". "); i > 0 {
		return i + 2
	}
	if i := strings.LastIndexByte(s[:partWidth], ' '); i > 0 {
		return i + 1
	}
	if i := strings.IndexByte(s[:end], ' '); i > 0 {
		return i + 1
	}
	return end
}

// raw reports whether a text can be written between back quotes.
func raw(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == '`' || r == '\r' || r != '\n' && r != '\t' && printable(r) != r {
			return false
		}
	}
	return true
}

// duration returns a duration as a product of a number and a unit.
func (p *printer) duration(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	p.use("time")
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}} {
		if d%u.unit == 0 {
			if d == u.unit {
				return "time." + u.name
			}
			return fmt.Sprintf("%d * time.%s", d/u.unit, u.name)
		}
	}
	return fmt.Sprintf("%d * time.Nanosecond", d)
}

// qualified returns the name of a function with that of its package.
func (p *printer) qualified(function string) string {
	if pkg, _, ok := strings.Cut(function, "."); ok {
		p.use(pkg)
		return function
	}
	return p.use("builder") + "." + function
}

func (p *printer) mapped(m Map) string {
	parts := make([]string, len(m.Entries))
	width := 0
	for i, e := range m.Entries {
		parts[i] = quoted(e.Key) + ": " + p.expr(e.Value)
		width += len(parts[i]) + 2
	}
	name := "map[string]string"
	if m.Kind != "" {
		name = "map[string]" + p.use("builder") + "." + string(m.Kind)
	}
	if len(parts) == 0 {
		return name + "{}"
	}
	return name + braces(parts, width)
}

// change returns the function of a Mutate.
func (p *printer) change(c Change) string {
	var b strings.Builder
	name := "o"
	switch c.Of.Name() {
	case "Step", "Sidecar", "StepTemplate":
		name = "s"
	case "TaskSpec", "StepActionSpec":
		name = "spec"
	case "PipelineTask":
		name = "pt"
	}
	fmt.Fprintf(&b, "func(%s *%s) {\n", name, p.typeName(c.Of))
	for _, a := range c.Sets {
		if a.Why != "" {
			b.WriteString("// import: " + strings.Map(printable, strings.ReplaceAll(a.Why, "\n", " ")) + "\n")
		}
		b.WriteString(name)
		for _, s := range a.Path {
			switch {
			case s.IsKey:
				b.WriteString("[" + strconv.Quote(s.Key) + "]")
			case s.Field != "":
				b.WriteString("." + s.Field)
			default:
				b.WriteString("[" + strconv.Itoa(s.Index) + "]")
			}
		}
		b.WriteString(" = " + p.value(a.Value, true) + "\n")
	}
	b.WriteString("}")
	return b.String()
}
