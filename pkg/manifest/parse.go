package manifest

import "github.com/tekwright/tekwright/pkg/check"

// Parse reads what can be read of a YAML or JSON stream: the objects, and what
// is wrong with the text itself. The name is the file name in places.
func Parse(data []byte, name string) ([]check.Object, check.Findings) {
	d := decoder{name: name}
	d.stream(string(data))
	return d.objects, d.findings
}
