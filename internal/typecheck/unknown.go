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

// renamed maps fields to their names in this version of the kind.
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

// advice says what to use instead of fields that were removed or never existed.
var advice = map[reflect.Type]map[string]string{
	reflect.TypeFor[pipelinev1.TaskSpec](): {
		"inputs": "use params and workspaces instead", "outputs": "use results and workspaces instead",
		"resources": "use params, workspaces and results instead of PipelineResources, which were removed",
		"timeout":   "set the timeout of the run or of the pipeline task",
	},
	reflect.TypeFor[pipelinev1beta1.TaskSpec](): {
		"inputs":  "use spec.params instead of inputs.params, and workspaces instead of resources",
		"outputs": "use spec.results for small values, and workspaces instead of resources",
	},
	reflect.TypeFor[pipelinev1.PipelineSpec](): {
		"resources": "use params, workspaces and results instead of PipelineResources, which were removed",
		"timeout":   "set spec.timeouts.pipeline of the run",
	},
	reflect.TypeFor[pipelinev1.PipelineTask](): {
		"resources":  "use params and workspaces instead of PipelineResources, which were removed",
		"conditions": "use when expressions instead of Conditions, which were removed",
	},
	reflect.TypeFor[pipelinev1.PipelineRunSpec](): {
		"timeout":   "use timeouts.pipeline instead",
		"resources": "use params and workspaces instead of PipelineResources, which were removed",
	},
	reflect.TypeFor[pipelinev1.TaskRunSpec](): {
		"timeouts":  "use timeout: a TaskRun has only one",
		"resources": "use params and workspaces instead of PipelineResources, which were removed; for requests and limits use computeResources",
	},
	reflect.TypeFor[pipelinev1beta1.PipelineRunSpec](): {
		"taskRunTemplate": "set apiVersion: tekton.dev/v1, or use spec.serviceAccountName and spec.podTemplate: only v1 has taskRunTemplate",
	},
	reflect.TypeFor[networkingv1.IngressBackend](): {
		"serviceName": "use service.name instead; serviceName is from extensions/v1beta1",
		"servicePort": "use service.port.number or service.port.name instead",
	},
	reflect.TypeFor[pipelinev1.TaskRef]():     {"bundle": "use resolver: bundles with the params bundle, name and kind instead"},
	reflect.TypeFor[pipelinev1.PipelineRef](): {"bundle": "use resolver: bundles with the params bundle, name and kind instead"},
	reflect.TypeFor[pipelinev1.Step](): {
		"ports": ofSidecars, "livenessProbe": ofSidecars, "readinessProbe": ofSidecars, "startupProbe": ofSidecars,
		"lifecycle": ofSidecars, "stdin": ofSidecars, "stdinOnce": ofSidecars, "tty": ofSidecars,
		"terminationMessagePath": ofSidecars, "terminationMessagePolicy": ofSidecars,
	},
}

func init() { // an embedded task has the fields of a Task
	advice[reflect.TypeFor[pipelinev1.EmbeddedTask]()] = advice[reflect.TypeFor[pipelinev1.TaskSpec]()]
	advice[reflect.TypeFor[pipelinev1beta1.EmbeddedTask]()] = advice[reflect.TypeFor[pipelinev1beta1.TaskSpec]()]
}

const ofSidecars = "remove it: in v1, only sidecars have it"

