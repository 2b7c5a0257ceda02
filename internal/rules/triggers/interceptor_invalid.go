package triggers

import (
	_ "embed"
	"net/textproto"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed interceptor-invalid.md
var interceptorInvalidText string

var interceptorInvalid = &rule.Rule{
	Code:     "interceptor-invalid",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     interceptorInvalidText,
	Kinds:    triggerKinds,
	Run: func(p *rule.Pass) {
		for _, x := range p.Entry.Interceptors() {
			switch {
			case x.Spec == nil:
				p.Error(x.Spot, "", "this interceptor is empty", "set ref or webhook")
			case x.Spec.Webhook != nil:
				webhook(p, x.Spot, x.Spec)
			case x.Spec.Ref.Name == "":
				p.Error(x.Spot, "", "this interceptor has neither ref nor webhook", "set ref.name, such as github, gitlab, bitbucket or cel")
			}
		}
	},
}

// webhook checks an interceptor of the old kind.
func webhook(p *rule.Pass, s facts.Spot, x *triggersv1beta1.TriggerInterceptor) {
	w, at := x.Webhook, s.Field("webhook")
	if x.Ref.Name != "" {
		p.Warning(s.Field("ref"), x.Ref.Name, "this interceptor has both ref and webhook: ref is ignored", "split it into two interceptors")
	}
	if w.ObjectRef == nil {
		p.Error(at, "", "this webhook has no objectRef", "refer to a Service: apiVersion v1, kind Service, name and namespace")
	} else {
		webhookService(p, at.Field("objectRef"), w)
	}
	for i := range w.Header {
		webhookHeader(p, at.Index("header", i), &w.Header[i])
	}
}

// webhookService checks the reference of a webhook to its Service.
func webhookService(p *rule.Pass, s facts.Spot, w *triggersv1beta1.WebhookInterceptor) {
	ref := w.ObjectRef
	if ref.Kind == "" && ref.APIVersion == "" && ref.Name == "" {
		p.Error(s, "", "the objectRef of this webhook is empty", "refer to a Service: apiVersion v1, kind Service, name and namespace")
		return
	}
	if ref.Kind != "Service" {
		p.Error(s.Field("kind"), ref.Kind, "the objectRef of this webhook must have kind Service, not "+phrase.Quote(ref.Kind), "set kind: Service")
	}
	if ref.APIVersion != "v1" {
		p.Error(s.Field("apiVersion"), ref.APIVersion, "the objectRef of a webhook must have apiVersion v1, not "+phrase.Quote(ref.APIVersion), "set apiVersion: v1")
	}
	if w.URL == nil && ref.Name == "" {
		p.Error(s, "", "the objectRef of this webhook has no name", "set the name of the Service")
	}
}

func webhookHeader(p *rule.Pass, s facts.Spot, h *v1beta1.Param) {
	if canonical := textproto.CanonicalMIMEHeaderKey(h.Name); h.Name == "" || canonical != h.Name {
		help := "set a name"
		if h.Name != "" {
			help = "use " + phrase.Quote(canonical)
		}
		p.Error(s.Field("name"), h.Name, "the header "+phrase.Quote(h.Name)+" of a webhook is not in canonical form", help)
	}
	if h.Value.Type == v1beta1.ParamTypeString && h.Value.StringVal == "" || h.Value.Type != v1beta1.ParamTypeString && len(h.Value.ArrayVal) == 0 {
		p.Error(s.Field("value"), h.Name, "the header "+phrase.Quote(h.Name)+" of a webhook has no value", "set a value, or remove the header")
	}
}
