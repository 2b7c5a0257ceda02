package triggers

import (
	"encoding/json"
	"net/textproto"
	"reflect"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Interceptor describes an interceptor, which processes an event before anything
// is created. It may reject the event, change it, or add extensions.
type Interceptor struct {
	at        callsite.Place
	name      string
	kind      v1beta1.InterceptorKind
	params    map[string]any
	service   string
	namespace string // of the service
	headers   []pipelinev1beta1.Param
	label     *string
	mutate    callsite.Changes[v1beta1.TriggerInterceptor]
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

// Named returns the interceptor with a name, by which error messages of the listener
// and readers can tell it from others of its trigger.
func (i Interceptor) Named(name string) Interceptor {
	i.label = &name
	return i
}

// Namespace returns the interceptor with the namespace of its Service. It is for
// [WebhookInterceptor] alone. The default is the namespace of the trigger.
func (i Interceptor) Namespace(name string) Interceptor {
	i.namespace = name
	return i
}

// Header returns the interceptor with a header that its requests to the Service have. It
// is for [WebhookInterceptor] alone. The name must be in canonical form: X-Team.
func (i Interceptor) Header(name, value string) Interceptor {
	return i.header(name, pipelinev1beta1.ParamValue{Type: pipelinev1beta1.ParamTypeString, StringVal: value})
}

// HeaderList is like [Interceptor.Header], for a header with a list of values.
func (i Interceptor) HeaderList(name string, values ...string) Interceptor {
	return i.header(name, pipelinev1beta1.ParamValue{Type: pipelinev1beta1.ParamTypeArray, ArrayVal: append([]string{}, values...)})
}

// header returns the interceptor with one more header.
func (i Interceptor) header(name string, v pipelinev1beta1.ParamValue) Interceptor {
	i.headers = append(slices.Clip(i.headers), pipelinev1beta1.Param{Name: name, Value: v})
	return i
}

// Mutate returns the interceptor with a function that changes the TriggerInterceptor
// before it is checked, for fields that have no method here. The function may be called
// more than once, each time with a new TriggerInterceptor.
func (i Interceptor) Mutate(change func(*v1beta1.TriggerInterceptor)) Interceptor {
	i.mutate = slices.Clip(i.mutate)
	i.mutate.Add(callsite.Here(), change)
	return i
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
		return append(named(at, about, service, "the Service of an interceptor", i.service), i.requests(at, about)...)
	}
	out := named(at, about, dnsName, "the name of an interceptor", i.name)
	if i.namespace != "" || len(i.headers) > 0 {
		out = append(out, finding(at, about, "interceptor-invalid", "interceptor "+quoted(i.name)+" has a namespace or headers, which only a WebhookInterceptor can have",
			"remove them, or pass values to the interceptor as params"))
	}
	return out
}

// requests returns the mistakes in the namespace and the headers of a webhook.
func (i Interceptor) requests(at callsite.Place, about diag.ObjectRef) diag.Findings {
	var out diag.Findings
	if i.namespace != "" {
		out = named(at, about, dnsLabel, "the namespace of the Service of an interceptor", i.namespace)
	}
	for _, h := range i.headers {
		switch {
		case h.Name == "" || textproto.CanonicalMIMEHeaderKey(h.Name) != h.Name:
			out = append(out, finding(at, about, "interceptor-invalid", "the header name "+quoted(h.Name)+" of an interceptor is not in canonical form, so Tekton Triggers rejects it",
				"write it as in "+strconv.Quote(textproto.CanonicalMIMEHeaderKey("x-team"))))
		case h.Value.StringVal == "" && len(h.Value.ArrayVal) == 0:
			out = append(out, finding(at, about, "interceptor-invalid", "header "+quoted(h.Name)+" of an interceptor has no value, so Tekton Triggers rejects it",
				"pass a value, or remove the header"))
		}
	}
	return out
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
func (i Interceptor) lower(about diag.ObjectRef) (out *v1beta1.TriggerInterceptor, findings diag.Findings, why error) {
	if i.service != "" {
		out = &v1beta1.TriggerInterceptor{Webhook: &v1beta1.WebhookInterceptor{
			ObjectRef: &corev1.ObjectReference{APIVersion: "v1", Kind: "Service", Name: i.service, Namespace: i.namespace},
		}}
		for _, h := range i.headers {
			out.Webhook.Header = append(out.Webhook.Header, *h.DeepCopy())
		}
	} else if out, why = clusterInterceptor(i.name, i.kind, i.params); why != nil {
		return out, nil, why
	}
	if i.label != nil {
		name := *i.label
		out.Name = &name
	}
	return out, i.mutate.Apply(out, about), nil
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
		raw, err := json.Marshal(usual(k, params[k]))
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

// usual returns the value of a param with the fields of its maps in their usual order, as if
// the trigger had made it: a map has none, and would be sorted.
func usual(param string, value any) any {
	switch param {
	case "secretRef":
		return inOrder[secretRef](value)
	case "overlays":
		return inOrder[[]overlay](value)
	case "addChangedFiles":
		return inOrder[changedFiles](value)
	}
	return value
}

// inOrder returns a value as a T, or as it is if a T cannot have all of it.
func inOrder[T any](value any) any {
	before, err := json.Marshal(value)
	if err != nil {
		return value
	}
	var of T
	if json.Unmarshal(before, &of) != nil {
		return value
	}
	after, err := json.Marshal(of)
	if err != nil {
		return value
	}
	var x, y any
	if json.Unmarshal(before, &x) != nil || json.Unmarshal(after, &y) != nil || !reflect.DeepEqual(x, y) {
		return value
	}
	return of
}

// rank puts the most important params first.
func rank(param string) int {
	if i := slices.Index([]string{"secretRef", "eventTypes", "filter", "overlays"}, param); i >= 0 {
		return i
	}
	return 100
}
