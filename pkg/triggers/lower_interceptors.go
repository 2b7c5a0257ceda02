package triggers

import (
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// overlay, secretRef and changedFiles are params of interceptors, in the order
// that people write them.
type overlay struct {
	Key        string `json:"key"`
	Expression string `json:"expression"`
}

type secretRef struct {
	SecretName string `json:"secretName"`
	SecretKey  string `json:"secretKey"`
}

func (k secretKey) ref() *secretRef { return &secretRef{k.name, k.key} }

type changedFiles struct {
	Enabled             bool       `json:"enabled"`
	PersonalAccessToken *secretRef `json:"personalAccessToken,omitempty"`
}

// intercept makes the interceptors: the sender's, the caller's, and CEL.
func (t *Trigger) intercept(used []*field, about diag.ObjectRef) ([]*v1beta1.TriggerInterceptor, diag.Findings) {
	var out []*v1beta1.TriggerInterceptor
	var findings diag.Findings
	fail := func(at callsite.Place, code, message, help string) {
		findings = append(findings, finding(at, about, code, message, help))
	}
	first, ok := t.event.check(t.signed(), t.token, fetches(t.event, used))
	switch {
	case ok && t.secret.set && t.unsigned != "":
		fail(t.secret.at, "signature-both", "trigger "+quoted(t.name)+" has a Secret to check signatures with, and is Unsigned",
			"leave out one of them")
	case ok && t.unsigned == "" && !t.signed().set && t.group:
		fail(t.at, "signature-missing", "group "+quoted(t.name)+" accepts "+t.event.kind+" without a signature",
			"name the Secret that it is signed with by Secret of the listener")
	case ok && t.unsigned == "" && !t.signed().set:
		fail(t.at, "signature-missing", "trigger "+quoted(t.name)+" accepts "+t.event.kind+" without a signature",
			"name the Secret that it is signed with by Secret, or say why not by Unsigned")
	case !ok && t.group:
		fail(t.at, "signature-missing", "group "+quoted(t.name)+" accepts anything from anybody",
			"pass Group an event whose sender signs it, and let each Trigger of the group check the others")
	case !ok && t.secret.set:
		fail(t.secret.at, "signature-missing", "trigger "+quoted(t.name)+" has a Secret, and nothing that checks a signature with it: "+
			t.event.kind+" is of no known sender", "pass it to an interceptor of your own with Intercept")
	case !ok && t.unsigned == "" && !slices.ContainsFunc(t.interceptors, Interceptor.signs):
		fail(t.at, "signature-missing", "trigger "+quoted(t.name)+" accepts anything from anybody",
			"check it with Intercept, or say why not by Unsigned")
	}
	if ok {
		out = append(out, first)
	}
	for _, i := range t.interceptors {
		findings = append(findings, i.findings(t, about)...)
		x, err := i.lower()
		if err != nil {
			fail(i.at, "interceptor-invalid", "the params of interceptor "+quoted(i.name)+" are not JSON: "+err.Error(),
				"pass values that marshal to JSON")
			continue
		}
		out = append(out, x)
	}
	conditions := append([]filter(nil), conditionsOf(t.event)...)
	for _, a := range []struct {
		allowed
		noun, expr, like string
	}{
		{t.repositories, "repository", t.event.repository, "body.repository.name == 'app'"},
		{t.authors, "author", t.event.author, "body.user.name == 'ada'"},
	} {
		for _, f := range a.faults {
			fail(f.at, f.code, f.message, f.help)
		}
		switch {
		case len(a.names) == 0:
		case a.expr == "":
			fail(a.at, "filter-invalid", t.event.kind+" has no "+a.noun+" that is known here", "write a Filter: "+quoted(a.like))
		default:
			conditions = append(conditions, filter{at: a.at, expr: celMatch(a.expr, a.names)})
		}
	}
	conditions = append(conditions, t.filters...)
	for _, c := range conditions {
		if !handle.Plain(c.expr) {
			fail(c.at, "handle-misplaced", "the filter "+quoted(c.expr)+" takes no reference",
				`write the path of the field: "body.after"`)
		} else if err := celenv.Filter(c.expr); err != nil {
			fail(c.at, "cel-invalid", "the filter "+quoted(c.expr)+" is not a condition: "+err.Error(), "mend the expression")
		}
	}
	var overlays []overlay
	for _, f := range used {
		if f.overlay == "" {
			continue
		}
		if !handle.Plain(f.overlay) {
			fail(f.at, "handle-misplaced", "the expression of field "+quoted(f.name)+" takes no reference: "+quoted(f.overlay),
				`write the path of the other field: "body.after"`)
		} else if err := celenv.Value(f.overlay); err != nil {
			fail(f.at, "cel-invalid", "field "+quoted(f.name)+" is no expression with a value: "+err.Error(), "mend the expression")
		}
		overlays = append(overlays, overlay{f.extension(), f.overlay})
	}
	params := map[string]any{}
	if len(conditions) > 0 {
		params["filter"] = joined(conditions)
	}
	if len(overlays) > 0 {
		params["overlays"] = overlays
	}
	if len(params) == 0 {
		return out, findings
	}
	x, err := clusterInterceptor("cel", v1beta1.ClusterInterceptorKind, params)
	if err != nil {
		fail(t.at, "cel-invalid", "the filter of trigger "+quoted(t.name)+" is not JSON: "+err.Error(), "write it as plain text")
	}
	return append(out, x), findings
}

// conditionsOf are the conditions of an event: what it means, then what the
// caller asked for.
func conditionsOf(e *event) []filter {
	var out []filter
	for _, m := range e.means {
		out = append(out, filter{expr: m})
	}
	return append(out, e.filter...)
}

// joined is the condition that all hold. What others wrote stands in
// parentheses: it may hold an || that binds less than &&, and end in a comment.
func joined(conditions []filter) string {
	if len(conditions) == 1 {
		return conditions[0].expr
	}
	parts := make([]string, len(conditions))
	for i, c := range conditions {
		parts[i] = c.expr
		switch {
		case !c.foreign:
		case strings.Contains(c.expr, "//"):
			parts[i] = "(" + c.expr + "\n)"
		case strings.ContainsAny(c.expr, "|?"):
			parts[i] = "(" + c.expr + ")"
		}
	}
	return strings.Join(parts, " && ")
}

// fetches tells whether the sender must be asked for changed files.
func fetches(e *event, used []*field) bool {
	for _, f := range used {
		if f.fetched {
			return true
		}
	}
	return e.fetch
}

// check is the interceptor that checks signature and event type; ok is false
// for events that have none.
func (e *event) check(signed, token secretKey, fetch bool) (x *v1beta1.TriggerInterceptor, ok bool) {
	if e.sender.interceptor == "" {
		return nil, false
	}
	params := map[string]any{"eventTypes": e.types}
	if signed.set {
		params["secretRef"] = signed.ref()
	}
	if fetch {
		files := changedFiles{Enabled: true}
		if token.set {
			files.PersonalAccessToken = token.ref()
		}
		params["addChangedFiles"] = files
	}
	x, err := clusterInterceptor(e.sender.interceptor, v1beta1.ClusterInterceptorKind, params)
	return x, err == nil
}
