// Package followup tells mistakes from their consequences. A builder reports mistakes
// in a description, and still returns an object. The rules then report what is wrong
// with that object, and some of it follows from the mistake. One mistake is one
// finding.
package followup

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Mistakes is an index of the findings of builders. It is built once, so that the cost
// of asking does not grow with the number of mistakes.
type Mistakes struct {
	at       map[diag.Position][]string // codes
	subjects map[subject]bool
	objects  map[diag.ObjectRef]bool // with two definitions that differ
	reported map[reported]bool
	hidden   map[string]bool // variables that may be used somewhere
	blind    bool            // any param or workspace may be used somewhere
}

// subject is what a mistake is about, and the kind of object that it is in.
type subject struct{ code, name, kind string }

// reported is a rule whose findings in the objects of a name follow.
type reported struct {
	group, name, code string
}

// New returns the index of some findings.
func New(mistakes diag.Findings) *Mistakes {
	m := &Mistakes{
		at: map[diag.Position][]string{}, subjects: map[subject]bool{}, objects: map[diag.ObjectRef]bool{},
		reported: map[reported]bool{}, hidden: map[string]bool{},
	}
	for _, f := range mistakes {
		if in := group(f.Object); in != "" {
			for _, code := range inObject[f.Code] {
				m.reported[reported{in, f.Object.Name, code}] = true
			}
			if f.Code == "cel-invalid" || f.Code == "name-fixed" { // of an event or a run that several triggers share
				m.reported[reported{in, "", f.Code}] = true
			}
		}
		m.at[f.Position] = append(m.at[f.Position], f.Code)
		code := f.Code
		if code == "handle-foreign" && !f.Path.IsRoot() { // Set is called on a param of another pipeline
			code = "set-misplaced"
		}
		m.subjects[subject{code, f.Subject, f.Object.Kind}] = true
		if strings.Contains(f.Subject, ".") {
			m.subjects[subject{"", f.Subject, ""}] = true
		}
		switch {
		case f.Code == "source-differs":
			m.objects[f.Object] = true
		case !slices.Contains(unseen, f.Code):
		case f.Subject == "":
			m.blind = true
		default:
			m.hidden[f.Subject] = true
		}
	}
	return m
}

// consequences are, for a mistake, the rules that report its consequences at the
// same place.
var consequences = map[string][]string{
	"handle-misplaced":   {"name-invalid", "variable-ignored", "param-unknown", "label-invalid"},
	"run-value":          {"name-invalid", "label-invalid"},
	"definition-differs": {"object-duplicate"},
	"array-misplaced":    {"param-type"},
	"handle-foreign":     {"workspace-missing"},
	"cycle":              {"workspace-missing", "param-missing"},
	"result-empty":       {"result-value"},
	"task-invalid":       {"step-missing"},
	"stepaction-invalid": {"image-missing", "step-missing"},
}

// inObject are, for a mistake in an object of triggers or infrastructure, the rules
// that report the same or a consequence in the objects of the same name: a Trigger, its
// TriggerBinding and its TriggerTemplate have one name.
var inObject = map[string][]string{
	"access-mode-invalid": {"pvc-invalid"},
	"backend-missing":     {"backend-invalid"},
	"binding-invalid":     {"spec-missing"},
	"cel-invalid":         {"cel-invalid"},
	"class-duplicate":     {"ingress-class"},
	"event-missing":       {"spec-missing"},
	"field-missing":       {"name-invalid"},
	"handle-foreign":      {"param-missing", "param-unknown"},
	"handle-misplaced":    {"binding-path", "name-invalid", "spec-missing"},
	"host-invalid":        {"host-invalid"},
	"interceptor-invalid": {"interceptor-invalid"},
	"listener-idle":       {"spec-missing"},
	"name-fixed":          {"name-fixed"},
	"name-invalid":        {"backend-invalid", "interceptor-invalid", "interceptor-param", "label-invalid", "name-invalid", "selector-invalid"},
	"object-invalid":      {"spec-missing"},
	"param-duplicate":     {"param-duplicate"},
	"param-invalid":       {"binding-path"},
	"param-missing":       {"param-missing"},
	"param-unknown":       {"param-unknown"},
	"path-invalid":        {"path-invalid"},
	"path-missing":        {"ingress-invalid"},
	"port-invalid":        {"backend-invalid"},
	"quantity-invalid":    {"pvc-invalid"},
	"resource-invalid":    {"spec-missing"},
	"rule-invalid":        {"rule-invalid"},
	"signature-missing":   {"spec-missing"},
	"template-invalid":    {"spec-missing", "template-body"},
}

// unseen are the mistakes after which it is unknown whether a param or workspace
// is used.
var unseen = []string{
	"handle-sliced", "handle-quoted", "handle-misplaced", "handle-foreign", "scope-mixed",
	"task-invalid", "stepaction-invalid",
}

// Explain reports whether the finding of a rule is only a consequence of one of the
// mistakes.
func (m *Mistakes) Explain(f diag.Finding) bool {
	was := func(code, name string) bool { return m.subjects[subject{code, name, f.Object.Kind}] }
	switch {
	case m.inObject(f):
		return true
	case f.Code == "param-unused" || f.Code == "workspace-unused":
		return m.blind || m.hidden["params."+f.Subject] || m.hidden["workspaces."+f.Subject] || m.hidden[f.Subject]
	case strings.HasPrefix(f.Code, "param-") && slices.ContainsFunc(f.Related, func(r diag.Related) bool { return m.objects[r.Object] }):
		return true
	case f.Code == "workspace-unknown" && was("handle-foreign", f.Subject):
		return true
	case f.Code == "workspace-missing" && was("binding-misplaced", f.Subject):
		return true
	case f.Code == "param-missing" && was("set-misplaced", "params."+f.Subject):
		return true
	case slices.ContainsFunc(m.at[f.Position], func(code string) bool { return slices.Contains(consequences[code], f.Code) }):
		return true
	}
	// If a mistake is about a variable, that is its subject.
	variable, ok := strings.CutPrefix(f.Excerpt, "$(")
	variable, closed := strings.CutSuffix(variable, ")")
	return ok && closed && m.subjects[subject{"", variable, ""}]
}

// inObject reports whether a finding follows from a mistake in the same object, or in
// the one whose name its name begins with: the listener of a trigger.
func (m *Mistakes) inObject(f diag.Finding) bool {
	in, name := group(f.Object), f.Object.Name
	if in == "" {
		return false
	}
	if m.reported[reported{in, name, f.Code}] || m.reported[reported{in, "", f.Code}] {
		return true
	}
	for i, r := range name {
		if r == '-' && m.reported[reported{in, name[:i], f.Code}] {
			return true
		}
	}
	return false
}

// group returns what objects of triggers and infrastructure have in common that are made
// together, and "" for objects of Tekton Pipelines. These have many parts, so that two
// mistakes in one object rarely have to do with each other.
func group(o diag.ObjectRef) string {
	name, _, grouped := strings.Cut(o.APIVersion, "/")
	switch {
	case name == "tekton.dev":
		return ""
	case grouped:
		return name
	}
	return o.Kind
}
