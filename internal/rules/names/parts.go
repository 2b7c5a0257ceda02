package names

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/rule"
)

// maxStepName is the longest step name that leaves room for the prefix of its container.
const maxStepName = validation.DNS1123LabelMaxLength - len("step-")

// params reports invalid names of declared params, and of their keys.
func params(p *rule.Pass, ps *facts.ParamScope) {
	for _, d := range ps.List {
		if ps.Own(d.Name) != d {
			continue // a duplicate
		}
		if why := badParam(d.Name, d.Type); why != "" {
			p.Error(d.Spot.Field("name"), d.Name, "param name "+phrase.Quote(d.Name)+" of "+ps.Owner+" "+why, "rename it")
		}
		if d.Type != v1.ParamTypeObject {
			continue
		}
		for _, k := range sortedKeys(d.Properties) {
			if why := badParam(k, v1.ParamTypeObject); why != "" {
				p.Error(d.Spot.Field("properties").Key(k), k, "key "+phrase.Quote(k)+" of param "+phrase.Quote(d.Name)+" "+why, "rename it")
			}
		}
	}
}

// taskNames reports invalid names of everything that a Task spec declares.
func taskNames(p *rule.Pass, t *facts.TaskSpec) {
	params(p, t.Params)
	t.EachResult(func(s facts.Spot, name string, _ v1.ResultsType, _ map[string]v1.PropertySpec) { result(p, s, name) })
	if t.Action != nil {
		return
	}
	for i := range t.Spec.Workspaces {
		if s := t.Spot.Index("workspaces", i); t.Spec.Workspaces[i].Name == "" {
			p.Error(s, "", "the workspace "+s.String()+" has no name", "set its name")
		}
	}
	for i := range t.Spec.Volumes {
		s, name := t.Spot.Index("volumes", i), t.Spec.Volumes[i].Name
		if name == "" {
			p.Error(s, "", "the volume "+s.String()+" has no name", "set its name")
		}
		label(p, s.Field("name"), "volume", name)
	}
	if len(t.Spec.Steps) == 0 {
		sidecarNames(p, t)
		if t.Spec.StepTemplate != nil {
			mountNames(p, t.Spot.Field("stepTemplate"), "the step template", &t.Containers()[0])
		}
		return
	}
	containers := t.Containers()
	for i := range containers {
		c := &containers[i]
		switch c.Kind {
		case facts.StepTemplate:
			mountNames(p, c.Spot, "the step template", c)
		case facts.Step:
			label(p, c.Spot.Field("name"), "step", c.Name)
			if n := len(c.Name); n > maxStepName && n <= validation.DNS1123LabelMaxLength {
				p.Error(c.Spot.Field("name"), c.Name, "step name "+phrase.Quote(c.Name)+" is too long: its container is called step-"+c.Name,
					"shorten it to "+phrase.Itoa(maxStepName)+" characters")
			}
			containerNames(p, c, c.Label)
		}
	}
	sidecarNames(p, t)
}

func sidecarNames(p *rule.Pass, t *facts.TaskSpec) {
	sidecars := t.Sidecars()
	for i := range sidecars {
		c := &sidecars[i]
		switch {
		case c.Name == "tekton-log-results":
			p.Error(c.Spot.Field("name"), c.Name, "the sidecar name "+phrase.Quote(c.Name)+" is reserved by Tekton", "choose another name")
		case c.Name != "" && !tekref.Contains(c.Name):
			label(p, c.Spot.Field("name"), "sidecar", c.Name)
		}
		containerNames(p, c, "sidecar "+phrase.Quote(c.Name))
	}
}

// containerNames reports invalid names of environment variables and volumes.
func containerNames(p *rule.Pass, c *facts.Container, label string) {
	for i := range c.Env {
		if name := c.Env[i].Name; name == "" || strings.ContainsRune(name, '=') {
			at := c.Spot.Index("env", i).Field("name")
			if name == "" {
				p.Error(at, name, "an environment variable of "+label+" has no name", "set its name")
				continue
			}
			p.Error(at, name, phrase.Quote(name)+" is not a valid name for an environment variable of "+label, "remove = from the name")
		}
	}
	mountNames(p, c.Spot, label, c)
}

func mountNames(p *rule.Pass, s facts.Spot, label string, c *facts.Container) {
	for i := range c.Mounts {
		m := &c.Mounts[i]
		if m.MountPath != "" && strings.HasPrefix(m.Name, "tekton-internal-") && facts.MountFault(m.MountPath) == facts.MountFine {
			p.Error(s.Index("volumeMounts", i).Field("name"), m.Name, "the volume name "+phrase.Quote(m.Name)+" of "+label+" is reserved by Tekton", "choose another name")
		}
	}
}

