// Package cluster works with Tekton on a live cluster: it applies sets of
// manifests, starts runs, follows them until they end, and cancels them.
//
// Apply a set, and delete what it no longer has:
//
//	client, err := cluster.New(config, cluster.Options{Namespace: "ci"})
//	if err != nil {
//		return err
//	}
//	changes, err := client.Apply(ctx, set, cluster.ApplyOptions{Set: "release", Prune: true})
//
// Start a run:
//
//	started, err := client.Start(ctx, run, cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
//
// Follow it until it ends:
//
//	outcome, err := started.Follow(ctx, cluster.FollowOptions{Logs: true, Events: func(e cluster.Event) { fmt.Println(e) }})
//	if err == nil {
//		err = outcome.Err() // a *RunError: which task, step, exit code, and its last lines
//	}
//
// It is the only package of this module that talks to an API server, and the
// only one that links client-go. Programs that only write manifests do not need
// it. The package does not read kubeconfig files or environment variables; the
// caller provides a rest.Config.
//
// # Apply
//
// [Client.Apply] sends each object by server-side apply with strict validation.
// Fields set by others are kept, unknown fields are rejected, and objects that
// are already up to date are not changed. It returns what it did with each
// object, and a diff for each changed one.
//
// It reports all problems at once. Each has the field at fault and, where known,
// the line of Go or YAML that set it:
//
//   - [RejectedError]: the API server or a webhook rejects the object. After the
//     first rejection nothing more is stored.
//   - [ConflictError]: another manager owns a field, or the object belongs to
//     another set.
//   - [ForbiddenError]: the user lacks a permission. The error contains the rule
//     that grants it.
//   - [NotServedError]: Tekton, a kind or a namespace does not exist in the
//     cluster.
//   - [UnreachableError]: the cluster or a webhook did not answer, after several
//     attempts.
//   - [NotKubernetesError]: the server is not a Kubernetes API server.
//
// Objects of a named set are labeled with its name. Pruning uses the label to
// find and delete objects that are no longer in the set. It never deletes
// objects that hold data, such as namespaces, PersistentVolumes,
// PersistentVolumeClaims, Secrets and runs, nor objects labeled by anyone else.
//
// # Runs
//
// [Client.Start] creates the run in a source, and [Run.Follow] reports its events
// until it ends:
//
//	run, err := client.Start(ctx, p.Run("release-1"), cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
//	...
//	outcome, err := run.Follow(ctx, cluster.FollowOptions{
//		Logs:   true,
//		Events: func(e cluster.Event) { fmt.Println(e) },
//	})
//	if err != nil {
//		return err // cannot follow: missing permissions, lost connection, deleted run
//	}
//	return outcome.Err() // a *RunError: which task, step, exit code, and its last lines
//
// Runs are watched, not polled. Each [Event] is reported once and in order, even
// if the connection is lost in between: the start and end of tasks and steps,
// retried attempts, skipped tasks and the reason, log lines, and what keeps a pod
// from starting. A [Status] has the same information as a tree at one moment. It
// can be formatted by a [Tree], and computed from recorded objects by [StatusOf].
// PipelineRuns and TaskRuns are followed in the same way, including matrix
// combinations, finally tasks, custom runs and nested pipelines.
//
// # Permissions
//
// A Role in the namespace needs the following rules; each line lists the
// permissions for one operation. Cluster-scoped objects need a ClusterRole.
//
//	operation         apiGroups     resources                             verbs
//	Apply             those of      the kinds in the set                  get, create, patch
//	  with Prune      the set       the same                              list, delete
//	Start             tekton.dev    pipelineruns, taskruns                create
//	Status, Follow    tekton.dev    pipelineruns, taskruns, customruns    get, list, watch
//	  with Logs       ""            pods/log                              get
//	  why pods wait   ""            events                                list, watch
//	Cancel            tekton.dev    pipelineruns, taskruns                get, patch
//
// For a TaskRun that belongs to no PipelineRun, permissions for taskruns are
// sufficient. Permissions for customruns are needed only if a run has any. Start
// does not check the permissions to follow the run; a run that cannot be followed
// keeps running. Missing permissions are reported as a [ForbiddenError] with the
// rule to add, except those for logs and events, which cause only a warning.
package cluster
