package timeline_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/simulate"
	"github.com/tekwright/tekwright/pkg/simulate/internal/timeline"
)

func at(seconds int) simulate.Duration {
	return simulate.Duration(seconds) * simulate.Duration(time.Second)
}

// ways have everything that can be shown. Each text goes through the function.
func ways(text func(string) string) *simulate.Ways {
	value := func(name string, v any) simulate.Value { return simulate.Value{Name: text(name), Value: v} }
	succeeded := simulate.Condition{Status: "True", Reason: "Succeeded"}
	failed := simulate.Condition{Status: "False", Reason: text("Failed"), Message: text("step test failed")}
	inner := &simulate.Result{Kind: "PipelineRun", Name: text("release-deploy"), Condition: succeeded, Duration: at(10), Tasks: []simulate.Task{
		{Name: text("apply"), Type: simulate.TypeTask, State: simulate.StateSucceeded, Start: at(30), End: at(40),
			Runs: []simulate.TaskRun{{Name: text("apply"), Condition: succeeded, Start: at(30), End: at(40)}}},
	}}
	first := &simulate.Result{
		Kind: "PipelineRun", Name: text("release"), Pipeline: text("release-all"), Duration: at(40),
		Condition: simulate.Condition{Status: "False", Reason: "Failed", Message: text("Tasks Completed: 3")},
		Results:   []simulate.Value{value("digest", text("sha256:1"))},
		Notes:     []simulate.Note{{Code: simulate.NoteOpen, Task: text("build"), Message: text("it depends")}, {Message: text("no task")}},
		Tasks: []simulate.Task{
			{Name: text("test"), Type: simulate.TypeTask, State: simulate.StateFailed, Reason: text("Failed"), Message: text("step test failed"), End: at(20), Beside: []string{text("build")},
				When: []simulate.When{{Input: text("main"), Operator: "in", Values: []string{text("main"), "next"}, True: true}, {CEL: text("'a' == 'b'"), Open: true}},
				Runs: []simulate.TaskRun{{Name: text("release-test"), Condition: failed, End: at(20),
					Params:   []simulate.Value{value("package", text("./...")), value("flags", []string{text("-v"), "-race"}), value("env", map[string]string{text("b"): text("2"), "a": "1"})},
					Attempts: []simulate.Attempt{{Condition: failed, End: at(10)}, {Condition: failed, Start: at(10), End: at(20)}}}}},
			{Name: text("build"), Type: simulate.TypeTask, State: simulate.StateSucceeded, End: at(10), Assumed: true, Beside: []string{text("test")},
				Runs: []simulate.TaskRun{
					{Name: text("release-build-0"), Combination: 1, Condition: succeeded, End: at(10), Params: []simulate.Value{value("image", text(strings.Repeat("long/", 40)))}, Results: []simulate.Value{value("digest", text("<tasks.build[1].results.digest>"))}},
					{Name: text("release-build-1"), Combination: 2, Condition: failed, End: at(5)},
				}},
			{Name: text("deploy"), Type: simulate.TypePipeline, State: simulate.StateSucceeded, After: []string{text("build"), text("test")}, Start: at(30), End: at(40),
				Runs: []simulate.TaskRun{{Name: text("release-deploy"), Condition: succeeded, Start: at(30), End: at(40), Nested: inner}}},
			{Name: text("scan"), Type: simulate.TypeCustom, State: simulate.StateSkipped, Reason: text("When Expressions evaluated to false"), After: []string{text("build")}},
			{Name: text("notify"), Type: simulate.TypeTask, State: simulate.StateNotStarted, Finally: true},
		},
	}
	second := &simulate.Result{Kind: "TaskRun", Name: text("lint"), Condition: simulate.Condition{Status: "Unknown"}, Tasks: []simulate.Task{
		{Name: text("lint"), Type: simulate.TypeTask, State: simulate.StateRunning, Runs: []simulate.TaskRun{{Name: text("lint"), Condition: simulate.Condition{Status: "Unknown"}}}},
	}}
	return &simulate.Ways{
		Ways:    []simulate.Way{{Result: first}, {Assumed: []simulate.Value{value("tasks.changes.results.services", []string{text("web")}), value("params.x", text("y"))}, Result: second}},
		Runs:    100,
		Limited: true,
		Notes:   []simulate.Note{{Code: simulate.NoteOpen, Task: text("build"), Message: text("only one decision was found")}},
	}
}

func same(text string) string { return text }

// scripts are the parts of a page that are the same in every page.
var scripts = regexp.MustCompile(`(?s)<style>.*</style>|<script>.*?</script>`)

func page(t *testing.T, ways *simulate.Ways) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, timeline.HTML(&b, ways, same))
	return b.String()
}

func TestOutputs(t *testing.T) {
	golden.Check(t, "testdata/ways.txt", []byte(timeline.Text(ways(same))))
	golden.Check(t, "testdata/ways.mmd", []byte(timeline.Mermaid(ways(same))))
	html := page(t, ways(same))
	golden.Check(t, "testdata/ways.html", []byte(scripts.ReplaceAllString(html, "")))
	for _, loads := range []string{"http:", "https:", "sourceMappingURL", "@import", "url("} {
		assert.NotContains(t, strings.ReplaceAll(html, "http://www.w3.org/2000/svg", ""), loads, "a page loads nothing: %s", loads)
	}
	assert.NotContains(t, html, "ZgotmplZ", "html/template has rejected a value")
}

// TestOne is a run alone, which has no numbers.
func TestOne(t *testing.T) {
	all := ways(same)
	one := &simulate.Ways{Ways: all.Ways[:1], Runs: 1}
	text := string(timeline.Text(one))
	assert.True(t, strings.HasPrefix(text, "PipelineRun release of Pipeline release-all: Failed after 40s\n"), text)
	assert.NotContains(t, text, "ways")
	assert.NotContains(t, page(t, one), `class="way"`)
	assert.Contains(t, page(t, &simulate.Ways{}), "</html>")
}

// TestHostile shows that no text of a manifest controls a terminal, forges a line, or
// becomes markup.
func TestHostile(t *testing.T) {
	tags := strings.Count(page(t, ways(same)), "<")
	for _, attack := range hostile.Texts() {
		all := ways(func(text string) string { return text + attack })
		assert.Empty(t, hostile.Arrived(string(timeline.Text(all)), hostile.Plain), "%q", attack)
		html := page(t, all)
		assert.Equal(t, tags, strings.Count(html, "<"), "%q", attack)
		assert.NotContains(t, html, "ZgotmplZ")
		shown := scripts.ReplaceAllString(html, "")
		for _, r := range "\x1b\u202e\u2066\u009b\x00\x07" {
			assert.NotContains(t, shown, string(r), "%q", attack)
		}
	}
}

// TestHidden: what must not be shown is replaced before it is escaped, in which form nobody
// would recognize it.
func TestHidden(t *testing.T) {
	const secret = "ab+cd/<ef>'12345678"
	all := ways(func(text string) string { return text + secret })
	var b strings.Builder
	require.NoError(t, timeline.HTML(&b, all, func(text string) string { return strings.ReplaceAll(text, secret, "***") }))
	shown := scripts.ReplaceAllString(b.String(), "")
	assert.NotContains(t, shown, "12345678")
	assert.Contains(t, shown, "***")
}
