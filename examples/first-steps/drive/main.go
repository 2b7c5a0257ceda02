// Drive is the Go client of the first-steps system: it applies a pipeline,
// starts a run, prints its events and logs, and prints its results.
//
//	go run ./examples/first-steps/drive -namespace ci
//
// It replaces a clientset that creates runs and an informer that watches them.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

func main() {
	namespace := flag.String("namespace", "default", "namespace of the run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := drive(ctx, *namespace, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// Greet greets someone.
type Greet struct {
	Name builder.String // who to greet; required
}

// Greeted has the handles of a Greet task.
type Greeted struct {
	*builder.PipelineTask
	Text builder.String
}

// TaskName returns greet.
func (Greet) TaskName() string { return "greet" }

// Define declares the task.
func (g Greet) Define(t *builder.Task) Greeted {
	name, text := t.Param("name", g.Name), t.Result("text")
	t.Step("greet").Image("docker.io/library/busybox:1.37.0").Requests("50m", "16Mi").
		Env("NAME", name).
		Script("#!/bin/sh\nset -e\nprintf 'hello %s' \"$NAME\" | tee " + text.Path() + "\n")
	return Greeted{t.PipelineTask(), text.Value()}
}

// drive runs the pipeline, and returns an error if the run fails.
func drive(ctx context.Context, namespace string, out io.Writer) error {
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
	if err != nil {
		return err
	}
	client, err := cluster.New(config, cluster.Options{Namespace: namespace})
	if err != nil {
		return err
	}

	p := builder.NewPipeline("hello")
	name := p.Param("name")
	hello := builder.Add(p, "hello", Greet{Name: name})
	p.Result("text", hello.Text)

	// Only the run is created each time: everything else is applied.
	set := manifest.New(p.Run("hello-", name.Set("world"))).Namespace(namespace)
	run, err := client.Start(ctx, set, cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
	if err != nil {
		return err
	}
	outcome, err := run.Follow(ctx, cluster.FollowOptions{
		Events: func(e cluster.Event) { fmt.Fprintln(out, e) },
		Logs:   true,
	})
	if err != nil {
		return err // following failed; the run continues
	}
	for _, r := range outcome.Results {
		fmt.Fprintln(out, r.Name, "=", r.Value.StringVal)
	}
	return outcome.Err() // with the task, the step, and its last log lines
}
