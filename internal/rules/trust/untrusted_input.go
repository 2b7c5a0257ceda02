package trust

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed untrusted-input.md
var untrustedInputText string

// untrustedInput reports texts of strangers that become part of a script, or select
// what runs.
var untrustedInput = &rule.Rule{
	Code:       "untrusted-input",
	Severity:   diag.Warning,
	Topic:      "trust",
	Text:       untrustedInputText,
	Kinds:      []string{"Trigger", "EventListener", "PipelineRun"},
	Needs:      []rule.Fact{rule.Events, rule.Objects, rule.Results, rule.Scripts, rule.Variables, rule.Workspaces},
	Supersedes: []string{"input-in-script"},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			if !t.IsFirstForStrangers() {
				continue
			}
			texts := t.StrangerTexts()
			if texts.IsEmpty() {
				continue
			}
			stranger := t.Strangers()[0]
			f := follow{
				pass: p, who: stranger.Does, by: t.Label, in: texts.InTemplate, when: t.Gate(),
				gate: ", or stop strangers with a CEL filter such as " + phrase.Quote(gate(stranger)),
			}
			for _, b := range t.Bodies() {
				if b.Entry == nil {
					continue
				}
				for i := range b.Uses {
					f.object(b, &b.Uses[i])
				}
				f.run(b.Entry)
			}
		}
		if p.Entry.Run != nil && p.Entry.IsPipelinesAsCode() && p.Entry.ForPulls() {
			f := follow{pass: p, by: p.Entry.Label(), in: facts.PipelinesAsCodeTexts, expands: true}
			f.run(p.Entry)
		}
	},
}

// follow follows texts of strangers through the runs of a trigger.
type follow struct {
	pass *rule.Pass
	who  string // writes the text: "anyone who can comment"; "" for its author
	by   string // the trigger, for sentences
	gate string // the end of the help
	in   func(text string) []facts.StrangerValue
	when *facts.WhenGate // of the trigger; nil if there is none
	// expands reports whether values replace variables in the text of the files, so that a
	// script with one is an injection for sure. Severity is that of the next finding.
	expands  bool
	severity diag.Severity
}

// report reports a value that a text contains.
func (f *follow) report(s facts.Spot, v facts.StrangerValue, what, does, help string) {
	if f.pass.Again(s.Entry, s.String()+"\n"+v.What, s) {
		return
	}
	var related []diag.Related
	if v.Spot.IsValid() {
		related = append(related, v.Spot.Related(f.by+" gets "+v.What+" here"))
	}
	who := f.who
	if who == "" {
		who = "the author of the " + v.Author()
	}
	f.pass.Add(s, cmp.Or(f.severity, diag.Warning), v.Path, what+" contains "+v.What+": "+who+" "+does, help+f.gate, related...)
}

// object reports values in fields of an object that a template creates.
func (f *follow) object(b *facts.Body, u *facts.Use) {
	values := f.in(u.Match.String())
	if len(values) == 0 {
		return
	}
	path, _ := u.Spot.Path.Cut(b.Spot.Path)
	const help = "use a fixed text"
	switch last := path.Last().Name; {
	case last == "serviceAccountName":
		f.report(u.Spot, values[0], "the name of the service account", "can select the service account of the run", help)
	case last == "namespace" && path.At(0).Name == "metadata":
		f.report(u.Spot, values[0], "the namespace", "can select the namespace of the run", help)
	case path.At(1).Name == "workspaces" && (last == "secretName" || last == "claimName"):
		f.report(u.Spot, values[0], "the name in the workspace binding", "can select what the run mounts", help)
	case path.At(1).Name == "workspaces" && last == "subPath":
		f.report(u.Spot, values[0], "the subPath of the workspace", "can select the directory that the run mounts", help)
	case path.At(1).Name == "pipelineRef" || path.At(1).Name == "taskRef":
		f.report(u.Spot, values[0], "the reference", "can select what runs", help)
	case path.At(1).Name == "pipelineSpec" && (last == "value" || last == "name") && strings.Contains(dotted(path), "asks.taskRef."):
		f.report(u.Spot, values[0], "the taskRef", "can select the Task that runs", help)
	case strings.Contains(dotted(path), ".steps.ref."):
		f.report(u.Spot, values[0], "the ref of the step", "can select the StepAction that runs", help)
	case strings.HasSuffix(dotted(path), "ontainers.image"):
		f.report(u.Spot, values[0], "the image of a container", "can select what runs", help)
	case strings.HasSuffix(dotted(path), "ontainers.command"):
		f.report(u.Spot, values[0], "the command of a container", "can run commands", "pass it through env")
	default:
		if what := readable(dotted(path)); what != "" {
			f.report(u.Spot, values[0], what, "can select what the run reads", help)
		}
	}
}

// dotted returns the names in a path, without indices.
func dotted(path diag.Path) string {
	var names []string
	for i := range path.Len() {
		if name := path.At(i).Name; name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ".")
}

