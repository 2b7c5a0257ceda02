package facts

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file finds tasks that get credentials together with the files of a stranger.

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
	// Checkout is the place of the task or the step that checks out the commit; not valid if
	// Resolved is. Label is the task or the step, for sentences.
	Checkout Spot
	Label    string
	// Reached are the credentials, each once.
	Reached []Reached
}

// Reached is a credential, and the label of the task or the step that gets it together with
// the files of the commit; "" for every task.
type Reached struct {
	Credential
	Label string
}

// exposure identifies the runs of a template in which strangers determine the same
// params.
type exposure struct {
	template *v1beta1.TriggerTemplateSpec
	values   string
	gate     string
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
	gate, ok := t.gateSignature()
	if !ok {
		t.Spot.Entry.LeaveOut("more than "+strconv.Itoa(maxGates)+" triggers give the when expressions of a template other values; what the runs of the others give to strangers has not been checked", "use several templates")
		return nil
	}
	key := exposure{spec, t.signature(), gate, defaultAccount}
	found, ok := s.exposures[key]
	if !ok {
		values := carriedBy(all)
		for _, b := range t.Bodies() {
			if b.Entry != nil && (b.Entry.Run != nil || b.Entry.TaskRun != nil) {
				if x, ok := b.Entry.exposure(&values, t.Gate(), defaultAccount); ok {
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
func (e *Entry) exposure(values *Carried, gate *WhenGate, defaultAccount string) (Exposure, bool) {
	if x, ok := e.resolves(values, defaultAccount); ok {
		return x, ok
	}
	tasks := e.Follow(values.InTemplate, gate)
	for i := range tasks {
		t := &tasks[i]
		if t.Task == nil {
			continue
		}
		if x, ok := t.Task.resolves(t.Around); ok {
			t.reach(&x, defaultAccount)
			if len(x.Reached) > 0 {
				return x, true
			}
		}
	}
	var x Exposure
	if e.Run != nil {
		x = e.shared(tasks, defaultAccount)
	}
	for i := range tasks {
		tasks[i].builds(&x, defaultAccount)
		tasks[i].buildsRemote(&x, defaultAccount)
	}
	return x, len(x.Reached) > 0
}

// shared returns the exposure of the files that tasks leave in workspaces for other tasks.
func (e *Entry) shared(tasks []Followed, defaultAccount string) Exposure {
	fetches := fetchesRequest(e.Run.Spec.Params)
	var x Exposure
	var checkout *PipelineTask
	files := fileTree{}
	for i := range tasks {
		t := &tasks[i]
		v, ok := t.checksOut(fetches)
		if !ok {
			continue
		}
		if checkout == nil {
			checkout = t.Task
			x.Checkout, x.Label, x.Value = t.Task.Spot, t.Task.Label, v
		}
		for _, w := range t.bound {
			if w.binding < 0 || !readOnly(&e.Run.Spec.Workspaces[w.binding]) {
				files.add(w.inWorkspace())
				files.add(e.inClaim(w))
			}
		}
	}
	if checkout == nil {
		return x
	}
	for i := range tasks {
		t := &tasks[i]
		if t.Task == checkout || !slices.ContainsFunc(t.bound, func(w boundWorkspace) bool { return files.has(w.inWorkspace(), true) || files.has(e.inClaim(w), false) }) || t.onlyClones() {
			continue
		}
		t.reach(&x, defaultAccount)
	}
	if len(x.Reached) == 0 {
		return Exposure{}
	}
	return x
}

// inWorkspace returns the directory of a workspace.
func (w *boundWorkspace) inWorkspace() claimPath { return claimPath{"workspace " + w.name, w.path} }

// inClaim returns the directory of a PersistentVolumeClaim to which a workspace is bound,
// perhaps as other workspaces are; the zero claimPath if it is bound to something else.
func (e *Entry) inClaim(w boundWorkspace) claimPath {
	if w.binding >= 0 {
		if b := &e.Run.Spec.Workspaces[w.binding]; b.PersistentVolumeClaim != nil {
			return claimPath{"claim " + b.PersistentVolumeClaim.ClaimName, clean(b.SubPath + "/" + w.path)}
		}
	}
	return claimPath{}
}

// fileTree are directories with files of strangers; false for those around them.
type fileTree map[claimPath]bool

func (f fileTree) add(p claimPath) {
	if p.claim == "" {
		return
	}
	for _, dir := range around(p.path) {
		f[claimPath{p.claim, dir}] = f[claimPath{p.claim, dir}] || dir == p.path
	}
}

// has reports whether a directory has such files: it is one of the directories, is around
// one, or is inside one. If root is false, directories are not those of the root around them,
// which may be used for something else.
func (f fileTree) has(p claimPath, root bool) bool {
	if files, ok := f[p]; files || ok && (root || p.path != "") {
		return true
	}
	return slices.ContainsFunc(around(p.path), func(dir string) bool { return (root || dir != "") && f[claimPath{p.claim, dir}] })
}

// maxReached is the maximum number of credentials that are listed. One suffices for the
// finding.
const maxReached = 8

func (x *Exposure) reach(label string, all ...Credential) {
	for _, c := range all {
		if len(x.Reached) < maxReached && !slices.ContainsFunc(x.Reached, func(r Reached) bool { return r.What == c.What }) {
			x.Reached = append(x.Reached, Reached{c, label})
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
		for _, c := range e.storedSecrets() {
			for path := c.Spot.Path; path.Len() > 0; path = path.Parent() {
				e.secretsBelow[path.String()] = append(e.secretsBelow[path.String()], c)
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
	if o := e.set.accountObject(e, account); o != nil {
		if len(o.Secrets) > 0 {
			out = append(out, Credential{at, "the Secrets of " + label})
		}
		for _, name := range cloudIdentities {
			if o.Annotations[name] != "" {
				out = append(out, Credential{at, "the cloud identity of " + label})
				break
			}
		}
	}
	if e.set.grants(account, e.Ref.Namespace) {
		out = append(out, Credential{at, "the permissions of " + label})
	}
	return out
}
