package importer

import (
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// AddText tells the index the YAML of an object: the text of its document and, if it is the
// first one of a file, what is above that. The Go that describes the object gets the comments.
func (x *Index) AddText(o runtime.Object, head, text string) { x.texts[o] = WithHead(head, text) }

// WithHead returns a document with the comments above it, which may be above a line ---.
func WithHead(head, text string) string {
	var b strings.Builder
	for line := range strings.Lines(head) {
		if strings.HasPrefix(strings.TrimLeft(line, " \t\ufeff"), "#") {
			b.WriteString(line)
		} else {
			b.WriteByte('\n')
		}
	}
	return b.String() + text
}

// Remarks returns the comments of the YAML of an object.
func Remarks(text string) []yamlread.Remark {
	for d := range yamlread.Documents(text) {
		if list := d.Remarks(); len(list) > 0 {
			return list
		}
	}
	return nil
}

// generated matches comments that say that a file is made by a program, and licence those that
// belong to a file instead of an object.
var (
	generated = regexp.MustCompile(`(?i)\b(auto[- ]?generated|generated (by|from)\b|do not (edit|modify|change)\b)`)
	licence   = regexp.MustCompile(`(?i)(\bcopyright\b|\blicensed under\b|SPDX-License-Identifier)`)
)

// Licence returns the lines of the YAML with a licence, and its text. It belongs to the file and
// not to an object: a file of Go has it once.
func Licence(list []yamlread.Remark) (lines []int, text string) {
	for group := range runs(list) {
		if isLicence(group) {
			for _, one := range group {
				lines, text = append(lines, one.Line), text+one.Text+"\n"
			}
		}
	}
	return lines, text
}

// isLicence reports whether comments that are together are a licence.
func isLicence(group []yamlread.Remark) bool {
	return group[0].Place == yamlread.Above && group[0].Path.IsRoot() &&
		slices.ContainsFunc(group, func(r yamlread.Remark) bool { return licence.MatchString(r.Text) })
}

// generatedIn returns the comment that says that a text is made by a program, "" if there is
// none.
func generatedIn(text string) string {
	for _, one := range Remarks(text) {
		if generated.MatchString(one.Text) {
			return strings.TrimSpace(one.Text)
		}
	}
	return ""
}

// from marks the statements that were added since the last call as those that describe the part
// of the original at a path.
func from(body []plan.Stmt, at string) {
	for i := len(body) - 1; i >= 0 && body[i].At == ""; i-- {
		body[i].At = at
	}
}

// from marks the calls that were added since the last call of from as those that describe the
// part of the original at a path.
func (c *chain) from(at string) {
	for e, ok := c.e.(*plan.Call); ok && e.At == ""; e, ok = e.On.(*plan.Call) {
		e.At = at
	}
}

// labelPath returns the path of a label or an annotation of the object.
func labelPath(field, key string) string { return diag.Fields("metadata", field, key).String() }

// places are the parts of the Go that comments can be at, in their order.
type places struct {
	list []place
	seen map[*plan.Call]bool
}

type place struct {
	at    string
	notes *plan.Notes
	stmt  bool
}

func (p *places) body(list []plan.Stmt) {
	for i := range list {
		if list[i].At != "" {
			p.list = append(p.list, place{list[i].At, &list[i].Notes, true})
		}
		p.expr(list[i].Expr)
	}
}

// expr adds the calls of chains and the fields in an expression.
func (p *places) expr(e plan.Expr) {
	switch e := e.(type) {
	case *plan.Call:
		if e.On != nil {
			p.expr(e.On)
			// The first call of a chain is in the line of its statement.
			if _, ok := e.On.(*plan.Call); ok && e.At != "" && !p.seen[e] {
				p.seen[e] = true
				p.list = append(p.list, place{e.At, &e.Notes, false})
			}
		}
		for _, a := range e.Args {
			p.expr(a)
		}
	case plan.Make:
		for i := range e.Fields {
			if f := &e.Fields[i]; f.At != "" {
				p.list = append(p.list, place{f.At, &f.Notes, false})
			}
			p.expr(e.Fields[i].Value)
		}
	case plan.Inline:
		p.body(e.Body)
	}
}

// annotate puts the comments of the original into what describes it: each to the part that its
// value became, or else to the nearest one.
func (w *writer) annotate(f *plan.Func, r *Result) {
	remarks := Remarks(w.index.texts[w.object])
	if len(remarks) == 0 {
		return
	}
	r.Generated = generatedIn(w.index.texts[w.object])
	p := places{seen: map[*plan.Call]bool{}}
	var root *[]string
	var rights *[]string
	types := w.types
	if t := w.own; t != nil {
		root, rights = &t.Notes, &t.Licence
	} else {
		root, rights = &f.Notes, &f.Licence
		p.body(f.Body)
		p.expr(f.Returns)
	}
	for _, t := range types {
		p.body(t.Body)
	}
	for group := range runs(remarks) {
		first := group[0]
		var lines []string
		for _, one := range group {
			lines = append(lines, one.Text)
		}
		if isLicence(group) {
			*rights = append(*rights, lines...)
		} else {
			p.put(first.Path.String(), first.Place, lines, root)
		}
	}
}

// runs splits comments into those that are together: in lines of their own without another
// line between them.
func runs(list []yamlread.Remark) func(func([]yamlread.Remark) bool) {
	return func(yield func([]yamlread.Remark) bool) {
		for len(list) > 0 {
			n := 1
			for n < len(list) && list[n].Place != yamlread.End && list[n].Place == list[0].Place && list[n].Line == list[n-1].Line+1 && list[n].Path.Equal(list[0].Path) {
				n++
			}
			if !yield(list[:n]) {
				return
			}
			list = list[n:]
		}
	}
}

// put adds lines of a comment at a path.
func (p *places) put(at string, where yamlread.Place, lines []string, root *[]string) {
	i := slices.IndexFunc(p.list, func(x place) bool { return x.at == at })
	switch {
	case i >= 0 || at == "":
	case where == yamlread.Below:
		for n, x := range slices.Backward(p.list) {
			if within(x.at, at) {
				i = n
				break
			}
		}
	default:
		if i = slices.IndexFunc(p.list, func(x place) bool { return within(x.at, at) }); i >= 0 {
			where = yamlread.Above
		}
	}
	for up, steps := at, 1; i < 0 && up != ""; steps++ {
		up = up[:max(strings.LastIndexAny(up, ".["), 0)]
		i = slices.IndexFunc(p.list, func(x place) bool { return up != "" && x.at == up })
		if where == yamlread.Below && i < 0 && up != "" {
			for n, x := range slices.Backward(p.list) {
				if within(x.at, up) {
					i = n
					break
				}
			}
		}
		if where == yamlread.End && i >= 0 && steps > 1 { // it is about a part of what is in the line
			where = yamlread.Above
		}
	}
	if where == yamlread.Below && i >= 0 && !p.list[i].stmt {
		if i+1 < len(p.list) && !p.list[i+1].stmt {
			i, where = i+1, yamlread.Above
		} else {
			for i > 0 && !p.list[i].stmt {
				i--
			}
		}
	}
	switch {
	case i < 0:
		*root = append(*root, lines...)
	case where == yamlread.End && p.list[i].notes.End == "":
		p.list[i].notes.End = lines[0]
	case where == yamlread.Below && p.list[i].stmt:
		p.list[i].notes.Below = append(p.list[i].notes.Below, lines...)
	default:
		p.list[i].notes.Above = append(p.list[i].notes.Above, lines...)
	}
}

// within reports whether a path is that of a part of the value at another path.
func within(at, whole string) bool {
	return len(at) > len(whole) && at[:len(whole)] == whole && (at[len(whole)] == '.' || at[len(whole)] == '[')
}
