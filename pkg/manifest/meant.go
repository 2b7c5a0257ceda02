package manifest

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// apiVersion matches the apiVersion of a Kubernetes object.
var apiVersion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*/)?v[0-9]+(?:(?:alpha|beta)[0-9]+)?$`)
})

// ofTekton are fields of a spec that only objects of Tekton have.
var ofTekton = []string{"steps", "stepTemplate", "tasks", "finally", "taskRef", "taskSpec", "pipelineRef", "pipelineSpec",
	"resourcetemplates", "triggers", "interceptors", "bindings"}

// isMeantAs reports whether a document without an apiVersion or a kind is meant to be a
// Kubernetes object. Many other formats have some of the same fields: a devfile, a JSON
// schema, a bill of materials, the values of a chart, a template of a volume claim.
func isMeantAs(root *yamlread.Node, file string) bool {
	switch root.Kind {
	case yamlread.List:
		// A list of objects in JSON is data of a program: no client applies it.
		return len(root.Items) > 0 && root.Items[0].Kind == yamlread.Map && !isJSON(file) && isMeantAs(root.Items[0], file)
	case yamlread.Map:
	default:
		return false
	}
	version, kind := field(root, "apiVersion"), field(root, "kind")
	metadata, spec := field(root, "metadata"), field(root, "spec")
	body := isMap(metadata) || isMap(spec)
	switch {
	case !body && isCloudEvent(root):
		return false
	case version != nil && kind != nil:
		if !body && (root.Get("apiVersion") == nil || root.Get("kind") == nil) && !kinds.IsTekton(textOf(version)) {
			return false // other formats have fields such as apiversion and Kind
		}
		return apiVersion().MatchString(textOf(version)) || kinds.IsKnown(textOf(kind))
	case version != nil:
		return kinds.IsTekton(textOf(version)) || body && apiVersion().MatchString(textOf(version))
	case kind != nil:
		return kinds.IsOfTekton(textOf(kind)) || body && kinds.IsKnown(textOf(kind))
	}
	return isMap(metadata) && isMap(spec) &&
		slices.ContainsFunc(ofTekton, func(name string) bool { return spec.Get(name) != nil })
}

// field returns the value of a field whose name may be written in another case.
func field(n *yamlread.Node, name string) *yamlread.Node {
	for i, k := range n.Keys {
		if strings.EqualFold(k.Name, name) {
			return n.Items[i]
		}
	}
	return nil
}

// isCloudEvent reports whether a map has the attributes that each CloudEvent has. Those about
// objects of Kubernetes also have the attributes apiversion and kind.
func isCloudEvent(n *yamlread.Node) bool {
	for _, name := range [...]string{"specversion", "id", "source", "type"} {
		if textOf(n.Get(name)) == "" {
			return false
		}
	}
	return true
}

func isMap(n *yamlread.Node) bool { return n != nil && n.Kind == yamlread.Map }

func isJSON(file string) bool { return strings.EqualFold(path.Ext(file), ".json") }
