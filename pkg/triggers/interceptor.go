package triggers

import (
	"encoding/json"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Interceptor describes an interceptor, which processes an event before anything
// is created. It may reject the event, change it, or add extensions.
type Interceptor struct {
	at      callsite.Place
	name    string
	kind    v1beta1.InterceptorKind
	params  map[string]any
	service string
}

// ClusterInterceptor refers to the ClusterInterceptor with the given name. The
// params are any values that can be marshaled to JSON.
func ClusterInterceptor(name string, params map[string]any) Interceptor {
	return Interceptor{at: callsite.Here(), name: name, kind: v1beta1.ClusterInterceptorKind, params: params}
}

// NamespacedInterceptor refers to the Interceptor with the given name in the
// namespace of the trigger. The params are as for [ClusterInterceptor].
func NamespacedInterceptor(name string, params map[string]any) Interceptor {
	return Interceptor{at: callsite.Here(), name: name, kind: v1beta1.NamespacedInterceptorKind, params: params}
}

// SlackFields adds fields of a Slack slash command as extensions, each of which is
// a list: CEL("text", "extensions.text[0]"). It requires Slack's signature header,
// but does not verify it. So the trigger must be Unsigned, or have another
// interceptor that verifies the signature.
func SlackFields(names ...string) Interceptor {
	return Interceptor{at: callsite.Here(), name: slack, kind: v1beta1.ClusterInterceptorKind,
		params: map[string]any{"requestedFields": append([]string{}, names...)}}
}

// WebhookInterceptor sends the event to a Service in the same namespace, and
// continues with the event in its response.
func WebhookInterceptor(service string) Interceptor {
	return Interceptor{at: callsite.Here(), service: service}
}

// findings returns the mistakes in an interceptor of a trigger.
func (i Interceptor) findings(t *Trigger, about diag.ObjectRef) diag.Findings {
	at := i.at
	if at == nil {
		at = t.at
	}
	switch {
	case i.kind == "" && i.at == nil:
		return diag.Findings{finding(at, about, "interceptor-invalid", "an interceptor of trigger "+quoted(t.name)+" is empty",
			"create it with ClusterInterceptor, NamespacedInterceptor, SlackFields or WebhookInterceptor")}
	case i.kind == "":
		return named(at, about, service, "the Service of an interceptor", i.service)
	}
	return named(at, about, dnsName, "the name of an interceptor", i.name)
}

// signs reports whether the interceptor may reject unsigned events.
func (i Interceptor) signs() bool {
	if i.name == "" && i.service == "" {
		return false
	}
	switch i.name {
	case "cel", slack:
		return false
	case github.interceptor, gitlab.interceptor, bitbucket.interceptor:
		return i.params["secretRef"] != nil
	}
	return true
}

// slack is the name of the interceptor for slash commands.
const slack = "slack"

// lower returns the upstream struct of the interceptor, or an error if its params
// cannot be marshaled to JSON.
func (i Interceptor) lower() (out *v1beta1.TriggerInterceptor, why error) {
	if i.service != "" {
		return &v1beta1.TriggerInterceptor{Webhook: &v1beta1.WebhookInterceptor{
			ObjectRef: &corev1.ObjectReference{APIVersion: "v1", Kind: "Service", Name: i.service},
		}}, nil
	}
	return clusterInterceptor(i.name, i.kind, i.params)
}

func clusterInterceptor(name string, kind v1beta1.InterceptorKind, params map[string]any) (*v1beta1.TriggerInterceptor, error) {
	out := &v1beta1.TriggerInterceptor{Ref: v1beta1.InterceptorRef{Name: name, Kind: kind}}
	keys := make([]string, 0, len(params))
	for k := range params {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	slices.SortStableFunc(keys, func(a, b string) int { return rank(a) - rank(b) })
	for _, k := range keys {
		p := v1beta1.InterceptorParams{Name: k}
		raw, err := json.Marshal(params[k])
		if err == nil {
			err = json.Unmarshal(raw, &p.Value)
		}
		if err != nil {
			return out, err
		}
		out.Params = append(out.Params, p)
	}
	return out, nil
}

// rank puts the most important params first.
func rank(param string) int {
	if i := slices.Index([]string{"secretRef", "eventTypes", "filter", "overlays"}, param); i >= 0 {
		return i
	}
	return 100
}
