// Package check finds what a cluster would refuse, fail on, or silently get
// wrong, in Tekton's objects and in what they need, before anybody applies them.
//
// # Two front doors
//
// [Run] looks only at upstream objects (v1.Task, v1.Pipeline, v1.PipelineRun,
// v1beta1.StepAction, the objects of Triggers, Secrets, roles, ..., or
// unstructured ones of these kinds) and knows nothing of builders. Who lowers
// Go to objects gives each [Object] a Place that turns a path into the file:line
// of the Go code; who reads YAML gives it one that turns a path into the line of
// the file. The rules are the same.
//
//	findings := check.Run(objects, check.Profile{Complete: true})
//	if err := findings.Err(); err != nil {
//		return err // every error, each at its place
//	}
//
// # Severities
//
//   - [Error]: it will be refused, it will fail, or a $(...) stays as it is,
//     which Tekton never reports and a shell runs as a command.
//   - [Warning]: it is ignored or skipped, it is risky, or the cluster needs a
//     setting for it.
//   - [Note]: it cannot be known offline. What a Task needs that is not among the
//     objects is a note, and an error if [Profile].Complete says that they are
//     all there is.
//
// One mistake makes one finding: a name that is wrong in ten places is told
// once, with the further places as [Related]; what depends on something unknown
// is not told at all.
//
// # Paths
//
// Finding.Path leads into the object, as JSON spells it: fields are joined by
// dots, items of lists are [0], keys of maps are ["key"]. So
// spec.tasks[2].params[0].value, spec.finally[0], metadata.labels["app"]. A path
// may name a field that is not there: spec.params of a run that sets none.
//
// # Rules
//
// A rule has a code, noun and fault: param-missing. Codes are stable, and each
// is a constant of this package, whose comment says what happens in a cluster
// and what to do (in a clone: go doc ./pkg/check ParamMissing). [Rules] and [RuleOf] give the same
// text to programs, with a bad and a good example; docs/rules.md lists all.
// [Others] are the codes that are no rules here, such as those of builders.
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
// An object silences a rule for itself by an annotation, [Silence] and the
// code, whose value is the reason:
//
//	metadata:
//	  annotations:
//	    check.tekwright.dev/input-in-script: only the release team starts this
//
// Run does that with its findings; [Profile.Settle] does it with others, such as
// those of manifest.Parse. In Go, Annotate of a pipeline, task, run, Secret or Ingress does the same. For
// all objects, Profile.Severities gives a rule another severity, and Profile.Disabled turns it off.
//
// # Rules of your own
//
// Profile.Rules adds rules: each has a code, a severity, and a function that
// looks at one object, with the whole set at hand. See the example of [Rule].
// One that panics is reported, and stops no other.
package check

//go:generate go run ./internal/rulegen
