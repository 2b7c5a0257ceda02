package manifest

import (
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Parse reads a YAML or JSON stream. It returns the objects that can be read, and
// findings for the problems in the text. A document that cannot be read does not
// affect the others, and an object with mistakes is returned without the faulty
// values. Parse is safe for untrusted input: it does not panic, and it rejects
// documents that are nested too deeply, expand too many aliases, or are too large.
// The name is the file name in positions. [Load] reads files and folders.
//
// The findings are not yet filtered by a profile and by annotations of the objects;
// [check.RunLoaded] does that:
//
//	objects, findings := manifest.Parse(data, "ci.yaml")
//	findings, err := check.RunLoaded(ctx, objects, findings, profile)
func Parse(data []byte, name string) ([]object.Object, diag.Findings) {
	d := decoder{name: name}
	d.stream(string(data))
	d.lostDocuments(string(data))
	d.limited()
	return d.objects, d.findings
}
