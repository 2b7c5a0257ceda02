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

// overlay, secretRef and changedFiles are params of interceptors, with their fields
// in the usual order.
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

// intercept returns the interceptors: that of the sender, those of the caller, and
// CEL.
func (t *Trigger) intercept(used []usedField, about diag.ObjectRef) ([]*v1beta1.TriggerInterceptor, diag.Findings) {
	var out []*v1beta1.TriggerInterceptor
	var findings diag.Findings
	fail := func(at callsite.Place, code, message, help string) {
		findings = append(findings, finding(at, about, code, message, help))
	}
	first, ok := t.event.check(t.signed(), t.token, fetches(t.event, used))
	switch {
	case ok && t.secret.set && t.unsigned != "":
		fail(t.secret.at, "signature-both", "trigger "+quoted(t.name)+" has both Secret and Unsigned",
			"remove one of them")
	case ok && t.unsigned == "" && !t.signed().set && t.group:
		fail(t.at, "signature-missing", "group "+quoted(t.name)+" accepts "+t.event.kind+" without a signature",
			"set the Secret with Listener.Secret")
	case ok && t.unsigned == "" && !t.signed().set:
		fail(t.at, "signature-missing", "trigger "+quoted(t.name)+" accepts "+t.event.kind+" without a signature",
			"call Secret with the webhook Secret, or accept unsigned events with Unsigned")
	case !ok && t.group:
		fail(t.at, "signature-missing", "group "+quoted(t.name)+" accepts unsigned requests from anybody",
			"pass Group an event with a known sender; events of other senders need a trigger with an interceptor")
	case !ok && t.secret.set:
		fail(t.secret.at, "signature-missing", "trigger "+quoted(t.name)+" has a Secret, but no interceptor uses the Secret, because the sender of "+
			t.event.kind+" is not known", "add an interceptor that verifies signatures with Intercept, and pass the Secret to it")
	case !ok && t.unsigned == "" && !slices.ContainsFunc(t.interceptors, Interceptor.signs):
		fail(t.at, "signature-missing", "trigger "+quoted(t.name)+" accepts unsigned requests from anybody",
			"add an interceptor that verifies signatures with Intercept, or accept unsigned events with Unsigned")
	}
	if ok {
		out = append(out, first)
	}
	more, wrong := t.given(about)
	out, findings = append(out, more...), append(findings, wrong...)
	conditions := append([]filter(nil), conditionsOf(t.event)...)
	for _, f := range t.repositories.faults {
		fail(f.at, f.code, f.message, f.help)
	}
	switch r := t.repositories; {
	case len(r.names) == 0:
	case t.event.repository == "":
		fail(r.at, "filter-invalid", "Repositories cannot filter "+t.event.kind+", whose repository field is not known", `use Filter instead, for example: "body.repository.name == 'app'"`)
	default:
		conditions = append(conditions, filter{at: r.at, expr: quote.Match(t.event.repository, "", r.names)})
	}
	for _, f := range []filter{{at: t.authors.at, expr: t.byName(fail)}, {at: t.authorIDs.at, expr: t.byID(fail)}} {
		if f.expr != "" {
			conditions = append(conditions, f)
		}
	}
	conditions = append(conditions, t.filters...)
	for _, c := range conditions {
		if !handle.Plain(c.expr) {
			fail(c.at, "handle-misplaced", "the filter "+quoted(c.expr)+" contains a handle",
				`write the path of the field: "body.after"`)
		} else if err := celenv.Filter(c.expr); err != nil {
			fail(c.at, "cel-invalid", "the filter "+quoted(c.expr)+" is not a valid condition: "+err.Error(), "write a condition such as \"body.ref == 'refs/heads/main'\"")
		}
	}
	var overlays []overlay
	for _, f := range used {
		if f.escaped() == "" {
			continue
		}
		if f.overlay == "" { // of a path
		} else if !handle.Plain(f.overlay) {
			fail(f.at, "handle-misplaced", "the expression of field "+quoted(f.name)+" contains a handle: "+quoted(f.overlay),
				`write the path of the other field: "body.after"`)
		} else if err := celenv.Value(f.overlay); err != nil {
			fail(f.at, "cel-invalid", "field "+quoted(f.name)+" has an invalid expression: "+err.Error(), "correct the expression")
		}
		overlays = append(overlays, overlay{f.extension(), f.escaped()})
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
		fail(t.at, "cel-invalid", "the filter of trigger "+quoted(t.name)+" cannot be marshaled to JSON: "+err.Error(), "write it as plain text")
	}
	return append(out, x), findings
}

// given returns the interceptors of the caller.
func (t *Trigger) given(about diag.ObjectRef) (out []*v1beta1.TriggerInterceptor, findings diag.Findings) {
	for _, i := range t.interceptors {
		findings = append(findings, i.findings(t, about)...)
		x, more, err := i.lower(about)
		if findings = append(findings, more...); err != nil {
			findings = append(findings, finding(i.at, about, "interceptor-invalid", "the params of interceptor "+quoted(i.name)+" cannot be marshaled to JSON: "+err.Error(),
				"pass only strings, numbers, booleans, lists, maps and structs"))
			continue
		}
		out = append(out, x)
	}
	return out, findings
}

// conditionsOf returns the conditions of an event: first those that define it, then
// those of the caller.
func conditionsOf(e *event) []filter {
	var out []filter
	for _, m := range e.means {
		out = append(out, filter{expr: m})
	}
	return append(out, e.filter...)
}

// joined returns the condition that all conditions are true. Conditions of the
// caller are put in parentheses: they may contain ||, which binds less tightly than
// &&, or end in a comment.
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

// fetches reports whether the interceptor must fetch the changed files.
func fetches(e *event, used []usedField) bool {
	for _, f := range used {
		if f.fetched {
			return true
		}
	}
	return e.fetch
}

// check returns the interceptor that checks the signature and the event type; ok is
// false for events without one.
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
