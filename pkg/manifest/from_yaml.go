package manifest

import "github.com/tekwright/tekwright/pkg/object"

// FromYAML returns a source of the objects in a YAML or JSON text, such as an embedded file. The
// name is the file name in positions. The text is read as strictly as by [Read], when the set is
// built; what is wrong with it is an error of the set.
//
//	//go:embed listener.yaml
//	var listener string
//
//	set.Add(manifest.FromYAML(listener, "listener.yaml"))
func FromYAML(text, name string) Source { return fromYAML{text, name} }

// fromYAML is a text.
type fromYAML struct{ text, name string }

// Objects reads the text.
func (f fromYAML) Objects() ([]object.Object, error) {
	d := decoder{name: f.name}
	d.stream(f.text)
	d.limited()
	return d.objects, d.findings.Err()
}
