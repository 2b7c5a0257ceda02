package taskcase_test

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/taskcase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

const whole = `task: deploy
cases:
  - name: all fields
    params: {s: text, n: 0755, l: [a, 1, true], o: {k: v}}
    workspaces:
      source: {dir: testdata/src, files: {app.txt: x}}
      empty:
    secrets: {login: {token: t}}
    configMaps: {conf: {a: b}}
    files: {/etc/x: text}
    env: {A: b}
    timeout: 30s
    hostile: [s]
    commands:
      git:
      kubectl:
        env: [B]
        answers: [{args: [get], times: 1, stdout: out, stderr: err, exit: 3}]
    expect:
      exit: 1
      steps: {one: 1}
      results: {r: text, l: [a], o: {k: v}}
      stdout: exactly
      stderr: {contains: [a, b], lacks: c, matches: ^x}
      workspaces: {source: {made: text, gone: {absent: true}}}
      files: {/tekton/home/x: text}
      calls:
        - [git, status]
        - {command: kubectl, args: [get], stdin: in, env: {A: b}}
`

func TestRead(t *testing.T) {
	t.Parallel()
	f, err := taskcase.Read("deploy_test.yaml", []byte(whole))
	require.NoError(t, err)
	assert.Equal(t, "deploy", f.Task)
	require.Len(t, f.Cases, 1)
	c := f.Cases[0]
	assert.Equal(t, "deploy_test.yaml:3:5", c.Position.String())
	assert.Equal(t, tasktest.Params{"s": "text", "n": "0755", "l": []string{"a", "1", "true"}, "o": map[string]string{"k": "v"}}, c.Case.Params)
	assert.Equal(t, map[string]tasktest.Folder{"source": {Dir: "testdata/src", Files: map[string]string{"app.txt": "x"}}, "empty": {}}, c.Case.Workspaces)
	assert.Equal(t, tasktest.Command{Stdin: true, Env: []string{"B", "A"}, Answers: []tasktest.Answer{{Args: []string{"get"}, Times: 1, Stdout: "out", Stderr: "err", Exit: 3}}}, c.Case.Commands["kubectl"])
	assert.Equal(t, []string{"s"}, c.Hostile)
	assert.Equal(t, 1, *c.Expect.Exit)
}

