// Package check finds what a cluster would refuse, fail on, or silently get
// wrong, in Tekton's own objects, before anybody applies them.
//
// # Two front doors
//
// [Run] looks only at upstream objects (v1.Task, v1.Pipeline, v1.PipelineRun,
// v1.TaskRun, v1beta1.StepAction, or unstructured ones of these kinds) and knows
// nothing of builders. Who lowers Go to objects gives each [Object] a Place that
// turns a path into the file:line of the Go code; who reads YAML gives it one
// that turns a path into the line of the file. The rules are the same.
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
// # Codes
//
// A code is stable and names a rule by what is wrong: noun and fault. Texts may
// change, codes do not.
//
//   - params: param-missing, param-unknown, param-extra, param-unused,
//     param-type, param-duplicate, value-missing, key-missing, key-unknown, index-range,
//     enum-invalid, input-in-script
//   - results: result-unknown, result-type, result-value, result-duplicate,
//     result-guarded, result-unwritten, result-unresolved, result-nested
//   - workspaces and volumes: workspace-missing, workspace-unknown,
//     workspace-extra, workspace-unused, workspace-duplicate,
//     workspace-optional, workspace-unordered, volume-conflict, volume-node,
//     volume-unknown, volume-invalid, volume-duplicate, mount-invalid,
//     mount-duplicate, binding-invalid
//   - rights and Secrets: subject-namespace, secret-key-unknown
//   - order: cycle, finally-misuse, matrix-size, matrix-empty, matrix-single,
//     matrix-missing, matrix-unordered, when-invalid
//   - references: reference-syntax, reference-unknown, reference-scope,
//     reference-ignored
//   - things that are not there: task-unknown, task-external, pipeline-unknown,
//     pipeline-external, stepaction-unknown, stepaction-external, step-unknown,
//     step-order, sidecar-unknown, resolver-unknown, account-external
//   - the rest of a spec: name-invalid, task-duplicate, task-missing,
//     step-duplicate, step-missing, step-conflict, sidecar-duplicate,
//     image-missing, image-invalid, spec-missing, spec-conflict, ref-invalid,
//     resolver-invalid, onerror-invalid, timeout-invalid, retries-invalid,
//     status-invalid, resources-invalid, override-duplicate, feature-gate
//   - upstream: what Tekton's own webhook code refuses although no rule did; see
//     [Upstream]
//
// # Status
//
// Objects of Tekton Triggers, RBAC and Ingress pass unread for now, and objects
// of tekton.dev/v1beta1 other than StepActions are only held against Tekton's own
// code.
package check
