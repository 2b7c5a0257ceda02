package practice

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed description-missing.md
var descriptionMissingText string

var descriptionMissing = &rule.Rule{
	Code:     "description-missing",
	Severity: diag.Note,
	Persona:  rule.Pedantic,
	Topic:    "practice",
	Text:     descriptionMissingText,
	Kinds:    []string{"Task", "StepAction", "Pipeline"},
	Run: func(p *rule.Pass) {
		d, text := described{p: p, owner: p.Entry.Ref.String()}, ""
		switch e := p.Entry; {
		case e.Task != nil:
			spec := &e.Task.Spec
			text = spec.Description
			each(&d, "param", spec.Params, param)
			each(&d, "workspace", spec.Workspaces, func(w *v1.WorkspaceDeclaration) (string, string) { return w.Name, w.Description })
			each(&d, "result", spec.Results, func(r *v1.TaskResult) (string, string) { return r.Name, r.Description })
		case e.StepAction != nil:
			spec := &e.StepAction.Spec
			text = spec.Description
			each(&d, "param", spec.Params, param)
			each(&d, "result", spec.Results, func(r *v1.StepResult) (string, string) { return r.Name, r.Description })
		case e.Pipeline != nil:
			spec := &e.Pipeline.Spec
			text = spec.Description
			each(&d, "param", spec.Params, param)
			each(&d, "workspace", spec.Workspaces, func(w *v1.PipelineWorkspaceDeclaration) (string, string) { return w.Name, w.Description })
			each(&d, "result", spec.Results, func(r *v1.PipelineResult) (string, string) { return r.Name, r.Description })
		}
		if text == "" && d.with >= 2 && d.with > d.without {
			p.Note(p.At("metadata", "name"), p.Entry.Ref.Name, d.owner+" has no description, but what it declares has", "say in spec.description what it is for")
		}
	},
}

// described counts the declarations of an object.
type described struct {
	p             *rule.Pass
	owner         string
	with, without int
}

func param(p *v1.ParamSpec) (name, description string) { return p.Name, p.Description }

// each reports those of a list that have no description, if most have one.
func each[T any](d *described, noun string, items []T, of func(*T) (name, description string)) {
	list := noun + "s"
	var first facts.Spot
	var names []string
	with := 0
	for i := range items {
		name, description := of(&items[i])
		if description != "" {
			with++
			continue
		}
		if names = append(names, name); len(names) == 1 {
			first = d.p.At("spec").Index(list, i)
		}
	}
	d.with += with
	d.without += len(names)
	if with < 2 || with <= len(names) || len(names) == 0 {
		return
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = phrase.Quote(name)
	}
	verb := " has"
	if len(names) > 1 {
		noun, verb = list, " have"
	}
	d.p.Note(first.Field("name"), names[0], noun+" "+few(quoted, phrase.And)+" of "+d.owner+verb+" no description, but most of its "+list+" do", "add a description")
}
