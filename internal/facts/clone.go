package facts

import (
	"path"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file finds tasks that check out a repository: by their scripts, or by the name of the
// Task if that is not known.

// ChecksOut reports whether the task checks out a repository, as far as its scripts tell, or
// the name of its Task.
func (t *PipelineTask) ChecksOut() bool {
	spec := t.TaskSpecOf()
	return t.isClone() || spec != nil && (spec.mentionsCheckout() || spec.stepsClone())
}

// mentionsCheckout reports whether a script may check out a repository.
func (t *TaskSpec) mentionsCheckout() bool {
	if t.checkouts == 0 {
		t.checkouts = 1
		if slices.ContainsFunc([]string{"git clone", "git fetch", "git checkout", "git pull", "git-init", "git -"}, t.Mentions) {
			t.checkouts = 2
		}
	}
	return t.checkouts == 2
}

// stepsClone reports whether a step runs a StepAction that is known to check out.
func (t *TaskSpec) stepsClone() bool {
	return t.Spec != nil && slices.ContainsFunc(t.Spec.Steps, func(s v1.Step) bool { return s.Ref != nil && clonesByName(stepActionName(s.Ref)) })
}

// checksOut returns the value of a stranger that selects the commit that the task checks out
// for others; fetches reports whether the run passes the name of a ref with the commits of
// pull requests.
func (t *Followed) checksOut(fetches bool) (StrangerValue, bool) {
	if t.Spec == nil {
		if t.Task.isClone() {
			return t.Task.checkedOut(t.Around, fetches)
		}
		return t.gitScript()
	}
	for i := range t.Steps {
		if v := t.Steps[i].script.checkout; v != nil {
			return *v, true
		}
	}
	named := clonesByName(t.Task.taskName()) // whatever its script does to get there
	if named || (t.Task.isClone() || t.Spec.mentionsCheckout()) && !t.Spec.isRead() {
		return t.Task.checkedOut(t.Around, fetches)
	}
	return StrangerValue{}, false
}

// isRead reports whether the scripts of all steps were read: those in other languages than
// that of the shell are not, nor is a program that its image determines.
func (t *TaskSpec) isRead() bool {
	steps := t.Steps()
	for i := range steps {
		if c := &steps[i]; c.Script == "" && len(c.Command) == 0 && (c.Step == nil || c.Step.Ref == nil) {
			return false
		}
		sources := steps[i].Sources()
		for j := range sources {
			if s := sources[j].Script; s != nil && (s.Shell == "" || s.Err != nil) {
				return false
			}
		}
	}
	return true
}

// gitScript returns the value of a stranger that selects the commit that the script in a
// param of a Task such as git-cli checks out.
func (t *Followed) gitScript() (StrangerValue, bool) {
	if name := t.Task.taskName(); name != "git-cli" && name != "gogit" {
		return StrangerValue{}, false
	}
	for i := range t.Task.Params {
		p := &t.Task.Params[i]
		if p.Name != "GIT_SCRIPT" && p.Name != "script" {
			continue
		}
		script := t.Task.Spot.Entry.set.reader().Script(p.Value.StringVal)
		follow := newTracker(t.Around)
		follow.source = &Source{Script: script, Commands: script.Commands, set: t.Task.Spot.Entry.set}
		follow.commands()
		if v := follow.out.checkout; v != nil {
			return *v, true
		}
	}
	return StrangerValue{}, false
}

// onlyClones reports whether the task checks out a repository, and runs none of its files.
func (t *Followed) onlyClones() bool {
	if t.Spec == nil {
		return mayClone(t.Task.taskName()) || t.Task.taskName() == "git-cli" || t.Task.taskName() == "" && mayClone(t.Task.Name)
	}
	if clonesByName(t.Task.taskName()) {
		return true
	}
	if !t.Spec.mentionsCheckout() && !t.Spec.stepsClone() && !t.Task.isClone() {
		return false
	}
	if t.Spec.buildsDone == 0 {
		t.Spec.buildsDone = 1
		for c := range t.Spec.eachStep() {
			if c.strangers(&Carried{}, nil, nil, nil, nil).builds {
				t.Spec.buildsDone = 2
			}
		}
	}
	return t.Spec.buildsDone == 1
}

// eachStep returns a sequence of the steps that are not StepActions, and of the StepActions
// of the set.
func (t *TaskSpec) eachStep() func(yield func(*Container) bool) {
	return func(yield func(*Container) bool) {
		steps := t.Steps()
		for i := range steps {
			c := &steps[i]
			if c.Step.Ref != nil {
				action := t.ActionOf(c.Step)
				if action == nil {
					continue
				}
				c = &action.TaskSpec().Containers()[0]
			}
			if !yield(c) {
				return
			}
		}
	}
}

// isClone reports whether the name of the Task, or that of an unnamed one, says that it
// checks out a repository.
func (t *PipelineTask) isClone() bool {
	if name := t.taskName(); name != "" {
		return clonesByName(name)
	}
	return clonesByName(t.Name)
}

// taskName returns the name of the Task to which the task refers; "" if it is not known.
func (t *PipelineTask) taskName() string {
	if t.TaskRef == nil {
		return ""
	}
	return referredName(t.TaskRef.Name, t.TaskRef.Params)
}

func stepActionName(ref *v1.Ref) string { return referredName(ref.Name, ref.Params) }

// referredName returns the name of what a reference refers to: its own, that in a catalog,
// or that of the file.
func referredName(name string, params v1.Params) string {
	if name != "" {
		return name
	}
	for i := range params {
		text := params[i].Value.StringVal
		if tekref.Contains(text) {
			continue
		}
		switch params[i].Name {
		case "name":
			return text
		case "pathInRepo", "url":
			if file := path.Base(text); path.Ext(file) == ".yaml" || path.Ext(file) == ".yml" {
				return strings.TrimSuffix(file, path.Ext(file))
			}
		}
	}
	return ""
}

// clonesByName reports whether a Task with the name surely checks out a repository, for
// example git-clone, git-clone-oci-ta and clone-repository.
func clonesByName(name string) bool {
	words := nameWords(name)
	if len(words) == 0 {
		return false
	}
	switch strings.Join(words, "-") {
	case "git-batch-merge", "git-fetch", "git-rebase", "gitclone":
		return true
	}
	for i := range words[:len(words)-1] {
		if words[i] == "git" && (words[i+1] == "clone" || words[i+1] == "checkout") {
			return true
		}
	}
	return (words[0] == "clone" || words[0] == "checkout") && !slices.ContainsFunc(words[1:], func(w string) bool { return !cloned[w] })
}

// cloned are words for what is checked out.
var cloned = map[string]bool{
	"repo": true, "repository": true, "repositories": true, "source": true, "sources": true, "src": true, "code": true, "git": true,
	"commit": true, "revision": true, "branch": true, "project": true, "pr": true, "all": true, "and": true, "oci": true, "ta": true,
}

// mayClone reports whether a Task with the name may only check out a repository.
func mayClone(name string) bool {
	words := nameWords(name)
	return len(words) > 0 && (words[0] == "clone" || words[0] == "checkout" || clonesByName(name))
}

// nameWords returns the words of a name.
func nameWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' })
}

