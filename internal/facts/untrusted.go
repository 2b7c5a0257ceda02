package facts

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file follows values of strangers from a run into its tasks.

// Carried are the values of strangers in the params of a run, a pipeline or a Task, by
// the name of the param.
type Carried map[string][]StrangerValue

// In returns the values that a text contains as $(params.NAME).
func (c Carried) In(text string) []StrangerValue {
	var out []StrangerValue
	if len(c) == 0 || !tekref.Contains(text) {
		return nil
	}
	for m := range tekref.Scan(text) {
		if v := tekref.Parse(m.Expr); v.Kind == tekref.Param && v.Fault == "" && !m.Open {
			out = append(out, c[v.Name]...)
		}
	}
	return out
}

// add adds the values in the values of params.
func (c Carried) add(params v1.Params, in func(text string) []StrangerValue) {
	for i := range params {
		p := &params[i]
		var found []StrangerValue
		for _, text := range textsOf(&p.Value) {
			found = append(found, in(text)...)
		}
		if len(found) > 0 {
			c[p.Name] = append(c[p.Name], found...)
		}
	}
}

// textsOf returns the strings of a value.
func textsOf(v *v1.ParamValue) []string {
	switch v.Type {
	case v1.ParamTypeArray:
		return v.ArrayVal
	case v1.ParamTypeObject:
		out := make([]string, 0, len(v.ObjectVal))
		for _, k := range sortedKeys(v.ObjectVal) {
			out = append(out, v.ObjectVal[k])
		}
		return out
	}
	return []string{v.StringVal}
}

// RunCarries returns the values of strangers in the params of a run. The function in
// returns those in a text.
func (e *Entry) RunCarries(in func(text string) []StrangerValue) Carried {
	out := Carried{}
	switch {
	case e.Run != nil:
		out.add(e.Run.Spec.Params, in)
		if p := e.RunPipeline(); p != nil {
			return out.limited(p.Params)
		}
	case e.TaskRun != nil:
		out.add(e.TaskRun.Spec.Params, in)
		return out.limited(e.RunTask().Params)
	}
	return out
}

// Carries returns the values of strangers in the params of the Task that a pipeline
// task runs, if from are those of the pipeline. An embedded spec also gets the params of
// the pipeline that it does not declare.
func (t *PipelineTask) Carries(from Carried) Carried {
	out := Carried{}
	out.add(t.Params, from.In)
	if t.Matrix != nil {
		out.add(t.Matrix.Params, from.In)
	}
	if t.Inner != nil {
		for name, values := range from {
			if t.Inner.Params.Own(name) == nil && !slices.ContainsFunc(t.Params, func(p v1.Param) bool { return p.Name == name }) {
				out[name] = values
			}
		}
	}
	return out.limited(t.Runs.Params)
}

// limited leaves out the params that the Task limits to values.
func (c Carried) limited(scope *ParamScope) Carried {
	for name := range c {
		if p := scope.Own(name); p != nil && len(p.Enum) > 0 {
			delete(c, name)
		}
	}
	return c
}

// TaskSpecOf returns the Task spec that a pipeline task runs; nil if it is not in the
// set.
func (t *PipelineTask) TaskSpecOf() *TaskSpec {
	switch {
	case t.Inner != nil:
		return t.Inner
	case t.Runs.Spec != nil && t.Runs.Spot.IsValid():
		return t.Runs.Spot.Entry.TaskSpec()
	}
	return nil
}

// IsClone reports whether the name of the task or of its Task says that it only checks
// out a repository, and so runs none of its files.
func (t *PipelineTask) IsClone() bool {
	names := []string{t.Name}
	if r := t.TaskRef; r != nil {
		names = append(names, r.Name)
		for i := range r.Params {
			names = append(names, r.Params[i].Value.StringVal)
		}
	}
	return slices.ContainsFunc(names, func(s string) bool {
		s = strings.ToLower(s)
		return strings.Contains(s, "clone") || strings.Contains(s, "checkout") || strings.Contains(s, "check-out")
	})
}

// ChecksOut reports whether the task checks out a repository, as far as its name and
// its scripts tell.
func (t *PipelineTask) ChecksOut() bool {
	if t.IsClone() {
		return true
	}
	spec := t.TaskSpecOf()
	if spec == nil {
		return false
	}
	for _, command := range [...]string{"git clone", "git fetch", "git checkout", "git pull"} {
		if spec.Mentions(command) {
			return true
		}
	}
	return false
}

// Bodies returns the objects that the template of the trigger creates.
func (t *Trigger) Bodies() []*Body {
	spec, at, _ := t.TemplateOf()
	if spec == nil {
		return nil
	}
	for _, template := range at.Entry.Templates() {
		if template.Spec == spec {
			return template.Bodies
		}
	}
	return nil
}

// Credential is a credential that a task of a run gets.
type Credential struct {
	Spot Spot
	What string // for sentences: Secret "registry"
}

// CredentialsOf returns the credentials that a task of the pipeline of a run gets: the
// Secrets in its workspaces and in the definition of its Task, and what its service
// account may do. The name of the default service account is used if the run sets none.
func (e *Entry) CredentialsOf(t *PipelineTask, defaultAccount string) []Credential {
	var out []Credential
	for _, w := range t.BoundByTask() {
		for i := range e.Run.Spec.Workspaces {
			if e.Run.Spec.Workspaces[i].Name == From(&w) {
				out = append(out, e.secretsAt(e.At("spec").Index("workspaces", i))...)
			}
		}
	}
	if spec := t.TaskSpecOf(); spec != nil {
		out = append(out, spec.Entry().secretsAt(spec.Spot)...)
	}
	return append(out, e.accountCredentials(t.Name, defaultAccount)...)
}

