package check

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
		scan(in, func(m match) {
			s := m.expr
			if m.escaped {
				s += "/escaped"
			}
			if m.open {
				s += "/open"
			}
			assert.LessOrEqual(t, m.end, len(in))
			got = append(got, s)
		})
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
	names := map[refKind]string{
		refNone: "none", refParam: "param", refTaskResult: "result", refFinallyResult: "finally", refTaskStatus: "status",
		refTasksStatus: "all-status", refMatrixLength: "length", refTaskArtifact: "artifact", refContext: "context",
		refWorkspace: "workspace", refResultPath: "path", refStepResultPath: "step-path", refStepResult: "step-result",
		refStepExit: "exit", refStepArtifact: "step-artifact", refArtifacts: "artifacts", refCredentials: "credentials", refEvent: "event",
	}
	owned := []refKind{refTaskResult, refFinallyResult, refTaskStatus, refMatrixLength, refTaskArtifact, refContext, refWorkspace, refStepResult, refStepExit, refStepArtifact}
	named := []refKind{refParam, refResultPath, refStepResultPath, refEvent}
	for in, want := range tests {
		r := parseReference(in)
		got := names[r.kind]
		for _, k := range owned {
			if k == r.kind {
				got += " " + r.owner + " " + r.name
			}
		}
		for _, k := range named {
			if k == r.kind {
				got += " " + r.name
			}
		}
		if r.star {
			got += " star"
		}
		if r.index >= 0 {
			got += fmt.Sprintf(" [%d]", r.index)
		}
		if r.key != "" {
			got += " ." + r.key
		}
		if r.fault != "" {
			got = strings.TrimSuffix(got, " ."+r.key) + " fault"
		}
		if r.fix != "" {
			got += " fix=" + r.fix
		}
		assert.Equal(t, want, got, "%q: %s", in, r.fault)
	}
}

func TestMisspelt(t *testing.T) {
	for in, want := range map[string]string{
		"prams.x": "params.x", "param.x": "params.x", "Params.x": "params.x", "result.r.path": "results.r.path",
		"workspace.w.path": "workspaces.w.path", "taks.t.results.r": "tasks.t.results.r", "contxt.taskRun.name": "context.taskRun.name",
		"result.sh": "", "ls -l": "", "task.sh": "", "a.b": "", "git rev-parse x.y": "", "step.x": "", "steps.x.sh": "",
	} {
		r, ok := misspelt(in)
		assert.Equal(t, want != "", ok, in)
		assert.Equal(t, want, r.fix, in)
	}
}

func TestNearest(t *testing.T) {
	all := []string{"repo", "revision", "IMAGE", "go-flags", "x"}
	for in, want := range map[string]string{
		"rep": "repo", "erpo": "repo", "Repo": "repo", "revison": "revision", "image": "IMAGE", "goFlags": "go-flags",
		"y": "", "something": "", "": "", "repo": "",
	} {
		assert.Equal(t, want, nearest(in, all), in)
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"", "a", true}, {"a", "a", true}, {"a", "a/b", true}, {"a/", "./a", true}, {"a", "ab", false},
		{"a/b", "a/c", false}, {"$(params.x)", "a", false}, {"$(params.x)", "$(params.x)", true}, {"", "$(params.x)", true},
	} {
		assert.Equal(t, c.want, overlap(c.a, c.b), "%q %q", c.a, c.b)
		assert.Equal(t, c.want, overlap(c.b, c.a), "%q %q", c.b, c.a)
	}
}

func TestBadImage(t *testing.T) {
	for image, ok := range map[string]bool{
		"": true, "busybox": true, "busybox:1.36": true, "a/b/c": true, "localhost:5000/a": true, "localhost/a:b": true, "example.com/A": false,
		"ghcr.io/a/b@sha256:" + strings.Repeat("0", 64): true, "x:": false, "x y": false, "x:-a": false, "$(params.i)": true, "a//b": false, "/a": false, "a@sha256:1": false, "a;b": false,
	} {
		assert.Equal(t, ok, badImage(image) == "", "%q: %s", image, badImage(image))
	}
}
