package tekref

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestScan(t *testing.T) {
	tests := map[string]string{
		"":                              "",
		"plain $HOME ${HOME} $ (x)":     "",
		"$(a)":                          "a",
		"x$(a)y$(b)":                    "a b",
		"$$(a)":                         "a/escaped",
		"$(echo $(params.x) $(date))":   "echo/open params.x date",
		"$(a":                           "a/open",
		"$(params.x and more":           "params.x/open",
		"$(":                            "/open",
		"$()":                           "",
		"a) $(b))":                      "b",
		`$(params["a.b"][*])`:           `params["a.b"][*]`,
		"$(cat <<EOF\n$(params.x)\nEOF": "cat/open params.x",
	}
	for in, want := range tests {
		var got []string
		for m := range Scan(in) {
			s := m.Expr
			if m.Escaped {
				s += "/escaped"
			}
			if m.Open {
				s += "/open"
			}
			assert.Equal(t, in[m.Start:m.End], m.String())
			got = append(got, s)
		}
		assert.Equal(t, want, strings.Join(got, " "), "%q", in)
	}
}

func TestParseReference(t *testing.T) {
	tests := map[string]string{
		"params.x":                   "param x",
		"params.x[*]":                "param x star",
		"params.x[12]":               "param x [12]",
		"params.x.key":               "param x .key",
		`params["a.b"]`:              "param a.b",
		`params['a.b'][*]`:           "param a.b star",
		"inputs.params.x":            "param x",
		"params.a.b.c":               `param a.b.c fault fix=params["a.b.c"]`,
		"params.x['k']":              "param x fault fix=params.x.k",
		`params["o"].k`:              "param o fault fix=params.o.k",
		"params.x[]":                 "param x fault",
		"params.x[-1]":               "param x fault",
		"params[x]":                  "param  fault",
		"params.x ":                  "param x fault fix=params.x",
		"params.":                    "param  fault",
		"params":                     "none",
		"tasks.t.results.r":          "result t r",
		"tasks.t.results.r[*]":       "result t r star",
		"tasks.t.results.r[0]":       "result t r [0]",
		"tasks.t.results.r.k":        "result t r .k",
		"tasks.t.results['r']":       "result t r fault fix=tasks.t.results.r",
		"tasks.t.results.r['k']":     "result t r fault fix=tasks.t.results.r.k",
		"tasks.t.results.r.k.x":      "result t r fault fix=tasks.t.results.r.k",
		"tasks.t.results":            "result t  fault",
		"tasks.t.result.r":           "result t  fault fix=tasks.t.results.r",
		"tasks.status":               "all-status",
		"tasks.t.status":             "status t status",
		"tasks.t.reason":             "status t reason",
		"tasks.t.matrix.length":      "length t ",
		"tasks.t.matrix.r.length":    "length t r",
		"tasks.t.outputs.a":          "artifact t a",
		"tasks.sh":                   "none",
		"finally.t.results.r":        "finally t r",
		"finally.t.status":           "finally t  fault",
		"context.taskRun.name":       "context taskRun name",
		"context.x":                  "context x  fault",
		"workspaces.w.path":          "workspace w path",
		"workspaces.a.b.path":        "workspace a.b path",
		"workspaces.w":               "workspace w  fault fix=workspaces.w.path",
		"results.r.path":             "path r",
		`results["a.b"].path`:        "path a.b",
		"results.r":                  "path r fault fix=results.r.path",
		"results.digest-${i}.path":   "path digest-${i} fault",
		"step.results.r.path":        "step-path r",
		"step.artifacts.path":        "artifacts",
		"artifacts.path":             "artifacts",
		"artifacts.pth":              "artifacts fault fix=artifacts.path",
		"steps.s.results.r":          "step-result s r",
		"steps.step-s.exitCode.path": "exit step-s ",
		"steps.step-s.exitCode":      "exit step-s  fault fix=steps.step-s.exitCode.path",
		"steps.s.outputs.a":          "step-artifact s a",
		"credentials.path":           "credentials",
		"tt.params.x":                "event x",
		"date +%s":                   "none",
		"echo.sh":                    "none",
	}
	names := map[Kind]string{
		None: "none", Param: "param", TaskResult: "result", FinallyResult: "finally", TaskStatus: "status",
		TasksStatus: "all-status", MatrixLength: "length", TaskArtifact: "artifact", Context: "context",
		Workspace: "workspace", ResultPath: "path", StepResultPath: "step-path", StepResult: "step-result",
		StepExitCode: "exit", StepArtifact: "step-artifact", Artifacts: "artifacts", Credentials: "credentials", Event: "event",
	}
	owned := []Kind{TaskResult, FinallyResult, TaskStatus, MatrixLength, TaskArtifact, Context, Workspace, StepResult, StepExitCode, StepArtifact}
	named := []Kind{Param, ResultPath, StepResultPath, Event}
	for in, want := range tests {
		r := Parse(in)
		got := names[r.Kind]
		for _, k := range owned {
			if k == r.Kind {
				got += " " + r.Owner + " " + r.Name
			}
		}
		for _, k := range named {
			if k == r.Kind {
				got += " " + r.Name
			}
		}
		if r.Star {
			got += " star"
		}
		if r.Index >= 0 {
			got += fmt.Sprintf(" [%d]", r.Index)
		}
		if r.Key != "" {
			got += " ." + r.Key
		}
		if r.Fault != "" {
			got = strings.TrimSuffix(got, " ."+r.Key) + " fault"
		}
		if r.Fix != "" {
			got += " fix=" + r.Fix
		}
		assert.Equal(t, want, got, "%q: %s", in, r.Fault)
	}
}

func TestMisspelled(t *testing.T) {
	for in, want := range map[string]string{
		"prams.x": "params.x", "param.x": "params.x", "Params.x": "params.x", "result.r.path": "results.r.path",
		"workspace.w.path": "workspaces.w.path", "taks.t.results.r": "tasks.t.results.r", "contxt.taskRun.name": "context.taskRun.name",
		"result.sh": "", "ls -l": "", "task.sh": "", "a.b": "", "git rev-parse x.y": "", "step.x": "", "steps.x.sh": "",
	} {
		r, ok := Misspelled(in)
		assert.Equal(t, want != "", ok, in)
		assert.Equal(t, want, r.Fix, in)
	}
}
