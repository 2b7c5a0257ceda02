package facts

// Fault is what is wrong with the task, the step, the result or the workspace
// that a $(...) names. Of several faults it is the first.
type Fault int

// The faults.
const (
	NoFault Fault = iota
	// OtherProblem: it has no meaning where it stands, as [Entry.Problems] says.
	OtherProblem

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
	// NamesakeType: the same, of the task that Tekton takes for the one that is
	// meant.
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

	// UnknownWorkspace: the workspace is not declared where it is looked for.
	UnknownWorkspace
	// UnknownInTask: the same, where it is looked for in the Task that gets the
	// text.
	UnknownInTask
)
