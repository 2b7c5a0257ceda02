// Package simulate answers what Tekton would do with a run: which tasks run, in which
// order and side by side, which are skipped and why, with which params, and how the run
// ends. It needs no cluster and no network.
//
//	result, err := simulate.Run(set, "release-1", simulate.Script{
//		Tasks: map[string][]simulate.Outcome{
//			"test": {{Status: simulate.Fail}},
//		},
//	})
//	if err != nil {
//		return err
//	}
//	fmt.Println(result.Ran(), result.Skipped(), result.Condition.Reason)
//
// Nothing here models Tekton. The reconcilers of Tekton Pipelines, which are the code of
// its controller, run in this process on objects in memory, with a clock that only
// advances when nothing is left to do. So retries, timeouts, when expressions, matrices,
// finally tasks, results and the messages of conditions are Tekton's. What is simulated is
// the kubelet: a pod does not run, but ends as the [Script] says.
//
// # The script
//
// By default, each task succeeds after [DefaultDuration]. The script changes that for a
// pipeline task, for one combination of its matrix, or for one attempt. A task of a nested
// pipeline is named by its path: "deploy/apply" is the task apply of the pipeline that the
// task deploy runs. A name that no task has is an error.
//
// # Results
//
// A result that the script does not set is not known, and a unique text stands for it:
// <tasks.clone.results.commit>. [IsSymbol] recognizes it. Where a when expression or the
// array of a matrix depends on such a text, the run could go another way. Run then takes
// the way in which the result is none of the values that it is compared with, and an array
// has one item. [All] lists all ways.
//
// # Tasks that are not in the set
//
// A Task that the set does not contain, or that a resolver would fetch, is assumed to
// declare what the pipeline uses of it. Result.Notes lists them.
//
// # What is not simulated
//
// Steps, scripts and images do not run, and workspaces have no content. Whether the pod of
// a task can start depends on the cluster. When expressions of steps are decided by the
// pod, and are ignored. Pipelines that a resolver would fetch are errors.
//
// # Weight
//
// A program that imports this package links Tekton's controller and the clients of
// Kubernetes. No other package of the library imports it.
package simulate
