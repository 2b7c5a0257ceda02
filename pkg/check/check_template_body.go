package check

import (
	"encoding/json"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/object"
)

// templateBody is an object that a template creates.
type templateBody struct {
	*checker
	spot     spot   // of the object, in the template
	label    string // of the template
	kind     string
	declared []string        // the params of the template
	used     map[string]bool // of them, those that something names or was meant to
}

// templateBody checks an object that a template creates: row 72. What an event
// will fill in stays as it is, for the rules to take as a text that nobody
// knows yet.
func (c *checker) templateBody(s spot, label string, declared []string, used map[string]bool, raw []byte) {
	content, ok := bodyContent(raw)
	if !ok {
		c.fail(s, "template-body", "", "what "+label+" creates is no object", "write a map with apiVersion, kind, metadata and spec")
		return
	}
	apiVersion, _ := content["apiVersion"].(string)
	kind, _ := content["kind"].(string)
	if apiVersion == "" || kind == "" {
		c.fail(s, "template-body", "", "what "+label+" creates does not say what it is", "set apiVersion and kind")
		return
	}
	b := &templateBody{c, s, label, kind, declared, used}
	shape := shapeOf(apiVersion, kind)
	content, _ = b.value(content, shape, s).(map[string]any)
	b.name(content)
	e := newEntry(object.Object{Object: &unstructured.Unstructured{Object: content}})
	e.within, e.prefix = s.entry, s.path
	if e.ref.Namespace == "" || holdsReference(e.ref.Namespace) {
		e.ref.Namespace = s.ref.Namespace
	}
	if holdsReference(e.ref.Name) {
		e.ref.Name = ""
	}
	before := len(c.findings)
	c.object(e)
	for i := range c.findings[before:] {
		f := &c.findings[before+i]
		if f.Code == "param-unknown" && b.declares(f.Subject) {
			b.used[f.Subject] = true
			f.Help = "did you mean $(" + templatePrefix + f.Subject + ")?"
		}
	}
}

func (b *templateBody) declares(name string) bool {
	for _, d := range b.declared {
		if d == name {
			return true
		}
	}
	return false
}

// bodyContent reads an object of a template.
func bodyContent(raw []byte) (map[string]any, bool) {
	var content map[string]any
	return content, json.Valid(raw) && utiljson.Unmarshal(raw, &content) == nil && content != nil
}

// name checks that each event makes an object of its own: Triggers creates,
// and never updates.
func (b *templateBody) name(content map[string]any) {
	metadata, _ := content["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	generate, _ := metadata["generateName"].(string)
	at := in(b.spot.entry, field(b.spot.path, "metadata.name"))
	switch {
	case name == "" && generate == "":
		if !strings.Contains(b.kind, "$(") && !tektonKind(content) { // those say so themselves
			b.fail(in(b.spot.entry, field(b.spot.path, "metadata")), "name-invalid", "", "the "+b.kind+" of "+b.label+" has no name", "set metadata.generateName")
		}
	case name == "" || holdsReference(name):
	case strings.HasSuffix(b.kind, "Run"):
		b.fail(at, "name-fixed", name, "every event creates "+b.kind+" "+q(name)+", and all but the first fail: it exists already", "set metadata.generateName to "+q(name+"-")+", and no name")
	default:
		b.warn(at, "name-fixed", name, "every event creates "+b.kind+" "+q(name)+", and all but the first fail if it is still there", "set metadata.generateName, or take a part of the name from the event or from $(uid)")
	}
}

// tektonKind reports whether an object is one that other rules know.
func tektonKind(content map[string]any) bool {
	version, _ := content["apiVersion"].(string)
	return strings.HasPrefix(version, "tekton.dev/") && kinds.New("tekton.dev/v1", content["kind"].(string)) != nil //nolint:forcetypeassert // it was read as one
}

// ownParams reports whether $(params.NAME) may have a meaning of its own at a
// place of the object: in a pipeline or a task.
func (b *templateBody) ownParams(s spot) bool {
	path := strings.TrimPrefix(strings.TrimPrefix(s.path, b.spot.path), ".")
	switch {
	case strings.HasPrefix(path, "metadata"):
		return false
	case b.kind == "Pipeline" || b.kind == "Task" || b.kind == "StepAction":
		return true
	}
	return strings.HasPrefix(path, "spec.pipelineSpec.") || strings.HasPrefix(path, "spec.taskSpec.") ||
		strings.HasPrefix(path, "spec.workspaces[") || strings.HasPrefix(path, "spec.podTemplate.")
}
