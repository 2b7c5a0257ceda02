package check

import (
	"slices"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/jsonpath"
	"github.com/tekwright/tekwright/internal/tekref"
)

// suppliedParam is a param that a binding of a trigger supplies.
type suppliedParam struct {
	name, value string
	spot        spot   // of the value
	by          string // TriggerBinding "x", or that of a trigger
	binding     *entry // nil where the trigger itself says it
}

// supply lists the params that the bindings of a trigger supply; it is not
// complete where a binding is not in the set.
func (c *checker) supply(t *eventTrigger) (params []suppliedParam, complete bool) {
	complete = true
	for i, b := range t.bindings {
		switch {
		case b == nil:
		case b.Ref != "":
			e := c.bindingEntry(t, b)
			if e == nil {
				complete = false
				continue
			}
			for j, p := range e.event.binding.Params {
				params = append(params, suppliedParam{p.Name, p.Value, in(e, "spec").index("params", j).field("value"), e.ref.String(), e})
			}
		case b.Name != "" && b.Value != nil:
			params = append(params, suppliedParam{b.Name, *b.Value, t.spot.index("bindings", i).field("value"), t.label, nil})
		}
	}
	return params, complete
}

// templateOf is the template of a trigger; nil if it is not in the set.
func (c *checker) templateOf(t *eventTrigger) (spec *v1beta1.TriggerTemplateSpec, at spot, label string) {
	switch {
	case t.template == nil:
	case t.template.Spec != nil:
		return t.template.Spec, t.spot.field("template.spec"), "the template of " + t.label
	case t.template.Ref != nil:
		if e := c.find("TriggerTemplate", t.spot.ref.Namespace, *t.template.Ref); e != nil && e.event.template != nil {
			return &e.event.template.Spec, in(e, "spec"), e.ref.String()
		}
	}
	return nil, spot{}, ""
}

// templateNames are the names of the params of a template.
func templateNames(spec *v1beta1.TriggerTemplateSpec) []string {
	return namesOf(spec.Params, func(p *v1beta1.ParamSpec) string { return p.Name })
}

// unsupplied are the params of a template that nobody gives a value, and that
// it uses.
func unsupplied(spec *v1beta1.TriggerTemplateSpec, given []suppliedParam) []int {
	names, used := map[string]bool{}, usedTemplateParams(spec)
	for _, p := range given {
		names[p.name] = true
	}
	var out []int
	for i := range spec.Params {
		if p := &spec.Params[i]; p.Default == nil && used[p.Name] && !names[p.Name] {
			out = append(out, i)
		}
	}
	return out
}

// supplied compares what the bindings of a trigger supply with what its
// template declares: row 68.
func (c *checker) supplied(t *eventTrigger) {
	given, complete := c.supply(t)
	first := map[string]suppliedParam{}
	for _, p := range given {
		other, ok := first[p.name]
		if !ok {
			first[p.name] = p
			continue
		}
		if p.binding != nil && p.binding == other.binding {
			continue // the binding itself is wrong, or is listed twice
		}
		c.fail(t.spot.field("bindings"), "param-duplicate", p.name, t.label+" is supplied param "+q(p.name)+" by "+other.by+" and by "+p.by+", so every event fails",
			"keep one of them", other.spot.related("the first one"), p.spot.related("the second one"))
	}
	c.bindingTwice(t)
	spec, at, label := c.templateOf(t)
	if spec == nil {
		return
	}
	declared := templateNames(spec)
	var extra []string
	for _, p := range given {
		if !slices.Contains(declared, p.name) {
			extra = append(extra, p.name)
		}
	}
	var misspelt []string
	if complete {
		for _, i := range unsupplied(spec, given) {
			name := spec.Params[i].Name
			near := nearest(name, extra)
			help := "supply it in a binding, or give it a default in the template"
			if near != "" {
				help = "the bindings supply " + q(near) + ": did you mean " + q(name) + "?"
				misspelt = append(misspelt, near)
			}
			c.fail(t.spot.field("bindings"), "param-missing", name, t.label+" supplies no param "+q(name)+" of "+label+": $(tt.params."+name+") stays as it is",
				help, at.index("params", i).related("it is declared"))
		}
	}
	for _, p := range given {
		if p.binding == nil && !slices.Contains(declared, p.name) && !slices.Contains(misspelt, p.name) {
			c.warn(p.spot, "param-extra", p.name, "param "+q(p.name)+" is taken from the event, and "+label+" does not declare it", suggest(p.name, declared, "drop it, or declare and use it there"))
		}
	}
}

