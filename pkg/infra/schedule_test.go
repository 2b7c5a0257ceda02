package infra_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// report returns a run that a schedule creates.
func report(name builder.String) *builder.PipelineRun {
	p := builder.NewPipeline("report")
	who := p.Param("who")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("registry.local/alpine:3.20").Requests("10m", "16Mi").Env("WHO", t.Param("who", who)).Script(`echo "$WHO"`)
	})
	return p.Run(name, who.Set("$5 and \"more\"\n- not: yaml")).ServiceAccount("report")
}

// A CronJob creates the run every night, with a service account that may create runs and
// nothing else.
func ExampleNewSchedule() {
	nightly := report("report-")
	set := manifest.New(infra.NewSchedule("report", "0 3 * * 1-5", nightly).TimeZone("Europe/Berlin"), infra.RunRBAC(nightly)).Namespace("ci")
	fmt.Println(set.Build(), len(set.Findings()))
	// Output: <nil> 0
}

func TestSchedule(t *testing.T) {
	run := report("report-")
	of := func() *infra.Schedule {
		return infra.NewSchedule("report", "0 3 * * 1-5", run).TimeZone("Europe/Berlin").Label("team", "shop").Annotate("example.com/a", "b").
			Mutate(func(o *batchv1.CronJob) { o.Spec.ConcurrencyPolicy = batchv1.ForbidConcurrent })
	}
	written(t, "testdata/schedule.yaml", of(), infra.RunRBAC(run))

	// What the CronJob creates is the run, which the folder does not have.
	set := manifest.New(of(), infra.RunRBAC(run)).Namespace("ci")
	objects, err := set.Objects()
	require.NoError(t, err)
	var text string
	for _, o := range objects {
		if c, ok := o.Object.(*corev1.ConfigMap); ok {
			text = c.Data["run.yaml"]
		}
	}
	created, found := manifest.Parse([]byte(text), "run.yaml")
	require.NoError(t, found.Err())
	require.Len(t, created, 1)
	want, err := run.PipelineRun()
	require.NoError(t, err)
	assert.Equal(t, want, created[0].Object)
	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, set.WriteDir(dir))
	require.NoError(t, set.CheckDir(dir))
	assert.NoFileExists(t, filepath.Join(dir, "pipelinerun-report.yaml"))
	assert.FileExists(t, filepath.Join(dir, "pipeline-report.yaml"))
	list, err := os.ReadFile(filepath.Join(dir, "declared.yaml"))
	require.NoError(t, err)
	assert.Contains(t, string(list), `PipelineRun "report-": CronJob "report"`)
	loaded, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
	require.NoError(t, err)
	require.Empty(t, loaded.Findings)

	// The run is checked like others.
	bad := builder.NewPipeline("bad")
	bad.AddInline("a", func(t *builder.Task) { t.Step("a").Image("registry.local/alpine:3.20").Script("true") })
	missing := bad.Run("bad-").ServiceAccount("nobody")
	assert.Contains(t, manifest.New(infra.NewSchedule("bad", "@daily", missing)).Findings().Error(), `ServiceAccount "nobody"`)
}

// TestKubectl tests that the image of schedules is that of the catalogue.
func TestKubectl(t *testing.T) {
	objects, err := infra.NewSchedule("a", "@hourly", report("a-")).Objects()
	require.NoError(t, err)
	job, ok := objects[0].Object.(*batchv1.CronJob)
	require.True(t, ok)
	image := job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Image
	assert.Contains(t, fmt.Sprint(tasks.Images()), image)
}

func TestScheduleMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		from *infra.Schedule
		want string
	}{
		"a fixed name":    {infra.NewSchedule("a", "@daily", report("a")), "name-fixed"},
		"no run":          {infra.NewSchedule("a", "@daily", nil), "run-missing"},
		"a nil run":       {infra.NewSchedule("a", "@daily", (*builder.PipelineRun)(nil)), "run-missing"},
		"a long name":     {infra.NewSchedule("a123456789a123456789a123456789a123456789a123456789abc", "@daily", report("a-")), "longer than 52"},
		"an area":         {infra.NewSchedule("a", "@daily", report("a-")).TimeZone("Europa/Berlin"), "schedule-invalid"},
		"a time zone":     {infra.NewSchedule("a", "@daily", report("a-")).TimeZone("Local"), "schedule-invalid"},
		"an empty image":  {infra.NewSchedule("a", "@daily", report("a-")).Image(""), "image-missing"},
		"a handle":        {infra.NewSchedule("a", fieldHandle(), report("a-")), "handle-misplaced"},
		"fields of event": {infra.NewSchedule("a", "@daily", report("a-"+event("sha"))), ""},
		"nil":             {nil, "is nil"},
	} {
		_, err := c.from.Objects()
		assert.ErrorContains(t, err, c.want, name)
	}
	for text, valid := range map[string]bool{
		"0 3 * * *": true, "*/15 0-6,22 1,15 JAN-mar MON-FRI": true, "5/15 * ? * 0": true, "@hourly": true, "@every 1h": true,
		"": false, "0 3 * *": false, "0 3 * * * *": false, "60 * * * *": false, "* 24 * * *": false, "* * 0 * *": false, "* * * 13 *": false,
		"* * * * 7": false, "*/0 * * * *": false, "5-1 * * * *": false, "a * * * *": false, "@noon": false, "@every x": false, "1, * * * *": true, ", * * * *": false, "*-5 * * * *": true, "1-2-3 * * * *": false, "*/1/2 * * * *": false, "TZ=UTC 0 3 * * *": false,
	} {
		_, err := infra.NewSchedule("a", text, report("a-")).Objects()
		assert.Equal(t, valid, err == nil, "%q: %v", text, err)
	}
}

// Every time zone of this machine is accepted.
func TestTimeZones(t *testing.T) {
	t.Parallel()
	const zones = "/usr/share/zoneinfo"
	n := 0
	err := filepath.WalkDir(zones, func(path string, d os.DirEntry, err error) error {
		name := strings.TrimPrefix(path, zones+"/")
		if err != nil || d.IsDir() || strings.Contains(name, ".") || strings.ToLower(name) == name && !strings.Contains(name, "/") {
			return err // leapseconds, tzdata.zi
		}
		_, found := infra.NewSchedule("a", "@daily", report("a-")).TimeZone(name).Objects()
		if list, ok := errors.AsType[diag.Findings](found); ok {
			assert.False(t, slices.ContainsFunc(list, func(f diag.Finding) bool { return f.Code == "schedule-invalid" }), name)
		}
		n++
		return nil
	})
	if os.IsNotExist(err) {
		t.Skip("SKIPPED: this machine has no time zones")
	}
	require.NoError(t, err)
	assert.Greater(t, n, 100)
}

// The run in the ConfigMap is checked with the folder, and mistakes have the lines of the text
// there.
func TestScheduleLoaded(t *testing.T) {
	dir := t.TempDir()
	nightly := report("nightly-")
	set := manifest.New(infra.NewSchedule("report", "0 3 * * 1-5", nightly), infra.RunRBAC(nightly)).Namespace("ci")
	require.NoError(t, set.WriteDir(dir))
	name := filepath.Join(dir, "configmap-report-schedule.yaml")
	text, err := os.ReadFile(name)
	require.NoError(t, err)

	found := func(text string, scheduled bool) []string {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
		loaded, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{Scheduled: scheduled})
		require.NoError(t, err)
		all, err := check.RunLoaded(t.Context(), loaded.Objects, loaded.Findings, check.Profile{})
		require.NoError(t, err)
		lines := strings.Split(text, "\n")
		var out []string
		for _, f := range all {
			if f.Position.File == filepath.ToSlash(name) && f.Severity != diag.Note {
				line := lines[f.Position.Line-1]
				out = append(out, f.Code+": "+line[min(f.Position.Column-1, len(line)):])
			}
		}
		return out
	}
	assert.Empty(t, found(string(text), true))
	wrong := strings.NewReplacer("name: who", "name: whom", "taskRunTemplate:", "taskRunTemplates:").Replace(string(text))
	require.NotEqual(t, string(text), wrong)
	assert.Empty(t, found(wrong, false))
	all := found(wrong, true)
	require.NotEmpty(t, all)
	assert.Contains(t, all, "field-unknown: taskRunTemplates:")
	assert.True(t, slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, "param-") }), "%q", all)

	other := strings.ReplaceAll(string(text), "run.yaml", "other.yaml") // nobody creates it
	assert.Empty(t, found(strings.ReplaceAll(other, "name: who", "name: whom"), true))
}