// pipelineNames reports invalid names of everything that a pipeline declares, and of
// its tasks.
func pipelineNames(p *rule.Pass, s *facts.PipelineSpec) {
	params(p, s.Params)
	for i := range s.Spec.Workspaces {
		if s.Spec.Workspaces[i].Name == "" {
			p.Error(s.Spot.Index("workspaces", i), "", "a workspace of "+s.Label+" has no name", "set its name")
		}
	}
	for i := range s.Spec.Results {
		result(p, s.Spot.Index("results", i), s.Spec.Results[i].Name)
	}
	for _, t := range s.Tasks {
		if t.Name == "" {
			p.Error(t.Spot, "", t.Label+" has no name", "set its name")
		}
		label(p, t.Spot.Field("name"), "task", t.Name)
	}
	if s.Run != nil && s.EmbedsSteps() {
		pooled(p, p.At("spec"), s.Run.Spec.Params)
		for i := range s.Spec.Tasks {
			pooled(p, s.Spot.Index("tasks", i), s.Spec.Tasks[i].Params)
		}
	}
}

// pooled reports invalid names of params that reach embedded steps without being
// declared: their names have to be usable in a variable.
func pooled(p *rule.Pass, s facts.Spot, params v1.Params) {
	for i := range params {
		v, at := &params[i], s.Index("params", i)
		if why := badParam(v.Name, facts.ValueKind(&v.Value)); why != "" && v.Name != "" {
			p.Error(at.Field("name"), v.Name, "param name "+phrase.Quote(v.Name)+" "+why, "rename it")
		}
		if v.Value.Type != v1.ParamTypeObject {
			continue
		}
		for _, k := range sortedKeys(v.Value.ObjectVal) {
			if why := badParam(k, v1.ParamTypeObject); why != "" {
				p.Error(at.Field("value").Key(k), k, "key "+phrase.Quote(k)+" of param "+phrase.Quote(v.Name)+" "+why, "rename it")
			}
		}
	}
}

// runNames reports params, workspaces and overrides of a run that have no name.
func runNames(p *rule.Pass) {
	e, s := p.Entry, p.At("spec")
	e.EachValue(func(at facts.Spot, v *v1.Param) {
		if v.Name == "" {
			p.Error(at, "", "the param "+at.String()+" has no name", "set its name")
		}
	})
	workspaces := e.RunWorkspaces()
	for i := range workspaces {
		if workspaces[i].Name == "" {
			p.Error(s.Index("workspaces", i), "", "a workspace of this run has no name", "set its name")
		}
	}
	switch {
	case e.Run != nil:
		for i := range e.Run.Spec.TaskRunSpecs {
			o := &e.Run.Spec.TaskRunSpecs[i]
			overrideNames(p, s.Index("taskRunSpecs", i), o.StepSpecs, o.SidecarSpecs)
		}
	case e.TaskRun != nil:
		overrideNames(p, s, e.TaskRun.Spec.StepSpecs, e.TaskRun.Spec.SidecarSpecs)
		if t := e.TaskSpec(); t != nil && len(t.Spec.Steps) > 0 {
			pooled(p, s, e.TaskRun.Spec.Params)
		}
	}
}

func overrideNames(p *rule.Pass, s facts.Spot, steps []v1.TaskRunStepSpec, sidecars []v1.TaskRunSidecarSpec) {
	for i := range steps {
		if steps[i].Name == "" {
			p.Error(s.Index("stepSpecs", i), "", "an item of stepSpecs has no name", "set the name of its step")
		}
	}
	for i := range sidecars {
		if sidecars[i].Name == "" {
			p.Error(s.Index("sidecarSpecs", i), "", "an item of sidecarSpecs has no name", "set the name of its sidecar")
		}
	}
}

// eventNames reports invalid names in objects of Tekton Triggers.
func eventNames(p *rule.Pass) {
	e, s := p.Entry, p.At("spec")
	if l := e.Event.Listener; l != nil && e.HasTriggers() {
		for i := range l.Spec.Triggers {
			if name := l.Spec.Triggers[i].Name; name != "" && len(validation.IsValidLabelValue(name)) > 0 {
				p.Error(s.Index("triggers", i).Field("name"), name, "the trigger name "+phrase.Quote(name)+" cannot be a label of the objects that the trigger creates",
					"use only letters, digits, -, _ and ., 63 characters at most")
			}
		}
	}
	if b := e.Event.Binding; b != nil {
		for i := range b.Params {
			if b.Params[i].Name == "" {
				p.Error(s.Index("params", i), "", "a param of "+e.Ref.String()+" has no name", "set its name")
			}
		}
	}
	for _, t := range e.Templates() {
		for i := range t.Spec.Params {
			if t.Spec.Params[i].Name == "" {
				p.Error(t.Spot.Index("params", i), "", "a param of "+t.Label+" has no name", "set its name")
			}
		}
	}
}