// bindingTwice reports a binding that a trigger lists twice.
func (c *checker) bindingTwice(t *eventTrigger) {
	seen := map[*entry]int{}
	for i, b := range t.bindings {
		if b == nil || b.Ref == "" {
			continue
		}
		e := c.bindingEntry(t, b)
		if e == nil {
			continue
		}
		if first, ok := seen[e]; ok && len(e.event.binding.Params) > 0 {
			c.fail(t.spot.index("bindings", i), "param-duplicate", b.Ref, t.label+" lists "+e.ref.String()+" twice, so every event fails", "drop one of them",
				t.spot.index("bindings", first).related("the first one"))
			continue
		}
		seen[e] = i
	}
}

// notTaken are the params of a binding that no template of the triggers which
// use it declares; none where one of them is not known.
func (c *checker) notTaken(e *entry) []string {
	var users int
	taken := map[string]bool{}
	for _, t := range c.eventTriggers() {
		if !slices.ContainsFunc(t.bindings, func(b *v1beta1.TriggerSpecBinding) bool {
			return b != nil && b.Ref == e.ref.Name && c.bindingEntry(t, b) == e
		}) {
			continue
		}
		spec, _, _ := c.templateOf(t)
		if spec == nil {
			return nil
		}
		users++
		given, _ := c.supply(t)
		for _, name := range templateNames(spec) {
			taken[name] = true
		}
		for _, i := range unsupplied(spec, given) { // told as a param that is missing
			var extra []string
			for _, p := range given {
				if !taken[p.name] {
					extra = append(extra, p.name)
				}
			}
			taken[nearest(spec.Params[i].Name, extra)] = true
		}
	}
	if users == 0 {
		return nil
	}
	var out []string
	for _, p := range e.event.binding.Params {
		if !taken[p.Name] {
			out = append(out, p.Name)
		}
	}
	return out
}

// taken checks whether what a trigger takes of an event fits where its template
// puts it: an object has quotes of its own, which end the string around it.
func (c *checker) taken(t *eventTrigger) {
	spec, _, label := c.templateOf(t)
	if spec == nil || c.escapesQuotes(t) {
		return
	}
	lists := c.listExtensions(t)
	used := usedTemplateParams(spec)
	given, _ := c.supply(t)
	for _, p := range given {
		if !used[p.name] {
			continue
		}
		for x := range tekref.ScanBinding(p.value) {
			at := p.spot.of(x.String())
			path, err := jsonpath.Parse(x.Expr)
			switch {
			case err != nil || x.Open || len(path.Fields) == 0:
			case wholeEvent(x):
				c.fail(at, "binding-object", p.name, x.String()+" is an object, whose quotes end the string of "+label+" that takes it: nothing is created",
					"take a string of it; or make it one with marshalJSON() in an overlay, and take that")
			case path.Many:
				c.warn(at, "binding-object", p.name, x.String()+" is a list unless it finds just one value: its quotes end the string of "+label+" that takes it",
					"take one item, as in $(body.commits[0].id); or join them in an overlay of a CEL interceptor")
			case path.Whole && len(path.Fields) > 1 && path.Fields[0] == "extensions" && lists[joined(path.Fields[1:])]:
				c.fail(at, "binding-object", p.name, x.String()+" is a list or an object, whose quotes end the string of "+label+" that takes it: nothing is created",
					"take one item of it, as in $("+x.Expr+"[0]); or make it a string with join() or marshalJSON()")
			}
		}
	}
}

// escapesQuotes reports whether the template of a trigger has the annotation
// that lets objects stand in strings.
func (c *checker) escapesQuotes(t *eventTrigger) bool {
	if t.template == nil || t.template.Ref == nil {
		return false
	}
	e := c.find("TriggerTemplate", t.spot.ref.Namespace, *t.template.Ref)
	if e == nil || e.event.template == nil {
		return false
	}
	_, ok := e.event.template.Annotations["triggers.tekton.dev/old-escape-quotes"]
	return ok
}
