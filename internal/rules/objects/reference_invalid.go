package objects

import (
	_ "embed"
	"slices"
	"strings"

	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed reference-invalid.md
var referenceInvalidText string

var referenceInvalid = &rule.Rule{
	Code:     "reference-invalid",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     referenceInvalidText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		refs := p.Entry.Refs()
		for i := range refs {
			refForm(p, &refs[i])
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				customTask(p, t)
			}
		}
		if run := p.Entry.CustomRun; run != nil {
			switch spec := &run.Spec; {
			case (spec.CustomRef == nil) == (spec.CustomSpec == nil):
			case spec.CustomRef != nil:
				customRun(p, "customRef", spec.CustomRef.APIVersion, string(spec.CustomRef.Kind))
			default:
				customRun(p, "customSpec", spec.CustomSpec.APIVersion, spec.CustomSpec.Kind)
			}
		}
		if p.Entry.HasTriggers() {
			for _, t := range p.Entry.Triggers() {
				triggerRefs(p, t)
			}
			if l := p.Entry.Event.Listener; l != nil {
				for i := range l.Spec.TriggerGroups {
					interceptorKinds(p, p.At("spec").Index("triggerGroups", i), l.Spec.TriggerGroups[i].Interceptors)
				}
			}
		}
	},
}

const dnsHelp = "use only lower-case letters, digits and -, and begin and end with a letter or digit"

// refForm checks the form of a reference to a Task, a Pipeline or a StepAction.
func refForm(p *rule.Pass, r *facts.Ref) {
	name := phrase.Quote(r.Name)
	switch {
	case r.Remote():
		remoteForm(p, r)
	case r.Name == "":
		p.Error(r.Spot.Field("name"), r.Subject, r.Label+" has no name", "set name or resolver")
	case facts.IsURL(r.Name):
		p.Error(r.Spot.Field("resolver"), r.Name, r.Label+" has a URL as its name, but no resolver", "set resolver")
	case facts.OfTemplate(r.Name):
	case tekref.Contains(r.Name):
		p.Error(r.Spot.Field("name"), r.Name, r.Label+" uses "+name+" as its name, but Tekton allows no variables there", "write a literal name, or use a resolver, whose params may contain variables")
	case len(validation.IsQualifiedName(r.Name)) > 0:
		p.Error(r.Spot.Field("name"), r.Name, r.Label+" refers to "+name+", which is not a valid name", dnsHelp)
	}
}

// remoteForm checks a reference that uses a resolver.
func remoteForm(p *rule.Pass, r *facts.Ref) {
	if r.Resolver == "" {
		p.Error(r.Spot.Field("resolver"), "", r.Label+" has params but no resolver", "set resolver, or move the params out of the reference, if they are for the "+r.Kind)
	}
	at := r.Spot.Field("name")
	switch {
	case r.Name == "":
	case !facts.IsURL(r.Name) && r.Resolver == "":
		p.Error(at, r.Name, r.Label+" has both a name and params", "move the params out of the reference, or set a resolver instead of the name")
	case !facts.IsURL(r.Name):
		p.Error(at, r.Name, r.Label+" has both a name and a resolver", "remove one of them")
	case r.Params != nil:
		p.Error(at, r.Name, r.Label+" has both a URL as its name and params", "remove one of them")
	}
}

