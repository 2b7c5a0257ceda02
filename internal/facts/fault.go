package facts

// Fault is the error in a $(...) that refers to a task, a step, a result or a
// workspace. If there are several, it is the first.
type Fault int

// The faults.
const (
	NoFault Fault = iota
	// OtherProblem: the variable is not replaced where it is, as [Entry.Problems]
	// reports.
	OtherProblem

	// UnknownTask: the pipeline has no such task.
	UnknownTask
	// UnknownFinallyTask: finally has no such task.
	UnknownFinallyTask
	// InFinally: the task runs in finally, after everything that could read it.
	InFinally
	// FinallyInTask: it reads a result of finally, which only results of the
	// pipeline can.
	FinallyInTask
	// StatusInTasks: it reads a status outside finally.
	StatusInTasks
	// OwnResult: the task reads its own result, and so waits for itself.
	OwnResult

	// NestedResult: the task runs a pipeline, whose results are not passed on.
	NestedResult
	// UnknownResult: what runs does not declare the result.
	UnknownResult
	// OneOfMatrix: it reads a single result of a task whose matrix produces an array.
	OneOfMatrix
	// CollectedType: it collects results of a matrix that are not strings.
	CollectedType
	// NamesakeType: the same, for the task that Tekton confuses with the intended one.
	NamesakeType
	// PartOfStringResult: it reads an item, a key or all items of a string.
	PartOfStringResult
	// KeyOfArrayResult: it reads a key of an array.
	KeyOfArrayResult
	// ItemOfObjectResult: it reads an item of an object.
	ItemOfObjectResult
	// ItemOfStepResult: it reads an item of a result of a step that is not an array.
	ItemOfStepResult
	// KeyOfStepResult: it reads a key of a result of a step that is not an object.
	KeyOfStepResult
	// UnknownResultKey: the object does not declare the key.
	UnknownResultKey
	// UnknownLength: it reads an item of an array whose length is unknown until run
	// time.
	UnknownLength
	// ArrayForString: it is an array where a string is needed.
	ArrayForString
	// ObjectForString: it is an object where a string is needed.
	ObjectForString

	// NoMatrix: it counts the runs of a task without a matrix.
	NoMatrix
	// WholeCounted: it counts the runs of a matrix over a whole result, which Tekton
	// counts as one value. It is replaced nevertheless.
	WholeCounted

	// UnknownStep: the Task does not have the step.
	UnknownStep
	// LaterStep: the step has not run yet.
	LaterStep

	// UnknownWorkspace: the workspace is not declared where it is looked up.
	UnknownWorkspace
	// UnknownInTask: the same, for a text that the Task replaces.
	UnknownInTask
)