// buildsRemote adds the credentials of a task that builds a commit of a stranger which the
// URL in one of its params selects.
func (t *Followed) buildsRemote(x *Exposure, defaultAccount string) {
	if t.Task == nil {
		return
	}
	v, ok := t.Task.remoteContext(t.Around)
	if !ok {
		return
	}
	before := len(x.Reached)
	t.reach(x, defaultAccount)
	if !x.Checkout.IsValid() && len(x.Reached) > before {
		x.Checkout, x.Label, x.Value = t.Task.Spot, t.Task.Label, v
	}
}

// remoteContext returns the value of a stranger in a param that is the URL of a repository
// with a commit, which the Task builds: git://HOST/REPOSITORY#refs/heads/main#COMMIT.
func (t *PipelineTask) remoteContext(around *Carried) (StrangerValue, bool) {
	for i := range t.Params {
		text := t.Params[i].Value.StringVal
		at := strings.LastIndex(text, "#")
		if at < 0 || !gitURL(text[:at]) {
			continue
		}
		for _, v := range around.In(text[at:]) {
			if v.Commit {
				return v, true
			}
		}
	}
	return StrangerValue{}, false
}

// gitURL reports whether the text before # is the URL of a repository.
func gitURL(text string) bool {
	text, _, _ = strings.Cut(text, "#")
	scheme, _, ok := strings.Cut(text, "://")
	return ok && (scheme == "git" || scheme == "git+https" || strings.HasSuffix(text, ".git")) || strings.HasPrefix(text, "git@") || strings.HasPrefix(text, "github.com/")
}

// commands follows the values through the commands of the source.
func (t *tracker) commands() {
	t.functions()
	for i := range t.source.Commands {
		t.at = i
		t.command(&t.source.Commands[i])
	}
}

// functions finds the functions of the source. What builds in the body of one counts where
// it is called.
func (t *tracker) functions() {
	all := t.source.Commands
	t.bodies, t.bodyOf = map[string]bool{}, nil
	for i := range all {
		c := &all[i]
		if !c.Compound || len(c.Words) < 2 || c.Words[0].Text != "function" {
			continue
		}
		if t.bodyOf == nil {
			t.bodyOf = make([]string, len(all))
		}
		for j := i - 1; j >= 0 && len(all[j].Words) > 0 && all[j].Words[0].Start >= c.Words[0].Start && t.bodyOf[j] == ""; j-- {
			t.bodyOf[j] = c.Words[1].Text
		}
	}
}
