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

// source is where a definition comes from that is not made of steps declared
// here. What Define declares is then the signature that wiring is checked
// against.
type source struct {
	at         place
	broken     bool // it cannot be used; that is on record
	resolver   *Resolver
	task       *v1.Task
	apiVersion string // of a custom task
	kind       string
	spec       []byte // of a custom task, JSON
}

func (t *Task) from(s *source) {
	if t.source != nil {
		t.reportf(s.at, "source-duplicate", "task %s takes its definition from two places", quote(t.name)).
			Help = "call one of From, FromYAML, FromTask and Custom, once"
		return
	}
	t.source = s
}

// From takes the definition from elsewhere, when a run starts: Git, Hub,
// Bundle, Cluster, HTTP. Its signature cannot be checked against the original
// offline.
//
//	t.Param("channel", n.Channel)
//	t.From(builder.Git("https://example.com/ci/tasks.git", "main", "task/notify.yaml"))
func (t *Task) From(r Resolver) {
	t = t.orNew()
	r.at = callsite.Here()
	t.from(&source{at: r.at, resolver: &r})
}

// FromTask takes the definition from an upstream struct; what Define declares
// must be in it. The Task keeps its name, which must be the TaskName.
func (t *Task) FromTask(task *v1.Task) {
	t = t.orNew()
	at := callsite.Here()
	if task == nil {
		t.reportf(at, "source-invalid", "task %s takes its definition from a nil Task", quote(t.name)).
			Help = "pass FromTask a *v1.Task"
		t.from(&source{at: at, broken: true})
		return
	}
	t.from(&source{at: at, task: task.DeepCopy()})
}

// FromYAML takes the definition from a Task written in YAML (tekton.dev/v1);
// what Define declares must be in it. Keys are case-sensitive, unknown ones
// are errors.
func (t *Task) FromYAML(text []byte) {
	t = t.orNew()
	at := callsite.Here()
	task, err := decodeTask(text)
	if err != nil {
		t.reportf(at, "source-invalid", "the YAML of task %s cannot be used: %v", quote(t.name), err).
			Help = "pass FromYAML one Task of tekton.dev/v1"
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
		return nil, fmt.Errorf("it is %s %s", quote(task.APIVersion), quote(task.Kind))
	}
	return task, nil
}

// Custom makes this a custom task: a kind that a controller of its own runs.
// Without a spec it refers to the object that the TaskName names; with one,
// any value that marshals to a JSON object, the spec is embedded.
func (t *Task) Custom(apiVersion, kind string, spec ...any) {
	t = t.orNew()
	s := &source{at: callsite.Here(), apiVersion: apiVersion, kind: kind}
	bad := func(help, format string, args ...any) {
		t.reportf(s.at, "source-invalid", format, args...).Help = help
		s.broken = true
	}
	if apiVersion == "" || kind == "" {
		bad(`write both: t.Custom("example.dev/v1", "Approval")`, "custom task %s has no apiVersion or no kind", quote(t.name))
	}
	if len(spec) > 1 {
		bad("pass Custom at most one", "custom task %s has %d specs", quote(t.name), len(spec))
	}
	if len(spec) > 0 {
		b, err := json.Marshal(spec[0])
		switch {
		case err != nil:
			bad("pass a struct or a map", "the spec of custom task %s is not JSON: %v", quote(t.name), err)
		case !bytes.HasPrefix(b, []byte("{")):
			bad("pass a struct or a map", "the spec of custom task %s is no JSON object: %s", quote(t.name), b)
		}
		s.spec = b
	}
	t.from(s)
}
