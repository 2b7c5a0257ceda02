package check

import (
	"net/textproto"
	"slices"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// coreInterceptors are the ClusterInterceptors that come with Tekton Triggers.
var coreInterceptors = []string{"bitbucket", "cel", "github", "gitlab", "slack"}

// coreOf is the name of the interceptor if it is one that comes with Triggers.
func coreOf(x *triggersv1beta1.TriggerInterceptor) string {
	if x == nil || x.Webhook != nil || x.Ref.Kind == triggersv1beta1.NamespacedInterceptorKind || !slices.Contains(coreInterceptors, x.Ref.Name) {
		return ""
	}
	return x.Ref.Name
}

// interceptorChain checks the interceptors of a trigger or a group, one by one.
// The users are the listeners that ask them.
func (c *checker) interceptorChain(s spot, list []*triggersv1beta1.TriggerInterceptor, users []triggerUser) {
	for i, x := range list {
		at := s.index("interceptors", i)
		switch {
		case x == nil:
			c.fail(at, "interceptor-invalid", "", "this interceptor is empty", "set ref, or webhook")
		case x.Webhook != nil:
			c.webhook(at, x)
		case x.Ref.Name == "":
			c.fail(at, "interceptor-invalid", "", "this interceptor has neither ref nor webhook", "name one in ref, such as github, gitlab, bitbucket or cel")
		default:
			c.interceptorRef(at, x, users)
			if core := coreOf(x); core != "" {
				c.coreParams(at, core, x.Params)
			}
		}
	}
}

// interceptorRef checks that an interceptor is there: row 67.
func (c *checker) interceptorRef(s spot, x *triggersv1beta1.TriggerInterceptor, users []triggerUser) {
	const without = "every event is refused without it, and only the log of the listener says so"
	name, at := x.Ref.Name, s.field("ref.name")
	kinds := []string{string(triggersv1beta1.ClusterInterceptorKind), string(triggersv1beta1.NamespacedInterceptorKind)}
	switch x.Ref.Kind {
	case "", triggersv1beta1.ClusterInterceptorKind: // the webhook fills in the first
		if slices.Contains(coreInterceptors, name) || c.find("ClusterInterceptor", "", name) != nil || c.profile.exists("ClusterInterceptor", "", name) {
			return
		}
		if near := nearest(name, append(c.namesOfKind("ClusterInterceptor"), coreInterceptors...)); near != "" {
			severity := diag.Warning
			if c.profile.Complete {
				severity = diag.Error
			}
			c.report(at, severity, "interceptor-unknown", name, "there is no interceptor "+q(name)+" among the objects, and none comes with Tekton Triggers: every event is refused without it",
				"did you mean "+q(near)+"?")
			return
		}
		c.wants(at, want{kind: "ClusterInterceptor", name: name, without: without})
	case triggersv1beta1.NamespacedInterceptorKind:
		if len(users) == 0 {
			c.wants(at, want{kind: "Interceptor", name: name, without: without})
		}
		for _, u := range users {
			c.wants(at, want{kind: "Interceptor", name: name, namespace: u.listener.ref.Namespace, without: without})
		}
	default:
		c.fail(s.field("ref.kind"), "ref-invalid", string(x.Ref.Kind), "there is no interceptor of kind "+q(string(x.Ref.Kind))+", so every event is refused",
			oneOf(string(x.Ref.Kind), kinds))
	}
}

// webhook checks an interceptor of the old kind.
func (c *checker) webhook(s spot, x *triggersv1beta1.TriggerInterceptor) {
	w, at := x.Webhook, s.field("webhook")
	if x.Ref.Name != "" {
		c.warn(s.field("ref"), "interceptor-invalid", x.Ref.Name, "this interceptor has both ref and webhook: ref is ignored", "make two of it")
	}
	if w.ObjectRef == nil {
		c.fail(at, "interceptor-invalid", "", "this webhook has no objectRef", "name its Service: apiVersion v1, kind Service, name and namespace")
	} else {
		c.webhookService(at.field("objectRef"), w)
	}
	for i := range w.Header {
		c.webhookHeader(at.index("header", i), &w.Header[i])
	}
}

// webhookService checks the Service of a webhook.
func (c *checker) webhookService(s spot, w *triggersv1beta1.WebhookInterceptor) {
	ref := w.ObjectRef
	if ref.Kind == "" && ref.APIVersion == "" && ref.Name == "" {
		c.fail(s, "interceptor-invalid", "", "the objectRef of this webhook is empty", "name its Service: apiVersion v1, kind Service, name and namespace")
		return
	}
	if ref.Kind != "Service" {
		c.fail(s.field("kind"), "interceptor-invalid", ref.Kind, "the objectRef of a webhook names a Service, not "+q(ref.Kind), "write kind: Service")
	}
	if ref.APIVersion != "v1" {
		c.fail(s.field("apiVersion"), "interceptor-invalid", ref.APIVersion, "the objectRef of a webhook is of apiVersion v1, not "+q(ref.APIVersion), "write apiVersion: v1")
	}
	switch {
	case w.URL != nil:
	case ref.Name == "":
		c.fail(s, "interceptor-invalid", "", "the objectRef of this webhook has no name", "name the Service")
	case ref.Kind == "Service" && ref.APIVersion == "v1":
		c.wants(s.field("name"), want{kind: "Service", name: ref.Name, namespace: ref.Namespace, without: "every event is refused without it"})
	}
}

func (c *checker) webhookHeader(s spot, h *v1beta1.Param) {
	if canonical := textproto.CanonicalMIMEHeaderKey(h.Name); h.Name == "" || canonical != h.Name {
		help := "name it"
		if h.Name != "" {
			help = "write " + q(canonical)
		}
		c.fail(s.field("name"), "interceptor-invalid", h.Name, "the header "+q(h.Name)+" of a webhook is not in the canonical form", help)
	}
	if h.Value.Type == v1beta1.ParamTypeString && h.Value.StringVal == "" || h.Value.Type != v1beta1.ParamTypeString && len(h.Value.ArrayVal) == 0 {
		c.fail(s.field("value"), "interceptor-invalid", h.Name, "the header "+q(h.Name)+" of a webhook has no value", "set it, or drop the header")
	}
}

// interceptorServer checks a ClusterInterceptor or an Interceptor.
func (c *checker) interceptorServer(e *entry) {
	s, client := in(e, "spec.clientConfig"), e.event.interceptor.Spec.ClientConfig
	switch service := client.Service; {
	case client.URL != nil && service != nil:
		c.fail(s, "spec-conflict", e.ref.Name, e.ref.String()+" has both a url and a service", "keep one of them")
	case client.URL == nil && service == nil:
		c.fail(s, "spec-missing", e.ref.Name, e.ref.String()+" does not say where it is, so every event is refused", "set service, or url")
	case service == nil:
	case service.Name == "":
		c.fail(s.field("service"), "spec-missing", e.ref.Name, "the service of "+e.ref.String()+" has no name", "set name and namespace")
	case service.Namespace == "":
		c.fail(s.field("service"), "spec-missing", e.ref.Name, "the service of "+e.ref.String()+" has no namespace", "set it")
	case c.find("Service", service.Namespace, service.Name) == nil && e.ref.Name != "" && !slices.Contains(coreInterceptors, e.ref.Name):
		c.wants(s.field("service.name"), want{kind: "Service", name: service.Name, namespace: service.Namespace, without: "every event is refused without it"})
	}
}
