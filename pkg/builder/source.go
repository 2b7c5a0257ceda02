package builder

import (
	"bytes"
	"encoding/json"
	"fmt"

	sigsjson "sigs.k8s.io/json"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// source is where a definition comes from if Define does not declare its steps.
// The params, workspaces and results that Define declares are then the signature
// that wiring is checked against.
type source struct {
	at         place
	broken     bool // it cannot be used, which has been reported
	resolver   *Resolver
	existing   bool // in the cluster, under TaskName
	task       *v1.Task
	apiVersion string // of a custom task
	kind       string
	spec       []byte // of a custom task, JSON
}

func (t *Task) from(s *source) {
	if t.source != nil {
		t.reportf(s.at, "source-duplicate", "task %s has two definitions", quote(t.name)).
			Help = "call only one of From, Existing, FromYAML, FromTask and Custom, and only once"
		return
	}
	t.source = s
}

// From makes Tekton fetch the definition when a run starts: see [Git], [Hub],
// [Bundle], [Cluster], [HTTP] and [NewResolver]. The params, workspaces and results that
// Define declares are the contract: uses of the task are checked against them, as for a
// task with steps. They must match the remote Task, which Build does not read. An input
// that the remote Task has a default for is declared with [Default]; the default is not
// sent.
//
//	t.Param("channel", n.Channel)
//	t.From(builder.Git("https://example.com/ci/tasks.git", "main", "task/notify.yaml"))
func (t *Task) From(r Resolver) {
	t = t.orNew()
	r.at = callsite.Here()
	t.from(&source{at: r.at, resolver: &r})
}

// Existing makes this a Task that exists in the cluster, under the name that TaskName
// returns. It is referred to by name and not written with the other objects. As with
// [Task.From], the params, workspaces and results that Define declares are the contract.
//
//	func (n Notify) Define(t *builder.Task) *builder.PipelineTask {
//		t.Param("channel", n.Channel)
//		t.Param("color", n.Color, builder.Default("green"))
//		t.Existing()
//		return t.PipelineTask()
//	}
func (t *Task) Existing() {
	t = t.orNew()
	t.from(&source{at: callsite.Here(), existing: true})
}

// FromTask uses an upstream struct as the definition. It must have the params,
// workspaces and results that Define declares, and the name that TaskName
// returns.
func (t *Task) FromTask(task *v1.Task) {
	t = t.orNew()
	at := callsite.Here()
	if task == nil {
		t.reportf(at, "source-invalid", "the Task passed to FromTask of task %s is nil", quote(t.name)).
			Help = "pass FromTask a *v1.Task"
		t.from(&source{at: at, broken: true})
		return
	}
	t.from(&source{at: at, task: task.DeepCopy()})
}

// FromYAML uses a Task written in YAML (tekton.dev/v1) as the definition. It must
// have the params, workspaces and results that Define declares, and the name that
// TaskName returns. Keys are case-sensitive, and unknown keys are errors.
func (t *Task) FromYAML(text []byte) {
	t = t.orNew()
	at := callsite.Here()
	task, err := decodeTask(text)
	if err != nil {
		t.reportf(at, "source-invalid", "the YAML of task %s cannot be used: %v", quote(t.name), err).
			Help = "pass FromYAML a single Task of tekton.dev/v1"
		t.from(&source{at: at, broken: true})
		return
	}
	t.from(&source{at: at, task: task})
}

func decodeTask(text []byte) (*v1.Task, error) {
	raw, err := yamlread.JSON(text, true)
	if err != nil {
		return nil, err
	}
	task := &v1.Task{}
	strict, err := sigsjson.UnmarshalStrict(raw, task)
	if err != nil {
		return nil, err
	}
	if len(strict) > 0 {
		return nil, strict[0]
	}
	if task.APIVersion != v1.SchemeGroupVersion.String() || task.Kind != "Task" {
		return nil, fmt.Errorf("apiVersion is %s and kind is %s", quote(task.APIVersion), quote(task.Kind))
	}
	return task, nil
}

// Custom makes this a custom task, which is run by the controller for the given
// kind. Without a spec the pipeline refers to the object with the name that
// TaskName returns, which is not described here. If TaskName returns "", it refers to the
// kind alone: the controller needs only the params, as for an approval. With a spec,
// which may be any value that marshals to a JSON object, the spec is embedded. At most one
// spec may be given.
func (t *Task) Custom(apiVersion, kind string, spec ...any) {
	t = t.orNew()
	s := &source{at: callsite.Here(), apiVersion: apiVersion, kind: kind}
	bad := func(help, format string, args ...any) {
		t.reportf(s.at, "source-invalid", format, args...).Help = help
		s.broken = true
	}
	if apiVersion == "" || kind == "" {
		bad(`pass both to Custom: t.Custom("example.dev/v1", "Approval")`, "custom task %s needs both an apiVersion and a kind", quote(t.name))
	}
	if len(spec) > 1 {
		bad("pass Custom at most one spec", "custom task %s has %d specs", quote(t.name), len(spec))
	}
	if len(spec) > 0 {
		b, err := json.Marshal(spec[0])
		switch {
		case err != nil:
			bad("pass a struct or a map", "the spec of custom task %s cannot be written as JSON: %v", quote(t.name), err)
		case !bytes.HasPrefix(b, []byte("{")):
			bad("pass a struct or a map", "the spec of custom task %s is not a JSON object: %s", quote(t.name), b)
		}
		s.spec = b
	}
	t.from(s)
}
