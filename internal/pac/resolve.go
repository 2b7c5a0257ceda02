package pac

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Resolved is a run of the folder whose references are resolved.
type Resolved struct {
	Run *Run
	// Object is the run with its Pipeline and Tasks inlined, as far as they are known.
	Object *v1.PipelineRun
	// Errs are the reasons why Pipelines-as-Code cannot resolve the run. It reports the
	// first one, and starts no other run for the event.
	Errs []*Unresolved
	// Own are the remote tasks and pipelines that the annotations of the run refer to.
	Own Remotes
	// Shared are the remote tasks that the annotations of its Pipeline refer to, which are
	// the same for all runs of the Pipeline. It is nil if there are none.
	Shared *Remotes
	// Pipeline is the Pipeline of the folder that is inlined, nil if it is none.
	Pipeline *Pipeline
	// Tasks are the Tasks of the folder that are inlined, by the name of the task of the
	// Pipeline.
	Tasks map[string]*TaskObject
}

// Unresolved is a reference that cannot be resolved.
type Unresolved struct {
	// Path is that of the mistake: a reference or an annotation. It is a path of the run,
	// or of Of if that is not nil.
	Path diag.Path
	Of   *Document
	// Name is the name of the Task or Pipeline that is missing, "" if there is none.
	Name string
	Err  error
}

// Error returns the error of Pipelines-as-Code.
func (u *Unresolved) Error() string { return u.Err.Error() }

// Unwrap returns the error of Pipelines-as-Code.
func (u *Unresolved) Unwrap() error { return u.Err }

// Resolve resolves the references of runs in their order. Each run is resolved, even after
// one that cannot be; see [Stop].
func (o *Objects) Resolve(runs []*Run, fetch Fetch) []*Resolved {
	return o.resolve(runs, fetch, nil)
}

// Check is Resolve without the objects: what cannot be resolved, and what is not known. A
// reference that is missing in a Pipeline is an error of the first of its runs alone, so
// that many runs of one Pipeline cost no more than the Pipeline.
func (o *Objects) Check(runs []*Run, fetch Fetch) []*Resolved {
	return o.resolve(runs, fetch, map[*v1.PipelineSpec][]missing{})
}

// missing is a reference of a Pipeline to a Task that is not in the folder.
type missing struct {
	name string
	path diag.Path
}

func (o *Objects) resolve(runs []*Run, fetch Fetch, checked map[*v1.PipelineSpec][]missing) []*Resolved {
	f := &fetched{
		fetch: fetch, tasks: map[string]*TaskObject{}, pipelines: map[string]*Pipeline{}, work: o.work,
		unknown: map[string]bool{}, errors: map[string]error{}, shared: map[shares]*Remotes{},
	}
	local := map[string]*TaskObject{}
	for _, task := range o.Tasks {
		if local[task.Object.Name] == nil { // the first one wins
			local[task.Object.Name] = task
		}
	}
	pipelines := map[string]*Pipeline{}
	for _, p := range o.Pipelines {
		if pipelines[p.Object.Name] == nil {
			pipelines[p.Object.Name] = p
		}
	}
	var out []*Resolved
	for _, run := range runs {
		r := &resolver{fetched: f, local: local, pipelines: pipelines, checked: checked, out: &Resolved{Run: run, Tasks: map[string]*TaskObject{}}}
		r.run()
		out = append(out, r.out)
	}
	return out
}

// Stop returns the error of the first run that cannot be resolved. It stops all of them: a
// failed status tells so.
func Stop(runs []*Resolved) error {
	for _, r := range runs {
		if len(r.Errs) > 0 {
			return r.Errs[0]
		}
	}
	return nil
}

// resolver resolves one run.
type resolver struct {
	*fetched
	local     map[string]*TaskObject
	pipelines map[string]*Pipeline
	out       *Resolved
	// checked are the references of Pipelines that no run has reported yet; nil to inline
	// the Tasks.
	checked map[*v1.PipelineSpec][]missing
}

var metadata = diag.Fields("metadata", "annotations")

// fail records an error.
func (r *resolver) fail(path diag.Path, of *Document, name string, err error) bool {
	r.out.Errs = append(r.out.Errs, &Unresolved{path, of, name, err})
	return false
}

