package pac

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Objects returns the Tasks and the Pipeline of the run, unless these are inline, followed by
// the PipelineRun. It implements manifest.Source.
func (r *PipelineRun) Objects() ([]object.Object, error) {
	objects, found := r.lower(nil)
	return objects, found.Err()
}

// ObjectsIn is like Objects, for package manifest, and returns warnings as well.
func (r *PipelineRun) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	objects, found := r.lower(m)
	if len(found) == 0 {
		return objects, nil
	}
	return objects, found
}

// Object returns only the PipelineRun.
func (r *PipelineRun) Object() (object.Object, error) {
	objects, err := r.Objects()
	if len(objects) == 0 {
		return object.Object{}, err
	}
	return objects[len(objects)-1], err
}

// lowering converts a run to upstream structs.
type lowering struct {
	*PipelineRun
	about  diag.ObjectRef
	places *callsite.Places
	found  diag.Findings
	moved  moved
}

// mistake is a finding that is described further. It has no method Error, as it is no error
// of the method that returns it.
type mistake diag.Finding

func (l *lowering) fail(at callsite.Place, code, message, help string) *mistake {
	l.found = append(l.found, finding(at, l.about, code, message, help))
	return (*mistake)(&l.found[len(l.found)-1])
}

func (r *PipelineRun) lower(m *memo.Memo) ([]object.Object, diag.Findings) {
	l := &lowering{PipelineRun: r, about: reference(""), places: &callsite.Places{}}
	if r == nil || r.run == nil {
		l.fail(nil, "run-invalid", "the run is nil", "pass pac.Run what the method Run of a pipeline returned")
		return nil, l.found
	}
	parts, err := r.run.Parts(m)
	given, ok := parts.Object.Object.(*v1.PipelineRun)
	if !ok {
		return nil, findingsOf(r.at, l.about, err)
	}
	o := given.DeepCopy()
	generate := o.GenerateName
	o.Name, o.GenerateName = strings.TrimRight(o.Name+o.GenerateName, "-"), ""
	l.about = reference(o.Name)
	l.found = append(l.found, findingsOf(r.at, l.about, err)...)
	l.named(o)
	if r.generate {
		o.Name, o.GenerateName = "", cmp.Or(generate, o.Name+"-")
	}
	if o.Namespace != "" {
		l.fail(r.at, "pac-namespace-set", "the run has namespace "+quoted(o.Namespace)+", but Pipelines-as-Code creates it in that of the Repository",
			"remove the namespace")
	}
	deps := l.within(o, parts.Dependencies)
	annotations := map[string]string{}
	for k, v := range o.Annotations {
		annotations[k] = v
		if strings.HasPrefix(k, prefix) {
			l.fail(r.at, "pac-annotation-reserved", "annotation "+quoted(k)+" is set by Annotate", "use the methods of pac.PipelineRun")
		}
	}
	l.triggers(annotations)
	l.settings(annotations)
	o.Annotations = annotations
	if len(annotations) == 0 {
		o.Annotations = nil
	}
	checked := l.render(o, parts.Fields)
	l.scripts(o, deps)
	own := l.places.Locate(r.at)
	known, adjust := l.inlined(parts.Object)
	out := object.Object{Object: o, Checked: checked, Signature: known, Adjust: adjusted(adjust), Locate: func(path diag.Path, excerpt string) diag.Position {
		if path.HasPrefix(diag.Fields("metadata", "annotations")) && strings.HasPrefix(path.Last().Name, prefix) {
			return own(path, excerpt)
		}
		return parts.Object.Find(path, excerpt)
	}}
	return append(slices.Clip(deps), out), l.found
}

// adjusted extends the function of the builder: what stands for the name of the Secret that
// Pipelines-as-Code creates is not among the objects.
func adjusted(by func(diag.Finding) (diag.Finding, bool)) func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		if strings.Contains(f.Subject, stand) {
			return f, false
		}
		if by == nil {
			return f, true
		}
		return by(f)
	}
}

// named reports a name that does not work.
func (l *lowering) named(o *v1.PipelineRun) {
	switch rule := naming.DNSName(); {
	case strings.Contains(o.Name, "{{"):
		l.fail(l.at, "name-invalid", "the name of the run contains a value of the event: "+quoted(o.Name),
			"write a fixed name: Pipelines-as-Code appends a unique suffix")
	case o.Name == "":
		l.fail(l.at, "name-invalid", "the name of the run is empty", "pass a name to the method Run of the pipeline")
	case len(rule.Problems(o.Name)) > 0:
		l.fail(l.at, "name-invalid", "the name of the run is "+quoted(o.Name)+", which is not "+rule.Form, rule.Help)
	}
}