// Credentials returns the credentials that a run offers to its tasks, whichever they
// are.
func (e *Entry) Credentials(defaultAccount string) []Credential {
	var out []Credential
	for i := range e.Run.Spec.Workspaces {
		out = append(out, e.secretsAt(e.At("spec").Index("workspaces", i))...)
	}
	return append(out, e.accountCredentials("", defaultAccount)...)
}

// secretsAt returns the Secrets to which the object refers below a place.
func (e *Entry) secretsAt(s Spot) []Credential {
	var out []Credential
	needs := e.Needs()
	for i := range needs {
		if n := &needs[i]; n.Kind == "Secret" && n.For == ForPod && n.Spot.Path.HasPrefix(s.Path) {
			out = append(out, Credential{n.Spot, `Secret "` + n.Name + `"`})
		}
	}
	return out
}

// accountCredentials returns what the service account of a task of the run has.
func (e *Entry) accountCredentials(task, defaultAccount string) []Credential {
	e.set.asked(RBAC)
	account, at := e.Run.Spec.TaskRunTemplate.ServiceAccountName, e.At("spec", "taskRunTemplate", "serviceAccountName")
	for i := range e.Run.Spec.TaskRunSpecs {
		if s := &e.Run.Spec.TaskRunSpecs[i]; s.PipelineTaskName == task && s.ServiceAccountName != "" {
			account, at = s.ServiceAccountName, e.At("spec").Index("taskRunSpecs", i).Field("serviceAccountName")
		}
	}
	if account == "" {
		account, at = defaultAccount, e.At("spec")
	}
	if account == "" {
		account = "default"
	}
	if tekref.Contains(account) {
		return nil
	}
	var out []Credential
	label := `ServiceAccount "` + account + `"`
	if o := e.set.accountObject(e, account); o != nil && len(o.Secrets) > 0 {
		out = append(out, Credential{at, "the Secrets of " + label})
	}
	if e.set.grants(account, e.Ref.Namespace) {
		out = append(out, Credential{at, "the permissions of " + label})
	}
	return out
}

// ScriptText is a script of a Task spec.
type ScriptText struct {
	Text string
	Spot Spot
	// Inline reports whether it is an argument of a command line such as sh -c SCRIPT.
	Inline bool
}

// Scripts returns a sequence of the scripts of the spec: those of its steps and
// sidecars, and those in command lines.
func (t *TaskSpec) Scripts() iter.Seq[ScriptText] {
	return func(yield func(ScriptText) bool) {
		all := t.Containers()
		for i := range all {
			c := &all[i]
			if c.Script != "" && !yield(ScriptText{c.Script, c.Spot.Field("script"), false}) {
				return
			}
			line := slices.Concat(c.Command, c.Args)
			at := InlineScript(line, len(c.Command))
			if at < 0 {
				continue
			}
			s := c.Spot.Index("command", at)
			if at >= len(c.Command) {
				s = c.Spot.Index("args", at-len(c.Command))
			}
			if !yield(ScriptText{line[at], s, true}) {
				return
			}
		}
	}
}

// VariablesIn returns the variables in a text: $(...), and {{ ... }} of
// Pipelines-as-Code.
func VariablesIn(text string) []string {
	var out []string
	for m := range tekref.Scan(text) {
		if !m.Open {
			out = append(out, m.String())
		}
	}
	return append(out, pacVariable.FindAllString(text, -1)...)
}

// pacPrefix begins the annotations of Pipelines-as-Code.
const pacPrefix = "pipelinesascode.tekton.dev/on-"

// pacVariable is a variable that Pipelines-as-Code expands in the text of a file.
var pacVariable = regexp.MustCompile(`\{\{\s*[A-Za-z_][A-Za-z0-9_.]*\s*\}\}`)

// IsPipelinesAsCode reports whether Pipelines-as-Code starts the run on an event.
func (e *Entry) IsPipelinesAsCode() bool {
	for key := range e.Annotations() {
		if strings.HasPrefix(key, pacPrefix) {
			return true
		}
	}
	return false
}

// Author returns what the author of the value has written: comment, pull request.
func (v *StrangerValue) Author() string {
	switch {
	case strings.Contains(v.What, "comment"):
		return "comment"
	case strings.Contains(v.What, "issue"):
		return "issue"
	}
	return "pull request"
}

// PipelinesAsCodeTexts returns the texts that the author of a pull request or a comment
// writes and that a text contains as {{ NAME }}. Pipelines-as-Code runs pull requests of
// strangers only after somebody with write access has agreed to the commit, which says
// nothing about these texts.
func PipelinesAsCodeTexts(text string) []StrangerValue {
	var out []StrangerValue
	for _, word := range pacVariable.FindAllString(text, -1) {
		name := strings.TrimSpace(strings.Trim(word, "{}"))
		part, ok := eventParts[name]
		switch name {
		case "source_branch":
			part, ok = eventParts["body.pull_request.head.ref"], true
		case "trigger_comment":
			part, ok = eventParts["body.comment.body"], true
		}
		if ok && part.text {
			out = append(out, StrangerValue{Path: name, What: part.what, Text: true, Commit: part.commit})
		}
	}
	return out
}
