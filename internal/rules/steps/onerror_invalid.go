package steps

import (
	_ "embed"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed onerror-invalid.md
var onErrorInvalidText string

var onErrorInvalid = &rule.Rule{
	Code:     "onerror-invalid",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     onErrorInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Passing},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Kind == facts.Step {
				onError(p, c.Spot, string(c.Step.OnError), c.Label)
				onErrorDefault(p, c.Task.Params, string(c.Step.OnError), c.Label)
			}
		}
		if p.Entry.TaskRun != nil {
			run := p.Entry.RunTask()
			onErrorValues(p, p.Entry.At("spec"), p.Entry.TaskRun.Spec.Params, run.Spec)
		}
		if s := p.Entry.RunPipeline(); s != nil {
			for _, t := range s.Tasks {
				onErrorValue(p, p.Entry.At("spec"), p.Entry.Run.Spec.Params, string(t.OnError), t.Label)
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				onError(p, t.Spot, string(t.OnError), t.Label)
				onErrorDefault(p, s.Params, string(t.OnError), t.Label)
				onErrorValues(p, t.Spot, t.Params, t.Runs.Spec)
				if t.OnError == v1.PipelineTaskContinue && t.Retries > 0 {
					p.Error(t.Spot.Field("onError"), t.Name, t.Label+" has both retries and onError: continue, which Tekton rejects",
						"remove one of them; to get both effects, keep onError: continue and retry the command in a loop in the script, or, if the script is not yours, keep retries and move the tasks that must run after a failure to finally")
				}
			}
		}
	},
}

// onError reports an unknown value of onError.
func onError(p *rule.Pass, s facts.Spot, value, label string) {
	if !knownOnError(value) && !strings.HasPrefix(value, "$(params") {
		p.Error(s.Field("onError"), value, "onError of "+label+" has the unknown value "+phrase.Quote(value), phrase.OneOf(value, onErrorWords)).Misspelled(value, onErrorWords)
	}
}

var onErrorWords = []string{"continue", "stopAndFail"}

func knownOnError(value string) bool { return value == "" || slices.Contains(onErrorWords, value) }

// onErrorParam returns the param that is the whole value of onError; "" if there is none.
func onErrorParam(value string) string {
	if v, ok := facts.Alone(value); ok && v.Fault == "" && v.Kind == tekref.Param && v.Whole() {
		return v.Name
	}
	return ""
}

// wrongOnError reports whether a value of a param cannot be onError.
func wrongOnError(v *v1.ParamValue) bool {
	return v.Type == v1.ParamTypeString && !tekref.Contains(v.StringVal) && !knownOnError(v.StringVal)
}

// onErrorDefault reports a param that is the value of onError and has another word as its
// default. Tekton validates the word when it has replaced the param.
func onErrorDefault(p *rule.Pass, scope *facts.ParamScope, value, label string) {
	name := onErrorParam(value)
	if name == "" {
		return
	}
	param := scope.Own(name)
	if param == nil || param.Default == nil || !wrongOnError(param.Default) {
		return
	}
	report := p.Warning
	if len(p.Set.Keeping(param)) > 0 {
		report = p.Error
	}
	report(param.Spot.Field("default"), name, "the default of param "+phrase.Quote(name)+" is "+phrase.Quote(param.Default.StringVal)+", which is not a value of onError of "+label+": a run that uses it fails",
		phrase.OneOf(param.Default.StringVal, onErrorWords))
}

// onErrorValues reports the values of params that a Task uses as onError of its steps.
func onErrorValues(p *rule.Pass, at facts.Spot, params v1.Params, spec *v1.TaskSpec) {
	if spec == nil {
		return
	}
	seen := map[v1.OnErrorType]bool{}
	for i := range spec.Steps {
		if value := spec.Steps[i].OnError; !seen[value] {
			seen[value] = true
			onErrorValue(p, at, params, string(value), "a step")
		}
	}
}

// onErrorValue reports the values of the param that is the value of onError.
func onErrorValue(p *rule.Pass, at facts.Spot, params v1.Params, value, label string) {
	name := onErrorParam(value)
	if name == "" {
		return
	}
	for i := range params {
		if v := &params[i]; v.Name == name && wrongOnError(&v.Value) {
			p.Error(at.Index("params", i).Field("value"), name, "param "+phrase.Quote(name)+" is "+phrase.Quote(v.Value.StringVal)+", but onError of "+label+" uses it: the run fails",
				phrase.OneOf(v.Value.StringVal, onErrorWords))
		}
	}
}
