package pac

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/params/info"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/resolve"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/templates"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tektonv1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"go.uber.org/zap"

	"github.com/tekwright/tekwright/internal/pac"
)

// values are those of a pull request, as both sides take them.
type values struct {
	vars    map[string]string
	body    map[string]any
	headers http.Header
	files   map[string]any
}

func someValues() values {
	return values{
		vars: map[string]string{
			"revision": "abc123", "repo_url": repoURL, "repo_owner": "acme", "repo_name": "app", "target_branch": "main",
			"source_branch": "feature", "git_tag": "", "source_url": repoURL, "sender": "dev", "target_namespace": "ci",
			"event_type": "pull_request", "trigger_comment": `/test say="x"`, "pull_request_labels": `bug\nnot: yaml`, "pull_request_number": "7",
			"name": "a", "lines": "x\n---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: inserted}\n", "nested": "{{ revision }}", "x": "1",
		},
		body:    map[string]any{"number": 7.0, "pull_request": map[string]any{"title": "a \"title\"", "draft": false, "labels": []any{"a", "b"}}, "half": 0.5, "none": nil},
		headers: http.Header{"X-Github-Event": {"pull_request", "second"}, "Accept": {"*/*"}},
		files:   map[string]any{"all": []string{"a", "b"}, "added": []string(nil), "deleted": []string{}, "modified": []string{"a"}, "renamed": []string{"b"}},
	}
}

func (v values) ours() pac.Values {
	headers := map[string]string{}
	for k, h := range v.headers {
		headers[k] = h[0]
	}
	if v.headers == nil {
		headers = nil
	}
	return pac.Values{Standard: v.vars, NoParams: true, Body: v.body, Headers: headers, Files: v.files}
}

func (v values) expand(text string) string {
	var body any
	if v.body != nil {
		body = v.body
	}
	return templates.ReplacePlaceHoldersVariables(text, v.vars, body, v.headers, v.files)
}

// readFiles returns the files of a folder as they are given to internal/pac.
func readFiles(t testing.TB, dir string) []pac.File {
	t.Helper()
	var files []pac.File
	require.NoError(t, filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files = append(files, pac.File{Name: filepath.ToSlash(rel), Text: text})
		return err
	}))
	return files
}

// blank removes white space: that of lists and maps in Pipelines-as-Code depends on its build.
func blank(s string) string { return strings.Join(strings.Fields(s), "") }

func blanks(all []string) []string {
	var out []string
	for _, s := range all {
		out = append(out, blank(s))
	}
	return out
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error() // a run without a value for a param cannot be written
	}
	return string(b)
}

// compareFolder compares each step of both sides on a checkout, and returns how many runs
// were resolved.
func compareFolder(t testing.TB, root string, v values, remote map[string]string) int {
	t.Helper()
	dir := filepath.Join(root, ".tekton")
	f := pac.Load(readFiles(t, dir))
	joined, err := ReadDir(dir)
	if err != nil {
		assert.NotEmpty(t, f.Broken(), "Pipelines-as-Code drops the folder: %v", err)
		return 0
	}
	if !assert.Empty(t, f.Broken(), "Pipelines-as-Code reads the folder") {
		return 0
	}
	require.Equal(t, joined, f.Text())
	compareText(t, joined, f.Raw(nil))
	expanded := v.expand(joined)
	objects := f.Read(v.ours())
	require.Equal(t, blank(expanded), blank(pac.Expand(joined, v.ours()).Text))
	types := compareText(t, expanded, objects)
	if types == nil || len(types.PipelineRuns) == 0 {
		return 0
	}
	return compareRuns(t, root, v, remote, objects, types)
}

// compareText compares the documents of a text.
func compareText(t testing.TB, text string, objects *pac.Objects) *resolve.TektonTypes {
	t.Helper()
	types, err := resolve.ReadTektonTypes(context.Background(), zap.NewNop().Sugar(), text)
	if err != nil {
		require.Error(t, objects.Err, "Pipelines-as-Code: %v", err)
		return nil
	}
	require.NoError(t, objects.Err)
	var want, got []string
	for _, r := range types.PipelineRuns {
		want = append(want, "run "+r.Name+" "+r.GenerateName+" "+asJSON(t, r.Spec)+asJSON(t, r.Annotations)+asJSON(t, r.Labels))
	}
	for _, p := range types.Pipelines {
		want = append(want, "pipeline "+p.Name+asJSON(t, p.Spec)+asJSON(t, p.Annotations))
	}
	for _, k := range types.Tasks {
		want = append(want, "task "+k.Name+asJSON(t, k.Spec)+asJSON(t, k.Labels))
	}
	for _, r := range objects.Runs {
		got = append(got, "run "+r.RunName+" "+r.GenerateName+" "+asJSON(t, r.Object.Spec)+asJSON(t, r.Annotations)+asJSON(t, r.Labels))
	}
	for _, p := range objects.Pipelines {
		got = append(got, "pipeline "+p.Object.Name+asJSON(t, p.Object.Spec)+asJSON(t, p.Object.Annotations))
	}
	for _, k := range objects.Tasks {
		got = append(got, "task "+k.Object.Name+asJSON(t, k.Object.Spec)+asJSON(t, k.Object.Labels))
	}
	require.Equal(t, blanks(want), blanks(got), "%s", text)
	// What is told in a comment is dropped on both sides.
	comments := 0
	for _, e := range types.ValidationErrors {
		if strings.HasPrefix(e.Schema, "tekton.dev") && !strings.Contains(e.Err.Error(), "no kind") {
			comments++
		}
	}
	for _, d := range objects.Dropped {
		if d.Comment {
			comments--
		}
	}
	assert.Zero(t, comments, "comments more than said: %v\n%s", types.ValidationErrors, text)
	return &types
}

