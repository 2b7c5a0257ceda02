package builder

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// StepActionType is implemented by types that describe a StepAction: a step
// that can be shared by many tasks. Such a type is a struct whose TaskString
// fields are the inputs. StepActionName returns the name of the StepAction
// object. Define declares its params, results and container, and returns its
// output: a struct that embeds *Step and has a TaskString for each result, or
// just a *Step.
type StepActionType[Out StepOutput] interface {
	StepActionName() string
	Define(a *StepAction) Out
}

// StepOutput is a step, or a struct that embeds one together with its results.
// It cannot be implemented in any other way than by embedding *Step.
type StepOutput interface {
	embedsStep() *Step
}

func (s *Step) embedsStep() *Step { return s }

// AddStepAction adds a step that runs a StepAction.
//
//	login := builder.AddStepAction(t, "login", WithCredentials{Bucket: bucket})
func AddStepAction[A StepActionType[Out], Out StepOutput](t *Task, name string, action A) Out {
	var none Out
	t = t.orNew()
	s := &Step{container: container{scope: t.scope, at: callsite.Here(), name: t.calledStep(name)}, task: t}
	t.steps = append(t.steps, s)
	if nothing(action) {
		t.reportf(s.at, "stepaction-invalid", "the StepAction of step %s is nil", quote(name)).
			Help = "pass AddStepAction a struct with the methods StepActionName and Define"
		return none
	}
	var a *StepAction
	var out Out
	if !t.catch(s.at, typeName(action), func() {
		a = newStepAction(s, action.StepActionName(), t.problems)
		s.action = a
		a.typeName = typeName(action)
		out = action.Define(a)
	}) {
		return none
	}
	if nothing(out) || out.embedsStep() != s {
		t.reportf(s.at, "output-unset", "the output of StepAction %s leaves the embedded Step unset", quote(a.def.name)).
			Help = "set it to a.Step(): Output{Step: a.Step(), ...}"
	}
	return out
}

// StepAction describes a StepAction. Define uses it to declare params, results
// and the container.
type StepAction struct {
	*scope
	step                *Step // the step that uses it
	typeName            string
	def                 container // the container of the StepAction
	desc                said
	params              []*paramDecl
	results             []*resultDecl
	inputs              []*actionInput
	from                *Resolver
	existing            bool // in the cluster, under its name
	labels, annotations []label
	mutate              callsite.Changes[v1beta1.StepActionSpec]
}

// actionInput is a value that the step gives to a param of the StepAction.
type actionInput struct {
	at    place
	name  string
	kind  kind
	text  TaskString
	array TaskArray

	object TaskObject
}

func newStepAction(s *Step, name string, ps *problems) *StepAction {
	sc := &scope{owner: handle.NewOwner(handle.Action, name), problems: ps}
	return &StepAction{scope: sc, step: s, def: container{scope: sc, at: s.at, name: name}}
}

// ref is the StepAction object, for findings.
func (s *StepAction) ref() diag.ObjectRef {
	return diag.ObjectRef{APIVersion: v1beta1.SchemeGroupVersion.String(), Kind: "StepAction", Name: s.def.name}
}

// Describe sets spec.description.
func (s *StepAction) Describe(text string) *StepAction {
	s = s.orNew()
	s.desc = said{callsite.Here(), TaskString(text)}
	return s
}

// Image sets the container image. It should have a fixed tag or a digest.
func (s *StepAction) Image(image TaskString) *StepAction {
	s = s.orNew()
	s.def.image = said{callsite.Here(), image}
	return s
}

// Command sets the command, which replaces the image's entrypoint.
func (s *StepAction) Command(command ...TaskString) *StepAction {
	s = s.orNew()
	s.def.command = says(callsite.Here(), command)
	return s
}

// Args sets the arguments. An array is expanded with [TaskArray.All].
func (s *StepAction) Args(args ...TaskString) *StepAction {
	s = s.orNew()
	s.def.args = says(callsite.Here(), args)
	return s
}

// Script sets the script, as [Step.Script] does.
func (s *StepAction) Script(script string) *StepAction {
	s = s.orNew()
	s.def.script = said{callsite.Here(), TaskString(script)}
	return s
}

// Env sets an environment variable.
func (s *StepAction) Env(name string, v TaskString) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, value: v})
	return s
}

// EnvSecret sets an environment variable from a key of a Secret. The step cannot start
// without the key, unless it is [Optional].
func (s *StepAction) EnvSecret(name string, secret, key TaskString, opts ...EnvOption) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, secret: secret, key: key}.withOptions(opts))
	return s
}

// WorkingDir sets the working directory.
func (s *StepAction) WorkingDir(dir TaskString) *StepAction {
	s = s.orNew()
	s.def.dir = said{callsite.Here(), dir}
	return s
}

// Param declares a string param, sets it to v in the step, and returns the
// handle to use inside the StepAction. An empty v means "not set".
func (s *StepAction) Param(name string, v TaskString, opts ...ParamOption) TaskString {
	s = s.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: stringKind}
	for _, o := range opts {
		if o != nil {
			o.param(d)
		}
	}
	s.params = append(s.params, d)
	s.inputs = append(s.inputs, &actionInput{at: d.at, name: name, kind: stringKind, text: v})
	return TaskString(s.token(handle.Value, tekref.ParamOf(name)))
}

// ArrayParam declares an array param; see [StepAction.Param].
func (s *StepAction) ArrayParam(name string, v TaskArray, opts ...ArrayOption) TaskArray {
	s = s.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: arrayKind}
	for _, o := range opts {
		if o != nil {
			o.array(d)
		}
	}
	s.params = append(s.params, d)
	s.inputs = append(s.inputs, &actionInput{at: d.at, name: name, kind: arrayKind, array: v})
	return TaskArray{newArray(s.scope, tekref.ParamOf(name)).d}
}

// From makes Tekton fetch the StepAction when a run starts. The params and results
// declared here are the contract, as for [Task.From]. The params of the resolver may
// contain inputs of the task: see [Resolver.WithTaskString].
func (s *StepAction) From(r Resolver) *StepAction {
	s = s.orNew()
	r.at = callsite.Here()
	s.from = &r
	return s
}

// Existing makes this a StepAction that exists in the cluster, under the name that
// StepActionName returns. It is like [Task.Existing].
func (s *StepAction) Existing() *StepAction {
	s = s.orNew()
	s.existing = true
	return s
}

// Step returns the step that runs the StepAction, for the struct that Define
// returns.
func (s *StepAction) Step() *Step { return s.orNew().step }