// readable returns what a field of a run or of a Task names if a pod reads it, for
// sentences; "" for other fields.
func readable(field string) string {
	for _, end := range [...]string{"secret.secretName", "secret.name", "secretKeyRef.name", "secretRef.name", "SecretRef.name", "imagePullSecrets.name"} {
		if strings.HasSuffix(field, end) {
			return "the name of the Secret"
		}
	}
	if strings.HasSuffix(field, "persistentVolumeClaim.claimName") {
		return "the name of the PersistentVolumeClaim"
	}
	return ""
}

// run reports values in the pipeline and in the tasks of a run.
func (f *follow) run(run *facts.Entry) {
	tasks := run.Follow(f.in, f.when)
	for i := range tasks {
		t := &tasks[i]
		if t.Task != nil {
			uses := t.Task.Uses()
			for i := range uses {
				u := &uses[i]
				if values := t.Around.In(u.Match.String()); len(values) > 0 {
					f.pipelineTask(t.Task, u, values[0])
				}
			}
		}
		if t.Spec != nil {
			f.task(t.Spec, *t.Carried)
		}
		for j := range t.Steps {
			s := &t.Steps[j]
			if s.Action != nil {
				f.task(s.Action, *s.Carried)
			}
			for _, e := range s.Evaluated {
				help := `pass it as an argument: sh -c 'echo "$1"' sh "$NAME"`
				if e.Document {
					help = "quote the delimiter, as in <<'EOF', so that the script reads the variable itself"
				}
				f.report(e.Spot, e.Value, "the script that "+e.By+" runs", "can run commands", help)
			}
		}
	}
}

// pipelineTask reports a value in a field of a pipeline task.
func (f *follow) pipelineTask(t *facts.PipelineTask, u *facts.Use, v facts.StrangerValue) {
	switch field := u.Text.Field; {
	case strings.HasPrefix(field, "taskRef."):
		f.report(u.Spot, v, "the taskRef of "+t.Label, "can select the Task that runs", "use a fixed text")
	case field == "workspaces.subPath":
		f.report(u.Spot, v, "the subPath in "+t.Label, "can select the directory that the task mounts", "use a fixed text")
	case field == "params.value" && !v.Commit && t.ChecksOut() && selectsCommit(t.Params[u.Spot.Path.At(t.Spot.Path.Len()+1).Index].Name):
		f.report(u.Spot, v, "a param of "+t.Label, "can select the commit that is checked out", "use the hash in the event")
	}
}

// selectsCommit reports whether the name of a param is that of a revision or a URL.
func selectsCommit(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"revision", "branch", "commit", "sha", "ref", "url"}, func(s string) bool {
		return name == s || strings.HasSuffix(name, "-"+s) || strings.HasSuffix(name, "_"+s) || name == "git"+s || name == "repo"+s
	})
}

// comments matches the lines of a script that are comments.
var comments = regexp.MustCompile(`(?m)^\s*#.*$`)

// task reports values in the scripts, the images and the commands of a Task spec.
func (f *follow) task(t *facts.TaskSpec, carried facts.Carried) {
	for c := range t.Scripts() {
		values := slices.Concat(carried.In(c.Text), f.in(c.Text))
		if len(values) == 0 {
			continue
		}
		subject := firstIn(c.Text, values[0], &carried, f.in)
		what, help := "the script", `pass it through env, and use "$NAME" in the script`
		if c.Inline {
			what, help = "the argument is a script that", `pass it through env and use "$NAME", or pass it as another argument`
		}
		if direct := f.in(comments.ReplaceAllString(c.Text, "")); f.expands && len(direct) > 0 {
			f.severity = diag.Error
		}
		f.report(c.Spot.Of(subject), values[0], what, "can run commands", help)
		f.severity = diag.Warning
	}
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		what, does := readable(u.Text.Field), "can select what the task reads"
		if strings.HasPrefix(u.Text.Field, "steps.ref.") {
			what, does = "the ref of the step", "can select the StepAction that runs"
		}
		if what == "" {
			continue
		}
		if values := carried.In(u.Match.String()); len(values) > 0 {
			f.report(u.Spot, values[0], what, does, "use a fixed text")
		}
	}
	all := t.Containers()
	for i := range all {
		c := &all[i]
		for _, x := range []struct {
			text string
			at   facts.Spot
			what string
		}{{c.Image, c.Spot.Field("image"), "the image of "}, {first(c.Command), c.Spot.Index("command", 0), "the command of "}} {
			if values := slices.Concat(carried.In(x.text), f.in(x.text)); len(values) > 0 {
				subject := firstIn(x.text, values[0], &carried, f.in)
				f.report(x.at.Of(subject), values[0], x.what+c.Label, "can select what runs", "use a fixed text")
			}
		}
	}
}

// firstIn returns the variable in a text that stands for a value.
func firstIn(text string, v facts.StrangerValue, carried *facts.Carried, in func(string) []facts.StrangerValue) string {
	for _, word := range facts.VariablesIn(text) {
		if slices.ContainsFunc(slices.Concat(carried.In(word), in(word)), func(x facts.StrangerValue) bool { return x.Param == v.Param && x.Path == v.Path }) {
			return word
		}
	}
	return ""
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