// customTask checks the apiVersion and the kind of a custom task.
func customTask(p *rule.Pass, t *facts.PipelineTask) {
	var s facts.Spot
	var apiVersion, kind string
	switch {
	case len(t.Sources()) != 1:
		return
	case t.TaskRef != nil:
		s, apiVersion, kind = t.Spot.Field("taskRef"), t.TaskRef.APIVersion, string(t.TaskRef.Kind)
	case t.TaskSpec != nil && len(t.TaskSpec.Steps) == 0:
		s, apiVersion, kind = t.Spot.Field("taskSpec"), t.TaskSpec.APIVersion, t.TaskSpec.Kind
	}
	if !s.IsValid() || !facts.IsCustom(apiVersion, kind) {
		return
	}
	switch {
	case kind == "ClusterTask":
		p.Error(s.Field("kind"), kind, t.Label+" refers to a ClusterTask, a kind that Tekton has removed", "use a Task, or the cluster resolver")
	case kind == "" && t.TaskRef != nil:
		p.Warning(s, t.Name, t.Label+" refers to a custom task without a kind, so Tekton assumes the kind Task", "set kind, or remove apiVersion to refer to a Task")
	case kind == "":
		p.Error(s.Field("kind"), t.Name, t.Label+" is a custom task without a kind", "set kind, or remove apiVersion to define a Task")
	case apiVersion == "":
		p.Error(s, t.Name, t.Label+" refers to a custom task of kind "+phrase.Quote(kind)+" without an apiVersion", "set apiVersion, or use kind: Task")
	case strings.Count(apiVersion, "/") != 1 || strings.HasPrefix(apiVersion, "/") || strings.HasSuffix(apiVersion, "/"):
		p.Error(s.Field("apiVersion"), apiVersion, "the apiVersion "+phrase.Quote(apiVersion)+" of "+t.Label+" does not have the form group/version", "write the API group and the version: example.com/v1")
	}
	if kind == "Task" && (apiVersion == "tekton.dev/v1" || apiVersion == "tekton.dev/v1beta1") {
		p.Warning(s.Field("apiVersion"), apiVersion, t.Label+" sets an apiVersion, so Tekton treats it as a custom task and nothing runs it", "remove apiVersion")
	}
}

func customRun(p *rule.Pass, field, apiVersion, kind string) {
	at, name := p.At("spec", field), p.Entry.Ref.Name
	if apiVersion == "" {
		p.Error(at, name, "the "+field+" of this CustomRun has no apiVersion", "set apiVersion to group/version")
	}
	if kind == "" {
		p.Error(at, name, "the "+field+" of this CustomRun has no kind", "set kind")
	}
}

// triggerRefs checks the kinds and versions of the objects that a trigger refers to.
func triggerRefs(p *rule.Pass, t *facts.Trigger) {
	kinds := []string{string(triggersv1beta1.NamespacedTriggerBindingKind), string(triggersv1beta1.ClusterTriggerBindingKind)}
	for i, b := range t.Bindings {
		if b == nil || b.Ref == "" || b.Name != "" {
			continue
		}
		if kind := string(b.Kind); kind != "" && !slices.Contains(kinds, kind) {
			p.Error(t.Spot.Index("bindings", i).Field("kind"), kind, "there is no binding of kind "+phrase.Quote(kind), phrase.OneOf(kind, kinds)).Misspelled(kind, kinds)
		}
	}
	if t.Template != nil {
		if v := t.Template.APIVersion; v != "" && v != "v1alpha1" && v != "v1beta1" {
			p.Error(t.Spot.Field("template", "apiversion"), v, "there is no TriggerTemplate of version "+phrase.Quote(v), phrase.OneOf(v, []string{"v1beta1", "v1alpha1"})).Misspelled(v, []string{"v1beta1", "v1alpha1"})
		}
	}
	interceptorKinds(p, t.Spot, t.Interceptors)
}

func interceptorKinds(p *rule.Pass, s facts.Spot, list []*triggersv1beta1.TriggerInterceptor) {
	kinds := []string{string(triggersv1beta1.ClusterInterceptorKind), string(triggersv1beta1.NamespacedInterceptorKind)}
	for i, x := range list {
		if x == nil || x.Webhook != nil || x.Ref.Name == "" {
			continue
		}
		if kind := string(x.Ref.Kind); kind != "" && !slices.Contains(kinds, kind) {
			p.Error(s.Index("interceptors", i).Field("ref", "kind"), kind, "there is no interceptor of kind "+phrase.Quote(kind)+", so every event is rejected", phrase.OneOf(kind, kinds)).Misspelled(kind, kinds)
		}
	}
}
