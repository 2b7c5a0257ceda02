// Package diag defines how problems are reported. A [Finding] has a stable code,
// a [Severity], the object and the [Path] inside it, the [Position] in the
// source, and sometimes a [Fix].
//
// Findings are values with fields:
//
//	for _, f := range findings {
//		if f.Severity == diag.Error {
//			fmt.Println(f.Position, f.Code, f.Message)
//		}
//	}
//
// They are errors as well:
//
//	if all, ok := errors.AsType[diag.Findings](err); ok {
//		fmt.Println(len(all), "mistakes")
//	}
//
// A path is built and compared without text:
//
//	path := diag.Fields("spec", "tasks").Index(2).Field("params") // spec.tasks[2].params
//
// Everything in tekwright that detects a problem reports it as a Finding: the
// rules of package check, the builders, the YAML readers, and your own rules.
// The package does not depend on Tekton or Kubernetes.
//
// # Positions and paths
//
// A [Position] has a file, a line and a column as fields, and a [Path] is a list
// of segments, so programs do not have to parse text. Their String methods format
// them for people: main.go:14, manifests/run.yaml:3:7,
// spec.tasks[2].params[0].value, metadata.labels["app"]. [ParsePath] parses the
// text of other programs, such as the field path in an answer of a webhook.
package diag