func (r *resolver) run() {
	run := r.out.Run.Object
	if r.checked == nil {
		run = run.DeepCopy()
		r.out.Object = run
		original := r.out.Run.Original()
		if run.Labels == nil {
			run.Labels = map[string]string{}
		}
		if run.Annotations == nil {
			run.Annotations = map[string]string{}
		}
		run.Labels[OriginalName] = Label(original)
		run.Annotations[OriginalName] = original
	}
	pipeline, base, ok := r.remotePipeline(run)
	if !ok {
		return
	}
	pipeline, ok = r.pipeline(run, pipeline, base)
	if !ok || !r.remoteTasks(run) {
		return
	}
	var of *Document
	if r.out.Pipeline != nil {
		of = r.out.Pipeline.Document
	}
	if r.checked != nil {
		switch {
		case pipeline != nil:
			r.check(&pipeline.Object.Spec, diag.Fields("spec"), of)
		case run.Spec.PipelineSpec != nil:
			r.check(run.Spec.PipelineSpec, diag.Fields("spec", "pipelineSpec"), nil)
		}
		return
	}
	if pipeline != nil {
		if !r.work.insertObject(pipeline.size, pipeline.values) {
			return
		}
		spec := pipeline.Object.Spec.DeepCopy()
		if !r.inline(spec, diag.Fields("spec"), of) {
			return
		}
		run.Spec.PipelineRef, run.Spec.PipelineSpec = nil, spec
	}
	if pipeline == nil && run.Spec.PipelineSpec != nil {
		if !r.inline(run.Spec.PipelineSpec, diag.Fields("spec", "pipelineSpec"), nil) {
			return
		}
	}
	if run.GenerateName == "" {
		run.GenerateName, run.Name = run.Name+"-", ""
	}
}

// remotePipeline returns the Pipeline that an annotation of the run refers to, and the
// value of the annotation. The Pipeline is nil if there is none or it is unknown.
func (r *resolver) remotePipeline(run *v1.PipelineRun) (pipeline *Pipeline, base string, ok bool) {
	values, keys, err := references(run.Annotations, pipelineKey)
	if err == nil && len(values) > 1 {
		err = fmt.Errorf("only one pipeline is allowed on remote resolution, we have received multiple of them: %+v", values)
	}
	if err != nil {
		return nil, "", r.fail(metadata.Key(keys[0]), nil, "", fmt.Errorf("error getting remote pipeline from pipelinerun annotations: %w", err))
	}
	if len(values) == 0 || values[0] == "" {
		return nil, "", true
	}
	remote := Remote{Value: values[0], Written: values[0], Kind: "Pipeline", Key: keys[0]}
	r.out.Own.All = append(r.out.Own.All, remote)
	pipeline, err = r.fetched.pipeline(remote)
	if errors.Is(err, ErrUnknown) {
		r.out.Own.Unknown = append(r.out.Own.Unknown, remote)
		return nil, values[0], true
	}
	if err != nil {
		return nil, "", r.fail(metadata.Key(keys[0]), nil, "", fmt.Errorf("error getting remote pipeline from pipelinerun annotations: %w", err))
	}
	return pipeline, values[0], true
}

// pipeline returns the Pipeline that the run refers to, and finds the tasks of its
// annotations. The Pipeline is nil if the run refers to none, or an unknown one.
func (r *resolver) pipeline(run *v1.PipelineRun, pipeline *Pipeline, base string) (*Pipeline, bool) {
	ref := run.Spec.PipelineRef
	if ref == nil || ref.Resolver != "" {
		return nil, true
	}
	var of *Document
	if pipeline == nil || pipeline.Object.Name != ref.Name {
		p := r.pipelines[ref.Name]
		if pipeline == nil && base != "" {
			return nil, true // it may be the one that is unknown
		}
		if p == nil {
			return nil, r.fail(diag.Fields("spec", "pipelineRef", "name"), nil, ref.Name,
				fmt.Errorf("cannot find referenced pipeline %s. for a remote pipeline make sure to add it in the annotation", ref.Name))
		}
		r.out.Pipeline, pipeline, of = p, p, p.Document
	}
	shared, path, err := r.ofPipeline(pipeline, base, of)
	if err != nil {
		return nil, r.fail(path, of, "", fmt.Errorf("error getting remote task from pipeline annotations: %w", err))
	}
	r.out.Shared = shared
	return pipeline, true
}

// remoteTasks fetches the tasks that the annotations of the run and its Pipeline refer to,
// whether or not they are used.
func (r *resolver) remoteTasks(run *v1.PipelineRun) bool {
	values, keys, err := references(run.Annotations, taskKey)
	if err != nil {
		return r.fail(metadata.Key(keys[0]), nil, "", fmt.Errorf("error getting remote task from pipelinerun annotations: %w", err))
	}
	var tasks []Remote
	for i, value := range values {
		tasks = append(tasks, Remote{Value: value, Written: value, Kind: "Task", Key: keys[i]})
	}
	r.out.Own.All = append(r.out.Own.All, tasks...)
	for _, all := range []*Remotes{&r.out.Own, r.out.Shared} {
		if all == nil {
			continue
		}
		if !r.work.insert(eachRemote * len(all.All)) {
			return false
		}
		if failed, err := all.get(r.fetched); err != nil {
			return r.fail(metadata.Key(failed.Key), failed.Of, "", fmt.Errorf("error getting remote task from pipelinerun annotations: %w", err))
		}
	}
	return true
}

// remote returns the remote task with a name, nil if there is none. Those of the run win.
func (r *resolver) remote(name string) *TaskObject {
	if own := r.out.Own.tasks[name]; own != nil || r.out.Shared == nil {
		return own
	}
	return r.out.Shared.tasks[name]
}

