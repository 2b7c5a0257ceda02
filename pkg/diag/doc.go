// Package diag has the words in which problems are reported: a [Finding] with a
// stable code, a [Severity], the object and the [Path] inside it, the [Position]
// in the source, and perhaps a [Fix].
//
// Everything in tekwright that finds a problem reports it as a Finding: the
// rules of package check, the builders, the readers of YAML, and rules of your
// own. The package knows nothing of Tekton or Kubernetes.
//
// # Structs inside, text at the edge
//
// A [Position] has a file, a line and a column as fields, and a [Path] is a list
// of segments. Programs compare and follow them as they are. Their String
// methods write them for people: main.go:14, manifests/run.yaml:3:7,
// spec.tasks[2].params[0].value, metadata.labels["app"]. Only text that another
// program wrote, such as the field path of a webhook, is read with [ParsePath].
package diag
