// Package check finds mistakes in Tekton objects, and in the Kubernetes objects
// that they need, before they are applied: what a cluster would reject, what would
// fail at run time, and what Tekton would silently get wrong.
//
// Check files and folders:
//
//	loaded, err := manifest.Load(ctx, []string{"tekton"}, manifest.LoadOptions{})
//	if err != nil {
//		return "", err
//	}
//	findings, err := check.RunLoaded(ctx, loaded.Objects, loaded.Findings, check.Profile{})
//
// Check objects of a program, to which nothing else belongs:
//
//	findings, err = check.Run(ctx, objects, check.Profile{Complete: true})
//	if err == nil {
//		err = findings.Err() // every error, each with its position
//	}
//
// Explain a finding:
//
//	text := ""
//	if r, ok := check.Lookup(check.ParamMissing); ok {
//		text = r.Text
//	}
//
// # Checking objects
//
// [Run] checks upstream objects (v1.Task, v1.Pipeline, v1.PipelineRun,
// v1beta1.StepAction, the objects of Tekton Triggers, Secrets, roles, ..., or
// unstructured objects of these kinds). It does not matter where they come from.
// The Locate function of each [object.Object] turns the path of a finding into a
// position: a file:line of Go code for the builders, and a line and column for
// the YAML readers.
//
// An error of Run means that the context was canceled. The findings are not an error
// until Err makes them one.
//
// [RunRules] runs only the given rules, and those of the profile.
//
// # Severities
//
//   - [diag.Error]: the cluster rejects the object, the run fails, or a $(...) is
//     passed on unreplaced. Tekton does not report the last case, and a shell
//     runs the text as a command.
//   - [diag.Warning]: something is ignored, skipped or risky, or the cluster needs
//     a certain setting.
//   - [diag.Note]: it cannot be known offline, or is advice. A reference to an
//     object that is not among the checked objects is a note, or an error if the
//     [Profile] is Complete.
//
// The field Persona of the [Profile] selects for whom findings are: by default,
// rules for [rule.Pedantic] and [rule.Auditor] readers are not applied.
//
// One mistake is one finding. A wrong name that is used in ten places is reported
// once, with the other places as [diag.Related]. Findings that depend on something
// unknown are not reported.
//
// # Paths
//
// The [diag.Path] of a finding is the path of the value at fault. It uses the JSON
// names of fields; items of lists are [0] and keys of maps are ["key"]:
// spec.tasks[2].params[0].value, spec.finally[0], metadata.labels["app"]. The field
// need not exist: the path may be spec.params for a run that sets none.
//
// # Rules
//
// A rule is a [rule.Rule]. Its code is usually a noun and what is wrong with it:
// param-missing. Codes are stable. Each code is a constant of this package, and the
// comment of the constant explains what happens in a cluster and what to do (in a
// clone: go doc ./pkg/check ParamMissing). [Rules] and [Lookup] return the same
// text, with a bad and a good example; docs/rules.md lists all rules.
// [OtherCodes] returns the codes that do not belong to rules, such as those of
// the builders.
//
// The code "internal" means that a rule panicked on an object. The other rules are
// not affected.
//
// # The cluster
//
// A [Profile] describes the cluster: its feature level, its flags, and objects
// that exist outside the set. The zero value is a cluster with default settings,
// and a set that may be incomplete. [ReadProfile] reads a profile from a file.
//
// # Turning rules off
//
// To suppress a rule for one object, add an annotation. Its name is
// [rule.SuppressPrefix] followed by the code, and its value is the reason:
//
//	metadata:
//	  annotations:
//	    check.tekwright.dev/input-in-script: only the release team starts this
//
// In Go, [Suppress] returns the name, for the method Annotate that pipelines, tasks, runs and
// other objects have:
//
//	t.Annotate(check.Suppress(check.InputInScript), "only the release team starts this")
//
// In YAML, a comment suppresses a rule for the findings in its line. In a line of its own,
// it applies to the map item or list item below it:
//
//	# tekwright: ignore input-in-script -- only the release team starts this
//
// Run applies annotations and comments to its own findings, and the method Filter of the
// [Profile] to others, such as those of manifest.Parse. The function Suppressed of the
// profile gets what they suppress. [Accepted] is for objects that must not be changed. To
// change a rule for all objects, use the fields Severities and Disabled of the profile.
//
// # Your own rules
//
// The field Rules of the [Profile] adds your own rules, which have the same type
// as those of this package; see package rule and its example. A rule that panics
// is reported, and does not stop the others.
package check

//go:generate go run ./internal/rulegen
