// Package facts answers questions about a set of Kubernetes objects: what is
// declared and who uses it, what a task runs and who passes it what, what runs
// after what, who may do what. It reports nothing: rules, and whoever else needs
// to know, ask it.
//
// A [Set] is made of objects and never changes. Its facts are computed when they
// are first asked for, and kept. A Set may be used by one goroutine at a time.
//
// # What there is
//
//   - [Entry]: an object, read as the struct of its kind; the objects that a
//     TriggerTemplate creates are entries as well.
//   - [TaskSpec]: a Task spec wherever it stands: in a Task, in a task of a
//     pipeline, in a TaskRun; a StepAction is one without steps.
//   - [Container]: a step, their template or a sidecar, with its [Source]s: the words
//     of its scripts and of its command line.
//   - [PipelineSpec] and its [PipelineTask]s, with what each of them runs.
//   - [Use]: a $(...) in a text, with what it is and where it stands.
//   - [ParamScope] and [Param]: declared params, and what reads them.
//   - [TaskUse], [StepUse] and [WorkspaceUse]: a [Use] that names a task, a step, a
//     result or a workspace, and the [Fault] of it.
//   - [WhenInput]: what the input of a when expression can be.
//   - [ResultWrite]: where a script writes a result, and what.
//   - [Spot]: a place inside an object, which becomes the place of a finding.
package facts
