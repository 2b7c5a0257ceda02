package facts

// Fault is what is wrong with the task, the step, the result or the workspace
// that a $(...) names.
type Fault int

// The faults. Of several it is the first that would be noticed.
const (
	NoFault Fault = iota

	// Misplaced: Tekton replaces it elsewhere, but not where it stands.
	Misplaced
	// UnknownField: what it names is there, but has no such field.
	UnknownField

	// UnknownTask: the pipeline does not have the task.
	UnknownTask
	// UnknownFinallyTask: finally does not have the task.
	UnknownFinallyTask
	// InFinally: the task runs in finally, after everything that could read it.
	InFinally
	// FinallyInTask: it reads a result of finally, which only results of the
	// pipeline can.
	FinallyInTask
	// StatusInTasks: it reads a status, which only tasks of finally can.
	StatusInTasks
	// OwnResult: the task reads a result of itself, so that it waits for itself.
	OwnResult

	// NestedResult: the task runs a pipeline, whose results are not passed on.
	NestedResult
	// UnknownResult: what runs does not declare the result.
	UnknownResult
	// OneOfMatrix: it reads one result where a matrix makes an array of them.
	OneOfMatrix
	// CollectedType: it collects results of a matrix that are not strings.
	CollectedType
	// NamesakeType: as CollectedType, of the task that Tekton takes for the one
	// that is meant.
	NamesakeType
	// PartOfString: it reads an item, a key or all items of a string.
	PartOfString
	// KeyOfArray: it reads a key of an array.
	KeyOfArray
	// ItemOfObject: it reads an item of an object.
	ItemOfObject
	// ItemOfOther: it reads an item of a result of a step that is not an array.
	ItemOfOther
	// KeyOfOther: it reads a key of a result of a step that is not an object.
	KeyOfOther
	// UnknownKey: the object does not declare the key.
	UnknownKey
	// UnknownLength: it reads an item of an array whose length is known at run time
	// only.
	UnknownLength
	// ArrayForString: it is an array where a string is needed.
	ArrayForString
	// ObjectForString: it is an object where a string is needed.
	ObjectForString

	// NoMatrix: it counts the runs of a task without a matrix.
	NoMatrix
	// WholeCounted: it counts the runs of a matrix over a whole result, which
	// Tekton takes for one value. It is replaced all the same.
	WholeCounted

	// UnknownStep: the Task does not have the step.
	UnknownStep
	// LaterStep: the step has not run yet.
	LaterStep
	// StepForContainer: it names a step where the name of the container is needed.
	StepForContainer
	// ActionResult: a StepAction names its own result as one of the Task.
	ActionResult

	// UnknownWorkspace: the workspace is not declared where it is looked for.
	UnknownWorkspace
	// UnknownInTask: the same, where it is looked for in the Task that gets the
	// text.
	UnknownInTask
)
