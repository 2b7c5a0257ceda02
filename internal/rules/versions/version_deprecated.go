package versions

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
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
		v := p.Entry.Version()
		if v.State != facts.Deprecated {
			return
		}
		at, file := p.At("apiVersion"), p.Entry.File()
		if p.Again(file, v.APIVersion, at) {
			return
		}
		p.Once(v.APIVersion)
		same := sameVersion(p.Set.InFile(file), v)
		more, old := moves(same)
		help := "set apiVersion: " + v.To
		if len(more) > 0 {
			help += "; " + strings.Join(more, "; ")
		}
		r := p.Warning(at, v.APIVersion, v.APIVersion+" is deprecated; "+v.Noun+" stores this "+p.Entry.Ref.Kind+" as "+v.To, help)
		if !old {
			r.Fix("change all of the file from "+v.APIVersion+" to "+v.To, false, upgrade(same, v)...)
		}
	},
}

// sameVersion returns the objects with a version that the newer one replaces.
func sameVersion(entries []*rule.Entry, v facts.Version) []*rule.Entry {
	var same []*rule.Entry
	for _, e := range entries {
		if e.Version().To == v.To && e.Version().APIVersion == v.APIVersion {
			same = append(same, e)
		}
	}
	return same
}

// moves returns the fields of objects that have another name or place in the newer version,
// for the help, each once. It reports whether interceptors are among them: their fields
// become lists, which is more than a fix can change.
func moves(entries []*rule.Entry) (all []string, interceptors bool) {
	add := func(set bool, text string) {
		if set && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	for _, e := range entries {
		if old := e.Event.OldInterceptors(); len(old) > 0 {
			interceptors = true
			add(true, "in interceptors, replace "+phrase.And(old)+" with ref and params: v1beta1 does not have these fields")
		}
		if e.Old == nil {
			continue
		}
		switch o := e.Old.(type) {
		case *v1beta1.PipelineRun:
			add(o.Spec.ServiceAccountName != "", "move serviceAccountName to taskRunTemplate")
			add(o.Spec.PodTemplate != nil, "move podTemplate to taskRunTemplate")
			add(o.Spec.Timeout != nil, "move timeout to timeouts.pipeline")
			for i := range o.Spec.TaskRunSpecs {
				s := &o.Spec.TaskRunSpecs[i]
				add(s.TaskServiceAccountName != "", "rename taskServiceAccountName to serviceAccountName")
				add(s.TaskPodTemplate != nil, "rename taskPodTemplate to podTemplate")
				add(len(s.StepOverrides) > 0, "rename stepOverrides to stepSpecs")
				add(len(s.SidecarOverrides) > 0, "rename sidecarOverrides to sidecarSpecs")
			}
		case *v1beta1.TaskRun:
			add(len(o.Spec.StepOverrides) > 0, "rename stepOverrides to stepSpecs")
			add(len(o.Spec.SidecarOverrides) > 0, "rename sidecarOverrides to sidecarSpecs")
		}
		for _, t := range e.TaskSpecs() {
			for _, c := range t.Containers() {
				add(len(c.Resources.Requests)+len(c.Resources.Limits)+len(c.Resources.Claims) > 0, "rename resources of steps to computeResources")
			}
		}
	}
	return all, interceptors
}

// upgrade returns the changes that turn objects into those of a newer version. Where more
// has to change, checking the result shows it.
func upgrade(entries []*rule.Entry, v facts.Version) []rule.Change {
	var all []rule.Change
	for _, e := range entries {
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
