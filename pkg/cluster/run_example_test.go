package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
)

// Start a run, print its events, and cancel it if it takes too long.
func ExampleRun_Follow() {
	config, err := clientcmd.BuildConfigFromFlags("", clientcmd.RecommendedHomeFile)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := cluster.New(config, cluster.Options{Namespace: "ci"})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := builder.NewPipeline("hello")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("docker.io/library/busybox:1.37").Script("echo hello")
	})
	run, err := client.Start(context.Background(), p.Run("hello"), cluster.StartOptions{
		Apply: &cluster.ApplyOptions{}, // the pipeline and its tasks, too
		Again: true,                    // under a name that the cluster makes
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Cancel the run after a limit. Follow reports the finally tasks, and returns
	// when they have ended.
	limit := time.AfterFunc(10*time.Minute, func() {
		var ended *cluster.EndedError // meanwhile, by itself
		if err := run.Cancel(context.Background(), cluster.CancelRunFinally); err != nil && !errors.As(err, &ended) {
			fmt.Println(err)
		}
	})
	defer limit.Stop()
	outcome, err := run.Follow(context.Background(), cluster.FollowOptions{
		Logs:   true,
		Events: func(e cluster.Event) { fmt.Println(e) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if failed, ok := errors.AsType[*cluster.RunError](outcome.Err()); ok {
		for _, f := range failed.Outcome.Failures {
			fmt.Println(f.Task, f.Step, f.ExitCode)
		}
	}
	digest, _ := outcome.Result("digest")
	fmt.Println(digest.StringVal)
}

// Compute the status from recorded objects, such as the output of
// kubectl get -o yaml, without a cluster.
func ExampleStatusOf() {
	run, taskRuns := recorded(example, "failure")
	status, err := cluster.StatusOf(run, taskRuns...)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cluster.OutcomeOf(status).Err())
	// Output:
	// PipelineRun "failure" failed
	// 	task "middle", step "break" failed with exit code 7
	// 		TaskRun "failure-middle", attempt 3
}

func ExampleTree() {
	run, taskRuns := recorded(example, "failure")
	status, err := cluster.StatusOf(run, taskRuns...)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := (cluster.Tree{}).Write(os.Stdout, status); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ✗ PipelineRun "failure"  11s
	// ├─ ✓ first  2s
	// ├─ ✗ middle  4s  attempt 3
	// │  ├─ ✓ prepare  0s
	// │  └─ ✗ break  0s  exit code 7
	// └─ – last  skipped: PipelineRun was stopping
}

func ExampleStatus_History() {
	run, taskRuns := recorded(example, "cancel-stop")
	status, err := cluster.StatusOf(run, taskRuns...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range status.History() {
		if e.Step == "" {
			fmt.Println(e)
		}
	}
	// Output:
	// PipelineRun "cancel" started
	// task "work" started
	// task "work" succeeded after 4s
	// task "after" skipped: PipelineRun was gracefully stopped
	// task "tidy" started
	// task "tidy" succeeded after 2s
	// PipelineRun "cancel" was cancelled after 6s
}
