package cluster_test

import (
	"context"
	"fmt"

	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// drive is what docs/guide.md shows of a cluster; it is compiled here, and test/e2e
// runs similar code.
func drive(ctx context.Context, config *rest.Config, set *manifest.Set, p *builder.Pipeline, repo builder.String, url builder.String) ([]any, error) {
	client, err := cluster.New(config, cluster.Options{Namespace: "ci"}) // config: a rest.Config of client-go
	if err != nil {
		return nil, err
	}
	changes, err := client.Apply(ctx, set, cluster.ApplyOptions{Set: "release", Prune: true})
	if err != nil {
		return nil, err
	}
	run, err := client.Start(ctx, p.Run("release-", repo.Set(url)), cluster.StartOptions{})
	if err != nil {
		return nil, err
	}
	outcome, err := run.Follow(ctx, cluster.FollowOptions{
		Events: func(e cluster.Event) { fmt.Println(e) },
		Logs:   true,
	})
	if err != nil {
		return nil, err
	}
	digest, ok := outcome.Result("digest")
	err = outcome.Err() // the task and step that failed, with the last lines of its log
	return []any{changes, digest, ok}, err
}

var _ = drive
