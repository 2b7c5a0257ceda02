package facts

import (
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/tekref"
)

// This file finds tasks that a when expression skips in the runs of strangers.

// WhenGate decides which when expressions stop strangers in the runs of a trigger. The nil
// WhenGate decides that none do.
type WhenGate struct {
	chain    []*Interceptor
	events   []sent // of strangers
	given    map[string]operand
	defaults map[string]operand // of the template, which several triggers share
	whens    bool               // a run of the template has when expressions
}

// operand is what is known of a text that depends on an event.
type operand struct {
	cel   string // as a CEL expression; "" if nothing is known
	plain bool   // it is the same for every event of the trigger
	text  string // with the path of the event, such as $(body.sender.login), unless plain is set
}

// Gate returns the gate of the trigger.
func (t *Trigger) Gate() *WhenGate {
	if t.gate != nil {
		return t.gate
	}
	g := &WhenGate{chain: t.Chain(), given: map[string]operand{}}
	if users := t.Users(); len(users) > 0 {
		g.chain = slices.Concat(users[0].chain(), g.chain)
	}
	for _, s := range t.Strangers() {
		g.events = append(g.events, passing(s.Event, g.chain)...)
	}
	params, _ := t.Supply()
	for _, p := range params {
		takes := p.Takes()
		switch {
		case len(takes) == 0:
			g.given[p.Name] = plain(p.Value)
		case len(takes) == 1 && takes[0].Err == nil && !takes[0].Open && takes[0].Text == p.Value:
			g.given[p.Name] = ofEvent(takes[0].Path.Fields)
		default:
			g.given[p.Name] = operand{}
		}
	}
	g.defaults, g.whens = t.templateWhens()
	t.gate = g
	return g
}

// whenFacts are what when expressions need of a template.
type whenFacts struct {
	defaults map[string]operand
	whens    bool
	gates    map[string]bool // the different gates
}

// templateWhens returns the defaults of the params of the template, and whether its runs have
// when expressions.
func (t *Trigger) templateWhens() (defaults map[string]operand, whens bool) {
	spec, _, _ := t.TemplateOf()
	if spec == nil {
		return nil, false
	}
	f := t.Spot.Entry.set.whenFacts(spec)
	if f.defaults != nil {
		return f.defaults, f.whens
	}
	f.defaults = map[string]operand{}
	for i := range spec.Params {
		if p := &spec.Params[i]; p.Default != nil {
			f.defaults[p.Name] = plain(*p.Default)
		}
	}
	for _, b := range t.Bodies() {
		if b.Entry != nil && b.Entry.Run != nil {
			if p := b.Entry.RunPipeline(); p != nil {
				f.whens = f.whens || slices.ContainsFunc(p.Tasks, func(t *PipelineTask) bool { return len(t.When) > 0 || t.nested() != nil })
			}
		}
	}
	return f.defaults, f.whens
}

func (s *Set) whenFacts(spec *v1beta1.TriggerTemplateSpec) *whenFacts {
	f := s.whens[spec]
	if f == nil {
		f = &whenFacts{gates: map[string]bool{}}
		if s.whens == nil {
			s.whens = map[*v1beta1.TriggerTemplateSpec]*whenFacts{}
		}
		s.whens[spec] = f
	}
	return f
}

// maxGates is the number of triggers of a template that are judged if each gives the when
// expressions other values.
const maxGates = 32

// gateSignature describes what the when expressions of the runs can read; "" if there are
// none. It returns false for the triggers behind the limit.
func (t *Trigger) gateSignature() (string, bool) {
	g := t.Gate()
	if !g.whens {
		return "", true
	}
	var b strings.Builder
	for _, name := range sortedKeys(g.given) {
		b.WriteString(name + "\x00" + g.given[name].cel + "\x00")
	}
	for i := range g.events {
		b.WriteString(g.events[i].event + strconv.FormatBool(g.events[i].marked) + "\x00")
	}
	spec, _, _ := t.TemplateOf()
	f := t.Spot.Entry.set.whenFacts(spec)
	if !f.gates[b.String()] && len(f.gates) >= maxGates {
		return "", false
	}
	f.gates[b.String()] = true
	return b.String(), true
}

func plain(text string) operand { return operand{cel: strconv.Quote(text), plain: true, text: text} }

// ofEvent returns the value at a path of an event.
func ofEvent(fields []string) operand {
	if len(fields) == 2 && fields[0] == "header" {
		return operand{cel: "header.canonical(" + strconv.Quote(fields[1]) + ")", text: "$(header." + fields[1] + ")"}
	}
	var b strings.Builder
	for i, f := range fields {
		if i == 0 {
			b.WriteString(f)
		} else {
			b.WriteString("[" + strconv.Quote(f) + "]")
		}
	}
	return operand{cel: b.String(), text: "$(" + b.String() + ")"}
}

// whenScope are the params that the when expressions of a pipeline can read.
type whenScope struct {
	gate   *WhenGate
	params map[string]operand
	asks   map[*PipelineTask]bool // whether a task gets who a stranger is
}

// runScope returns the scope of the pipeline of a run.
func (g *WhenGate) runScope(params v1.Params, p *PipelineSpec) *whenScope {
	if g == nil {
		return nil
	}
	outer := &whenScope{gate: g}
	return outer.inner(params, p)
}

