// Package check finds what a cluster would refuse, fail on, or silently get
// wrong, in Tekton's objects and in what they need, before anybody applies them.
//
// # Two front doors
//
// [Run] looks only at upstream objects (v1.Task, v1.Pipeline, v1.PipelineRun,
// v1beta1.StepAction, the objects of Triggers, Secrets, roles, ..., or
// unstructured ones of these kinds) and knows nothing of builders. Who lowers
// Go to objects gives each [object.Object] a Locate that turns a path into the
// file:line of the Go code; who reads YAML gives it one that turns a path into
// the line of the file. The rules are the same.
//
//	findings, err := check.Run(ctx, objects, check.Profile{Complete: true})
//	if err != nil {
//		return err // the context was cancelled
//	}
//	if err := findings.Err(); err != nil {
//		return err // every error, each with its position
//	}
//
// [Apply] runs rules of your choice: one alone, or a few.
//
// # Severities
//
//   - [diag.Error]: it will be refused, it will fail, or a $(...) stays as it is,
//     which Tekton never reports and a shell runs as a command.
//   - [diag.Warning]: it is ignored or skipped, it is risky, or the cluster needs a
//     setting for it.
//   - [diag.Note]: it cannot be known offline. What a Task needs that is not among
//     the objects is a note, and an error if Complete of the [Profile] says that
//     they are all there is.
//
// One mistake makes one finding: a name that is wrong in ten places is told
// once, with the further places as [diag.Related]; what depends on something
// unknown is not told at all.
//
// # Paths
//
// The [diag.Path] of a finding leads into the object. Its text is as JSON spells
// it: fields are joined by dots, items of lists are [0], keys of maps are ["key"]:
// spec.tasks[2].params[0].value, spec.finally[0], metadata.labels["app"]. A path
// may name a field that is not there: spec.params of a run that sets none.
//
// # Rules
//
// A rule is a [rule.Rule]. It has a code, noun and fault: param-missing. Codes
// are stable, and each is a constant of this package, whose comment says what
// happens in a cluster and what to do (in a clone: go doc ./pkg/check
// ParamMissing). [Rules] and [LookupRule] give the same text to programs, with a bad
// and a good example; docs/rules.md lists all. [OtherFindings] are the codes that are no
// rules here, such as those of builders.
//
// The code "internal" is no rule: a rule could not read an object. The others
// speak all the same.
//
// # The cluster
//
// A [Profile] says what is known of the cluster: its level of features, its
// flags, and what else it has. The zero value is a cluster of default settings,
// and a set that lacks things. [ReadProfile] reads one from a file.
//
// # Turning rules off
//
// An object silences a rule for itself by an annotation, [rule.SuppressPrefix] and the
// code, whose value is the reason:
//
//	metadata:
//	  annotations:
//	    check.tekwright.dev/input-in-script: only the release team starts this
//
// Run does that with its findings; Filter of the [Profile] does it with others,
// such as those of manifest.Parse. In Go, Annotate of a pipeline, task, run,
// Secret or Ingress does the same. For all objects, Severities of the profile
// gives a rule another severity, and Disabled turns it off.
//
// # Rules of your own
//
// Rules of the [Profile] are run beside those of this package, and are of the
// same type: see package rule and the package example. One that panics is
// reported, and stops no other.
package check

//go:generate go run ./internal/rulegen