// within returns what the run refers to, without what is written into the run.
func (l *lowering) within(o *v1.PipelineRun, deps []object.Object) []object.Object {
	pipelines, tasks := map[string]*v1.Pipeline{}, map[string]*v1.Task{}
	for _, d := range deps {
		switch x := d.Object.(type) {
		case *v1.Pipeline:
			pipelines[x.Name] = x
		case *v1.Task:
			tasks[x.Name] = x
		default:
			l.fail(l.at, "pac-kind-ignored", d.Ref().String()+" cannot be a file of the folder: Pipelines-as-Code ignores it there",
				"apply it to the cluster and refer to it with a resolver, or write its step into the Task")
		}
	}
	if !l.inline {
		return deps
	}
	if ref := o.Spec.PipelineRef; ref != nil && ref.Resolver == "" && pipelines[ref.Name] != nil {
		o.Spec.PipelineRef, o.Spec.PipelineSpec = nil, pipelines[ref.Name].Spec.DeepCopy()
		l.moved.move(diag.Fields("spec", "pipelineSpec"), deps, pipelines[ref.Name])
	}
	if o.Spec.PipelineSpec == nil {
		return deps
	}
	for name, list := range map[string][]v1.PipelineTask{"tasks": o.Spec.PipelineSpec.Tasks, "finally": o.Spec.PipelineSpec.Finally} {
		for i := range list {
			ref := list[i].TaskRef
			if ref == nil || ref.Resolver != "" || tasks[ref.Name] == nil || ref.APIVersion != "" && !strings.HasPrefix(ref.APIVersion, "tekton.dev/") {
				continue
			}
			t := tasks[ref.Name].DeepCopy()
			list[i].TaskRef = nil
			l.moved.move(diag.Fields("spec", "pipelineSpec").FieldIndex(name, i).Field("taskSpec"), deps, tasks[ref.Name])
			list[i].TaskSpec = &v1.EmbeddedTask{TaskSpec: t.Spec, Metadata: v1.PipelineTaskMetadata{Labels: t.Labels, Annotations: t.Annotations}}
		}
	}
	return nil
}

// settings adds the annotations about the run.
func (l *lowering) settings(annotations map[string]string) {
	set := func(at callsite.Place, key, value string) {
		annotations[prefix+key] = value
		l.places.Set(diag.Fields("metadata", "annotations").Key(prefix+key), at)
	}
	if k := l.keep; k.at != nil {
		if k.value < 1 {
			l.fail(k.at, "pac-limit-invalid", "MaxKeepRuns is "+strconv.Itoa(k.value)+", with which a run is deleted when it ends", "keep at least one")
		}
		set(k.at, "max-keep-runs", strconv.Itoa(k.value))
	}
	if c := l.cancel; c.at != nil {
		set(c.at, "cancel-in-progress", strconv.FormatBool(c.value))
		if c.value && l.repository.limit() > 0 {
			l.fail(c.at, "pac-cancel-ignored", "CancelInProgress has no effect: the Repository has a concurrency limit, and Pipelines-as-Code then cancels nothing",
				"remove CancelInProgress or the limit")
		}
	}
	l.remote(set)
	if n := l.namespace; n.at != nil {
		if rule := naming.DNSLabel(); len(rule.Problems(n.value)) > 0 {
			l.fail(n.at, "name-invalid", "the target namespace is "+quoted(n.value)+", which is not "+rule.Form, rule.Help)
		}
		set(n.at, "target-namespace", handle.Strip(n.value))
	}
}

// scripts reports variables of Pipelines-as-Code in scripts. Their values would become a
// part of the script.
func (l *lowering) scripts(o *v1.PipelineRun, deps []object.Object) {
	report := func(name string, spec *v1.TaskSpec) {
		for _, s := range spec.Steps {
			if v := variableIn(s.Script); v != "" {
				l.fail(l.at, "input-in-script", "the script of step "+quoted(s.Name)+" of Task "+quoted(name)+" contains "+quoted(v)+", whose value the shell would run as code",
					`pass the value to a param of the pipeline, and that to Env of the step; write "$NAME" in the script`)
			}
		}
		for _, s := range spec.Sidecars {
			if v := variableIn(s.Script); v != "" {
				l.fail(l.at, "input-in-script", "the script of sidecar "+quoted(s.Name)+" of Task "+quoted(name)+" contains "+quoted(v)+", whose value the shell would run as code",
					`pass the value to a param of the pipeline, and that to Env; write "$NAME" in the script`)
			}
		}
	}
	embedded := func(spec *v1.PipelineSpec) {
		for _, list := range [][]v1.PipelineTask{spec.Tasks, spec.Finally} {
			for _, t := range list {
				if t.TaskSpec != nil {
					report(t.Name, &t.TaskSpec.TaskSpec)
				}
			}
		}
	}
	for _, d := range deps {
		switch x := d.Object.(type) {
		case *v1.Task:
			report(x.Name, &x.Spec)
		case *v1.Pipeline:
			embedded(&x.Spec)
		}
	}
	if o.Spec.PipelineSpec != nil {
		embedded(o.Spec.PipelineSpec)
	}
}
