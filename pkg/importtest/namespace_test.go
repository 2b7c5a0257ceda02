package importtest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/importtest"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
)

func originalsOf(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(text), 0o600))
	return dir
}

// TestRepository compares a Repository, whose YAML is read without a Go type.
func TestRepository(t *testing.T) {
	dir := originalsOf(t, `apiVersion: "pipelinesascode.tekton.dev/v1alpha1"
kind: Repository
metadata: {name: chains, namespace: releases}
spec:
  url: "https://example.com/chains"
  incoming: [{targets: [main], secret: {name: incoming}, type: webhook-url}]
`)
	set := func(url string) *manifest.Set {
		return manifest.New(pac.NewRepository("chains", url).Incoming("incoming", "", "main")).Namespace("releases")
	}
	importtest.Same(t, set("https://example.com/chains"), dir)
	got := failures(t, set("https://example.com/other"), dir)
	assert.Contains(t, got, `["spec"]["url"] differs`)
	assert.NotContains(t, got, "apiVersion")
}

// TestCopyOfARun has a Task twice: the set has it in its namespace, and a run brings it without.
func TestCopyOfARun(t *testing.T) {
	dir := originalsOf(t, `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: hello, namespace: tools}
spec:
  params: [{name: who, type: string, default: world}]
  tasks: [{name: greet, taskRef: {name: greet, kind: Task}, params: [{name: who, value: $(params.who)}]}]
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet, namespace: tools}
spec:
  params: [{name: who, type: string}]
  steps:
    - name: greet
      image: registry.local/alpine:3
      env: [{name: WHO, value: $(params.who)}]
      script: "echo hello\necho \"$WHO\"\n"
      computeResources: {requests: {cpu: "0.01", memory: 16384Ki}}
`)
	set := manifest.New(hello(image, script)).Namespace("tools")
	importtest.Same(t, set, dir, importtest.Runs(manifest.New(hello(image, script))))
	got := failures(t, set, dir, importtest.Runs(manifest.New(hello("registry.local/alpine:4", script))))
	assert.Contains(t, got, `Task "greet" has no original`) // another one is no copy
}
