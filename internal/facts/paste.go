package facts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// oldEscape is the annotation of a TriggerTemplate that makes Tekton escape the double
// quotes of each value.
const oldEscape = "triggers.tekton.dev/old-escape-quotes"

// Constant is a value that Tekton inserts into the JSON of a resource template as it is
// written: that of a param in a binding, or a default.
type Constant struct {
	Param   *BindingParam // nil for a default
	Escaped string        // the value with what is missing, as the template needs it
	Spot    Spot
	Name    string
	Value   string
	// Faults are the kinds of characters for which the value cannot be part of a JSON
	// string.
	Faults []JSONFault
}

// JSONFault is a reason why a text cannot be part of a JSON string.
type JSONFault int

// The reasons.
const (
	LineBreak JSONFault = iota // a line feed or a carriage return
	Tab
	Control   // another control character
	Quote     // a double quote that no backslash precedes
	Backslash // a backslash that begins no escape of JSON
)

// JSONFaults returns the reasons why a text cannot be part of a JSON string, each once.
func JSONFaults(text string) []JSONFault {
	var out []JSONFault
	add := func(f JSONFault) {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n' || c == '\r':
			add(LineBreak)
		case c == '\t':
			add(Tab)
		case c < ' ':
			add(Control)
		case c == '"':
			add(Quote)
		case c == '\\':
			n := escapeLength(text[i:])
			if n == 0 {
				add(Backslash)
				break
			}
			i += n - 1
		}
	}
	return out
}

// escapeLength returns the length of the JSON escape at the beginning of a text; 0 if
// there is none.
func escapeLength(text string) int {
	if len(text) < 2 {
		return 0
	}
	if strings.IndexByte(`"\/bfnrt`, text[1]) >= 0 {
		return 2
	}
	if text[1] != 'u' || len(text) < 6 {
		return 0
	}
	for _, c := range []byte(text[2:6]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return 0
		}
	}
	return 6
}

// EscapesQuotes reports whether the template of the trigger has the annotation that
// makes Tekton escape the quotes of values. It has no effect on a template in a trigger.
func (t *Trigger) EscapesQuotes() bool {
	if t.Template == nil || t.Template.Spec != nil || t.Template.Ref == nil {
		return false
	}
	e := t.Spot.Entry
	found := e.set.Find("TriggerTemplate", e.Ref.Namespace, *t.Template.Ref, e)
	return found != nil && found.escapesQuotes()
}

func (e *Entry) escapesQuotes() bool {
	if e.Event.Template == nil {
		return false
	}
	_, ok := e.Event.Template.Annotations[oldEscape]
	return ok
}

// paste returns a value as Tekton inserts it into the JSON of a template.
func paste(value string, escapesQuotes bool) string {
	if escapesQuotes {
		value = strings.ReplaceAll(value, `"`, `\"`)
	}
	return strings.ReplaceAll(value, "$(", "$$(")
}

// samples stand for the values of an event: a constant before one may end in the middle
// of an escape, which the value completes.
var samples = [...]string{"x", "n", "u0041", "0041", ""}

// with returns the value with a text for each $(...); false if Tekton cannot read one.
func (p *BindingParam) with(text string) (string, bool) {
	takes := p.Takes()
	if len(takes) == 0 {
		return p.Value, true
	}
	var b strings.Builder
	from := 0
	for i := range takes {
		x := &takes[i]
		if x.Err != nil || x.Open && !x.Last {
			return "", false
		}
		if x.Open {
			break // it is inserted as it is written
		}
		b.WriteString(p.Value[from:x.Start])
		b.WriteString(text)
		from = x.End
	}
	b.WriteString(p.Value[from:])
	return b.String(), true
}

// fill returns the JSON of a resource template with the values of params. A text stands
// for the params without a value.
func fill(raw string, values map[string]string, text string) string {
	if !strings.Contains(raw, "$(") {
		return raw
	}
	return tekref.Replace(raw, func(m tekref.Match) string {
		name, ok := strings.CutPrefix(m.Expr, tekref.TemplatePrefix)
		switch {
		case ok && !m.Open:
			if v, ok := values[name]; ok {
				return v
			}
			return text
		case m.Expr == tekref.UID && !m.Open:
			return text
		}
		return m.String()
	})
}

// constant is a Constant, and how it reads with a sample instead of each value of an
// event.
type constant struct {
	Constant
	with func(sample string) string
}

// breaks reports whether the JSON of an object of a template is invalid with the
// constants, whatever the event.
func breaks(spec *v1beta1.TriggerTemplateSpec, constants []constant) bool {
	for i := range spec.ResourceTemplates {
		raw := string(spec.ResourceTemplates[i].Raw)
		if !json.Valid([]byte(raw)) {
			continue // another rule reports it
		}
		// The API server writes < as \u003c, which completes a backslash before it.
		var stored bytes.Buffer
		json.HTMLEscape(&stored, []byte(raw))
		valid := slices.ContainsFunc(samples[:], func(sample string) bool {
			values := make(map[string]string, len(constants))
			for j := range constants {
				values[constants[j].Name] = constants[j].with(sample)
			}
			return json.Valid([]byte(fill(raw, values, sample))) ||
				stored.Len() > len(raw) && json.Valid([]byte(fill(stored.String(), values, sample)))
		})
		if !valid {
			return true
		}
	}
	return false
}

