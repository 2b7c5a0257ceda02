package facts

import (
	"maps"
	"slices"

	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// This file finds the objects that objects of Tekton Triggers refer to.

// eventNeeds adds the objects that objects of Tekton Triggers refer to.
func (e *Entry) eventNeeds(s Spot) {
	switch o := e.Event; {
	case o.Listener != nil:
		spec := &o.Listener.Spec
		if spec.LabelSelector == nil && len(spec.NamespaceSelector.MatchNames) == 0 && len(spec.TriggerGroups) == 0 && len(spec.Triggers) == 0 {
			return
		}
		if account, at, known := e.ListenerAccount(); known {
			e.need(Need{Spot: at, Kind: "ServiceAccount", Name: account})
		}
		for i := range spec.Triggers {
			t := &spec.Triggers[i]
			if t.TriggerRef != "" && t.Template == nil && t.Bindings == nil && t.Interceptors == nil {
				e.need(Need{Spot: s.Index("triggers", i).Field("triggerRef"), Kind: "Trigger", Name: t.TriggerRef, For: ForTrigger})
			}
		}
		for _, t := range e.Triggers() {
			t.needs()
		}
		for _, g := range e.TriggerGroups() {
			e.interceptorNeeds(g.Chain)
			e.selectorNeeds(g.Spot.Field("triggerSelector"), g.Spec.TriggerSelector.NamespaceSelector.MatchNames)
		}
		e.selectorNeeds(s, spec.NamespaceSelector.MatchNames)
		e.listenerPodNeeds()
	case o.Trigger != nil:
		for _, t := range e.Triggers() {
			t.needs()
		}
	case o.Interceptor != nil:
		service := o.Interceptor.Spec.ClientConfig.Service
		if service != nil && o.Interceptor.Spec.ClientConfig.URL == nil && service.Namespace != "" && e.Ref.Name != "" && !slices.Contains(CoreInterceptors, e.Ref.Name) {
			e.need(Need{Spot: s.Field("clientConfig", "service", "name"), Kind: "Service", Name: service.Name, Namespace: service.Namespace, For: ForWebhook})
		}
	}
}

// inNamespace reports whether an object sets the namespace.
func (s *Set) inNamespace(name string) bool {
	return s.usedNamespaces.of(func() []string { return namesOf(s.entries, func(e **Entry) string { return (*e).Ref.Namespace }) }).has(name)
}

// selectorNeeds adds the namespaces in which a listener looks for triggers.
func (e *Entry) selectorNeeds(s Spot, namespaces []string) {
	for i, name := range namespaces {
		if name != "*" && !e.set.inNamespace(name) {
			e.need(Need{Spot: s.Field("namespaceSelector").Index("matchNames", i), Kind: "Namespace", Name: name, For: ForSelector, Skipped: true})
		}
	}
}

// needs adds the objects that a trigger refers to.
func (t *Trigger) needs() {
	e := t.Spot.Entry
	for i, b := range t.Bindings {
		if b == nil || b.Ref == "" || b.Name != "" {
			continue // the last is a conflict, which is wrong in any case
		}
		kind := string(b.Kind)
		switch kind {
		case "":
			kind = string(triggersv1beta1.NamespacedTriggerBindingKind) // the default that the webhook sets
		case string(triggersv1beta1.NamespacedTriggerBindingKind), string(triggersv1beta1.ClusterTriggerBindingKind):
		default:
			continue
		}
		e.need(Need{Spot: t.Spot.Index("bindings", i).Field("ref"), Kind: kind, Name: b.Ref, For: ForEvent})
	}
	if t.Template != nil && t.Template.Spec == nil && t.Template.Ref != nil {
		e.need(Need{Spot: t.Spot.Field("template", "ref"), Kind: "TriggerTemplate", Name: *t.Template.Ref, For: ForEvent})
	}
	e.need(Need{Spot: t.Spot.Field("serviceAccountName"), Kind: "ServiceAccount", Name: t.Account})
	e.interceptorNeeds(t.Chain())
}

// interceptorNeeds adds the interceptors that are called, and the objects that they
// read. A namespaced interceptor is in the namespace of the listener.
func (e *Entry) interceptorNeeds(chain []*Interceptor) {
	for _, x := range chain {
		switch {
		case x.Spec == nil:
		case x.Spec.Webhook != nil:
			if ref := x.Spec.Webhook.ObjectRef; ref != nil && x.Spec.Webhook.URL == nil && ref.Kind == "Service" && ref.APIVersion == "v1" {
				e.need(Need{Spot: x.Spot.Field("webhook", "objectRef", "name"), Kind: "Service", Name: ref.Name, Namespace: ref.Namespace, For: ForWebhook})
			}
		case x.Spec.Ref.Name == "":
		default:
			e.interceptorNeed(x.Spot.Field("ref", "name"), x.Spec)
			for _, ref := range x.Secrets() {
				if ref.Key != "" { // without a key it rejects every event
					e.need(Need{Spot: ref.Spot.Field("secretName"), Kind: "Secret", Name: ref.Name, For: ForWebhook, Keys: []NeededKey{{ref.Spot.Field("secretKey"), ref.Key}}})
				}
			}
		}
	}
}

func (e *Entry) interceptorNeed(at Spot, x *triggersv1beta1.TriggerInterceptor) {
	switch x.Ref.Kind {
	case "", triggersv1beta1.ClusterInterceptorKind: // the webhook defaults to the first
		if !slices.Contains(CoreInterceptors, x.Ref.Name) {
			e.need(Need{Spot: at, Kind: "ClusterInterceptor", Name: x.Ref.Name, For: ForInterceptor})
		}
	case triggersv1beta1.NamespacedInterceptorKind:
		namespaces := map[string]bool{}
		if e.Event.Trigger != nil {
			for _, u := range e.Triggers()[0].Users() {
				namespaces[u.Listener.Ref.Namespace] = true
			}
		}
		if len(namespaces) == 0 {
			namespaces[e.Ref.Namespace] = true
		}
		for _, namespace := range slices.Sorted(maps.Keys(namespaces)) {
			e.need(Need{Spot: at, Kind: "Interceptor", Name: x.Ref.Name, Namespace: namespace, For: ForInterceptor})
		}
	}
}
