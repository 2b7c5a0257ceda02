package check

import (
	"slices"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// bindingRefs checks the list of bindings of a trigger: each is a reference, or
// a param with its value.
func (c *checker) bindingRefs(t *eventTrigger) {
	for i, b := range t.bindings {
		s := t.spot.index("bindings", i)
		switch {
		case b == nil:
			c.fail(s, "spec-missing", "", "a binding of "+t.label+" is empty", "set ref, or name and value")
		case b.Ref != "" && b.Name != "":
			c.fail(s, "spec-conflict", b.Ref, "a binding of "+t.label+" has both ref and name", "make two of it: one with ref, one with name and value")
		case b.Ref != "":
			c.bindingRef(s, b)
		case b.Name == "":
			c.fail(s, "spec-missing", "", "a binding of "+t.label+" has neither ref nor name", "set ref, or name and value")
		case b.Value == nil:
			c.fail(s, "spec-missing", b.Name, "param "+q(b.Name)+" of "+t.label+" has no value", "set value")
		default:
			c.bindingValue(s.field("value"), *b.Value)
		}
	}
}

// bindingRef checks a reference to a binding: row 67.
func (c *checker) bindingRef(s spot, b *v1beta1.TriggerSpecBinding) {
	kinds := []string{string(v1beta1.NamespacedTriggerBindingKind), string(v1beta1.ClusterTriggerBindingKind)}
	kind := string(b.Kind)
	if kind == "" {
		kind = kinds[0] // as the webhook fills in
	}
	if !slices.Contains(kinds, kind) {
		c.fail(s.field("kind"), "ref-invalid", kind, "there is no binding of kind "+q(kind), oneOf(kind, kinds))
		return
	}
	c.wants(s.field("ref"), want{kind: kind, name: b.Ref, without: "every event fails without it, and only the log of the listener says so"})
}

// bindingEntry is the TriggerBinding or ClusterTriggerBinding that a trigger
// refers to; nil if it is not in the set.
func (c *checker) bindingEntry(t *eventTrigger, b *v1beta1.TriggerSpecBinding) *entry {
	kind := b.Kind
	if kind == "" {
		kind = v1beta1.NamespacedTriggerBindingKind
	}
	if e := c.find(string(kind), t.spot.ref.Namespace, b.Ref); e != nil && e.event.binding != nil {
		return e
	}
	return nil
}

// bindingObject checks a TriggerBinding or a ClusterTriggerBinding.
func (c *checker) bindingObject(e *entry) {
	s, params := in(e, "spec"), e.event.binding.Params
	if len(params) == 0 {
		c.fail(s, "spec-missing", e.ref.Name, e.ref.String()+" has no params", "list what it takes from an event")
		return
	}
	c.duplicates(s, "params", "param", diag.Error, namesOf(params, func(p *v1beta1.Param) string { return p.Name }))
	extra := c.notTaken(e)
	for i := range params {
		at := s.index("params", i)
		if params[i].Name == "" {
			c.fail(at, "name-invalid", "", "a param of "+e.ref.String()+" has no name", "name it")
		}
		c.bindingValue(at.field("value"), params[i].Value)
		if !slices.Contains(extra, params[i].Name) {
			continue
		}
		c.warn(at.field("name"), "param-extra", params[i].Name, "param "+q(params[i].Name)+" is taken from the event and used by no template",
			"drop it, or declare and use it in the TriggerTemplate")
	}
}