// unknown reports a key that the struct does not have. It returns the field that
// was probably meant, "" if there is none or it is already set.
func (c *checker) unknown(n *yamlread.Node, i int, s *shape.Type, known map[string]bool) string {
	if exact := c.folded(n.Keys[i].Name, s); exact != "" {
		return c.otherCase(n.Keys[i], exact, known[exact])
	}
	k := n.Keys[i]
	if c.sops && k.Name == sopsKey && c.here().IsRoot() {
		return ""
	}
	where := " in " + c.here().String()
	if c.here().IsRoot() {
		where = " at the top level"
	}
	message := "unknown field " + strconv.Quote(k.Name) + where
	if k.Written != "" {
		message += ": YAML 1.1 reads the unquoted key " + k.Written + " as " + strconv.Quote(k.Name)
	}
	before := len(c.path)
	c.name(k.Name)
	f := Fault{What: Unknown, Path: c.here(), Subject: k.Name, Mark: k.Mark, Message: message}
	c.path = c.path[:before]

	meant, all := "", names(s)
	if near := renamed[s.Go][k.Name]; near != "" {
		meant, f.Help = near, "use "+strconv.Quote(near)+" instead"
	} else if help := advice[s.Go][k.Name]; help != "" {
		f.Help = help
		if s.Go == reflect.TypeFor[networkingv1.IngressBackend]() { // do not report it as empty as well
			c.Lost = append(c.Lost, c.here())
		}
	} else if help := shape.BindingHelp(s.Go, k.Name); help != "" {
		f.Help = help
	} else if near := suggest.Name(k.Name, all); near != "" && strings.EqualFold(near, k.Name) {
		meant, f.Help = near, "did you mean "+strconv.Quote(near)+"? field names are case-sensitive"
	} else if place, path := c.elsewhere(k.Name, s); place != "" {
		f.Help = place
		c.Lost = append(c.Lost, path)
	} else if near != "" {
		meant, f.Help = near, "did you mean "+strconv.Quote(near)+"?"
	} else if len(all) > 0 && len(all) <= 10 {
		f.Help = "use one of " + strings.Join(all, ", ")
	}
	unlike := meant != "" && renamed[s.Go][k.Name] == "" && !strings.EqualFold(meant, k.Name) && !likes(s.Field(meant).Type(), n.Items[i])
	if !unlike {
		f.Fix = renamedTo(k, meant, renamed[s.Go][k.Name], known[meant])
	}
	c.fault(f)
	switch {
	case meant == "" || known[meant]:
		return ""
	case unlike:
		c.name(meant) // do not use a guess that causes another fault
		c.Lost = append(c.Lost, c.here())
		c.path = c.path[:before]
		return ""
	}
	return meant
}

// folded returns the field that Tekton's webhook reads a key as, where the API server
// leaves the reading to it; "" if there is none.
func (c *checker) folded(name string, s *shape.Type) string {
	if !c.opaque {
		return ""
	}
	for i := range s.Fields() {
		f := &s.Fields()[i]
		// The API server itself reads the metadata.
		if strings.EqualFold(f.Name, name) && (len(c.path) > 0 || !c.open || f.Name == "spec" || f.Name == "status") {
			return f.Name
		}
	}
	return ""
}

// otherCase reports a key that differs from the name of its field in the case only. It
// returns the field, "" if it is already set.
func (c *checker) otherCase(k yamlread.Key, exact string, set bool) string {
	before := len(c.path)
	c.name(k.Name)
	f := Fault{What: Unknown, Warning: true, Path: c.here(), Subject: k.Name, Mark: k.Mark,
		Message: "the field " + strconv.Quote(k.Name) + " is written " + strconv.Quote(exact) + ": Tekton reads it in any case, but other tools do not",
		Help:    "rename it to " + strconv.Quote(exact)}
	c.path = c.path[:before]
	if set {
		f.Message = "the fields " + strconv.Quote(k.Name) + " and " + strconv.Quote(exact) + " are the same for Tekton, which ignores case: only one of them is used"
		f.Help = "remove one of them"
		c.name(exact)
		c.Lost = append(c.Lost, c.here())
		c.path = c.path[:before]
		exact = ""
	}
	f.Fix = renamedTo(k, exact, exact, set)
	c.fault(f)
	return exact
}

// names returns the fields of a struct, its own before those of embedded structs.
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

// likes reports whether a value is of a kind that the shape accepts.
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

// elsewhere finds the level that the field belongs to: one of those around it, or
// one directly below.
func (c *checker) elsewhere(name string, s *shape.Type) (help string, path diag.Path) {
	for i := len(c.outer) - 2; i >= 0; i-- {
		if o := c.outer[i]; o.shape.Field(name) != nil && !everywhere[name] {
			if o.path == 0 {
				return "move it to the top level: indent it less", diag.Fields(name)
			}
			at := diag.NewPath(c.path[:o.path]...)
			return "move it into " + at.String() + ": indent it less", at.Field(name)
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
	return "move it into " + strconv.Quote(found), c.here().Field(found, name)
}

// everywhere are fields that exist at most levels, and so do not tell where a key
// belongs.
var everywhere = map[string]bool{"name": true, "kind": true, "metadata": true, "spec": true, "status": true, "apiVersion": true}