// TestSchema holds the schema for editors against the reader: it has all fields of the example
// above, and no field that the reader does not know.
func TestSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/test.schema.json")
	require.NoError(t, err)
	var schema map[string]any
	require.NoError(t, json.Unmarshal(text, &schema))
	at := func(in map[string]any, path ...string) map[string]any {
		for _, key := range path {
			next, ok := in[key].(map[string]any)
			if list, isList := in[key].([]any); isList {
				next, ok = list[len(list)-1].(map[string]any)
			}
			require.True(t, ok, "%s of %v", key, path)
			in = next
		}
		return in
	}
	properties := at(schema, "properties", "cases", "items", "properties")
	for prefix, fields := range map[string]map[string]any{
		"cases: [{%s: ~}]":                                  properties,
		"cases: [{expect: {%s: ~}}]":                        at(properties, "expect", "properties"),
		"cases: [{commands: {a: {%s: ~}}}]":                 at(properties, "commands", "additionalProperties", "properties"),
		"cases: [{commands: {a: {answers: [{%s: ~}]}}}]":    at(properties, "commands", "additionalProperties", "properties", "answers", "items", "properties"),
		"cases: [{workspaces: {a: {%s: ~}}}]":               at(properties, "workspaces", "additionalProperties", "properties"),
		"cases: [{expect: {stdout: {%s: ~}}}]":              at(properties, "expect", "properties", "stdout", "anyOf", "properties"),
		"cases: [{expect: {calls: [{%s: ~, command: x}]}}]": at(properties, "expect", "properties", "calls", "items", "anyOf", "properties"),
	} {
		for name := range fields {
			if name == "command" {
				continue
			}
			_, err := taskcase.Read("x_test.yaml", []byte(strings.ReplaceAll(prefix, "%s", name)))
			assert.NoError(t, err, name)
			assert.Regexp(t, `(?m)\b`+name+`:`, whole+"script: fails:", "the example lacks a field")
		}
		_, err := taskcase.Read("x_test.yaml", []byte(strings.ReplaceAll(prefix, "%s", "nonesuch")))
		assert.Error(t, err)
	}
	for _, m := range regexp.MustCompile(`(?m)^    (\w+):`).FindAllStringSubmatch(whole, -1) {
		assert.Contains(t, properties, m[1])
	}
	for _, m := range regexp.MustCompile(`(?m)^      (exit|steps|results|stdout|stderr|workspaces|files|calls):`).FindAllStringSubmatch(whole, -1) {
		assert.Contains(t, at(properties, "expect", "properties"), m[1])
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                               "x_test.yaml:1:1: error test-invalid: the file has no cases",
		"cases: []":                      "the file has no cases",
		"case: []":                       `1:1: error test-invalid: the file has an unknown field "case"` + "\n\thelp: did you mean \"cases\"?",
		"cases:\n  - nme: x":             `2:5: error test-invalid: the case has an unknown field "nme"`,
		"cases:\n  - expect: {call: []}": "did you mean \"calls\"?",
		"cases:\n  - timeout: soon":      "use a duration such as 30s",
		"cases:\n  - timeout: -1s":       "use a duration such as 30s",
		"cases:\n  - commands: {a: {answers: [{exit: 256}]}}": "use a number from 0 to 255",
		"cases:\n  - workspaces: {a: {dir: ../x}}":            "dir is not below the folder of this file",
		"cases:\n  - workspaces: {a: {dir: /x}}":              "dir is not below the folder of this file",
		"cases:\n  - expect: {stdout: {matches: '('}}":        "matches is not a regular expression",
		"cases:\n  - expect: {calls: [[]]}":                   "a call is empty",
		"cases:\n  - {name: a}\n  - {name: a}":                `two cases have the name "a"`,
		"cases: [":                                            "not valid YAML",
		"- a":                                                 "not a YAML map",
		"cases:\n  - params: {a: {b: {c: d}}}":                "use a text",
	} {
		_, err := taskcase.Read("x_test.yaml", []byte(text))
		var findings diag.Findings
		require.ErrorAs(t, err, &findings, text)
		assert.Contains(t, findings[0].Error(), want, text)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(whole)
	f.Add("cases: [{expect: {stdout: {matches: '['}, calls: [{args: 1}]}}]")
	f.Add("cases: &a [*a]")
	f.Add("cases:\n  - params: {<<: {a: b}, a: ~}\n    commands: ~\n    expect: ~")
	f.Fuzz(func(t *testing.T, text string) {
		out, err := taskcase.Read("x_test.yaml", []byte(text))
		var findings diag.Findings
		if err != nil {
			if !errors.As(err, &findings) || len(findings) == 0 {
				t.Fatalf("an error without findings: %v", err)
			}
			for _, one := range findings {
				if one.Position.Line < 1 || one.Message == "" {
					t.Errorf("a finding without a place: %+v", one)
				}
			}
			return
		}
		if len(out.Cases) == 0 {
			t.Error("neither cases nor an error")
		}
		for _, c := range out.Cases {
			c.Expect.Differences(&tasktest.Result{})
		}
	})
}

