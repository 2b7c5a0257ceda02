package pac

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params/info"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	own "github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// decide asks tekwright the question of an Input.
func decide(t testing.TB, in Input) *pacmatch.Result {
	t.Helper()
	run, _, err := cluster(&in, zap.NewNop().Sugar())
	require.NoError(t, err)
	event := info.NewEvent()
	event.SHA = "0"
	ours := &pacmatch.Input{
		Headers: in.Headers, Payload: in.Payload, Path: in.Path, Query: in.Query,
		Files:       pacmatch.Files(in.Files),
		PullRequest: in.PullRequest, SHA: in.SHA, CommitMessage: in.CommitMessage,
		Secrets: map[string]string{},
	}
	for _, r := range in.Repos {
		ours.Repositories = append(ours.Repositories, repositoryAs(t, r))
	}
	if in.Global != nil {
		ours.Global = repositoryAs(t, in.Global)
	}
	for _, s := range in.Secrets {
		for k, v := range s.Data {
			ours.Secrets[s.Namespace+"/"+s.Name+"/"+k] = string(v)
		}
	}
	for _, r := range in.Runs {
		if r.Status.GetCondition("Succeeded").IsTrue() {
			ours.Succeeded = append(ours.Succeeded, r.Annotations[pac.OriginalName])
		}
	}
	for _, s := range in.CommitStatuses {
		ours.Succeeded = append(ours.Succeeded, s.Name)
	}
	root := in.Root
	if len(in.Repos) > 0 && in.Repos[0].Spec.Settings != nil && in.Repos[0].Spec.Settings.PipelineRunProvenance == "default_branch" {
		root = in.DefaultBranchRoot
	}
	f := pac.Load(readFiles(t, filepath.Join(root, ".tekton")))
	out, err := pacmatch.Decide(f, ours, fetchAs(run.Clients.GetURL, &fake{in: &in, name: "github"}, event))
	require.NoError(t, err)
	return out
}

func repositoryAs(t testing.TB, r *v1alpha1.Repository) *own.Repository {
	t.Helper()
	out := &own.Repository{}
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, r)), out))
	return out
}

// created describes a run that is created, without what differs in each.
func created(namespace, generateName, original string, spec string) string {
	return fmt.Sprint(namespace, "/", generateName, " ", original, " ", blank(Stable(spec)))
}

// compareEvent compares what both sides say about an event, and returns how many runs it
// starts.
func compareEvent(t testing.TB, in Input) (started int) {
	t.Helper()
	out, crash, err := runs(in)
	ours := decide(t, in)
	said := fmt.Sprintf("ended %q, stop %v, notes %q", ours.Ended, ours.Stop, ours.Notes)
	for _, r := range ours.Runs {
		said += fmt.Sprintf("\n%s: %v %s: %s", r.Name, r.Started, r.Check, r.Reason)
	}
	if crash != nil {
		require.NotNil(t, ours.Stop, said)
		assert.True(t, ours.Stop.Crash, "PaC: %v\n%s", crash, said)
		return 0
	}
	var theirs, mine []string
	if out != nil {
		for _, p := range out.Created {
			p.Spec.Status = "" // it waits if the number of runs is limited
			theirs = append(theirs, created(p.Namespace, p.GenerateName, p.Annotations[pac.OriginalName], asJSON(t, p.Spec)))
		}
	}
	for _, r := range ours.Runs {
		if r.Started {
			mine = append(mine, created(r.Namespace, r.Object.GenerateName, r.Object.Annotations[pac.OriginalName], asJSON(t, r.Object.Spec)))
		}
	}
	slices.Sort(theirs)
	slices.Sort(mine)
	log := ""
	if out != nil {
		log = fmt.Sprintf("%v\n%s\n%s", err, out.Skipped, fmt.Sprint(out.Log))
	}
	assert.Equal(t, theirs, mine, "%s\n%s", said, log)
	if out == nil || out.Event == nil || ours.Event == nil {
		return len(mine)
	}
	e := ours.Event
	for name, value := range map[string]any{
		"event_type": e.EventType, "trigger_target": e.Target, "base_branch": e.BaseBranch, "head_branch": e.HeadBranch,
		"sha": e.SHA, "sha_title": e.SHATitle, "url": e.URL, "base_url": e.BaseURL, "head_url": e.HeadURL, "sender": e.Sender,
		"pr": e.PullRequest, "labels": e.Labels, "comment": e.TriggerComment, "target_run": e.TargetRun, "target_test": e.TargetTest,
	} {
		assert.Equal(t, fmt.Sprint(out.Event[name]), fmt.Sprint(value), "%s\n%s", name, said)
	}
	if ours.Ended == "" || out.Vars != nil {
		vars := map[string]string{}
		for _, v := range ours.Variables {
			if v.Name != "pull_request_number" && (v.Value != "" || out.Vars[v.Name] != "") {
				vars[v.Name] = v.Value
			}
		}
		want := map[string]string{}
		for k, v := range out.Vars {
			if v != "" {
				want[k] = v
			}
		}
		if ours.Repository != nil {
			assert.Equal(t, want, vars, said)
		}
	}
	return len(mine)
}

// runs asks Pipelines-as-Code. The result crash is what it panics with.
func runs(in Input) (out *Output, crash any, err error) {
	defer func() { crash = recover() }()
	out, err = Run(context.Background(), in)
	return out, nil, err
}

// TestMatches compares the runs that the events of all cases start.
func TestMatches(t *testing.T) {
	n := 0
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			in := c.in
			in.Root, in.DefaultBranch = folder(t, c.files), "main"
			in.DefaultBranchRoot = filepath.Join(in.Root, "base")
			in.Files = c.paths
			in.Repos = []*v1alpha1.Repository{cmp.Or(c.repo, repository())}
			if in.Denied && c.want == "" {
				t.Skip("the sender is assumed to be allowed to start runs")
			}
			n += compareEvent(t, in)
		})
	}
	for _, c := range resolutions() {
		t.Run(c.name, func(t *testing.T) {
			in := c.in
			if in.Headers == nil {
				in = pullRequest("opened", "a title")
			}
			in.Root, in.Remote, in.DefaultBranch = folder(t, c.files), c.remote, "main"
			in.Repos = []*v1alpha1.Repository{repository()}
			n += compareEvent(t, in)
		})
	}
	assert.Greater(t, n, 60, "runs are started")
}
