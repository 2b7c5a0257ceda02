package triggers

import (
	"encoding/json"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// fielded is a Resource that takes fields of events: a builder.PipelineRun.
type fielded interface {
	EventFields() []builder.EventField
}

// parted is a Resource that needs others beside itself: a builder.PipelineRun.
type parted interface {
	Parts(*memo.Memo) (builder.Parts, error)
}

// partsOf is a Resource, what it refers to, and the fields of events that it
// takes.
func partsOf(m *memo.Memo, r Resource) (builder.Parts, error) {
	switch x := r.(type) {
	case nil, *Template: // which stands for several
		return builder.Parts{}, nil
	case parted:
		return x.Parts(m)
	}
	if isNil(r) {
		return builder.Parts{}, nil
	}
	o, err := r.Object()
	parts := builder.Parts{Object: o}
	if f, ok := r.(fielded); ok {
		parts.Fields = f.EventFields()
	}
	return parts, err
}

// inRuns is what the rules of package check have against a run. Where something
// else is wrong, no set applies them, so they are applied here: everything is to
// be said at once.
func inRuns(at callsite.Place, about diag.ObjectRef, r Resource) diag.Findings {
	if _, ok := r.(parted); !ok || isNil(r) {
		return nil
	}
	_, err := r.Object()
	return findingsOf(at, about, err)
}

// inRuns is what the rules have against the runs that the trigger starts.
func (t *Trigger) inRuns(about diag.ObjectRef) diag.Findings {
	var out diag.Findings
	for _, c := range t.creates {
		out = append(out, inRuns(t.at, about, c)...)
	}
	return out
}

// resourceJSON is a Resource as it stands in a template, nil where it cannot
// stand there, and what it is made of. Its fields must be of the owner: an event,
// e, or a template, for which e is nil.
func resourceJSON(m *memo.Memo, at callsite.Place, about diag.ObjectRef, r Resource, owner handle.Owner, e *event) ([]byte, builder.Parts, diag.Findings) {
	parts, err := partsOf(m, r)
	o := parts.Object
	if isNil(r) {
		return nil, parts, diag.Findings{finding(at, about, "resource-invalid", "an object to create is nil", "pass a run")}
	}
	if _, ok := r.(*Template); ok {
		return nil, parts, diag.Findings{finding(at, about, "template-invalid", "a template stands among the objects to create",
			"pass a template alone, as the start of On, and add to it with Create")}
	}
	findings := findingsOf(at, about, err)
	foreign := false
	for _, x := range parts.Fields {
		tok, _ := handle.Single(string(x.Text))
		if tok.Owner.ID == owner.ID {
			continue
		}
		f := diag.Finding{
			Code: "handle-foreign", Severity: diag.Error, Object: about, Position: x.Position, Subject: tok.Expr,
			Message: "the run takes " + quoted("$("+tok.Expr+")") + " of another event, " + tok.Owner.Name,
			Help:    "use the fields of the event that starts it, the one passed to On",
		}
		if e == nil {
			f.Message = "the run takes " + quoted("$("+tok.Expr+")") + " of " + tok.Owner.Name + ", and stands in " + owner.Name
			f.Help = "take a Param of the template, and Bind it to the path of the field; or pass the run itself to On"
		}
		findings = append(findings, f)
		foreign = true
	}
	if o.Object == nil || foreign {
		return nil, parts, findings
	}
	node, err := yamlwrite.Of(o.Object)
	if err != nil {
		return nil, parts, append(findings, finding(at, about, "resource-invalid", "an object to create cannot be written: "+oneLine(err), "mend it where it is made"))
	}
	raw, err := node.JSON()
	if err != nil {
		return nil, parts, append(findings, finding(at, about, "resource-invalid", "an object to create cannot be written: "+oneLine(err), "mend it where it is made"))
	}
	if handle.HasMark(string(raw)) {
		findings = append(findings, finding(at, about, "handle-misplaced",
			"an object to create holds a handle where none is read", "use handles in arguments, names and labels of a run"))
	}
	findings = append(findings, e.misfits(at, about, o)...)
	return raw, parts, append(findings, fixedName(at, about, raw)...)
}

// fixedName reports an object that only the first event could create.
func fixedName(at callsite.Place, about diag.ObjectRef, raw []byte) diag.Findings {
	var o struct {
		Kind     string
		Metadata struct{ Name, GenerateName string }
	}
	if json.Unmarshal(raw, &o) != nil || o.Metadata.Name == "" || tekref.Contains(o.Metadata.Name) {
		return nil
	}
	f := finding(at, about, "name-fixed",
		o.Kind+" "+quoted(o.Metadata.Name)+" has a fixed name: only the first event can create it",
		`end the name with "-", or join triggers.UID to it`)
	if o.Kind != "PipelineRun" && o.Kind != "TaskRun" {
		f.Severity = diag.Warning
	}
	return diag.Findings{f}
}

// rawJSON is JSON or YAML as JSON.
func rawJSON(text []byte) ([]byte, error) {
	raw, err := yamlread.JSON(text, false)
	if err != nil {
		return nil, err
	}
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	return raw, nil
}
