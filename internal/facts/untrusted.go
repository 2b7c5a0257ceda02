package facts

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file follows values of strangers from a run into its tasks.

// Carried are the values of strangers in the params of a template, a run, a pipeline or a
// Task. The zero Carried has none.
type Carried struct {
	values map[string][]StrangerValue
	// outer are those of the pipeline around an embedded Task spec, which gets them under
	// the same names unless it has a param of its own.
	outer *Carried
	own   func(name string) bool
	// in returns the values that a text contains otherwise, such as $(tt.params.NAME) in a
	// spec that is embedded in a template; nil if there are none.
	in func(text string) []StrangerValue
}

// carriedBy returns the values by the param of the template.
func carriedBy(all []StrangerValue) Carried {
	c := Carried{values: map[string][]StrangerValue{}}
	for i := range all {
		c.values[all[i].Param] = append(c.values[all[i].Param], all[i])
	}
	return c
}

// IsEmpty reports whether there are no values.
func (c *Carried) IsEmpty() bool {
	return len(c.values) == 0 && c.in == nil && (c.outer == nil || c.outer.IsEmpty())
}

// of returns the values of a param.
func (c *Carried) of(name string) []StrangerValue {
	if values, ok := c.values[name]; ok || c.outer == nil || c.own(name) {
		return values
	}
	return c.outer.of(name)
}

// In returns the values that a text contains as $(params.NAME), or directly.
func (c *Carried) In(text string) []StrangerValue {
	if !tekref.Contains(text) || c.IsEmpty() {
		return nil
	}
	var out []StrangerValue
	for m := range tekref.Scan(text) {
		if v := tekref.Parse(m.Expr); v.Kind == tekref.Param && v.Fault == "" && !m.Open {
			out = append(out, c.of(v.Name)...)
		}
	}
	if c.in != nil {
		out = append(out, c.in(text)...)
	}
	return out
}

// InTemplate returns the values that a text contains as $(tt.params.NAME).
func (c *Carried) InTemplate(text string) []StrangerValue {
	var out []StrangerValue
	for _, name := range tekref.TemplateParams(text) {
		out = append(out, c.values[name]...)
	}
	return out
}

// add adds the values in the values of params, except those that the receiver limits to
// an enum.
func (c *Carried) add(params v1.Params, to *ParamScope, in func(text string) []StrangerValue) {
	for i := range params {
		p := &params[i]
		if target := to.Own(p.Name); target != nil && len(target.Enum) > 0 {
			continue
		}
		var found []StrangerValue
		for _, text := range textsOf(&p.Value) {
			found = append(found, in(text)...)
		}
		if len(found) > 0 {
			if c.values == nil {
				c.values = map[string][]StrangerValue{}
			}
			c.values[p.Name] = append(c.values[p.Name], found...)
		}
	}
}

