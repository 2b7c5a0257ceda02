package manifest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// reported loads a file and returns "LINE SEVERITY CODE" of each finding that is not about
// an object outside the set.
func reported(t *testing.T, text string, named bool) (got []string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	arg := dir
	if named {
		arg = file
	}
	set, err := manifest.Load(context.Background(), []string{arg}, manifest.LoadOptions{})
	require.NoError(t, err)
	found, err := check.Run(context.Background(), set.Objects, check.Profile{})
	require.NoError(t, err)
	for _, f := range append(set.Findings, found...) {
		if !strings.HasSuffix(f.Code, "-external") {
			line, _, _ := strings.Cut(strings.TrimPrefix(f.Position.String(), file+":"), ":")
			got = append(got, line+" "+f.Severity.String()+" "+f.Code)
		}
	}
	return got
}

const pacRun = `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: NAME
  annotations: {pipelinesascode.tekton.dev/on-event: "[push]",
    pipelinesascode.tekton.dev/on-target-branch: "[main]"}
spec:
  params:
    - name: a
      value: VALUE
  pipelineRef: {name: p}
`

// Pipelines-as-Code reads a file as YAML, and then replaces {{ name }} in it.
func TestPlaceholders(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"quoted":             {pacRun, nil},
		"whole value":        {strings.ReplaceAll(pacRun, "VALUE", "{{ revision }}"), []string{"10 error yaml-invalid"}},
		"without blanks":     {strings.ReplaceAll(pacRun, "VALUE", "{{revision}}"), []string{"10 error yaml-invalid"}},
		"with a comment":     {strings.ReplaceAll(pacRun, "VALUE", "{{ revision }} # of the event"), []string{"10 error yaml-invalid"}},
		"CRLF":               {strings.ReplaceAll(strings.ReplaceAll(pacRun, "VALUE", "{{ revision }}"), "\n", "\r\n"), []string{"10 error yaml-invalid"}},
		"quoted value":       {strings.ReplaceAll(pacRun, "VALUE", `"{{ revision }}"`), nil},
		"single quotes":      {strings.ReplaceAll(pacRun, "VALUE", `'{{ revision }}'`), nil},
		"inside a value":     {strings.ReplaceAll(pacRun, "VALUE", `x-{{ revision }}`), nil},
		"name":               {strings.ReplaceAll(pacRun, "NAME", "build-{{ revision }}"), nil},
		"quoted name":        {strings.ReplaceAll(pacRun, "NAME", `"{{ event_type }}-{{revision}}"`), nil},
		"whole name":         {strings.ReplaceAll(pacRun, "NAME", "{{ revision }}"), []string{"4 error yaml-invalid"}},
		"two values":         {strings.ReplaceAll(pacRun, "VALUE", "{{ revision }}\n    - name: b\n      value: {{ repo_url }}"), []string{"10 error yaml-invalid", "12 error yaml-invalid"}},
		"item":               {strings.ReplaceAll(pacRun, "VALUE", "\n      - {{ revision }}"), []string{"11 error yaml-invalid"}},
		"the rest is read":   {strings.ReplaceAll(pacRun, "VALUE", "{{ revision }}") + "  pipelineReff: {}\n", []string{"10 error yaml-invalid", "12 error field-unknown"}},
		"with text behind":   {strings.ReplaceAll(pacRun, "VALUE", "{{ repo_url }}/x"), []string{"10 error yaml-invalid"}},
		"two in a value":     {strings.ReplaceAll(pacRun, "VALUE", "{{ repo_url }}/{{ revision }}"), []string{"10 error yaml-invalid"}},
		"name with text":     {strings.ReplaceAll(pacRun, "NAME", "{{ repo_name }}-x"), []string{"4 error yaml-invalid"}},
		"in a list":          {strings.ReplaceAll(pacRun, "VALUE", "[{{ revision }}, x]"), []string{"10 error yaml-invalid"}},
		"two in a list":      {strings.ReplaceAll(pacRun, "VALUE", "[x, {{ revision }}, 'y', x-{{ repo_url }}]"), []string{"10 error yaml-invalid", "10 error yaml-invalid"}},
		"in a long list":     {strings.ReplaceAll(pacRun, "VALUE", "[x,\n        {{ revision }}\n      ]"), []string{"11 error yaml-invalid"}},
		"in a map":           {strings.ReplaceAll(pacRun, "name: a\n      value: VALUE", "{name: a, value: {{ revision }} }"), []string{"9 error yaml-invalid"}},
		"quoted in a map":    {strings.ReplaceAll(pacRun, "name: a\n      value: VALUE", "{name: a, value: '{{ revision }}' }"), nil},
		"map and the rest":   {strings.ReplaceAll(pacRun, "name: a\n      value: VALUE", "{name: a, value: {{ revision }}, vallue: x}"), []string{"9 error yaml-invalid", "9 error field-unknown"}},
		"in a script":        {pacRun + "---\n" + pacTask("echo {{ revision }}\n        a: {{ revision }}"), nil},
		"beside a script":    {strings.ReplaceAll(pacRun, "VALUE", "{{ revision }}") + "---\n" + pacTask("x: {{ revision }}"), []string{"10 error yaml-invalid"}},
		"image and duration": {pacRun + "---\n" + strings.ReplaceAll(pacTask("true"), "busybox:1.37", "busybox:{{ revision }}"), nil},
		"another template":   {strings.ReplaceAll(pacRun, "VALUE", "{{- .Values.a }}\n{{ if .b }}"), []string{"10 error template-unrendered"}},
		"not for it":         {strings.ReplaceAll(strings.ReplaceAll(pacRun, "pipelinesascode.tekton.dev/", "example.com/"), "VALUE", "{{ revision }}"), []string{"10 error template-unrendered"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.ReplaceAll(strings.ReplaceAll(c.text, "NAME", "build"), "VALUE", "v")
			assert.Equal(t, c.want, reported(t, text, true))
		})
	}
}

