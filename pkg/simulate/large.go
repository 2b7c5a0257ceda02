package simulate

import (
	"bytes"
	"encoding/json"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggers "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// A few variables can become gigabytes: a long value that is inserted often, or values that
// contain each other. A cluster stores no object of more than about 1.5 MiB, but Tekton inserts
// first. So it is not asked to insert more than this into one run or object, and into all runs
// of a simulation.
const (
	maxInserted    = 8 << 20
	maxInsertedAll = 256 << 20
)

// inserts are the variables in the texts of an object: how often each one occurs.
type inserts map[string]int

// longest is more than what the variables become that are no params or results: names and paths.
const longest = 256

// add counts the variables in all texts of a value, of which JSON may be made.
func (in inserts) add(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	var read any
	if json.Unmarshal(text, &read) == nil {
		in.walk(read)
	}
}

func (in inserts) walk(value any) {
	switch v := value.(type) {
	case string:
		in.text(v)
	case []any:
		for _, item := range v {
			in.walk(item)
		}
	case map[string]any:
		for _, item := range v {
			in.walk(item)
		}
	}
}

// text counts the variables in a text. Two that begin alike, such as those of two keys of an
// object, count as the same.
func (in inserts) text(text string) {
	for {
		_, rest, ok := strings.Cut(text, "$(")
		if !ok {
			return
		}
		if name, ok := nameIn(rest); ok {
			in[name]++
		}
		text = rest
	}
}

// nameIn returns which value the variable is that a text begins with, after its $(: the name of
// a param or a result, "" for others. It returns false for what may be a command of a script.
func nameIn(text string) (name string, ok bool) {
	end := strings.IndexByte(text[:min(len(text), 1024)], ')')
	if end < 0 {
		return "", false
	}
	expr := text[:end]
	of, ok := strings.CutPrefix(expr, "params")
	if !ok {
		if _, of, ok = strings.Cut(expr, ".results"); !ok {
			return "", strings.Contains(expr, ".")
		}
	}
	switch {
	case strings.HasPrefix(of, "."):
		of, _, _ = strings.Cut(of[1:], "[")
		if name, _, dotted := strings.Cut(of, "."); dotted {
			of = name
		}
	case strings.HasPrefix(of, "['") || strings.HasPrefix(of, `["`):
		of, _, _ = strings.Cut(of[2:], of[1:2])
	}
	return of, true
}

// sizes are the sizes of values by name. Of several values of a name, it is the largest.
type sizes map[string]int

// known are values by name, for their variables.
type known map[string][]any

func (k known) add(name string, value any) {
	// $(params.a.b) is a key of a, or a param a.b.
	if first, _, dotted := strings.Cut(name, "."); dotted {
		k[first] = append(k[first], value)
	}
	k[name] = append(k[name], value)
}

func (k known) params(params []v1.Param, specs []v1.ParamSpec) {
	for _, p := range params {
		k.add(p.Name, p.Value)
	}
	for _, s := range specs {
		if s.Default != nil {
			k.add(s.Name, *s.Default)
		}
	}
}

// size returns how large the values become.
func (k known) size() sizes {
	size, within := sizes{}, map[string][]inserts{}
	lengths := map[string][]int{}
	for name, values := range k {
		for _, value := range values {
			text, _ := json.Marshal(value)
			in := inserts{}
			in.add(value)
			within[name], lengths[name] = append(within[name], in), append(lengths[name], len(text))
			size[name] = max(size[name], len(text))
		}
	}
	// Each round is one of the passes in which Tekton inserts into what it has inserted.
	for range 8 {
		next, same := sizes{}, true
		for name, all := range within {
			for i, in := range all {
				next[name] = max(next[name], min(lengths[name][i]+in.grow(size), maxInsertedAll))
			}
			same = same && next[name] == size[name]
		}
		if size = next; same {
			break
		}
	}
	return size
}

// grow returns by how much texts with the variables may grow at most.
func (in inserts) grow(size sizes) int {
	sum := 0
	for name, often := range in {
		one, ok := size[name]
		if !ok {
			one = longest
		}
		if sum += often * one; sum > maxInsertedAll || sum < 0 {
			return maxInsertedAll + 1
		}
	}
	return sum
}

// inserting returns an error if Tekton would insert too much when it looks at an object.
func (m *machine) inserting(k key) error {
	of := k.kind + "/" + k.name
	in, again := m.variables[of]
	if again && (k.kind == "TaskRun" || len(in) == 0) {
		return nil // only a PipelineRun gets more values
	}
	values, texts := known{}, []any(nil)
	switch k.kind {
	case "PipelineRun":
		pr := m.pipelineRun(k.name)
		if pr == nil {
			return nil
		}
		spec := m.plan.pipelineOf(pr)
		if spec == nil {
			return nil
		}
		values.params(pr.Spec.Params, spec.Params)
		m.results(pr, values)
		texts = []any{spec, pr.Spec}
	case "TaskRun":
		tr := m.taskRun(k.name)
		if tr == nil {
			return nil
		}
		spec := m.plan.taskOf(tr)
		if spec == nil {
			return nil
		}
		values.params(tr.Spec.Params, spec.Params)
		texts = []any{spec}
		for _, s := range spec.Steps {
			if s.Ref == nil {
				continue
			}
			values.params(s.Params, nil)
			if a := find(m.plan.objects, s.Ref.Name, func(a *v1beta1.StepAction) *v1beta1.StepActionSpec { return &a.Spec }); a != nil {
				values.params(nil, a.Params)
				texts = append(texts, a)
			}
		}
	}
	if !again {
		in = inserts{}
		for _, text := range texts {
			in.add(text)
		}
		m.variables[of] = in
	}
	grown := in.grow(values.size())
	m.insertedAll += max(0, grown-m.inserted[of])
	m.inserted[of] = max(grown, m.inserted[of])
	if grown > maxInserted || m.insertedAll > maxInsertedAll {
		return errorf("the variables of %s become more than %d MiB, which no cluster stores", of, maxInserted>>20)
	}
	return nil
}

// results adds the results that the tasks of a PipelineRun have.
func (m *machine) results(pr *v1.PipelineRun, values known) {
	for _, child := range pr.Status.ChildReferences {
		switch child.Kind {
		case "TaskRun":
			if tr := m.taskRun(child.Name); tr != nil {
				for _, r := range tr.Status.Results {
					values.add(r.Name, r.Value)
				}
			}
		case "PipelineRun":
			if of := m.pipelineRun(child.Name); of != nil {
				for _, r := range of.Status.Results {
					values.add(r.Name, r.Value)
				}
			}
		default:
			if c := m.custom(child.Name); c != nil {
				for _, r := range c.Status.Results {
					values.add(r.Name, r.Value)
				}
			}
		}
	}
}

// pipelineOf returns the spec of the Pipeline that a run runs, or nil.
func (p *plan) pipelineOf(run *v1.PipelineRun) *v1.PipelineSpec {
	if run.Spec.PipelineSpec != nil || run.Spec.PipelineRef == nil {
		return run.Spec.PipelineSpec
	}
	return find(p.objects, run.Spec.PipelineRef.Name, func(o *v1.Pipeline) *v1.PipelineSpec { return &o.Spec })
}

// taskOf returns the spec of the Task that a run runs, or nil.
func (p *plan) taskOf(run *v1.TaskRun) *v1.TaskSpec {
	if run.Spec.TaskSpec != nil || run.Spec.TaskRef == nil {
		return run.Spec.TaskSpec
	}
	return find(p.objects, run.Spec.TaskRef.Name, func(o *v1.Task) *v1.TaskSpec { return &o.Spec })
}

// find returns the spec of an object of the plan, or nil.
func find[T, S any](objects []runtime.Object, name string, spec func(*T) *S) *S {
	for _, o := range objects {
		if typed, ok := o.(any).(*T); ok {
			if m, ok := o.(metav1.Object); ok && m.GetName() == name {
				return spec(typed)
			}
		}
	}
	return nil
}

// resolvable returns an error if the objects of a template would become too large. Triggers
// inserts one param after the other, also into what it has inserted.
func resolvable(t *triggers.TriggerTemplate, params []triggers.Param) error {
	for _, rt := range t.Spec.ResourceTemplates {
		text := rt.Raw
		for _, p := range params {
			variable := []byte("$(tt.params." + p.Name + ")")
			if n := bytes.Count(text, variable); n > 0 {
				if len(text)+n*len(p.Value) > maxInserted {
					return errorf("an object of %s becomes larger than %d MiB, which no cluster stores", nameOf(t), maxInserted>>20)
				}
				text = bytes.ReplaceAll(text, variable, []byte(p.Value))
			}
		}
	}
	return nil
}
