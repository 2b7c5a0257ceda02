package check

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
)

// taskCheck is the check of one Task spec: of a Task, or embedded in a
// Pipeline or a run.
type taskCheck struct {
	*checker
	spot   spot // of the spec
	spec   *v1.TaskSpec
	label  string // Task "kaniko", the spec of task "image"
	params *paramScope
	seen   repeats

	pipeline *pipelineCheck          // the pipeline around an embedded spec; nil otherwise
	task     *pipelineTask           // and the task there
	action   bool                    // it is a StepAction
	step0    *v1beta1.StepActionSpec // and its spec

	// bound are workspaces that reach an embedded spec without a declaration.
	bound map[string]bool
	// unbounded says that further ones may: of a Pipeline whose run is unknown.
	unbounded bool

	// podVolumes are the volumes that the pod templates of the run add; nil
	// where the run is unknown.
	podVolumes map[string]bool

	usedWorkspaces map[string]bool
	strays         strays // workspaces that the steps name, and that are not declared
	usedResults    map[string]bool
}

// task checks a Task object.
func (c *checker) task(e *entry) {
	c.objectName(e)
	label := e.ref.String()
	s := in(e, "spec")
	t := &taskCheck{checker: c, spot: s, spec: &e.task.Spec, label: label, seen: repeats{}}
	t.params = c.scopeOf(e)
	t.run()
}

// run applies the rules of Task specs.
func (t *taskCheck) run() {
	t.usedWorkspaces, t.usedResults = map[string]bool{}, map[string]bool{}
	t.paramDeclarations(t.params)
	t.resultDeclarations()
	t.workspaceDeclarations()
	t.stepsOf()
	t.sidecarsOf()
	t.volumesOf()
	t.gatesOf()
	t.texts()
	t.paramsUnused(t.params)
	t.workspacesUnused()
	t.resultsUnwritten()
	t.practices()
}

// stepAction checks a StepAction object, as a Task of one step.
func (c *checker) stepAction(e *entry) {
	c.objectName(e)
	spec := &e.action.Spec
	label := e.ref.String()
	s := in(e, "spec")
	t := &taskCheck{checker: c, spot: s, spec: &v1.TaskSpec{}, label: label, seen: repeats{}, action: true}
	t.params = c.scopeOf(e)
	t.usedWorkspaces, t.usedResults = map[string]bool{}, map[string]bool{}
	t.paramDeclarations(t.params)
	t.stepResults(s, spec.Results, true)
	if spec.Image == "" {
		c.fail(s, "image-missing", e.ref.Name, label+" has no image", "set image")
	}
	if spec.Script != "" && len(spec.Command) > 0 {
		c.fail(s.field("script"), "step-conflict", "script", label+" has both script and command", "drop one of them")
	}
	t.windows(s, spec.Script)
	t.actionMounts(spec.VolumeMounts)
	t.actionTexts(spec)
	t.paramsUnused(t.params)
}

// actionOf returns the StepAction behind a step; nil if it is remote or not in
// the set.
func (c *checker) actionOf(e *entry, step *v1.Step) *v1beta1.StepActionSpec {
	if a := c.actionEntry(e, step); a != nil {
		return &a.action.Spec
	}
	return nil
}

func (c *checker) actionEntry(e *entry, step *v1.Step) *entry {
	if step.Ref == nil || step.Ref.Name == "" || step.Ref.Resolver != "" {
		return nil
	}
	if a := c.find("StepAction", e.ref.Namespace, step.Ref.Name); a != nil && a.action != nil {
		return a
	}
	return nil
}