// maxBlamed is how many constants are tried one by one.
const maxBlamed = 8

// blamed returns the constants of which each, or all together, make the JSON of the
// template invalid.
func blamed(spec *v1beta1.TriggerTemplateSpec, faulty []constant) []Constant {
	if len(faulty) == 0 || !breaks(spec, faulty) {
		return nil
	}
	var out []Constant
	for i := range faulty {
		if len(faulty) == 1 || len(faulty) > maxBlamed || breaks(spec, faulty[i:i+1]) {
			out = append(out, faulty[i].Constant)
		}
	}
	return out
}

// Breaking returns the constants with which the JSON of the template of the trigger is
// invalid for every event, so that nothing is created: those in its bindings, and the
// defaults of params that no binding sets.
func (t *Trigger) Breaking() []Constant {
	t.Spot.Entry.set.asked(Events)
	if !t.breakingDone {
		t.breakingDone = true
		if spec, at, _ := t.TemplateOf(); spec != nil {
			t.breaking = blamed(spec, t.faulty(spec, at))
		}
	}
	return t.breaking
}

// faulty returns the constants that cannot be part of a JSON string, and that the
// template uses.
func (t *Trigger) faulty(spec *v1beta1.TriggerTemplateSpec, at Spot) []constant {
	given, complete := t.Supply()
	escapes := t.EscapesQuotes()
	var out []constant
	add := func(c Constant, with func(string) (string, bool)) {
		first, ok := with(samples[0])
		if !ok {
			return
		}
		if c.Faults = JSONFaults(paste(first, escapes)); len(c.Faults) > 0 && t.TemplateUses(c.Name) {
			c.Escaped = EscapeJSON(c.Value, escapes)
			out = append(out, constant{c, func(sample string) string {
				v, _ := with(sample)
				return paste(v, escapes)
			}})
		}
	}
	set := map[string]bool{}
	for _, b := range given {
		set[b.Name] = true
		add(Constant{Param: b, Spot: b.Spot, Name: b.Name, Value: b.Value}, b.with)
	}
	if complete {
		for _, d := range defaultsOf(spec, at) {
			if !set[d.Name] {
				add(d, func(string) (string, bool) { return d.Value, true })
			}
		}
	}
	return out
}

// defaultsOf returns the defaults of the params of a template. Of two params with the
// same name, the last default counts.
func defaultsOf(spec *v1beta1.TriggerTemplateSpec, at Spot) []Constant {
	var out []Constant
	index := map[string]int{}
	for i := range spec.Params {
		p := &spec.Params[i]
		if p.Default == nil {
			continue
		}
		c := Constant{Spot: at.Index("params", i).Field("default"), Name: p.Name, Value: *p.Default}
		if j, ok := index[p.Name]; ok {
			out[j] = c
			continue
		}
		index[p.Name] = len(out)
		out = append(out, c)
	}
	return out
}

// BreakingDefaults returns the defaults of the template with which its JSON is invalid,
// whoever uses them.
func (t *Template) BreakingDefaults() []Constant {
	escapes := t.Spot.Entry.escapesQuotes()
	uses := map[string]bool{}
	var out []Constant
	for _, d := range defaultsOf(t.Spec, t.Spot) {
		value := paste(d.Value, escapes)
		if d.Faults = JSONFaults(value); len(d.Faults) == 0 {
			continue
		}
		d.Escaped = EscapeJSON(d.Value, escapes)
		if len(uses) == 0 {
			for i := range t.Spec.ResourceTemplates {
				for _, name := range tekref.TemplateParams(string(t.Spec.ResourceTemplates[i].Raw)) {
					uses[name] = true
				}
			}
		}
		if uses[d.Name] && (len(out) >= maxBlamed || breaks(t.Spec, []constant{{d, func(string) string { return value }}})) {
			out = append(out, d)
		}
	}
	return out
}

// IsAwkward reports whether the value has characters that may have to be escaped in a
// JSON string.
func (p *BindingParam) IsAwkward() bool {
	return strings.IndexFunc(p.Value, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) >= 0
}

// Faults returns the reasons why the value cannot be part of a JSON string, unless the
// template has an annotation for quotes.
func (p *BindingParam) Faults() []JSONFault {
	if !p.IsAwkward() {
		return nil
	}
	// An expression may have quotes and backslashes of its own.
	text, ok := p.with(samples[0])
	if !ok {
		return nil
	}
	return JSONFaults(text)
}

// EscapeJSON returns a text without the characters that cannot be part of a JSON string:
// each is replaced by its escape. Escapes are left as they are. If Tekton escapes double
// quotes, they are left to it.
func EscapeJSON(text string, escapesQuotes bool) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		case c == '"' && !escapesQuotes:
			b.WriteString(`\"`)
		case c == '\\' && escapesQuotes && strings.HasPrefix(text[i:], `\"`): // Tekton adds another backslash
		case c == '\\':
			n := escapeLength(text[i:])
			if n == 0 {
				b.WriteString(`\\`)
				break
			}
			b.WriteString(text[i : i+n])
			i += n - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
