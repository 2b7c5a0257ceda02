package manifest

import (
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Parse reads what can be read of a YAML or JSON stream: the objects, and what
// is wrong with the text itself. A document that cannot be read takes no other
// along, and of an object with mistakes the rest is kept. No text makes it panic,
// and none makes it take memory or time out of proportion: what is nested too
// deeply, grows by its aliases, or is larger than any object may be, is refused.
// The name is the file name in places. [Load] reads files and folders.
//
// The findings know neither a profile nor what objects silence:
// [check.Profile.Filter] applies both to them.
//
//	objects, findings := manifest.Parse(data, "ci.yaml")
//	found, err := check.Run(ctx, objects, profile)
//	findings = append(profile.Filter(findings, objects), found...)
//	findings.Sort()
func Parse(data []byte, name string) ([]object.Object, diag.Findings) {
	return parse(string(data), name)
}

func parse(text, name string) ([]object.Object, diag.Findings) {
	d := decoder{name: name}
	d.stream(text)
	return d.objects, d.findings
}
