package pac

import (
	"fmt"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/rule"
)

// starts are the kinds of events that start a part of a run, by provider.
type starts map[string][]pacmatch.Kind

// startsOf returns the kinds of events that are known to start a run.
func startsOf(p *rule.Pass) starts {
	out := starts{}
	for _, provider := range p.Entry.Set().PacProviders(pacmatch.Providers) {
		if kinds := pacmatch.Starts(runAnnotations(p), provider); len(kinds) > 0 {
			out[provider] = kinds
		}
	}
	return out
}

// only returns the kinds that satisfy a condition.
func (s starts) only(holds func(provider string, kind pacmatch.Kind) bool) starts {
	out := starts{}
	for provider, kinds := range s {
		kept := slices.DeleteFunc(slices.Clone(kinds), func(k pacmatch.Kind) bool { return !holds(provider, k) })
		if len(kept) > 0 {
			out[provider] = kept
		}
	}
	return out
}

// has reports whether a provider has events of the kind.
func (s starts) has(provider string, kind pacmatch.Kind) bool {
	return slices.Contains(s[provider], kind)
}

// kinds returns all kinds.
func (s starts) kinds() []pacmatch.Kind {
	var out []pacmatch.Kind
	for _, k := range pacmatch.Kinds {
		for provider := range s {
			if s.has(provider, k) {
				out = append(out, k)
				break
			}
		}
	}
	return out
}

// part is an object, or a part of one, that Pipelines-as-Code makes part of a run.
type part struct {
	entry *facts.Entry
	// starts are the events for which the part is used, and of limits those of a task of the
	// pipeline, by its place.
	starts starts
	limits []limit
}

// limit are the events for which the part of an object below a path is used.
type limit struct {
	path   rule.Spot
	starts starts
}

// at returns the events for which the value at a spot is used.
func (a part) at(s rule.Spot) starts {
	for _, l := range a.limits {
		if s.Path.HasPrefix(l.path.Path) {
			return l.starts
		}
	}
	return a.starts
}

// partsOf returns the run, and the Pipeline and the Tasks of the folder that
// Pipelines-as-Code puts into it. What another run with the same events has is left out.
func partsOf(p *rule.Pass, all starts) []part {
	whole := part{entry: p.Entry, starts: all}
	folder := p.Entry.TektonFolder()
	var pipeline *facts.Entry
	spec, at := p.Entry.Run.Spec.PipelineSpec, p.At("spec", "pipelineSpec")
	if folder != nil && spec == nil {
		if pipeline = folder.Pipeline(p.Entry); pipeline != nil {
			spec, at = &pipeline.Pipeline.Spec, pipeline.At("spec")
		}
	}
	if spec == nil || pipeline != nil && p.Again(pipeline, "starts "+fmt.Sprint(all), pipeline.At()) {
		return []part{whole}
	}
	var tasks []part
	limited := whole
	if pipeline != nil {
		limited = part{entry: pipeline, starts: all}
	}
	for _, list := range []struct {
		name  string
		tasks []v1.PipelineTask
	}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
		for i := range list.tasks {
			task := &list.tasks[i]
			used := all
			if len(task.When) > 0 {
				used = all.only(func(_ string, kind pacmatch.Kind) bool { return passes(p.Entry.Run, spec, task.When, kind) })
				limited.limits = append(limited.limits, limit{at.Index(list.name, i), used})
			}
			if folder == nil || len(used) == 0 {
				continue
			}
			if named := folder.Task(task.TaskRef); named != nil && !p.Again(named, "starts "+fmt.Sprint(used), named.At()) {
				tasks = append(tasks, part{entry: named, starts: used})
			}
		}
	}
	if pipeline == nil {
		return append([]part{limited}, tasks...)
	}
	return append([]part{whole, limited}, tasks...)
}

// passes reports whether all when expressions of a task are known to be true for a kind of
// event.
func passes(run *v1.PipelineRun, spec *v1.PipelineSpec, when v1.WhenExpressions, kind pacmatch.Kind) bool {
	for _, w := range when {
		input, ok := valueFor(run, spec, w.Input, kind)
		if !ok || w.CEL != "" {
			return false
		}
		found := false
		for _, value := range w.Values {
			text, known := valueFor(run, spec, value, kind)
			if !known {
				return false
			}
			found = found || text == input
		}
		if found != (w.Operator == selection.In) {
			return false
		}
	}
	return true
}

// valueFor returns the value of a text of a pipeline for a kind of event; false if it is
// not known.
func valueFor(run *v1.PipelineRun, spec *v1.PipelineSpec, text string, kind pacmatch.Kind) (string, bool) {
	known := true
	text = tekref.Replace(text, func(m tekref.Match) string {
		v := tekref.Parse(m.Expr)
		if v.Kind == tekref.Param && v.Fault == "" && v.Whole() && !m.Escaped && !m.Open {
			for _, p := range run.Spec.Params {
				if p.Name == v.Name && p.Value.Type == v1.ParamTypeString {
					return p.Value.StringVal
				}
			}
			for _, p := range spec.Params {
				if p.Name == v.Name && p.Default != nil && p.Default.Type == v1.ParamTypeString {
					return p.Default.StringVal
				}
			}
		}
		known = false
		return ""
	})
	if !known {
		return "", false
	}
	switch variables := pac.Variables(text); {
	case len(variables) == 0:
		return text, true
	case len(variables) == 1 && variables[0].Key == "event_type" && variables[0].End-variables[0].Start == len(text):
		switch kind {
		case pacmatch.Push:
			return "push", true
		case pacmatch.PullRequest, pacmatch.Command:
			return "pull_request", true
		case pacmatch.Incoming:
			return "incoming", true
		case pacmatch.Tag, pacmatch.Comment: // GitLab has another type for tags
		}
	}
	return "", false
}
