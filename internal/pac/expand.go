package pac

import (
	"regexp"
	"sort"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
)

// pattern matches what may be a variable.
var pattern = regexp.MustCompile(`{{([^}]{2,})}}`)

// Variable is a {{ }} in a text.
type Variable struct {
	Key        string // without braces and white space around it
	Start, End int    // of the braces in the source
}

// Expression returns the CEL expression of the variable; false if it is a plain name.
func (v Variable) Expression() (expr string, ok bool) {
	if rest, ok := strings.CutPrefix(v.Key, "cel:"); ok {
		return strings.TrimSpace(rest), true
	}
	for _, prefix := range []string{"body", "headers", "files"} {
		if strings.HasPrefix(v.Key, prefix) {
			return v.Key, true
		}
	}
	return "", false
}

// Variables returns the variables of a text, whether or not they have a value.
func Variables(text string) []Variable {
	var all []Variable
	for _, at := range pattern.FindAllStringSubmatchIndex(text, -1) {
		all = append(all, Variable{strings.TrimSpace(text[at[2]:at[3]]), at[0], at[1]})
	}
	return all
}

// Expansion is a text whose variables are replaced.
type Expansion struct {
	Text   string
	pieces []piece
}

// piece is a variable that was replaced, in the source and in the text.
type piece struct{ start, end, from, to int }

// Expand replaces the variables of a text with their values, as Pipelines-as-Code does in
// the whole text of a folder: it escapes nothing. A variable without a value remains.
func Expand(text string, v Values) *Expansion {
	e := &Expansion{Text: text}
	found := Variables(text)
	if found == nil {
		return e
	}
	x := expander{values: v, names: v.Dictionary()}
	var b strings.Builder
	at := 0
	for _, f := range found {
		value, ok := x.value(f)
		if v.Work.Err() != nil {
			break
		}
		if !ok {
			continue
		}
		if !v.Work.insert(len(value)) {
			break
		}
		b.WriteString(text[at:f.Start])
		from := b.Len()
		b.WriteString(value)
		e.pieces = append(e.pieces, piece{f.Start, f.End, from, b.Len()})
		at = f.End
	}
	b.WriteString(text[at:])
	e.Text = b.String()
	return e
}

// Source returns the offset in the source of an offset in the text. For what a variable
// was replaced with, it is the offset of the variable.
func (e *Expansion) Source(offset int) int {
	i := sort.Search(len(e.pieces), func(i int) bool { return e.pieces[i].to > offset })
	if i < len(e.pieces) && e.pieces[i].from <= offset {
		return e.pieces[i].start
	}
	if i == 0 {
		return offset
	}
	last := e.pieces[i-1]
	return offset - last.to + last.end
}

// expander finds the values of variables.
type expander struct {
	values Values
	names  map[string]string
}

// value returns what a variable is replaced with; false if it remains.
func (x *expander) value(f Variable) (string, bool) {
	expr, ok := f.Expression()
	if !ok {
		value, ok := x.names[f.Key]
		return value, ok
	}
	data := celenv.Data{Body: x.values.Body, Headers: x.values.Headers, Files: x.values.Files, Pac: map[string]string{}, Budget: x.values.Work.expressions()}
	inCEL := strings.HasPrefix(f.Key, "cel:")
	switch {
	case inCEL:
		data.Pac = x.names
	case strings.HasPrefix(f.Key, "body") && data.Body == nil, strings.HasPrefix(f.Key, "headers") && data.Headers == nil:
		return "", false
	}
	if data.Headers == nil {
		data.Headers = map[string]string{}
	}
	value, err := celenv.EvalTemplate(expr, data)
	if err != nil {
		return "", inCEL
	}
	return value.Text(), true
}
