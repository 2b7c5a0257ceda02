package runs

import (
	_ "embed"

	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed spec-missing.md
var specMissingText string

var specMissing = &rule.Rule{
	Code:     "spec-missing",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     specMissingText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		s, name := p.At("spec"), p.Entry.Ref.Name
		switch e := p.Entry; {
		case e.Run != nil:
			if e.Run.Spec.PipelineRef == nil && e.Run.Spec.PipelineSpec == nil {
				p.Error(s, name, e.Label()+" has neither pipelineRef nor pipelineSpec", "set pipelineRef or pipelineSpec")
			}
		case e.TaskRun != nil:
			if e.TaskRun.Spec.TaskRef == nil && e.TaskRun.Spec.TaskSpec == nil {
				p.Error(s, name, e.Label()+" has neither taskRef nor taskSpec", "set taskRef or taskSpec")
			}
		case e.CustomRun != nil:
			if e.CustomRun.Spec.CustomRef == nil && e.CustomRun.Spec.CustomSpec == nil {
				p.Error(s, name, "this CustomRun has neither customRef nor customSpec", "set customRef or customSpec")
			}
		case e.Event.Listener != nil:
			listenerLacks(p, &e.Event.Listener.Spec)
		case e.Event.Binding != nil:
			if len(e.Event.Binding.Params) == 0 {
				p.Error(s, name, e.Ref.String()+" has no params", "list the values that it reads from an event")
			}
		case e.Event.Interceptor != nil:
			interceptorLacks(p)
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if len(t.Sources()) == 0 {
					p.Error(t.Spot, t.Name, t.Label+" has neither taskRef nor taskSpec", "set taskRef or taskSpec")
				}
			}
		}
		if p.Entry.HasTriggers() {
			for _, t := range p.Entry.Triggers() {
				triggerLacks(p, t)
			}
			for _, t := range p.Entry.Templates() {
				if len(t.Spec.ResourceTemplates) == 0 {
					p.Error(t.Spot, "", t.Label+" has no resourcetemplates", "list an object under resourcetemplates, which is all lower case")
				}
			}
		}
	},
}

func listenerLacks(p *rule.Pass, spec *triggersv1beta1.EventListenerSpec) {
	s := p.At("spec")
	if !p.Entry.HasTriggers() {
		p.Error(s, p.Entry.Ref.Name, p.Entry.Ref.String()+" has no triggers", "list them under triggers, or select them by labelSelector or namespaceSelector")
		return
	}
	for i := range spec.Triggers {
		if t := &spec.Triggers[i]; t.TriggerRef == "" && t.Template == nil {
			p.Error(s.Index("triggers", i), t.Name, "a trigger of "+p.Entry.Ref.String()+" has neither template nor triggerRef", "set template or triggerRef")
		}
	}
	for i := range spec.TriggerGroups {
		g, at := &spec.TriggerGroups[i], s.Index("triggerGroups", i)
		if g.TriggerSelector.LabelSelector == nil && len(g.TriggerSelector.NamespaceSelector.MatchNames) == 0 {
			p.Error(at.Field("triggerSelector"), g.Name, "group "+phrase.Quote(g.Name)+" selects no triggers", "set labelSelector or namespaceSelector")
		}
		if len(g.Interceptors) == 0 {
			p.Error(at, g.Name, "group "+phrase.Quote(g.Name)+" has no interceptors", "add one, or select the triggers without a group")
		}
	}
}

func interceptorLacks(p *rule.Pass) {
	e, client := p.Entry, &p.Entry.Event.Interceptor.Spec.ClientConfig
	s := p.At("spec", "clientConfig")
	switch service := client.Service; {
	case client.URL != nil:
	case service == nil:
		p.Error(s, e.Ref.Name, e.Ref.String()+" has neither service nor url, so every event is rejected", "set service or url")
	case service.Name == "":
		p.Error(s.Field("service"), e.Ref.Name, "the service of "+e.Ref.String()+" has no name", "set name and namespace")
	case service.Namespace == "":
		p.Error(s.Field("service"), e.Ref.Name, "the service of "+e.Ref.String()+" has no namespace", "set namespace")
	}
}

func triggerLacks(p *rule.Pass, t *facts.Trigger) {
	for i, b := range t.Bindings {
		at := t.Spot.Index("bindings", i)
		switch {
		case b == nil:
			p.Error(at, "", "a binding of "+t.Label+" is empty", "set ref, or name and value")
		case b.Ref != "":
		case b.Name == "":
			p.Error(at, "", "a binding of "+t.Label+" has neither ref nor name", "set ref, or name and value")
		case b.Value == nil:
			p.Error(at, b.Name, "param "+phrase.Quote(b.Name)+" of "+t.Label+" has no value", "set value")
		}
	}
	if t.Template != nil && t.Template.Spec == nil && (t.Template.Ref == nil || *t.Template.Ref == "") {
		p.Error(t.Spot.Field("template"), "", t.Label+" has no template", "set ref or spec")
	}
}
