package builder_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Pastes is a Task whose script contains inputs.
type Pastes struct {
	X, Y builder.String
	List builder.Array
	At   builder.Object
	make func(t *builder.Task, x, y builder.TaskString, list builder.TaskArray, at builder.TaskObject)
}

func (Pastes) TaskName() string { return "pastes" }

func (g Pastes) Define(t *builder.Task) *builder.PipelineTask {
	x, y := t.Param("x", g.X), t.Param("y", g.Y)
	list, at := t.ArrayParam("list", g.List), t.ObjectParam("at", g.At, []string{"host"})
	t.Step("use").Image(image).Env("X", x).Env("Y", y).Args(list.All(), at.Key("host"))
	g.make(t, x, y, list, at)
	return t.PipelineTask()
}

func TestPasteScript(t *testing.T) {
	step := func(script string, pick func(x, y builder.TaskString, list builder.TaskArray, at builder.TaskObject) []builder.TaskString) func(*builder.Task, builder.TaskString, builder.TaskString, builder.TaskArray, builder.TaskObject) {
		return func(t *builder.Task, x, y builder.TaskString, list builder.TaskArray, at builder.TaskObject) {
			t.Step("s").Image(image).PasteScript(script, pick(x, y, list, at)...)
		}
	}
	none := func(builder.TaskString, builder.TaskString, builder.TaskArray, builder.TaskObject) []builder.TaskString {
		return nil
	}
	onlyX := func(x, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) []builder.TaskString {
		return []builder.TaskString{x}
	}
	for name, c := range map[string]struct {
		make func(*builder.Task, builder.TaskString, builder.TaskString, builder.TaskArray, builder.TaskObject)
		want string // severities and codes
	}{
		"one":                {step("echo $(params.x)", onlyX), "warning input-in-script"},
		"in brackets":        {step(`echo $(params["x"]) $(params['x'])`, onlyX), "warning input-in-script"},
		"twice":              {step("echo $(params.x) $(params.x)", onlyX), "warning input-in-script"},
		"context and paths":  {step("echo $(context.taskRun.name) $(params.x) $HOME $(date)", onlyX), "warning input-in-script"},
		"nothing":            {step("echo hello", none), ""},
		"only context":       {step("echo $(context.taskRun.name)", none), ""},
		"one that is hidden": {step("echo $(params.x) $(params.y)", onlyX), "warning input-in-script, error input-in-script"},
		"all hidden":         {step("echo $(params.x)", none), "error input-in-script"},
		"one too many":       {step("echo", onlyX), "error handle-misplaced"},
		"a text": {step("echo", func(builder.TaskString, builder.TaskString, builder.TaskArray, builder.TaskObject) []builder.TaskString {
			return []builder.TaskString{"$(params.x)"}
		}), "error handle-misplaced"},
		"joined text": {step("echo $(params.x)", func(x, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) []builder.TaskString {
			return []builder.TaskString{x, x + "/y"}
		}), "warning input-in-script, error handle-misplaced"},
		"two": {step("echo $(params.x) $(params.y)", func(x, y builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) []builder.TaskString {
			return []builder.TaskString{x, y}
		}), "warning input-in-script"},
		"an item and a key": {step("echo $(params.list[0]) $(params.at.host)", func(_, _ builder.TaskString, list builder.TaskArray, at builder.TaskObject) []builder.TaskString {
			return []builder.TaskString{list.All(), at.Key("host")}
		}), "warning input-in-script"},
		"Script": {func(t *builder.Task, _, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) {
			t.Step("s").Image(image).Script("echo $(params.x)")
		}, "error input-in-script"},
		"Script after PasteScript": {func(t *builder.Task, x, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) {
			t.Step("s").Image(image).PasteScript("echo $(params.x)", x).Script("echo $(params.x)")
		}, "error input-in-script"},
		"a sidecar": {func(t *builder.Task, x, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) {
			t.Sidecar("s").Image(image).PasteScript("echo $(params.x)", x)
		}, "warning input-in-script"},
		"an argument": {func(t *builder.Task, x, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) {
			t.Step("s").Image(image).Command("sh", "-c").Args("echo " + x)
		}, "error input-in-script"},
	} {
		for _, embed := range []bool{false, true} {
			t.Run(name+map[bool]string{true: "/embedded"}[embed], func(t *testing.T) {
				p := builder.NewPipeline("p")
				task := builder.Add(p, "a", Pastes{X: "x", Y: "y", List: builder.Strings("l"), At: builder.ObjectOf(map[string]builder.String{"host": "h"}), make: c.make})
				if embed {
					task.Embed()
				}
				got := []string{}
				for _, f := range p.Findings() {
					if f.Severity != diag.Note {
						got = append(got, f.Severity.String()+" "+f.Code)
					}
				}
				want := []string{}
				if c.want != "" {
					want = strings.Split(c.want, ", ")
				}
				assert.ElementsMatch(t, want, got, "%v", p.Findings())
			})
		}
	}
}

// TestPasteScriptKeepsBytes tests that a script is written as it is.
func TestPasteScriptKeepsBytes(t *testing.T) {
	const script = "#!/bin/bash\n\tset -e  \ncat <<'EOF'\n$(params.x) \\$(date) $$(params.x)\nEOF\n\n"
	d := builder.Define(Pastes{make: func(t *builder.Task, x, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) {
		t.Step("s").Image(image).PasteScript(script, x)
	}})
	task, err := d.Task()
	require.NoError(t, err)
	assert.Equal(t, script, task.Spec.Steps[1].Script)
}

// TestProfile tests that pipelines, runs and definitions are checked for a profile.
func TestProfile(t *testing.T) {
	bad := Pastes{X: "x", Y: "y", List: builder.Strings("l"), At: builder.ObjectOf(map[string]builder.String{"host": "h"}),
		make: func(t *builder.Task, _, _ builder.TaskString, _ builder.TaskArray, _ builder.TaskObject) {
			t.Step("s").Image(image).Script("echo $(params.x)")
		}}
	lenient := check.Profile{Accepted: []check.Accepted{{
		Object: diag.ObjectRef{Kind: "Task", Name: "pastes"}, Code: "input-in-script", Path: "spec.steps[1]", Reason: "it is old",
	}}}
	for _, accept := range []bool{false, true} {
		profile, assertion := check.Profile{}, assert.Error
		if accept {
			profile, assertion = lenient, assert.NoError
		}
		_, err := builder.Define(bad).Profile(profile).Task()
		assertion(t, err)
		assertion(t, builder.RunTask("r-", bad).Profile(profile).Build())
		p := builder.NewPipeline("p").Profile(profile)
		builder.Add(p, "a", bad)
		assertion(t, p.Build())
		assertion(t, p.Run("r-").Build())
		_, err = p.Run("r-").PipelineRun()
		assertion(t, err)
	}
}

func ExampleStep_PasteScript() {
	p := builder.NewPipeline("p")
	p.AddInline("tag", func(t *builder.Task) {
		version := t.Param("version", "1.2")
		t.Step("tag").Image(image).PasteScript(`git tag "$(params.version)"`, version)
	})
	printAll(p.Findings())
	// Output:
	// warning input-in-script: the script contains $(params.version): anyone who sets it can run commands
}

// printAll prints findings.
func printAll(found diag.Findings) {
	for _, f := range found {
		if f.Severity != diag.Note {
			fmt.Println(f.Severity.String(), f.Code+":", f.Message)
		}
	}
}