// TestDifferences shows that a case fails when it should.
func TestDifferences(t *testing.T) {
	t.Parallel()
	text := func(s string) v1.ResultValue { return v1.ResultValue{Type: v1.ParamTypeString, StringVal: s} }
	got := &tasktest.Result{
		Steps:      []tasktest.Step{{Name: "one", Stdout: "hello\n"}, {Name: "two", Skipped: "no"}},
		Results:    map[string]v1.ResultValue{"r": text("x"), "l": {Type: v1.ParamTypeArray, ArrayVal: []string{"a"}}},
		Workspaces: map[string]map[string]string{"source": {"made": "text"}},
		Files:      map[string]string{"/etc/x": "y"},
		Calls:      []tasktest.Call{{Command: "git", Args: []string{"status"}, Stdin: "in", Env: map[string]string{"A": "b"}}},
	}
	for expect, want := range map[string]string{
		"{}":                   "",
		"stdout: \"hello\\n\"": "",
		"stdout: {contains: ell, lacks: x, matches: ^hel+o}":       "",
		"results: {r: x, l: [a]}":                                  "",
		"steps: {one: 0}":                                          "",
		"calls: [[git, status]]":                                   "",
		"calls: [{command: git}]":                                  "",
		"workspaces: {source: {made: text, gone: {absent: true}}}": "",
		"exit: 1":                                      "the Task succeeded, but should fail",
		"fails: true":                                  "the Task succeeded, but should fail",
		"stdout: bye":                                  `stdout is "hello\n", want "bye"`,
		"stdout: {contains: bye}":                      `does not contain "bye"`,
		"stdout: {lacks: hell}":                        `which contains "hell"`,
		"stdout: {matches: ^x}":                        `does not match "^x"`,
		"stderr: x":                                    `stderr is "", want "x"`,
		"results: {r: y, l: [a]}":                      `result "r" is "x", want "y"`,
		"results: {r: [x], l: [a]}":                    `result "r" is "x", want ["x"]`,
		"results: {r: x, l: [a], n: x}":                `there is no result "n"`,
		"results: {r: x}":                              `there is a result "l", which is not expected`,
		"steps: {one: 1}":                              `the exit code of step "one" is 0, want 1`,
		"steps: {two: 0}":                              `step "two" did not run: no`,
		"steps: {none: 0}":                             `the Task has no step "none"`,
		"workspaces: {source: {made: x}}":              `file source/made is "text", want "x"`,
		"workspaces: {source: {none: x}}":              "file source/none does not exist",
		"workspaces: {source: {made: {absent: true}}}": "file source/made exists",
		"workspaces: {other: {}}":                      `workspace "other" is not bound`,
		"files: {/etc/x: x}":                           `file /etc/x is "y", want "x"`,
		"calls: []":                                    "call 1 is not expected: git status",
		"calls: [[git, status], [git, push]]":          "call 2 is missing, want git push",
		"calls: [[git, push]]":                         "call 1 is git status, want git push",
		"calls: [{command: git, stdin: x}]":            `call 1 has the standard input "in", want "x"`,
		"calls: [{command: git, env: {A: x}}]":         `call 1 has A="b", want "x"`,
		"calls: [{command: git, env: {B: x}}]":         "call 1 does not have the variable B",
	} {
		indented := "    " + expect
		f, err := taskcase.Read("x_test.yaml", []byte("cases:\n- expect:\n"+indented+"\n"))
		if expect == "{}" {
			f, err = taskcase.Read("x_test.yaml", []byte("cases:\n- expect: {}\n"))
		}
		require.NoError(t, err, expect)
		all := strings.Join(f.Cases[0].Expect.Differences(got), "\n")
		if want == "" {
			assert.Empty(t, all, expect)
		} else {
			assert.Contains(t, all, want, expect)
		}
	}
	failed := &tasktest.Result{Failed: true, Reason: "step one", Steps: []tasktest.Step{{Name: "one", ExitCode: 2, Failure: "exit code 2"}}}
	one, two := 1, 2
	assert.Equal(t, []string{"the Task failed: step one"}, taskcase.Expect{}.Differences(failed))
	assert.Equal(t, []string{"the exit code is 2, want 1"}, taskcase.Expect{Exit: &one}.Differences(failed))
	assert.Empty(t, taskcase.Expect{Exit: &two}.Differences(failed))
	assert.Empty(t, taskcase.Expect{Fails: true}.Differences(failed))
	unexpected := &tasktest.Result{Calls: []tasktest.Call{{Command: "x", Unexpected: true}}}
	assert.Equal(t, []string{"the call x has no answer"}, taskcase.Expect{}.Differences(unexpected))
}

func TestIsFile(t *testing.T) {
	t.Parallel()
	assert.True(t, taskcase.IsFile("a/deploy_test.yaml"))
	assert.True(t, taskcase.IsFile("deploy_test.yml"))
	assert.False(t, taskcase.IsFile("a/_test.yaml"))
	assert.False(t, taskcase.IsFile("deploy.yaml"))
}
