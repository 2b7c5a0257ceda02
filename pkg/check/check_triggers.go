package check

import (
	"slices"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// triggers checks the objects of Tekton Triggers.
func (c *checker) triggers(e *entry) {
	for _, path := range e.event.conflicts {
		c.fail(in(e, path), "spec-conflict", "", "this interceptor is several at once", "make one of each; better, name them in ref")
	}
	switch o := e.event; {
	case o.listener != nil:
		c.listener(e)
	case o.trigger != nil:
		c.objectName(e)
		c.eventTrigger(c.triggerOf(e))
	case o.binding != nil:
		c.objectName(e)
		c.bindingObject(e)
	case o.template != nil:
		c.objectName(e)
		c.eventTemplate(in(e, "spec"), e.ref.String(), &o.template.Spec)
	case o.interceptor != nil:
		c.interceptorServer(e)
	}
}

// eventTrigger is one trigger: a Trigger, or what stands in an EventListener.
type eventTrigger struct {
	spot  spot // of its spec
	label string

	bindings     []*v1beta1.TriggerSpecBinding
	template     *v1beta1.TriggerSpecTemplate // nil if there is none
	interceptors []*v1beta1.TriggerInterceptor
	account      string

	users []triggerUser
}

// triggerUser is a listener that hands events to a trigger, perhaps those that
// passed the interceptors of a group.
type triggerUser struct {
	listener *entry
	group    *v1beta1.EventListenerTriggerGroup // nil without one
	at       spot                               // of the group
}

// inlineTriggers are the triggers that stand in an EventListener.
func (c *checker) inlineTriggers(e *entry) []*eventTrigger {
	var out []*eventTrigger
	for i := range e.event.listener.Spec.Triggers {
		t := &e.event.listener.Spec.Triggers[i]
		if t.TriggerRef != "" && t.Template == nil {
			continue
		}
		label := "trigger " + q(t.Name) + " of " + e.ref.String()
		if t.Name == "" {
			label = "a trigger of " + e.ref.String()
		}
		out = append(out, &eventTrigger{
			spot: in(e, "spec").index("triggers", i), label: label, bindings: t.Bindings, template: t.Template,
			interceptors: t.Interceptors, account: t.ServiceAccountName, users: []triggerUser{{listener: e}},
		})
	}
	return out
}

// triggerOf is what a Trigger means; it is found out once.
func (c *checker) triggerOf(e *entry) *eventTrigger {
	if e.event.uses != nil {
		return e.event.uses
	}
	spec := &e.event.trigger.Spec
	t := &eventTrigger{
		spot: in(e, "spec"), label: e.ref.String(), bindings: spec.Bindings, template: &spec.Template,
		interceptors: spec.Interceptors, account: spec.ServiceAccountName,
	}
	e.event.uses = t
	for _, l := range c.entries {
		if l.event.listener != nil {
			t.users = append(t.users, usesOf(l, e)...)
		}
	}
	return t
}

// usesOf are the ways in which a listener hands events to a Trigger.
func usesOf(l, trigger *entry) []triggerUser {
	var out []triggerUser
	spec := &l.event.listener.Spec
	referred := slices.ContainsFunc(spec.Triggers, func(t v1beta1.EventListenerTrigger) bool {
		return t.Template == nil && t.TriggerRef == trigger.ref.Name && sameNamespace(l.ref.Namespace, trigger.ref.Namespace)
	})
	if referred || selects(l, trigger, spec.NamespaceSelector.MatchNames, spec.LabelSelector) {
		out = append(out, triggerUser{listener: l})
	}
	for i := range spec.TriggerGroups {
		g := &spec.TriggerGroups[i]
		if selects(l, trigger, g.TriggerSelector.NamespaceSelector.MatchNames, g.TriggerSelector.LabelSelector) {
			out = append(out, triggerUser{l, g, in(l, "spec").index("triggerGroups", i)})
		}
	}
	return out
}

// selects reports whether the selectors of a listener find a Trigger.
func selects(l, trigger *entry, namespaces []string, selector *metav1.LabelSelector) bool {
	switch {
	case len(namespaces) == 1 && namespaces[0] == "*":
	case len(namespaces) > 0:
		if trigger.ref.Namespace != "" && !slices.Contains(namespaces, trigger.ref.Namespace) {
			return false
		}
	case selector == nil || !sameNamespace(l.ref.Namespace, trigger.ref.Namespace):
		return false
	}
	if selector == nil {
		return true
	}
	match, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && match.Matches(labels.Set(trigger.event.trigger.Labels))
}

// triggersOf are all triggers that a listener hands events to, as far as they
// are in the set.
func (c *checker) triggersOf(l *entry) []*eventTrigger {
	out := c.inlineTriggers(l)
	for _, e := range c.entries {
		if e.event.trigger != nil && len(usesOf(l, e)) > 0 {
			out = append(out, c.triggerOf(e))
		}
	}
	return out
}

// eventTriggers are all triggers of the set.
func (c *checker) eventTriggers() []*eventTrigger {
	if c.events == nil {
		c.events = []*eventTrigger{}
		for _, e := range c.entries {
			switch {
			case e.event.listener != nil:
				c.events = append(c.events, c.inlineTriggers(e)...)
			case e.event.trigger != nil:
				c.events = append(c.events, c.triggerOf(e))
			}
		}
	}
	return c.events
}

// eventTrigger checks one trigger, and what its parts mean to each other.
func (c *checker) eventTrigger(t *eventTrigger) {
	c.bindingRefs(t)
	c.templateRef(t)
	c.account(t.spot.field("serviceAccountName"), t.account)
	c.interceptorChain(t.spot, t.interceptors, t.users)
	c.extensionRefs(t)
	c.supplied(t)
	c.taken(t)
	c.unguarded(t)
}
