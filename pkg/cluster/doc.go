// Package cluster drives Tekton on a live cluster: it applies a set of
// manifests, starts runs, follows them to their end, and cancels them.
//
// It is the one package of this module that talks to an API server, and the one
// that links client-go: a program that only writes manifests does not import it.
// The library reads no kubeconfig and no environment by itself; the caller gives
// a rest.Config.
//
//	client, err := cluster.New(config, cluster.Options{Namespace: "ci"})
//	...
//	changes, err := client.Apply(ctx, set, cluster.ApplyOptions{Set: "release", Prune: true})
//
// # Apply
//
// Apply sends each object by server-side apply, with strict validation: fields
// that others set stay as they are, unknown ones are refused, and what is there
// already, just so, is left alone. It says of each object what became of it, and
// how it differs.
//
// Problems come all at once, and each names the field that is at fault, with the
// line of Go or YAML that asked for it:
//
//   - a [RefusedError]: the API server or a webhook of Tekton does not take the
//     object; from the first one on, nothing more is stored;
//   - a [ConflictError]: another manager owns a field, or another set the object;
//   - a [ForbiddenError]: the account lacks a right, with the rule that gives it;
//   - an [NotServedError]: Tekton, a kind or a namespace is not in the cluster;
//   - an [UnreachableError]: no answer, after several attempts.
//
// Objects of a set with a name have a label, by which those that the set has no
// longer are found and deleted. What holds data is never deleted: namespaces,
// volumes, claims, Secrets, and runs. Objects that somebody else labelled are
// none of the set's.
//
// # Runs
//
// Start creates the run of a source, and Follow tells what happens in it to its
// end:
//
//	run, err := client.Start(ctx, p.Run("release-1"), cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
//	...
//	outcome, err := run.Follow(ctx, cluster.FollowOptions{
//		Logs:   true,
//		Events: func(e cluster.Event) { fmt.Println(e) },
//	})
//	if err != nil {
//		return err // it could not be followed: rights, a lost connection, a deleted run
//	}
//	return outcome.Err() // a *RunError: which task, step, exit code, and its last lines
//
// A run is watched, not polled. An event is told once and in order, whatever
// becomes of the connection: tasks and steps that start and end, attempts that
// are retried, tasks that are skipped and why, lines of logs, and what keeps a
// pod from starting. Status is the same as a tree at one moment, which a [Tree]
// draws; StatusOf makes it of objects that were recorded. A TaskRun is followed as
// a PipelineRun is; so are combinations of a matrix, tasks of finally, custom
// runs, and pipelines in pipelines.
//
// # Rights
//
// These are the rules of a Role, in the namespace, for an account that does it
// all; each line is what one job needs. What belongs to no namespace needs a
// ClusterRole.
//
//	job               apiGroups     resources                             verbs
//	Apply             those of      the kinds that the set has            get, create, patch
//	  with Prune      the set       the same                              list, delete
//	Start             tekton.dev    pipelineruns, taskruns                create
//	Status, Follow    tekton.dev    pipelineruns, taskruns, customruns    get, list, watch
//	  with Logs       ""            pods/log                              get
//	  why pods wait   ""            events                                list, watch
//	Cancel            tekton.dev    pipelineruns, taskruns                get, patch
//
// Rights to taskruns alone will do for TaskRuns that belong to no PipelineRun;
// customruns are asked for where a run has any. Start does not look whether the
// account may follow what it starts: a run that cannot be followed goes on.
// Whoever lacks a right is told by a [ForbiddenError], with the rule; but for logs
// and for events, which a warning tells of.
package cluster