// pacTask is a Task with an annotation of Pipelines-as-Code.
func pacTask(script string) string {
	return `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t, annotations: {pipelinesascode.tekton.dev/task: x}}
spec:
  steps:
    - name: s
      image: busybox:1.37
      timeout: "{{ timeout }}"
      script: |
        ` + script + "\n"
}

// Files of other tools are passed over in a directory, and are notes if they are named.
func TestFilesOfOtherTools(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string // if it is named; "" if it is an error anyway
	}{
		"devfile":       {"schemaVersion: 2.2.0\nmetadata:\n  name: app\ncomponents: []\n", "note"},
		"schema":        {"$schema: https://json-schema.org/draft/2020-12/schema\ntype: object\n", "note"},
		"OpenAPI":       {"openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n", "note"},
		"compose":       {"services:\n  web: {image: nginx}\n", "note"},
		"values":        {"image:\n  tag: v1\n", "note"},
		"CloudEvent":    {"specversion: '1.0'\ntype: t\nsource: /s\nid: '1'\napiversion: batch/v1\nkind: Job\ndata: {metadata: {name: j}}\n", "note"},
		"of Tekton":     {"specversion: '1.0'\ntype: t\nsource: /s\nid: '1'\napiversion: tekton.dev/v1\nkind: TaskRun\nname: r\n", "note"},
		"other case":    {"apiversion: batch/v1\nkind: Job\nname: j\n", "note"},
		"own case":      {"apiversion: batch/v1\nkind: Job\nmetadata: {name: j}\n", ""},
		"no event":      {"specversion: '1.0'\napiversion: tekton.dev/v1\nkind: TaskRun\n", ""},
		"JSON patch":    {"- op: replace\n  path: /spec\n  value: 1\n", "note"},
		"spec only":     {"spec:\n  a: b\n", "note"},
		"no apiVersion": {"kind: Task\nmetadata: {name: a}\n", ""},
		"no kind":       {"apiVersion: tekton.dev/v1\nmetadata: {name: a}\n", ""},
		"neither":       {"metadata: {name: a}\nspec: {steps: []}\n", ""},
		"Kind":          {"apiVersion: tekton.dev/v1\nKind: Task\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want == "" {
				assert.Equal(t, []string{"1 error object-untyped"}, first(reported(t, c.text, true)))
				assert.Equal(t, []string{"1 error object-untyped"}, first(reported(t, c.text, false)))
				return
			}
			assert.Equal(t, []string{"1 " + c.want + " object-untyped"}, reported(t, c.text, true))
			assert.Empty(t, reported(t, c.text, false))
		})
	}
}

func first(list []string) []string {
	for i, s := range list {
		_, rest, _ := strings.Cut(s, " ")
		list[i] = "1 " + rest
	}
	return list
}
