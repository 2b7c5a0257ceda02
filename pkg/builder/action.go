package builder

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/internal/ref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// ActionType is a kind of StepAction: a step that many tasks share, as a
// struct whose Text fields are its inputs. ActionName is the name of the
// StepAction object, Define declares its params, results and container and
// returns what it leaves behind: a struct of Text handles that embeds *Step,
// or just a *Step.
type ActionType[Out Stepper] interface {
	ActionName() string
	Define(a *Action) Out
}

// Stepper is a step, or what it leaves behind. It is sealed: embed *Step.
type Stepper interface {
	embedsStep() *Step
}

func (s *Step) embedsStep() *Step { return s }

// Use adds a step that runs a StepAction.
//
//	login := builder.Use(t, "login", WithCredentials{Bucket: bucket})
func Use[A ActionType[Out], Out Stepper](t *Task, name string, action A) Out {
	var none Out
	t = t.orNew()
	s := &Step{container: container{scope: t.scope, at: caller.Here(), name: name}, task: t}
	t.steps = append(t.steps, s)
	if nothing(action) {
		t.reportf(s.at, "action-invalid", "the StepAction of step %s is nil", quote(name)).
			Help = "give Use an action type: a struct with ActionName and Define"
		return none
	}
	a := newAction(s, action.ActionName(), t.problems)
	s.action = a
	a.typeName = typeName(action)
	out := action.Define(a)
	if nothing(out) || out.embedsStep() != s {
		t.reportf(s.at, "output-unset", "the output of StepAction %s does not hold its step", quote(a.def.name)).
			Help = "return it with a.Step(): Output{Step: a.Step(), ...}"
	}
	return out
}

// Action is the body of a StepAction: it is what Define declares params,
// results and the container on.
type Action struct {
	*scope
	step     *Step // the step that uses it
	typeName string
	def      container // the container of the StepAction
	desc     said
	params   []*paramDecl
	results  []*resultDecl
	inputs   []*actionInput
	from     *Resolver
}

// actionInput is a value that the step gives to a param of the StepAction.
type actionInput struct {
	at    place
	name  string
	kind  kind
	text  Text
	array TextArray
}

func newAction(s *Step, name string, ps *problems) *Action {
	sc := &scope{owner: ref.NewOwner(ref.Action, name), problems: ps}
	return &Action{scope: sc, step: s, def: container{scope: sc, at: s.at, name: name}}
}

// ref is the StepAction object, for findings.
func (a *Action) ref() diag.ObjectRef {
	return diag.ObjectRef{APIVersion: v1beta1.SchemeGroupVersion.String(), Kind: "StepAction", Name: a.def.name}
}

// Describe sets spec.description.
func (a *Action) Describe(text string) *Action {
	a = a.orNew()
	a.desc = said{caller.Here(), Text(text)}
	return a
}

// Image sets the container image: by tag, not floating.
func (a *Action) Image(image Text) *Action {
	a = a.orNew()
	a.def.image = said{caller.Here(), image}
	return a
}

// Command sets the program to run instead of the image's own.
func (a *Action) Command(command ...Text) *Action {
	a = a.orNew()
	a.def.command = says(caller.Here(), command)
	return a
}

// Args sets the arguments. An array's All stands for all of its items.
func (a *Action) Args(args ...Text) *Action {
	a = a.orNew()
	a.def.args = says(caller.Here(), args)
	return a
}

// Script sets the script to run instead of a command, as Step.Script does.
func (a *Action) Script(script string) *Action {
	a = a.orNew()
	a.def.script = said{caller.Here(), Text(script)}
	return a
}

// Env sets an environment variable.
func (a *Action) Env(name string, v Text) *Action {
	a = a.orNew()
	a.def.env = append(a.def.env, envVar{at: caller.Here(), name: name, value: v})
	return a
}

// EnvSecret sets an environment variable from a key of a Secret.
func (a *Action) EnvSecret(name string, secret, key Text) *Action {
	a = a.orNew()
	a.def.env = append(a.def.env, envVar{at: caller.Here(), name: name, secret: secret, key: key})
	return a
}

// WorkingDir sets the directory that the step starts in.
func (a *Action) WorkingDir(dir Text) *Action {
	a = a.orNew()
	a.def.dir = said{caller.Here(), dir}
	return a
}

// Param declares a string param, gives it the value v of the task, and returns
// the input as the StepAction uses it. A zero v is "not given".
func (a *Action) Param(name string, v Text, opts ...ParamOption) Text {
	a = a.orNew()
	d := &paramDecl{at: caller.Here(), name: name, kind: stringKind}
	for _, o := range opts {
		if o != nil {
			o.param(d)
		}
	}
	a.params = append(a.params, d)
	a.inputs = append(a.inputs, &actionInput{at: d.at, name: name, kind: stringKind, text: v})
	return Text(a.token(ref.Value, paramExpr(name)))
}

// ArrayParam declares an array param.
func (a *Action) ArrayParam(name string, v TextArray, opts ...ArrayOption) TextArray {
	a = a.orNew()
	d := &paramDecl{at: caller.Here(), name: name, kind: arrayKind}
	for _, o := range opts {
		if o != nil {
			o.array(d)
		}
	}
	a.params = append(a.params, d)
	a.inputs = append(a.inputs, &actionInput{at: d.at, name: name, kind: arrayKind, array: v})
	return TextArray{newArray(a.scope, paramExpr(name)).d}
}

// Result declares a string result. Its Value is for the task that uses the
// StepAction.
func (a *Action) Result(name string, opts ...ResultOption) StepResult {
	a = a.orNew()
	a.results = append(a.results, stepResultDecl(a.scope, caller.Here(), name, opts))
	return StepResult{scope: a.step.scope, step: a.step.name, name: name}
}

// From takes the StepAction from elsewhere; the params and results declared
// here are its signature.
func (a *Action) From(r Resolver) *Action {
	a = a.orNew()
	r.at = caller.Here()
	a.from = &r
	return a
}

// Step is the step that uses the StepAction, for the struct that Define
// returns.
func (a *Action) Step() *Step { return a.orNew().step }