// inner returns the scope of a pipeline that gets the params.
func (s *whenScope) inner(params v1.Params, p *PipelineSpec) *whenScope {
	if s == nil {
		return nil
	}
	out := &whenScope{gate: s.gate, params: map[string]operand{}}
	for i := range p.Spec.Params {
		if d := &p.Spec.Params[i]; d.Default != nil && d.Default.Type != v1.ParamTypeArray && d.Default.Type != v1.ParamTypeObject {
			out.params[d.Name] = s.operand(d.Default.StringVal)
		}
	}
	for i := range params {
		if v := &params[i].Value; v.Type == v1.ParamTypeArray || v.Type == v1.ParamTypeObject {
			out.params[params[i].Name] = operand{}
		} else {
			out.params[params[i].Name] = s.operand(v.StringVal)
		}
	}
	return out
}

// operand returns what is known of a text.
func (s *whenScope) operand(text string) operand {
	if !tekref.Contains(text) {
		return plain(text)
	}
	for m := range tekref.Scan(text) {
		if m.Start == 0 && m.End == len(text) && !m.Open && !m.Escaped {
			return s.variable(m.Expr)
		}
		break
	}
	return operand{}
}

func (s *whenScope) variable(expr string) operand {
	if name, ok := strings.CutPrefix(expr, tekref.TemplatePrefix); ok {
		if o, ok := s.gate.given[name]; ok {
			return o
		}
		return s.gate.defaults[name]
	}
	if v := tekref.Parse(expr); v.Fault == "" && v.Kind == tekref.Param && v.Whole() {
		return s.params[v.Name]
	}
	return operand{}
}

// stops reports whether a when expression of a task is false in the runs of strangers, or
// may be because it compares who they are.
func (s *whenScope) stops(w *v1.WhenExpression) bool {
	if s == nil {
		return false
	}
	if w.CEL != "" {
		return s.gate.stops(w, s.filter)
	}
	in := s.operand(w.Input)
	if in.cel == "" || w.Operator != selection.In && w.Operator != selection.NotIn || len(w.Values) == 0 {
		return false
	}
	known, same := in.plain, false
	for _, text := range w.Values {
		v := s.operand(text)
		if v.cel == "" {
			return false
		}
		known, same = known && v.plain, same || v.text == in.text
	}
	if known {
		return same == (w.Operator == selection.NotIn)
	}
	return s.gate.stops(w, func(text string) string { return s.operand(text).text })
}

// celText replaces characters of a text so that it can be inside a string of a CEL
// expression.
var celText = strings.NewReplacer("\\", "\\\\", "'", "\\'", "\"", "\\\"", "\n", "\\n", "\r", "\\r")

// filter returns the CEL expression of a task with what is known of its variables. Those
// that are not known stay.
func (s *whenScope) filter(cel string) string {
	var b strings.Builder
	end := 0
	for m := range tekref.Scan(cel) {
		if o := s.variable(m.Expr); o.cel != "" && !m.Open {
			b.WriteString(cel[end:m.Start] + celText.Replace(o.text))
			end = m.End
		}
	}
	return b.String() + cel[end:]
}

// stops reports whether a when expression stops all strangers.
func (g *WhenGate) stops(w *v1.WhenExpression, text func(string) string) bool {
	return len(g.events) > 0 && whenStops(g.events, g.chain, w, text)
}

// skips reports whether a task is skipped in the runs of strangers: by a when expression, or
// because it reads a result of a task that is.
func (s *whenScope) skips(t *PipelineTask, skipped map[*PipelineTask]bool) bool {
	if s == nil {
		return false
	}
	for i := range t.When {
		if s.stops(&t.When[i]) || s.asksTask(t, &t.When[i]) {
			return true
		}
	}
	return slices.ContainsFunc(t.ResultReads(), func(r ResultRead) bool {
		return r.Waits && skipped[r.Owner] && r.Owner.OnError != v1.PipelineTaskContinue
	})
}

// asksTask reports whether a when expression compares the result of a task that may find out
// who a stranger is: it gets the author, or the number of the pull request.
func (s *whenScope) asksTask(t *PipelineTask, w *v1.WhenExpression) bool {
	for m := range tekref.Scan(w.Input + w.CEL) {
		v := tekref.Parse(m.Expr)
		if v.Fault != "" || v.Kind != tekref.TaskResult {
			continue
		}
		owner := t.Pipeline.byName[v.Owner]
		if owner == nil || owner.isClone() {
			continue
		}
		asks, known := s.asks[owner]
		if !known {
			asks = slices.ContainsFunc(owner.Params, func(p v1.Param) bool { return slices.ContainsFunc(textsOf(&p.Value), s.identifies) })
			if s.asks == nil {
				s.asks = map[*PipelineTask]bool{}
			}
			s.asks[owner] = asks
		}
		if asks {
			return true
		}
	}
	return false
}

// identifies reports whether a text has a value of the event by which a stranger can be told
// from a member.
func (s *whenScope) identifies(text string) bool {
	for m := range tekref.Scan(text) {
		o := s.variable(m.Expr)
		if o.plain || o.cel == "" {
			continue
		}
		r := celenv.Read(o.cel)
		for _, path := range r.Paths {
			names := strings.Split(path, ".")
			if k, known := new(sent).decides(path, names); known && k.Kind != celenv.Target && k.Kind != celenv.Any || identifies(names) || eventParts[path].number {
				return true
			}
		}
	}
	return false
}
