package check

import (
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// listener checks an EventListener.
func (c *checker) listener(e *entry) {
	s, spec := in(e, "spec"), &e.event.listener.Spec
	c.listenerName(e)
	if v, ok := e.event.listener.Annotations[payloadValidation]; ok && v != "true" && v != "false" {
		c.fail(in(e, key("metadata.annotations", payloadValidation)), "annotation-invalid", v, "the annotation "+q(payloadValidation)+" is "+q(v), `write "true" or "false", in quotes`)
	}
	if spec.LabelSelector == nil && len(spec.NamespaceSelector.MatchNames) == 0 && len(spec.TriggerGroups) == 0 && len(spec.Triggers) == 0 {
		c.fail(s, "spec-missing", e.ref.Name, e.ref.String()+" has no trigger", "list some under triggers, or select them by labelSelector or namespaceSelector")
		return
	}
	c.account(s.field("serviceAccountName"), spec.ServiceAccountName)
	for i := range spec.Triggers {
		c.listenerTrigger(s.index("triggers", i), &spec.Triggers[i])
	}
	for _, t := range c.inlineTriggers(e) {
		c.eventTrigger(t)
	}
	for i := range spec.TriggerGroups {
		c.triggerGroup(s.index("triggerGroups", i), &spec.TriggerGroups[i])
	}
	c.selectors(s, spec.NamespaceSelector.MatchNames, spec.LabelSelector)
	c.listenerPod(s.field("resources"), &spec.Resources)
	c.idle(e)
	c.listenerAccess(e)
}

const payloadValidation = "tekton.dev/payload-validation"

// listenerName checks the name of a listener, which is a part of the name of
// its Service: el-NAME.
func (c *checker) listenerName(e *entry) {
	name, s := e.event.listener.Name, in(e, "metadata.name")
	switch {
	case name == "" && e.event.listener.GenerateName == "":
		c.fail(in(e, "metadata"), "name-invalid", "", "this EventListener has no name", "set metadata.name")
	case len(name) > 60:
		c.fail(s, "name-invalid", name, "the name "+q(name)+" is longer than 60 characters, and the Service of the listener is called el-"+name, "shorten it")
	case name != "" && len(validation.IsDNS1035Label("el-"+name)) > 0:
		c.fail(s, "name-invalid", name, "the name "+q(name)+" is not a DNS label, and the Service of the listener is called el-"+name, dnsHelp)
	}
}

// listenerTrigger checks what only a trigger inside a listener can get wrong.
func (c *checker) listenerTrigger(s spot, t *v1beta1.EventListenerTrigger) {
	if t.Name != "" && len(validation.IsValidLabelValue(t.Name)) > 0 {
		c.fail(s.field("name"), "name-invalid", t.Name, "the name "+q(t.Name)+" of a trigger cannot be a label of what it creates",
			"use only letters, digits, -, _ and ., 63 characters at most")
	}
	switch {
	case t.TriggerRef == "" && t.Template == nil:
		c.fail(s, "spec-missing", t.Name, "a trigger of "+s.ref.String()+" has neither template nor triggerRef", "set template, or triggerRef")
	case t.TriggerRef != "" && (t.Template != nil || t.Bindings != nil || t.Interceptors != nil):
		c.fail(s, "spec-conflict", t.TriggerRef, "a trigger of "+s.ref.String()+" has triggerRef, and parts of its own", "keep triggerRef alone, or drop it")
	case t.TriggerRef != "":
		c.wants(s.field("triggerRef"), want{kind: "Trigger", name: t.TriggerRef, without: "it is skipped, and only the log of the listener says so"})
		if t.ServiceAccountName != "" {
			c.warn(s.field("serviceAccountName"), "spec-conflict", t.ServiceAccountName, "the account beside a triggerRef is ignored: that of the Trigger counts", "set it there")
		}
	}
}

// triggerGroup checks a group of triggers.
func (c *checker) triggerGroup(s spot, g *v1beta1.EventListenerTriggerGroup) {
	selector := &g.TriggerSelector
	if selector.LabelSelector == nil && len(selector.NamespaceSelector.MatchNames) == 0 {
		c.fail(s.field("triggerSelector"), "spec-missing", g.Name, "group "+q(g.Name)+" selects no triggers", "set labelSelector, or namespaceSelector")
	}
	if len(g.Interceptors) == 0 {
		c.fail(s, "spec-missing", g.Name, "group "+q(g.Name)+" has no interceptors", "set some, or select the triggers without a group")
	}
	listener := []triggerUser{{listener: s.entry}}
	c.interceptorChain(s, g.Interceptors, listener)
	sets := []extensionSet{{}}
	for i, x := range g.Interceptors {
		c.celExtensions(s.index("interceptors", i), x, sets)
		sets[0].add(x)
	}
	c.selectors(s.field("triggerSelector"), selector.NamespaceSelector.MatchNames, selector.LabelSelector)
}

// selectors checks how triggers are found.
func (c *checker) selectors(s spot, namespaces []string, labels *metav1.LabelSelector) {
	if labels != nil {
		if _, err := metav1.LabelSelectorAsSelector(labels); err != nil {
			c.fail(s.field("labelSelector"), "selector-invalid", "", "these labels select nothing, and every event fails: "+oneLine(err), "mend the selector")
		}
	}
	for i, name := range namespaces {
		item := s.field("namespaceSelector").index("matchNames", i)
		if name != "*" {
			if !c.inhabited(name) {
				c.wants(item, want{kind: "Namespace", name: name, mild: true})
			}
		} else if len(namespaces) > 1 {
			c.warn(item, "selector-invalid", name, `"*" means every namespace only if it stands alone`, `drop the other names, or "*"`)
		}
	}
}

// inhabited reports whether something in the set lives in a namespace.
func (c *checker) inhabited(namespace string) bool {
	return slices.ContainsFunc(c.entries, func(e *entry) bool { return e.ref.Namespace == namespace })
}

// oneLine is the text of an error in one line, without a full stop.
func oneLine(err error) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(err.Error()), " "), ".")
}

// idle warns of a listener that starts nothing, as far as the set tells.
func (c *checker) idle(e *entry) {
	spec := &e.event.listener.Spec
	if len(spec.Triggers) > 0 || !c.profile.Complete || c.profile.exists("Trigger", "", "*") || len(c.triggersOf(e)) > 0 {
		return
	}
	c.warn(in(e, "spec"), "listener-idle", e.ref.Name, e.ref.String()+" selects no Trigger of the set, so it starts nothing", "give the Triggers the labels that it selects, or mend the selector")
}