// compareRuns compares the resolved runs.
func compareRuns(t testing.TB, root string, v values, remote map[string]string, objects *pac.Objects, types *resolve.TektonTypes) int {
	t.Helper()
	ctx, logger := info.StoreNS(context.Background(), systemNS), zap.NewNop().Sugar()
	in := &Input{Root: root, Remote: remote}
	run, _, err := cluster(in, logger)
	require.NoError(t, err)
	event := info.NewEvent()
	event.SHA = "0"
	vcx := &fake{in: in, name: "github"}
	theirs, err := resolve.Resolve(ctx, run, logger, vcx, *types, event, &resolve.Opts{GenerateName: true, RemoteTasks: true})
	if pairs := objects.Duplicates(); len(pairs) > 0 {
		require.EqualError(t, err, pairs[0].Error())
		return 0
	}
	ours := objects.Resolve(objects.Runs, fetchAs(run.Clients.GetURL, vcx, event))
	if err != nil {
		stop := pac.Stop(ours)
		require.Error(t, stop, "Pipelines-as-Code: %v", err)
		if strings.Contains(err.Error(), "cannot find referenced") || strings.Contains(err.Error(), "only one pipeline") {
			require.EqualError(t, stop, err.Error())
		}
		return 0
	}
	require.NoError(t, pac.Stop(ours))
	require.Len(t, ours, len(theirs))
	for i, r := range ours {
		require.Empty(t, r.Own.Unknown)
		require.Equal(t, blank(asJSON(t, theirs[i].Spec)), blank(asJSON(t, r.Object.Spec)))
		require.Equal(t, blank(meta(theirs[i])), blank(meta(r.Object)))
		compareFinish(t, v, theirs[i], r)
	}
	return len(ours)
}

// compareFinish compares the second expansion.
func compareFinish(t testing.TB, v values, theirs *tektonv1.PipelineRun, ours *pac.Resolved) {
	t.Helper()
	text := templates.ReplacePlaceHoldersVariables(asJSON(t, theirs), map[string]string{"git_auth_secret": "pac-gitauth-abcdef"}, nil, nil, map[string]any{})
	want := &tektonv1.PipelineRun{}
	err := json.Unmarshal([]byte(v.expand(text)), &want)
	got, ourErr := ours.Finish(v.ours(), "pac-gitauth-abcdef")
	if err != nil {
		require.Error(t, ourErr, "Pipelines-as-Code: %v", err)
		return
	}
	require.NoError(t, ourErr)
	require.Equal(t, blank(asJSON(t, want.Spec)), blank(asJSON(t, got.Spec)))
}

func meta(r *tektonv1.PipelineRun) string {
	return fmt.Sprint(r.Name, "|", r.GenerateName, "|", r.Namespace, "|", r.Annotations, "|", r.Labels)
}

// fetchAs fetches as the oracle does.
func fetchAs(get func(context.Context, string) ([]byte, error), vcx *fake, event *info.Event) pac.Fetch {
	return func(r pac.Remote) ([]byte, error) {
		switch r.Where() {
		case pac.URL:
			return get(context.Background(), r.Value)
		case pac.Repository:
			text, err := vcx.GetFileInsideRepo(context.Background(), event, r.Value, "")
			return []byte(text), err
		case pac.Catalog:
			return nil, nil
		}
		kind := map[string]string{"Task": "tekton-task/tekton-catalog-tasks/", "Pipeline": "tekton-pipeline/tekton-catalog-pipelines/"}[r.Kind]
		b, err := get(context.Background(), "https://artifacthub.io/api/v1/packages/"+kind+strings.Replace(r.Value, ":", "/", 1))
		var answer struct {
			Data struct{ ManifestRaw string }
		}
		if err == nil {
			err = json.Unmarshal(b, &answer)
		}
		if err == nil && answer.Data.ManifestRaw == "" {
			err = fmt.Errorf("the hub has no manifest")
		}
		return []byte(answer.Data.ManifestRaw), err
	}
}

// TestFolders compares the folders of all cases.
func TestFolders(t *testing.T) {
	runs := 0
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) { runs += compareFolder(t, folder(t, c.files), someValues(), nil) })
	}
	for _, c := range resolutions() {
		t.Run(c.name, func(t *testing.T) { runs += compareFolder(t, folder(t, c.files), someValues(), c.remote) })
	}
	assert.Greater(t, runs, 150, "runs are compared")
}
