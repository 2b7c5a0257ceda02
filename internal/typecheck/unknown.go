package typecheck

import (
	"reflect"
	"strconv"
	"strings"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// renamed are the fields that another version of the kind calls otherwise.
var renamed = map[reflect.Type]map[string]string{
	reflect.TypeFor[pipelinev1.Step]():                     {"resources": "computeResources"},
	reflect.TypeFor[pipelinev1.StepTemplate]():             {"resources": "computeResources"},
	reflect.TypeFor[pipelinev1.Sidecar]():                  {"resources": "computeResources"},
	reflect.TypeFor[pipelinev1beta1.Step]():                {"computeResources": "resources"},
	reflect.TypeFor[pipelinev1beta1.StepTemplate]():        {"computeResources": "resources"},
	reflect.TypeFor[pipelinev1beta1.Sidecar]():             {"computeResources": "resources"},
	reflect.TypeFor[pipelinev1.PipelineTaskRunSpec]():      {"taskServiceAccountName": "serviceAccountName", "taskPodTemplate": "podTemplate", "stepOverrides": "stepSpecs", "sidecarOverrides": "sidecarSpecs"},
	reflect.TypeFor[pipelinev1beta1.PipelineTaskRunSpec](): {"serviceAccountName": "taskServiceAccountName", "podTemplate": "taskPodTemplate", "stepOverrides": "stepSpecs", "sidecarOverrides": "sidecarSpecs"},
	reflect.TypeFor[pipelinev1.TaskRunSpec]():              {"stepOverrides": "stepSpecs", "sidecarOverrides": "sidecarSpecs"},
	reflect.TypeFor[pipelinev1beta1.TaskRunSpec]():         {"stepSpecs": "stepOverrides", "sidecarSpecs": "sidecarOverrides"},
	reflect.TypeFor[pipelinev1.PipelineTask]():             {"whenExpressions": "when", "dependsOn": "runAfter", "needs": "runAfter", "depends_on": "runAfter"},
	reflect.TypeFor[triggersv1beta1.TriggerSpecTemplate](): {"name": "ref"},
	reflect.TypeFor[pipelinev1beta1.PipelineTask]():        {"whenExpressions": "when", "dependsOn": "runAfter", "needs": "runAfter", "depends_on": "runAfter"},
}

// advice is what to do instead of fields that are gone, or that never were.
var advice = map[reflect.Type]map[string]string{
	reflect.TypeFor[pipelinev1.TaskSpec](): {
		"inputs": "write params and workspaces instead", "outputs": "write results and workspaces instead",
		"resources": "PipelineResources are gone: write params, workspaces and results instead",
		"timeout":   "a timeout belongs to the run, or to the task of a pipeline",
	},
	reflect.TypeFor[pipelinev1beta1.TaskSpec](): {
		"inputs":  "write spec.params for inputs.params, and workspaces for the resources",
		"outputs": "write spec.results for what is small, and workspaces for the resources",
	},
	reflect.TypeFor[pipelinev1.PipelineSpec](): {
		"resources": "PipelineResources are gone: write params, workspaces and results instead",
		"timeout":   "a timeout belongs to the run: spec.timeouts.pipeline",
	},
	reflect.TypeFor[pipelinev1.PipelineTask](): {
		"resources":  "PipelineResources are gone: write params and workspaces instead",
		"conditions": "Conditions are gone: write when",
	},
	reflect.TypeFor[pipelinev1.PipelineRunSpec](): {
		"timeout":   "write it as timeouts.pipeline",
		"resources": "PipelineResources are gone: write params and workspaces instead",
	},
	reflect.TypeFor[pipelinev1.TaskRunSpec](): {
		"timeouts":  "a TaskRun has one timeout",
		"resources": "PipelineResources are gone: write params and workspaces instead; what containers need is computeResources",
	},
	reflect.TypeFor[networkingv1.IngressBackend](): {
		"serviceName": "write service.name: extensions/v1beta1 had it otherwise",
		"servicePort": "write service.port.number, or service.port.name",
	},
	reflect.TypeFor[pipelinev1.TaskRef]():     {"bundle": "write resolver: bundles, with the params bundle, name and kind"},
	reflect.TypeFor[pipelinev1.PipelineRef](): {"bundle": "write resolver: bundles, with the params bundle, name and kind"},
	reflect.TypeFor[pipelinev1.Step](): {
		"ports": ofSidecars, "livenessProbe": ofSidecars, "readinessProbe": ofSidecars, "startupProbe": ofSidecars,
		"lifecycle": ofSidecars, "stdin": ofSidecars, "stdinOnce": ofSidecars, "tty": ofSidecars,
		"terminationMessagePath": ofSidecars, "terminationMessagePolicy": ofSidecars,
	},
}

func init() { // what a pipeline embeds has the fields of a Task
	advice[reflect.TypeFor[pipelinev1.EmbeddedTask]()] = advice[reflect.TypeFor[pipelinev1.TaskSpec]()]
	advice[reflect.TypeFor[pipelinev1beta1.EmbeddedTask]()] = advice[reflect.TypeFor[pipelinev1beta1.TaskSpec]()]
}

const ofSidecars = "v1 knows it for sidecars only: take it out"

// unknown reports a key that the struct does not have. It returns the field
// that it was likely meant to be, "" if there is none, or it is taken.
func (c *checker) unknown(n *yamlread.Node, i int, s *shape.Type) string {
	k := n.Keys[i]
	where := c.here().String()
	if where == "" {
		where = "the object itself"
	}
	message := "there is no field " + strconv.Quote(k.Name) + " in " + where
	if k.Written != "" {
		message += ": YAML 1.1 reads the key " + k.Written + " so, if it is not quoted"
	}
	before := len(c.path)
	c.name(k.Name)
	f := Fault{What: Unknown, Path: c.here(), Subject: k.Name, Mark: k.Mark, Message: message}
	c.path = c.path[:before]

	meant, all := "", names(s)
	if near := renamed[s.Go][k.Name]; near != "" {
		meant, f.Help = near, "write "+strconv.Quote(near)
	} else if help := advice[s.Go][k.Name]; help != "" {
		f.Help = help
		if s.Go == reflect.TypeFor[networkingv1.IngressBackend]() { // that it is empty is no news
			c.Lost = append(c.Lost, c.here())
		}
	} else if near := suggest.Name(k.Name, all); near != "" && strings.EqualFold(near, k.Name) {
		meant, f.Help = near, "did you mean "+strconv.Quote(near)+"? upper and lower case count"
	} else if place, path := c.elsewhere(k.Name, s); place != "" {
		f.Help = place
		c.Lost = append(c.Lost, path)
	} else if near != "" {
		meant, f.Help = near, "did you mean "+strconv.Quote(near)+"?"
	} else if len(all) > 0 && len(all) <= 10 {
		f.Help = "there are: " + strings.Join(all, ", ")
	}
	c.fault(f)
	switch {
	case meant == "" || n.Get(meant) != nil:
		return ""
	case renamed[s.Go][k.Name] == "" && !strings.EqualFold(meant, k.Name) && !likes(s.Field(meant).Type(), n.Items[i]):
		c.name(meant) // a guess that leads to the next fault is none
		c.Lost = append(c.Lost, c.here())
		c.path = c.path[:before]
		return ""
	}
	return meant
}

// names lists the fields of a struct, its own before those of embedded structs.
func names(s *shape.Type) []string {
	var all []string
	for depth := 1; len(all) < len(s.Fields()); depth++ {
		for i := range s.Fields() {
			if f := &s.Fields()[i]; len(f.Index) == depth {
				all = append(all, f.Name)
			}
		}
	}
	return all
}

// likes reports whether a value is of the sort that the shape takes.
func likes(s *shape.Type, n *yamlread.Node) bool {
	switch s.Class {
	case shape.Struct, shape.Map:
		return n.Kind == yamlread.Map
	case shape.List:
		return n.Kind == yamlread.List
	case shape.Any, shape.Raw, shape.Param:
		return true
	case shape.Text:
		return n.Kind == yamlread.String
	}
	return fits(n, s)
}

// elsewhere finds the level that has the field which is missing here: one of
// those around it, or one right below.
func (c *checker) elsewhere(name string, s *shape.Type) (help string, path diag.Path) {
	for i := len(c.outer) - 2; i >= 0; i-- {
		if o := c.outer[i]; o.shape.Field(name) != nil && !everywhere[name] {
			if o.path == 0 {
				return "it belongs to the object itself: indent it less", diag.Fields(name)
			}
			at := diag.NewPath(c.path[:o.path]...)
			return "it belongs into " + at.String() + ": indent it less", at.Field(name)
		}
	}
	found := ""
	for _, field := range names(s) {
		if inner := s.Field(field).Type(); field != "status" && inner.Class == shape.Struct && inner.Field(name) != nil {
			if found != "" {
				return "", diag.Path{}
			}
			found = field
		}
	}
	if found == "" {
		return "", diag.Path{}
	}
	return "it belongs into " + strconv.Quote(found) + ", a level below", c.here().Field(found, name)
}

// everywhere are fields that most levels have: they say nothing of where a
// key belongs.
var everywhere = map[string]bool{"name": true, "kind": true, "metadata": true, "spec": true, "status": true, "apiVersion": true}
