// Package facts provides facts about a set of Kubernetes objects: declarations and
// their uses, what a task runs and which values it passes, the order of tasks, and the
// permissions of service accounts. It reports no findings. Rules and other packages
// query it.
//
// A [Set] is made of objects and never changes. Its facts are computed on first use
// and cached. A Set must not be used by more than one goroutine at a time.
//
// # Overview
//
//   - [Entry]: an object, decoded to the struct of its kind. The objects that a
//     TriggerTemplate creates are entries too.
//   - [TaskSpec]: a Task spec in a Task, in a pipeline task or in a TaskRun. A
//     StepAction is a Task spec without steps.
//   - [Container]: a step, a step template or a sidecar, with its [Source]s: the words
//     of its scripts and of its command line.
//   - [PipelineSpec] and its [PipelineTask]s, with what each of them runs.
//   - [Use]: a $(...) in a text, with its meaning and its place.
//   - [ParamScope] and [Param]: declared params, and their uses.
//   - [TaskUse], [StepUse] and [WorkspaceUse]: a [Use] that refers to a task, a step, a
//     result or a workspace, and its [Fault].
//   - [WhenInput]: the possible inputs of a when expression.
//   - [ResultWrite]: a place where a script writes a result, and the value.
//   - [Spot]: a place inside an object, for findings.
package facts