// check finds the references to Tasks in a Pipeline that cannot be resolved. Those that an
// earlier run has reported are not looked at again, nor those to Tasks of the folder.
func (r *resolver) check(spec *v1.PipelineSpec, path diag.Path, of *Document) {
	if r.unknownTask() {
		return
	}
	all, ok := r.checked[spec]
	if !ok {
		eachTask(spec, func(part string, i int, task *v1.PipelineTask) bool {
			if name := task.TaskRef.Name; r.local[name] == nil {
				all = append(all, missing{name, path.FieldIndex(part, i)})
			}
			return true
		})
	}
	var left []missing
	for _, m := range all {
		if r.remote(m.name) != nil {
			left = append(left, m)
			continue
		}
		r.notFound(m.path, of, m.name)
	}
	r.checked[spec] = left
}

// notFound records that a Task is in neither the folder nor an annotation.
func (r *resolver) notFound(task diag.Path, of *Document, name string) bool {
	return r.fail(task.Field("taskRef", "name"), of, name,
		fmt.Errorf("cannot find referenced task %s. if it's a remote task make sure to add it in the annotations", name))
}

// eachTask calls f for the tasks of a Pipeline whose references are replaced, until it
// returns false.
func eachTask(spec *v1.PipelineSpec, f func(part string, i int, task *v1.PipelineTask) bool) {
	for _, part := range []struct {
		name  string
		tasks []v1.PipelineTask
	}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
		for i := range part.tasks {
			if task := &part.tasks[i]; Inlines(task.TaskRef) && !f(part.name, i, task) {
				return
			}
		}
	}
}

// inline replaces the references to Tasks in a Pipeline. It goes on after an error.
func (r *resolver) inline(spec *v1.PipelineSpec, path diag.Path, of *Document) (ok bool) {
	ok = true
	eachTask(spec, func(part string, i int, task *v1.PipelineTask) bool {
		name := task.TaskRef.Name
		found := r.remote(name)
		if found == nil {
			if local := r.local[name]; local != nil {
				found = local
				r.out.Tasks[task.Name] = local
			}
		}
		if found == nil {
			if !r.unknownTask() {
				ok = r.notFound(path.FieldIndex(part, i), of, name)
			}
			return true
		}
		if !r.work.insertObject(found.size, found.values) {
			ok = false
			return false
		}
		task.TaskRef = nil
		task.TaskSpec = &v1.EmbeddedTask{
			TaskSpec: *found.Object.Spec.DeepCopy(),
			Metadata: v1.PipelineTaskMetadata{Annotations: maps.Clone(found.Object.Annotations), Labels: maps.Clone(found.Object.Labels)},
		}
		return true
	})
	return ok
}

// unknownTask reports whether a task that is unknown may be the one that is missing.
func (r *resolver) unknownTask() bool {
	return r.out.Own.unknownTask || r.out.Shared != nil && r.out.Shared.unknownTask
}

// Inlines reports whether Pipelines-as-Code replaces a reference of a Pipeline with the
// Task. It does not look at the kind, except for a ClusterTask.
func Inlines(ref *v1.TaskRef) bool {
	return ref != nil && ref.Resolver == "" && ref.Kind != "ClusterTask" &&
		(ref.APIVersion == "" || strings.HasPrefix(ref.APIVersion, "tekton.dev/"))
}

// Finish replaces the variables once more, in the JSON of the run. This is the only time
// for what was fetched from elsewhere, and it also replaces what a value contains. Secret
// is the name of the Secret of the git credentials. The run is the one that is sent to the
// API server, except for the labels and annotations about the event.
func (r *Resolved) Finish(v Values, secretName string) (*v1.PipelineRun, error) {
	text, err := json.Marshal(r.Object)
	if err != nil {
		return nil, fmt.Errorf("failed to marshal PipelineRun %s: %w", r.name(), err)
	}
	run := &v1.PipelineRun{}
	finished := second(string(text), v, secretName)
	v.Work.insertObject(0, strings.Count(finished, "{")-strings.Count(string(text), "{"))
	if err := v.Work.Err(); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(finished), &run); err != nil {
		return nil, fmt.Errorf("failed to unmarshal PipelineRun %s: %w", r.name(), err)
	}
	if run.Annotations == nil {
		run.Annotations = map[string]string{}
	}
	run.Annotations[GitAuthSecret] = secretName
	return run, nil
}

// second replaces the variables in JSON. It first replaces {{ git_auth_secret }}, without
// any other value, so {{ cel: }} never sees one.
func second(text string, v Values, secretName string) string {
	text = Expand(text, Values{Standard: map[string]string{secret: secretName}, Files: map[string]any{}, Work: v.Work}).Text
	return Expand(text, v).Text
}

func (r *Resolved) name() string {
	if r.Object.Name != "" {
		return r.Object.Name
	}
	return r.Object.GenerateName
}
