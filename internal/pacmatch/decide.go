package pacmatch

import (
	"errors"
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// A Result says what an event starts.
type Result struct {
	// Event is the event after matching has changed it. It is nil if no provider sends
	// such an event.
	Event *Event
	// Base and Head are the branches of the event as it came.
	Base, Head string
	// Repository is the Repository of the event.
	Repository *v1alpha1.Repository
	// Ended is why no run starts that has nothing to do with the runs: the event is not
	// processed, or it is skipped.
	Ended string
	// Stop is the mistake that stops all runs of the folder.
	Stop *Stop
	// At is the position of that mistake, if it is known.
	At diag.Position
	// Runs are the runs of the folder in its order.
	Runs []Run
	// Variables are the variables of the event and the params of the Repository, by name.
	Variables []Variable
	// Notes say what is assumed or not known.
	Notes []string
}

// A Run is a run of the folder, and whether the event starts it.
type Run struct {
	Name     string
	Position diag.Position
	Verdict
	// Namespace is the namespace in which the run is created, and Object the run. They are
	// empty if it is not started.
	Namespace string
	Object    *v1.PipelineRun
	// Unknown are remote tasks and pipelines that are not part of the object, because they
	// cannot be read.
	Unknown []pac.Remote
}

// A Variable is a variable of templates.
type Variable struct {
	Name, Value string
	// Secret reports whether the value is from a Secret.
	Secret bool
}

// gitAuthSecret is the name of the Secret with the git credentials. Pipelines-as-Code
// chooses the last six letters at random.
const gitAuthSecret = "pac-gitauth-xxxxxx" //nolint:gosec // the name of a Secret

// Decide returns which runs of a folder an event starts. It makes the same passes over
// the folder as Pipelines-as-Code, and each changes the event for the next. The error is
// about the input, or that it takes too much time or memory; what Pipelines-as-Code refuses
// is part of the result.
func Decide(folder *pac.Folder, in *Input, fetch pac.Fetch) (*Result, error) {
	event, err := Parse(in)
	if err != nil {
		if r, ok := errors.AsType[*Refusal](err); ok {
			return &Result{Ended: r.reason}, nil
		}
		return nil, err
	}
	d := &decision{
		session: session{in: in, event: event, hidden: map[string]bool{}, work: pac.NewWork()},
		folder:  folder, fetch: fetch, out: &Result{Event: event, Base: event.BaseBranch, Head: event.HeadBranch},
	}
	if d.repository() && d.proceeds() {
		d.decide()
	}
	if d.repo != nil {
		d.variables()
	}
	if err := d.work.Err(); err != nil {
		return nil, err
	}
	d.out.Notes = d.notes
	return d.out, nil
}

// decision is a Decide in progress.
type decision struct {
	session
	folder *pac.Folder
	fetch  pac.Fetch
	out    *Result
	skip   bool // the commit message says so
}

func (d *decision) end(reason string) bool {
	d.out.Ended = reason
	return false
}

// stop ends the decision with a mistake that stops all runs.
func (d *decision) stop(s *Stop, at diag.Position) {
	d.out.Stop, d.out.At = s, at
}

// repository finds the Repository.
func (d *decision) repository() bool {
	found := d.in.repositoryFor(d.event.URL)
	if found == nil {
		return d.end("no Repository has the URL " + d.event.URL)
	}
	if found == d.in.Assumed && found.Namespace == "" {
		found = d.placed(found)
	}
	d.repo = merged(found, d.in.Global)
	d.out.Repository = d.repo
	return true
}

// placed returns the assumed Repository in the namespace that the runs have, if they have
// one: in any other it would refuse them.
func (d *decision) placed(r *v1alpha1.Repository) *v1alpha1.Repository {
	for _, run := range d.folder.Raw(d.work).Runs {
		if run.Namespace != "" {
			c := *r
			c.Namespace = run.Namespace
			r = &c
			d.note("the Repository is assumed to be in namespace %q, which the runs have", r.Namespace)
			break
		}
	}
	return r
}

// commit sets what Pipelines-as-Code learns from the provider about the commit.
func (d *decision) commit() {
	e := d.event
	if e.SHA == "" {
		e.SHA = d.in.SHA
	}
	if d.in.CommitMessage != "" || e.SHATitle == "" {
		e.SHATitle, _, _ = strings.Cut(d.in.CommitMessage, "\n\n")
	}
	if e.SHAURL == "" {
		e.SHAURL = e.URL + "/commit/" + e.SHA
	}
	d.skip = skipped.MatchString(d.in.CommitMessage)
}

// proceeds reports whether the event is one for which the folder is read.
func (d *decision) proceeds() bool {
	e := d.event
	if e.EventType == "push" {
		if e.metadataLacks {
			d.commit()
		}
		if skipped.MatchString(e.SHATitle) || d.skip {
			return d.end("the commit message skips CI")
		}
	}
	if e.EventType == "pull_request" || e.EventType == "Merge Request" {
		if d.commit(); d.skip {
			return d.end("the commit message skips CI")
		}
	}
	if d.repo.Spec.GitProvider == nil && !e.installed {
		if e.Provider != "github" {
			return d.end("the Repository has no git_provider, which all but GitHub Apps need")
		}
		d.note("the payload has no installation of a GitHub App, and the Repository has no git_provider; one of them is needed")
	}
	if e.SHA == "" || e.SHATitle == "" || e.SHAURL == "" {
		d.commit()
	}
	if e.Target == targetClosed {
		return d.end("the pull request is closed; Pipelines-as-Code cancels runs, and starts none")
	}
	if e.Cancel {
		return d.end("the comment cancels runs, and starts none")
	}
	return true
}

// decide reads the folder and makes the passes.
func (d *decision) decide() {
	if !d.readable() {
		return
	}
	if d.event.TargetTest == "" {
		raw := d.folder.Raw(d.work)
		if raw.Err != nil {
			d.stop(&Stop{Err: raw.Err}, diag.Position{})
			return
		}
		if _, stop := d.pass(candidates(raw.Runs)); stop != nil && stop.Crash {
			d.stopAt(stop, raw.Runs)
			return
		}
	}
	objects := d.read(d.values)
	switch {
	case objects == nil:
	case d.event.TargetTest != "":
		d.test(objects)
	default:
		d.match(objects)
	}
	if d.skip && !isCommand(d.event.EventType) { // of an event whose message was not in the payload
		d.out.Runs = nil
		d.end("the commit message skips CI")
	}
}

// readable reports whether the files are valid before variables are replaced.
func (d *decision) readable() bool {
	if broken := d.folder.Broken(); len(broken) > 0 {
		b := broken[0]
		at := diag.Position{File: b.File, Line: b.Problem.Line, Column: b.Problem.Column}
		d.stop(&Stop{Err: errors.New(b.File + " is not valid YAML before its variables are replaced: " + b.Problem.Message)}, at)
		return false
	}
	if len(d.folder.Files) == 0 {
		return d.end("there are no YAML files in a folder .tekton")
	}
	return true
}

// read replaces the variables and lists the runs. It returns nil if none can start.
func (d *decision) read(values func() pac.Values) *pac.Objects {
	if !d.readable() {
		return nil
	}
	objects := d.folder.Read(values())
	if objects.Err != nil {
		d.stop(&Stop{Err: objects.Err}, diag.Position{})
		return nil
	}
	if len(objects.Runs) == 0 {
		d.dropped(objects)
		d.end("the folder has no PipelineRun that can be decoded")
		return nil
	}
	if twins := objects.Duplicates(); len(twins) > 0 {
		d.stop(&Stop{Run: twins[0].Second.Original(), Err: twins[0]}, twins[0].Second.Position(diag.Fields("metadata")))
		return nil
	}
	for _, r := range objects.Runs {
		d.out.Runs = append(d.out.Runs, Run{Name: r.Original(), Position: r.Position(diag.Path{})})
	}
	d.dropped(objects)
	return objects
}

// dropped notes the documents that are lost when the variables are replaced.
// Pipelines-as-Code tells nobody on a push.
func (d *decision) dropped(objects *pac.Objects) {
	for _, doc := range objects.Dropped {
		if doc.IsBroken() || strings.HasPrefix(doc.APIVersion, "tekton.dev/") {
			at := doc.Position(diag.Path{})
			d.note("Pipelines-as-Code drops a document of %s:%d, after the variables were replaced: %v", at.File, at.Line, doc.Err)
		}
	}
}

// candidates returns the runs of a folder for a pass.
func candidates(runs []*pac.Run) []candidate {
	out := make([]candidate, len(runs))
	for i, r := range runs {
		out[i] = candidate{r.RunName, r.GenerateName, r.Annotations}
	}
	return out
}

// annotated returns the runs for the second pass, when each has an annotation.
func annotated(runs []*pac.Run) []candidate {
	out := candidates(runs)
	for i, r := range runs {
		out[i].annotations = map[string]string{pac.OriginalName: r.Original()}
		maps.Copy(out[i].annotations, r.Annotations)
	}
	return out
}

// stopAt ends the decision with a mistake in an annotation.
func (d *decision) stopAt(s *Stop, runs []*pac.Run) {
	for _, r := range runs {
		if (candidate{r.RunName, r.GenerateName, nil}).shown() == s.Run {
			d.stop(s, r.Position(diag.Fields("metadata", "annotations").Key(pac.Prefix+s.Annotation)))
			return
		}
	}
	d.stop(s, diag.Position{})
}

// match starts the runs whose annotations match.
func (d *decision) match(objects *pac.Objects) {
	e := d.event
	verdicts, stop := d.pass(annotated(objects.Runs))
	if stop != nil {
		d.stopAt(stop, objects.Runs)
		return
	}
	// A request of an incoming webhook is for the first run with the name.
	target := slices.IndexFunc(objects.Runs, func(r *pac.Run) bool { return r.RunName == e.TargetRun || r.GenerateName == e.TargetRun })
	var started []*pac.Run
	var at []int
	for i, v := range verdicts {
		d.out.Runs[i].Verdict = v
		if !v.Started {
			continue
		}
		if e.EventType == "incoming" && e.TargetRun != "" && target < 0 {
			d.out.Runs[i].Verdict = no(ByName, "no run has the name or generateName %q", e.TargetRun)
			continue
		}
		if e.EventType == "incoming" && e.TargetRun != "" && target != i {
			d.out.Runs[i].Verdict = no(ByName, "the request is for run %q", e.TargetRun)
			continue
		}
		started, at = append(started, objects.Runs[i]), append(at, i)
	}
	if len(started) == 0 {
		return
	}
	finished, ok := d.resolve(objects, started, at, d.values())
	if !ok {
		return
	}
	final := make([]candidate, len(finished))
	for i, f := range finished {
		final[i] = candidate{f.Name, f.GenerateName, f.Annotations}
	}
	verdicts, stop = d.pass(final)
	if stop != nil {
		for _, i := range at {
			d.out.Runs[i].Verdict, d.out.Runs[i].Object = Verdict{}, nil
		}
		d.stop(stop, diag.Position{})
		return
	}
	for i, v := range verdicts {
		run := &d.out.Runs[at[i]]
		if !v.Started {
			run.Verdict, run.Object = v, nil
			run.Reason += ", when the run is compared again after its references were resolved"
			continue
		}
		if v.Check == ByName {
			d.place(run, nil) // before the annotations are looked at
			continue
		}
		d.place(run, final[i].annotations)
	}
}

// place sets the namespace of a started run.
func (d *decision) place(run *Run, annotations map[string]string) {
	run.Namespace = d.repo.Namespace
	if ns := annotations[pac.TargetNamespace]; ns != "" {
		if r := repositoryFor(d.in.Repositories, d.event.URL, ns); r != nil {
			run.Namespace = r.Namespace
		}
	}
	if ns := run.Object.Namespace; ns != "" && ns != run.Namespace {
		run.Verdict = no(Namespace, "it is refused: metadata.namespace is %q, and runs are created in the namespace of the Repository, %q", ns, run.Namespace)
		run.Namespace, run.Object = "", nil
	}
}

// resolve resolves the references of runs and replaces their variables again.
func (d *decision) resolve(objects *pac.Objects, runs []*pac.Run, at []int, values pac.Values) ([]*v1.PipelineRun, bool) {
	resolved := objects.Resolve(runs, d.fetch)
	if d.work.Err() != nil {
		return nil, false
	}
	forget := func() {
		for _, i := range at {
			d.out.Runs[i].Verdict, d.out.Runs[i].Object = Verdict{}, nil
		}
	}
	if err := pac.Stop(resolved); err != nil {
		forget()
		d.unresolved(resolved, err)
		return nil, false
	}
	var out []*v1.PipelineRun
	for i, r := range resolved {
		object, err := r.Finish(values, gitAuthSecret)
		if err != nil {
			forget()
			d.stop(&Stop{Run: r.Run.Original(), Err: err}, r.Run.Position(diag.Path{}))
			return nil, false
		}
		run := &d.out.Runs[at[i]]
		run.Object, run.Unknown = object, r.Own.Unknown
		if r.Shared != nil {
			run.Unknown = slices.Concat(run.Unknown, r.Shared.Unknown)
		}
		out = append(out, object)
	}
	return out, true
}

// unresolved ends the decision with a reference that cannot be resolved.
func (d *decision) unresolved(resolved []*pac.Resolved, err error) {
	for _, r := range resolved {
		if len(r.Errs) == 0 {
			continue
		}
		of := r.Run.Document
		if r.Errs[0].Of != nil {
			of = r.Errs[0].Of
		}
		d.stop(&Stop{Run: r.Run.Original(), Err: err}, of.Position(r.Errs[0].Path))
		return
	}
}

// test starts the run that a comment names, whatever its annotations. All runs of the
// folder are resolved.
func (d *decision) test(objects *pac.Objects) {
	target := -1
	all := make([]int, len(objects.Runs))
	for i, r := range objects.Runs {
		all[i] = i
		if target < 0 && r.Original() == d.event.TargetTest {
			target = i
		}
		d.out.Runs[i].Verdict = no(ByName, "the comment is about run %q", d.event.TargetTest)
	}
	if target < 0 {
		for i := range d.out.Runs {
			d.out.Runs[i].Reason = "no run has the name or generateName " + d.event.TargetTest
		}
		return
	}
	if _, ok := d.resolve(objects, objects.Runs, all, d.values()); !ok {
		return
	}
	for i := range d.out.Runs {
		if i != target {
			d.out.Runs[i].Object = nil
		}
	}
	run := &d.out.Runs[target]
	ns := run.Object.Annotations[pac.TargetNamespace]
	if ns != "" && ns != d.repo.Namespace && repositoryFor(d.in.Repositories, d.event.URL, ns) == nil {
		run.Verdict, run.Object = no(TargetNamespace, "no Repository in namespace %q has the URL %s", ns, d.event.URL), nil
		return
	}
	run.Verdict = yes(ByName, "the comment has the name of the run")
	d.place(run, run.Object.Annotations)
}

// variables lists the variables and params.
func (d *decision) variables() {
	all := d.values().Dictionary()
	for name := range d.standard() {
		if _, ok := all[name]; !ok {
			all[name] = ""
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		d.out.Variables = append(d.out.Variables, Variable{name, all[name], d.hidden[name]})
	}
}

// Resolve returns all runs of a folder as they are created with some values. The error is
// that this takes too much time or memory.
func Resolve(f *pac.Folder, values pac.Values, fetch pac.Fetch) (*Result, error) {
	values.Work = pac.NewWork()
	d := &decision{session: session{in: &Input{}, hidden: map[string]bool{}, work: values.Work}, folder: f, fetch: fetch, out: &Result{}}
	objects := d.read(func() pac.Values { return values })
	if objects == nil {
		return d.out, d.work.Err()
	}
	all := make([]int, len(objects.Runs))
	for i, r := range objects.Runs {
		all[i] = i
		d.out.Runs[i].Verdict = yes(ByName, "all runs are resolved")
		d.out.Runs[i].Namespace = r.Namespace
	}
	d.resolve(objects, objects.Runs, all, values)
	return d.out, d.work.Err()
}
