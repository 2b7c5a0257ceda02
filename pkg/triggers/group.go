package triggers

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Group describes a trigger group of a listener without an event: interceptors that are
// called once for all Triggers that the group selects. [Listener.Group] describes one with
// an event, and checks its signature.
type Group struct {
	at           callsite.Place
	name         string
	of           bool   // of Listener.Group
	event        *event // of Listener.Group
	interceptors []Interceptor
	labels       map[string]string
	requirements []metav1.LabelSelectorRequirement
	namespaces   []string
}

// NewGroup returns a trigger group. Pass it to [Listener.AddGroup]. It needs interceptors,
// and labels or namespaces.
func NewGroup(name string) *Group { return &Group{at: callsite.Here(), name: name} }

// Intercept adds interceptors.
func (g *Group) Intercept(interceptors ...Interceptor) *Group {
	if g != nil {
		g.interceptors = append(g.interceptors, interceptors...)
	}
	return g
}

// Select selects the Triggers with the given labels.
func (g *Group) Select(labels map[string]string) *Group {
	if g != nil {
		g.labels = copied(labels)
	}
	return g
}

// SelectBy selects the Triggers whose labels meet all requirements (matchExpressions), in
// addition to those of Select.
func (g *Group) SelectBy(requirements ...metav1.LabelSelectorRequirement) *Group {
	if g != nil {
		for i := range requirements {
			g.requirements = append(g.requirements, *requirements[i].DeepCopy())
		}
	}
	return g
}

// Namespaces selects the Triggers of other namespaces. "*" means all namespaces.
func (g *Group) Namespaces(names ...string) *Group {
	if g != nil {
		g.namespaces = append([]string(nil), names...)
	}
	return g
}

// AddGroup adds trigger groups.
func (l *Listener) AddGroup(groups ...*Group) *Listener {
	l = l.orNew()
	at := callsite.Here()
	for _, g := range groups {
		if g == nil {
			g = &Group{at: at}
		}
		l.groups = append(l.groups, g)
	}
	return l
}

// selector returns a label selector, or nil if it would select everything.
func selector(labels map[string]string, requirements []metav1.LabelSelectorRequirement) *metav1.LabelSelector {
	if labels == nil && len(requirements) == 0 {
		return nil
	}
	out := &metav1.LabelSelector{MatchLabels: copied(labels)}
	for i := range requirements {
		out.MatchExpressions = append(out.MatchExpressions, *requirements[i].DeepCopy())
	}
	return out
}

// lowerGroups adds the trigger groups.
func (l *Listener) lowerGroups(o *v1beta1.EventListener, places *callsite.Places) diag.Findings {
	var findings diag.Findings
	fail := func(g *Group, code, message, help string) {
		findings = append(findings, finding(g.at, l.ref(), code, "group "+quoted(g.name)+message, help))
	}
	for _, g := range l.groups {
		if g.of && g.event == nil {
			fail(g, "event-missing", " has no event", "pass an event to Group, such as triggers.GitHubPush()")
			continue
		}
		match := selector(g.labels, g.requirements)
		if g.of && len(g.labels) == 0 {
			fail(g, "group-invalid", " has no labels to select its Triggers", "pass the labels of the Triggers to Group")
			match = &metav1.LabelSelector{}
		}
		findings = append(findings, labels(g.at, l.ref(), "group "+quoted(g.name), g.labels)...)
		t := &Trigger{listener: l, group: true, at: g.at, name: g.name, event: g.event, interceptors: g.interceptors}
		var interceptors []*v1beta1.TriggerInterceptor
		var more diag.Findings
		if g.of {
			for _, f := range g.event.faults {
				findings = append(findings, finding(f.at, l.ref(), f.code, f.message, f.help))
			}
			interceptors, more = t.intercept(nil, l.ref())
		} else {
			interceptors, more = t.given(l.ref())
		}
		findings = append(findings, more...)
		places.Set(diag.Fields("spec", "triggerGroups").Index(len(o.Spec.TriggerGroups)), g.at)
		o.Spec.TriggerGroups = append(o.Spec.TriggerGroups, v1beta1.EventListenerTriggerGroup{
			Name: handle.Strip(g.name), Interceptors: interceptors,
			TriggerSelector: v1beta1.EventListenerTriggerSelector{
				LabelSelector:     match,
				NamespaceSelector: v1beta1.NamespaceSelector{MatchNames: append([]string(nil), g.namespaces...)},
			},
		})
	}
	return findings
}
