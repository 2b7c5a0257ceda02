package versions

import (
	_ "embed"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed version-deprecated.md
var versionDeprecatedText string

var versionDeprecated = &rule.Rule{
	Code:     "version-deprecated",
	Severity: diag.Warning,
	Topic:    "versions",
	Text:     versionDeprecatedText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		at := p.At("apiVersion")
		if v := p.Entry.Version(); v.State == facts.Deprecated && !p.Again(p.Set, v.APIVersion, at) {
			r := p.Warning(at, v.APIVersion, v.APIVersion+" is deprecated; "+v.Noun+" stores this "+p.Entry.Ref.Kind+" as "+v.To, "set apiVersion: "+v.To+moves(p.Entry))
			r.Fix("change all of the file from "+v.APIVersion+" to "+v.To, false, upgrade(p, v)...)
		}
	},
}

// moves returns the fields of the object that have other names in v1, for the help.
func moves(e *rule.Entry) string {
	switch {
	case e.Old == nil:
		return ""
	case e.Run != nil:
		return "; move serviceAccountName and podTemplate to taskRunTemplate, and timeout to timeouts.pipeline"
	case e.Task != nil:
		return "; rename resources of steps to computeResources"
	}
	return ""
}

// upgrade returns the changes that turn the objects of a version in the file of the entry
// into those of the newer one. Where more has to change, checking the result shows it.
func upgrade(p *rule.Pass, v facts.Version) []rule.Change {
	var all []rule.Change
	file := p.Entry.File()
	for _, e := range p.Set.Entries() {
		if e.Ref.APIVersion != v.APIVersion || e.Version().To != v.To || e.File() != file {
			continue
		}
		all = append(all, rule.Replace(e.At("apiVersion"), v.APIVersion, v.To))
		if e.Old == nil {
			continue
		}
		for _, t := range e.TaskSpecs() {
			for _, c := range t.Containers() {
				all = append(all, renamed(c.Spot.Field("computeResources")))
			}
		}
		switch {
		case e.Run != nil:
			all = append(all, runFields(e)...)
		case e.TaskRun != nil:
			all = append(all, renamed(e.At("spec", "stepSpecs")), renamed(e.At("spec", "sidecarSpecs")))
		}
	}
	return all
}

// renamed returns the change of a field, if it is set, to its name in v1, which is the last of
// the spot.
func renamed(s rule.Spot) rule.Change {
	c := rule.RenameKey(s, s.Path.Last().Name)
	c.IfPossible = true
	return c
}

// runFields returns the changes of the fields of a PipelineRun that have another place.
func runFields(e *rule.Entry) []rule.Change {
	spec, at := &e.Run.Spec, e.At("spec")
	var all []rule.Change
	if spec.TaskRunTemplate.ServiceAccountName != "" {
		all = append(all, rule.NestField(at.Field("taskRunTemplate", "serviceAccountName"), "taskRunTemplate", "serviceAccountName"))
	}
	if old, ok := e.Old.(*v1beta1.PipelineRun); ok && old.Spec.Timeout != nil {
		all = append(all, rule.NestField(at.Field("timeouts", "pipeline"), "timeouts", "pipeline"))
	}
	for i := range spec.TaskRunSpecs {
		s := at.Index("taskRunSpecs", i)
		all = append(all, renamed(s.Field("serviceAccountName")), renamed(s.Field("podTemplate")), renamed(s.Field("stepSpecs")), renamed(s.Field("sidecarSpecs")))
	}
	return all
}
