package simulate

import (
	"maps"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/conversion"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// templateKind is the kind of objects that make runs of events.
var templateKind = schema.GroupKind{Group: "triggers.tekton.dev", Kind: "TriggerTemplate"}

// Run returns what Tekton does with a run of the set, if its tasks end as the script says.
//
// The run is the name of a PipelineRun or a TaskRun, or of a Pipeline or a Task that is run
// alone, or of a TriggerTemplate, whose params the script sets. The kind may come first:
// "Pipeline/release". If a TriggerTemplate creates several runs, the name of one follows:
// "TriggerTemplate/push/build-". An empty name means the only run of the set.
//
// If the set has a Pipeline, a Task or a StepAction of the same name in several folders, a
// reference means the nearest one, as for package check.
//
// An error means that there is nothing to simulate: the run does not exist, the script does
// not belong to it, or Tekton refuses an object, which is a [RefusedError]. That a run fails
// is not an error.
func Run(source manifest.Source, run string, script Script) (*Result, error) {
	s, err := sourceOf(source)
	if err != nil {
		return nil, err
	}
	return once(s, run, &script, nil)
}

// once simulates a run, with values for some of the symbols.
func once(s *source, run string, script *Script, chosen map[string]any) (result *Result, err error) {
	crash := callsite.Catch(func() {
		var p *plan
		if p, err = planOf(s, run, script, chosen); err != nil {
			return
		}
		var m *machine
		if m, err = newMachine(p, script); err != nil {
			return
		}
		if err = m.begin(); err != nil {
			return
		}
		if err = m.play(); err != nil {
			return
		}
		result = m.report()
	})
	if crash != nil {
		return nil, errorf("the code of Tekton panics on this run: %v", crash.Value)
	}
	return result, err
}

// sourceOf returns the objects of the set that runs need.
func sourceOf(from manifest.Source) (*source, error) {
	if from == nil {
		return nil, errorf("the source is nil")
	}
	objects, err := from.Objects()
	if err != nil {
		return nil, err
	}
	s := &source{places: &origins{}}
	for _, of := range objects {
		o := of.Object
		if of.Checked != nil {
			o = of.Checked
		}
		if o == nil {
			continue
		}
		if o.GetObjectKind().GroupVersionKind().GroupKind() == templateKind {
			if err := add(&s.templates, o); err != nil {
				return nil, errorf("%s: %w", of.Ref(), err)
			}
			s.places.add(of, s.templates[len(s.templates)-1])
			continue
		}
		if old, err := conversion.Convert(o); err == nil && old != nil {
			o = old
		}
		if o, err = typed(o); err != nil {
			return nil, errorf("%s: %w", of.Ref(), err)
		}
		switch o := o.(type) {
		case *v1.PipelineRun:
			s.pipelineRuns = append(s.pipelineRuns, o)
		case *v1.TaskRun:
			s.taskRuns = append(s.taskRuns, o)
		case *v1.Pipeline:
			s.pipelines = append(s.pipelines, o)
		case *v1.Task:
			s.tasks = append(s.tasks, o)
		case *v1beta1.StepAction:
			s.actions = append(s.actions, o)
		default:
			continue
		}
		s.places.add(of, o)
	}
	return s, nil
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