// addDefaults adds the values in the defaults of the params that an embedded spec
// declares and that the run does not pass.
func (c *Carried) addDefaults(declared v1.ParamSpecs, passed v1.Params, to *ParamScope, in func(text string) []StrangerValue) {
	for i := range declared {
		d := &declared[i]
		if d.Default != nil && !slices.ContainsFunc(passed, func(p v1.Param) bool { return p.Name == d.Name }) {
			c.add(v1.Params{{Name: d.Name, Value: *d.Default}}, to, in)
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
	var out Carried
	switch {
	case e.Run != nil:
		var to *ParamScope
		if p := e.RunPipeline(); p != nil {
			to = p.Params
		}
		out.add(e.Run.Spec.Params, to, in)
		if spec := e.Run.Spec.PipelineSpec; spec != nil {
			out.addDefaults(spec.Params, e.Run.Spec.Params, to, in)
			out.in = in
		}
	case e.TaskRun != nil:
		to := e.RunTask().Params
		out.add(e.TaskRun.Spec.Params, to, in)
		if spec := e.TaskRun.Spec.TaskSpec; spec != nil {
			out.addDefaults(spec.Params, e.TaskRun.Spec.Params, to, in)
		}
	}
	return out
}

// Carries returns the values of strangers in the params of the Task that a pipeline
// task runs, if from are those of the pipeline. An embedded spec also gets the params of
// the pipeline that it does not declare.
func (t *PipelineTask) Carries(from *Carried) Carried {
	var out Carried
	if from.IsEmpty() {
		return out
	}
	out.add(t.Params, t.Runs.Params, from.In)
	if t.Matrix != nil {
		out.add(t.Matrix.Params, t.Runs.Params, from.In)
		for i := range t.Matrix.Include {
			out.add(t.Matrix.Include[i].Params, t.Runs.Params, from.In)
		}
	}
	if t.Inner != nil {
		out.outer = from
		out.own = func(name string) bool {
			return t.Inner.Params.Own(name) != nil || slices.ContainsFunc(t.Params, func(p v1.Param) bool { return p.Name == name })
		}
	}
	return out
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

// Exposure is the code of a stranger in reach of credentials.
type Exposure struct {
	// Value selects the commit.
	Value StrangerValue
	// Resolved is the place where the run refers to a Pipeline or a Task in the commit; not
	// valid if it checks out the commit.
	Resolved Spot
	// Kind is the kind of the object in the commit, Pipeline or Task; "" if it checks out the
	// commit.
	Kind string
	// Checkout is the task that checks out the commit; nil if Resolved is valid.
	Checkout *PipelineTask
	// Reached are the credentials, each once.
	Reached []Reached
}

// Reached is a credential, and the task that gets it together with the files of the
// commit; nil for every task.
type Reached struct {
	Credential
	Task *PipelineTask
}

// exposure identifies the runs of a template in which strangers determine the same
// params.
type exposure struct {
	template *v1beta1.TriggerTemplateSpec
	values   string
	account  string
}

// Exposures returns, for each run of the trigger that gives tasks with files of a
// stranger's commit credentials, what these tasks get. A task that only clones does not
// count. The name of the default service account is used if a run sets none.
func (t *Trigger) Exposures(defaultAccount string) []Exposure {
	spec, _, _ := t.TemplateOf()
	all := t.StrangerValues()
	if spec == nil || len(all) == 0 {
		return nil
	}
	s := t.Spot.Entry.set
	key := exposure{spec, t.signature(), defaultAccount}
	found, ok := s.exposures[key]
	if !ok {
		values := carriedBy(all)
		for _, b := range t.Bodies() {
			if b.Entry != nil && (b.Entry.Run != nil || b.Entry.TaskRun != nil) {
				if x, ok := b.Entry.exposure(&values, defaultAccount); ok {
					found = append(found, x)
				}
			}
		}
		if s.exposures == nil {
			s.exposures = map[exposure][]Exposure{}
		}
		s.exposures[key] = found
	}
	out := slices.Clone(found)
	for i := range out {
		for _, v := range all { // the same in a binding of this trigger
			if v.Param == out[i].Value.Param && v.Path == out[i].Value.Path {
				out[i].Value = v
			}
		}
	}
	return out
}

// signature describes which params strangers determine.
func (t *Trigger) signature() string {
	var b strings.Builder
	for _, v := range t.StrangerValues() {
		b.WriteString(v.Param + "\x00" + v.Path + "\x00")
	}
	return b.String()
}

// IsFirstForStrangers reports whether no trigger before it in the set lets strangers
// determine the same params of the same template.
func (t *Trigger) IsFirstForStrangers() bool {
	s := t.Spot.Entry.set
	spec, _, _ := t.TemplateOf()
	if spec == nil || len(t.Strangers()) == 0 {
		return false
	}
	if s.firstForStrangers == nil {
		s.firstForStrangers = map[exposure]*Trigger{}
		for _, e := range s.entries {
			for _, u := range e.Triggers() {
				of, _, _ := u.TemplateOf()
				if key := (exposure{template: of, values: u.signature()}); of != nil && s.firstForStrangers[key] == nil && len(u.Strangers()) > 0 {
					s.firstForStrangers[key] = u
				}
			}
		}
	}
	return s.firstForStrangers[exposure{template: spec, values: t.signature()}] == t
}

// exposure returns the code of a stranger in reach of credentials in a run.
func (e *Entry) exposure(values *Carried, defaultAccount string) (Exposure, bool) {
	if x, ok := e.resolves(values, defaultAccount); ok || e.Run == nil {
		return x, ok
	}
	pipeline := e.RunPipeline()
	carried := e.RunCarries(values.InTemplate)
	if pipeline == nil || carried.IsEmpty() {
		return Exposure{}, false
	}
	bindings := map[string]int{}
	for i := range e.Run.Spec.Workspaces {
		bindings[e.Run.Spec.Workspaces[i].Name] = i
	}
	accounts := map[string]int{}
	for i := range e.Run.Spec.TaskRunSpecs {
		if e.Run.Spec.TaskRunSpecs[i].ServiceAccountName != "" {
			accounts[e.Run.Spec.TaskRunSpecs[i].PipelineTaskName] = i
		}
	}
	for _, t := range pipeline.Tasks {
		if x, ok := t.resolves(&carried); ok {
			e.reachTask(&x, t, bindings, accounts, defaultAccount)
			if len(x.Reached) > 0 {
				return x, true
			}
		}
	}
	fetches := fetchesRequest(e.Run.Spec.Params)
	var x Exposure
	files := map[string]bool{} // the workspaces with a commit of a stranger
	for _, t := range pipeline.Tasks {
		if !t.ChecksOut() {
			continue
		}
		v, ok := t.checkedOut(&carried, fetches)
		if !ok {
			continue
		}
		if x.Checkout == nil {
			x.Checkout, x.Value = t, v
		}
		for _, w := range t.BoundByTask() {
			if i, ok := bindings[From(&w)]; !ok || !readOnly(&e.Run.Spec.Workspaces[i]) {
				files[From(&w)] = true
			}
		}
	}
	if x.Checkout == nil {
		return x, false
	}
	e.sharedClaims(files)
	for _, t := range pipeline.Tasks {
		bound := t.BoundByTask()
		if t.IsClone() || t == x.Checkout || !slices.ContainsFunc(bound, func(w v1.WorkspacePipelineTaskBinding) bool { return files[From(&w)] }) {
			continue
		}
		e.reachTask(&x, t, bindings, accounts, defaultAccount)
	}
	return x, len(x.Reached) > 0
}

// sharedClaims adds the workspaces of the run that are bound to the same directory of a
// PersistentVolumeClaim as one of them.
func (e *Entry) sharedClaims(workspaces map[string]bool) {
	directories := map[claimPath]bool{}
	for _, add := range [...]bool{false, true} {
		for i := range e.Run.Spec.Workspaces {
			w := &e.Run.Spec.Workspaces[i]
			if w.PersistentVolumeClaim == nil {
				continue
			}
			key := claimPath{w.PersistentVolumeClaim.ClaimName, clean(w.SubPath)}
			switch {
			case add && directories[key]:
				workspaces[w.Name] = true
			case !add && workspaces[w.Name]:
				directories[key] = true
			}
		}
	}
}

// maxReached is the maximum number of credentials that are listed. One suffices for the
// finding.
const maxReached = 8

func (x *Exposure) reach(t *PipelineTask, all ...Credential) {
	for _, c := range all {
		if len(x.Reached) < maxReached && !slices.ContainsFunc(x.Reached, func(r Reached) bool { return r.What == c.What }) {
			x.Reached = append(x.Reached, Reached{c, t})
		}
	}
}

// checkedOut returns the value of a stranger that selects the commit that the task
// checks out; fetches reports whether the run passes the name of a ref with the commits
// of pull requests.
func (t *PipelineTask) checkedOut(from *Carried, fetches bool) (StrangerValue, bool) {
	passed := t.Carries(from)
	fetches = fetches || fetchesRequest(t.Params)
	selects := func(values map[string][]StrangerValue) (StrangerValue, bool) {
		for _, name := range sortedKeys(values) {
			for _, v := range values[name] {
				if v.Commit || v.Number && fetches {
					return v, true
				}
			}
		}
		return StrangerValue{}, false
	}
	if v, ok := selects(passed.values); ok || passed.outer == nil {
		return v, ok
	}
	return selects(passed.outer.values)
}

// fetchesRequest reports whether a param has the name of a ref with the commits of pull
// requests: refs/pull/1/head, merge-requests/1/head.
func fetchesRequest(params v1.Params) bool {
	return slices.ContainsFunc(params, func(p v1.Param) bool {
		s := p.Value.StringVal
		return strings.Contains(s, "pull/$(") || strings.Contains(s, "merge-requests/$(") || strings.Contains(s, "pull-requests/$(")
	})
}

// readOnly reports whether a task cannot leave files in a workspace.
func readOnly(w *v1.WorkspaceBinding) bool {
	return w.Secret != nil || w.ConfigMap != nil || w.Projected != nil
}

// secretsAt returns the Secrets to which the object refers below a place.
func (e *Entry) secretsAt(s Spot) []Credential {
	if e.secretsBelow == nil {
		e.secretsBelow = map[string][]Credential{}
		needs := e.Needs()
		for i := range needs {
			n := &needs[i]
			if n.Kind != "Secret" || n.For != ForPod {
				continue
			}
			for path := n.Spot.Path; path.Len() > 0; path = path.Parent() {
				e.secretsBelow[path.String()] = append(e.secretsBelow[path.String()], Credential{n.Spot, `Secret "` + n.Name + `"`})
			}
		}
	}
	return e.secretsBelow[s.Path.String()]
}

// accountCredentials returns what a service account that is set at a place has.
func (e *Entry) accountCredentials(account string, at Spot, defaultAccount string) []Credential {
	e.set.asked(RBAC)
	if account == "" {
		account, at = cmp.Or(defaultAccount, "default"), e.At("spec")
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

// StrangerTexts returns the values of [Trigger.StrangerValues] that strangers write.
func (t *Trigger) StrangerTexts() Carried {
	return carriedBy(slices.DeleteFunc(slices.Clone(t.StrangerValues()), func(v StrangerValue) bool { return !v.Text }))
}
