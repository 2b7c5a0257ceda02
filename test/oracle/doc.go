// Package oracle holds the rules of tekwright against the code that Tekton's
// controllers run: it makes systems of Tasks, StepActions, a Pipeline and runs
// at random, breaks one thing in each, and asks both whether that would run.
//
// What is proved, for as many systems as are asked for: a system that is made to
// run has no error of ours and runs there (TestValid); of a system with a fault
// in it the two verdicts are equal, and ours names the fault, by a rule that fits
// and at the object that is broken (TestFaults). Where Tekton's code does not see
// a fault, because only the Pod, the entrypoint or a person would, the fault says
// so (blind), and we have to tell of it all the same. A fault that cannot be put
// anywhere fails the test.
//
// Theirs is what these functions say, called in the order of the reconcilers:
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
//     ValidateOnlyOnePVCIsUsed, and of what is private validateOverrides,
//     validateTaskSpecRequestResources, validateTaskRunResults and the
//     replacement of all references;
//   - a $(...) that is left in what a Pod is made of.
//
// Not covered: resolvers, custom tasks, Pipelines in Pipelines, guards (every
// task runs, and succeeds), retries, timeouts, the affinity assistant, whatever
// the API server and the kubelet refuse, and Tekton Triggers: test/triggers does
// those.
//
// It is a module of its own because Tekton's reconcilers need more than a
// thousand packages, none of which the library may pull in.
//
//	go test -v .                                   # the table: fault, tried, theirs, ours
//	go test . -systems 20000 -tries 500 -timeout 2h # more of them
//	go test -v . -run TestShow -seed 207 -fault cycle
package oracle
