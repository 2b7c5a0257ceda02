// Package oracle compares the rules of tekwright with the code of Tekton's
// controllers. It generates random systems of Tasks, StepActions, a Pipeline
// and runs, breaks one thing in each, and asks both whether the system would
// run.
//
// It tests, for any number of systems: a valid system has no errors and runs
// (TestValid); for a system with a fault, both verdicts are the same, and
// tekwright reports the fault with an appropriate rule at the broken object
// (TestFaults). Faults that Tekton's code does not detect, because only the
// Pod, the entrypoint or a person would, are marked (blind), and tekwright must
// report them nevertheless. A fault that cannot be inserted anywhere fails the
// test.
//
// The verdict of Tekton is that of these functions, called in the order of the
// reconcilers:
//
//   - webhook: SetDefaults and Validate of each object;
//   - PipelineRun: dag.Build, prr.ValidateRequiredParametersProvided,
//     ValidateParamTypesMatching, ValidateObjectParamRequiredKeys,
//     ValidateParamArrayIndex, ValidateWorkspaceBindings, ValidateTaskRunSpecs,
//     taskrun.ValidateEnumParam, prr.ApplyParameters, ApplyContexts,
//     ApplyWorkspaces, ResolvePipelineTask, taskrun.ValidateResolvedTask,
//     prr.ValidateParamEnumSubset, ValidatePipelineTaskResults,
//     ValidatePipelineResults, ValidateOptionalWorkspaces, PropagateResults,
//     ValidateParameterTypesInMatrix, ApplyTaskResultsToPipelineResults;
//   - TaskRun: trr.GetStepActionsData, taskrun.ValidateResolvedTask,
//     ValidateEnumParam, trr.ValidateParamArrayIndex, workspace.ValidateBindings,
//     ValidateOnlyOnePVCIsUsed, and the unexported validateOverrides,
//     validateTaskSpecRequestResources, validateTaskRunResults and variable
//     substitution;
//   - a $(...) that is left in the fields of a Pod.
//
// TestWritten does the same for sets that were written by hand, as YAML: each file of
// testdata/cases has some, and says what Tekton does with each.
//
// Not covered: resolvers, custom tasks, nested pipelines, when expressions
// (every task runs and succeeds), retries, timeouts, the affinity assistant,
// what the API server and the kubelet reject, and Tekton Triggers, which
// test/triggers covers.
//
// It is a separate module because Tekton's reconcilers need more than a
// thousand packages, none of which the library may import.
//
//	go test -v .                                   # the table: fault, tried, theirs, ours
//	go test . -systems 20000 -tries 500 -timeout 2h # more of them
//	go test -v . -run TestShow -seed 207 -fault cycle
package oracle
