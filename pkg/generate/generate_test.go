package generate_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// hello returns a set with a pipeline of two tasks and a declared Secret.
func hello(script string) *manifest.Set {
	p := builder.NewPipeline("hello")
	first := p.AddInline("first", func(t *builder.Task) {
		t.Step("say").Image("registry.local/alpine:3").Requests("10m", "16Mi").Script(script)
	})
	p.AddInline("second", func(t *builder.Task) {
		t.Step("say").Image("registry.local/alpine:3").Requests("10m", "16Mi").Script("true")
	}).After(first)
	return manifest.New(p, infra.WebhookSecret("hook", "token").FromEnv("token", "HOOK"))
}

type result struct {
	code     int
	out, err string
}

func run(set *manifest.Set, args ...string) result {
	var out, err bytes.Buffer
	code := generate.Run(set, generate.Env{Name: "hello", Args: args, Stdout: &out, Stderr: &err, Values: manifest.SecretValues{
		Env: func(name string) (string, bool) { return "s3cret", name == "HOOK" },
	}})
	return result{code, out.String(), err.String()}
}

func TestRun(t *testing.T) {
	var whole bytes.Buffer
	require.NoError(t, hello("echo hi").Write(&whole))
	assert.Equal(t, result{0, whole.String(), ""}, run(hello("echo hi")))

	r := run(hello("echo hi"), "-format", "json")
	assert.Equal(t, 0, r.code)
	assert.True(t, json.Valid([]byte(r.out)))

	r = run(hello("echo hi"), "-secrets")
	assert.Equal(t, 0, r.code, r.err)
	assert.Contains(t, r.out, "token: czNjcmV0\n")
	assert.Empty(t, r.err)
	r = run(hello("echo hi").Add(infra.WebhookSecret("other", "token")), "-secrets")
	assert.Equal(t, 0, r.code, r.err)
	assert.Equal(t, "Secret \"other\" is skipped: its values have no source; set one with FromEnv or FromFile\n", r.err)

	assert.Equal(t, result{0, `---
title: "Pipeline hello"
---
flowchart LR
  n0["first"]
  n1["second"]
  n0 --> n1
`, ""}, run(hello("echo hi"), "-graph", "mermaid"))
	assert.Contains(t, run(hello("echo hi"), "-graph", "dot").out, "n0 -> n1;")
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	assert.Equal(t, result{0, "", ""}, run(hello("echo hi"), "-o", dir, "-kustomization", "-group", "kind", "-positions"))
	assert.Equal(t, result{0, "", ""}, run(hello("echo hi"), "-o", dir, "-kustomization", "-group", "kind", "-positions", "-check"))
	for _, name := range []string{"kustomization.yaml", "pipelines.yaml", "declared.yaml"} {
		assert.FileExists(t, filepath.Join(dir, name))
	}
	b, err := os.ReadFile(filepath.Join(dir, "pipelines.yaml"))
	require.NoError(t, err)
	assert.Contains(t, string(b), "# pkg/generate/generate_test.go:")

	r := run(hello("echo bye"), "-o", dir, "-kustomization", "-group", "kind", "-positions", "-check")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.out, "-              echo hi\n+              echo bye\n")
	assert.Contains(t, r.err, "is out of date; generate it again\n\tstale: pipelines.yaml\n")
	assert.NotContains(t, r.err, "echo")
}

// TestWarnings tests that warnings are printed by default, notes and nothing on demand,
// and that each rule runs once.
func TestWarnings(t *testing.T) {
	runs := 0
	noisy := func() *manifest.Set {
		report := func(code string, severity diag.Severity) *rule.Rule {
			return &rule.Rule{Code: code, Severity: severity, Kinds: []string{"Pipeline"}, Run: func(p *rule.Pass) {
				runs++
				p.Report(p.At("metadata"), "the object is here", "")
			}}
		}
		return hello("echo hi").Profile(check.Profile{Disabled: []string{"requests-missing"}, Rules: []*rule.Rule{
			report("seen-warning", diag.Warning), report("seen-note", diag.Note),
		}})
	}
	dir := filepath.Join(t.TempDir(), "out")
	for _, c := range []struct {
		args          []string
		warning, note bool
	}{
		{nil, true, false},
		{[]string{"-o", dir}, true, false},
		{[]string{"-o", dir, "-check"}, true, false},
		{[]string{"-warnings=false"}, false, false},
		{[]string{"-notes"}, true, true},
		{[]string{"-secrets"}, false, false},
		{[]string{"-graph", "dot"}, false, false},
	} {
		runs = 0
		r := run(noisy(), c.args...)
		assert.Zero(t, r.code, "%v: %s", c.args, r.err)
		assert.Equal(t, c.warning, strings.Contains(r.err, "warning seen-warning"), "%v: %s", c.args, r.err)
		assert.Equal(t, c.note, strings.Contains(r.err, "note seen-note"), "%v: %s", c.args, r.err)
		assert.LessOrEqual(t, runs, 2, "%v", c.args)
	}
	// Warnings follow the errors.
	bad := builder.NewPipeline("bad")
	bad.Param("unused")
	r := run(noisy().Add(bad))
	assert.Equal(t, 1, r.code)
	assert.Regexp(t, `(?s)error param-unused.*warning seen-warning`, r.err)
	// Each finding begins a line.
	bad.Param("another")
	assert.Regexp(t, `(?ms)^\S+ error param-unused.*^\S+ error param-unused.*^\S+ warning seen-warning`, run(noisy().Add(bad)).err)
}

// TestBusy tests a second program that writes the same folder.
func TestBusy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	first := hello("echo hi").Progress(func(p manifest.Progress) {
		if p.Stage == "write" && p.Done == 0 {
			r := run(hello("echo bye"), "-o", dir)
			assert.Equal(t, 2, r.code)
			assert.Equal(t, "the folder \""+dir+"\" is unchanged: another process is writing to it; run the program again when the other one has finished\n", r.err)
		}
	})
	require.NoError(t, first.WriteDir(dir))
	assert.Equal(t, result{0, "", ""}, run(hello("echo hi"), "-o", dir, "-check"))
}

// TestCalls tests the usage message and wrong flags.
func TestCalls(t *testing.T) {
	var out bytes.Buffer
	for _, args := range [][]string{
		{"-h"}, {"-x"}, {"manifests"}, {"-format", "toml"}, {"-format", "json", "-o", "x"}, {"-check"}, {"-group", "kind"},
		{"-group", "name", "-o", "x"}, {"-graph", "svg"}, {"-graph", ""}, {"-o", ""}, {"-graph", "dot", "-secrets"}, {"-secrets", "-o", "x"}, {"-kustomization"},
		{"-pac", "x"}, {"-pac", "./x", "-o", "x"}, {"-pac", "x", "-secrets"},
	} {
		r := run(hello("true"), args...)
		assert.Empty(t, r.out)
		if args[0] == "-h" {
			assert.Equal(t, 0, r.code)
		} else {
			assert.Equal(t, 2, r.code, "%v", args)
		}
		out.WriteString("$ hello")
		for _, a := range args {
			out.WriteString(" " + a)
		}
		out.WriteString("\n" + r.err)
	}
	golden.Check(t, "testdata/calls.txt", out.Bytes())

	assert.Equal(t, 2, run(nil).code)
	bad := builder.NewPipeline("bad")
	bad.Param("unused")
	r := run(manifest.New(bad))
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "pkg/generate/generate_test.go:")

	var err bytes.Buffer
	assert.Equal(t, 2, generate.Run(hello("true"), generate.Env{Stdout: full{}, Stderr: &err}))
	assert.Contains(t, err.String(), "no space left")
}

// full is a writer without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestPaC tests that runs of Pipelines-as-Code are written to a folder of their own.
func TestPaC(t *testing.T) {
	root := t.TempDir()
	objects, tekton := filepath.Join(root, "manifests"), filepath.Join(root, ".tekton")
	of := func(script string) *manifest.Set {
		p := builder.NewPipeline("hello")
		p.AddInline("say", func(t *builder.Task) {
			t.Step("say").Image("registry.local/alpine:3").Requests("10m", "16Mi").Script(script)
		})
		return hello("true").PaC(p)
	}
	assert.Equal(t, result{}, run(of("echo hi"), "-o", objects, "-pac", tekton))
	assert.Equal(t, result{}, run(of("echo hi"), "-o", objects, "-pac", tekton, "-check"))
	assert.Equal(t, result{}, run(of("echo hi"), "-pac", tekton, "-check"))
	assert.FileExists(t, filepath.Join(tekton, "pipeline-hello.yaml"))

	r := run(of("echo ho"), "-o", objects, "-pac", tekton, "-check")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.out, "+              echo ho")
	assert.Contains(t, r.err, "stale: pipeline-hello.yaml")
	assert.NotContains(t, r.err, objects)

	assert.Equal(t, result{}, run(of("echo hi"), "-o", objects, "-pac", tekton, "-graph", "mermaid"))
	assert.FileExists(t, filepath.Join(objects, "pipeline-hello.md"))
	assert.FileExists(t, filepath.Join(tekton, "pipeline-hello.md"))
	assert.Equal(t, 1, run(of("echo hi"), "-pac", tekton, "-check").code, "the diagram is superfluous")
	assert.Equal(t, result{}, run(of("echo hi"), "-o", objects, "-pac", tekton))
	other := filepath.Join(root, "other")
	assert.Equal(t, result{}, run(of("echo ho"), "-pac", other))
	assert.FileExists(t, filepath.Join(other, "pipeline-hello.yaml"))
	assert.Equal(t, result{}, run(of("echo hi"), "-o", objects, "-check"), "the runs are not written without -pac")
	bad := builder.NewPipeline("bad")
	bad.Param("unused")
	assert.Equal(t, 1, run(hello("true").PaC(bad), "-o", objects).code, "but checked")
	r = run(hello("true").PaC(hello("true")), "-o", objects)
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "pac-kind-ignored: Secret \"hook\" is among the runs of Pipelines-as-Code")
}

// TestFlagsAdd tests that flags add to the layout of the set, and that a run of the program
// leaves the set as it is.
func TestFlagsAdd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	of := func() *manifest.Set {
		return hello("echo hi").Layout(manifest.Layout{Kustomization: true, Group: manifest.ByKind})
	}
	assert.Equal(t, result{}, run(of(), "-o", dir))
	assert.FileExists(t, filepath.Join(dir, "kustomization.yaml"))
	assert.FileExists(t, filepath.Join(dir, "pipelines.yaml"))
	require.NoError(t, of().CheckDir(dir), "the layout is that of the set")
	assert.Equal(t, result{}, run(of(), "-o", dir, "-positions"))
	assert.FileExists(t, filepath.Join(dir, "kustomization.yaml"))
	assert.Equal(t, 1, run(of(), "-o", dir, "-check").code, "the comments are superfluous")
	require.NoError(t, os.Remove(filepath.Join(dir, "kustomization.yaml")))
	r := run(of(), "-o", dir, "-positions", "-check")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "missing: kustomization.yaml")

	// A flag that is given decides.
	assert.Equal(t, result{}, run(of(), "-o", dir, "-kustomization=false", "-group", "object"))
	assert.NoFileExists(t, filepath.Join(dir, "kustomization.yaml"))
	assert.FileExists(t, filepath.Join(dir, "pipeline-hello.yaml"))

	same, advised := of(), 0
	same.Advice(func(diag.Findings) { advised++ })
	assert.Equal(t, result{}, run(same, "-o", dir, "-positions", "-kustomization=false"))
	var own bytes.Buffer
	require.NoError(t, same.Write(&own))
	assert.NotContains(t, own.String(), "generate_test.go")
	assert.Positive(t, advised, "its own function is called again")
}

// TestDiagramFiles tests that diagrams are files of the folder: -check sees them, they go
// with their pipeline, and a Markdown file of somebody else is left alone.
func TestDiagramFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	assert.Equal(t, result{}, run(hello("echo hi"), "-o", dir, "-kustomization"))
	r := run(hello("echo hi"), "-o", dir, "-kustomization", "-graph", "mermaid", "-check")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "missing: pipeline-hello.md")
	assert.Equal(t, result{}, run(hello("echo hi"), "-o", dir, "-kustomization", "-graph", "mermaid"))
	assert.Equal(t, result{}, run(hello("echo hi"), "-o", dir, "-kustomization", "-graph", "mermaid", "-check"))
	text, err := os.ReadFile(filepath.Join(dir, "pipeline-hello.md"))
	require.NoError(t, err)
	assert.Equal(t, "<!-- Code generated by tekwright; DO NOT EDIT. -->\n\n```mermaid\n---\ntitle: \"Pipeline hello\"\n---\n"+
		"flowchart LR\n  n0[\"first\"]\n  n1[\"second\"]\n  n0 --> n1\n```\n", string(text))
	kustomization, err := os.ReadFile(filepath.Join(dir, "kustomization.yaml"))
	require.NoError(t, err)
	assert.NotContains(t, string(kustomization), ".md")
	loaded, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
	require.NoError(t, err)
	assert.Empty(t, loaded.Findings)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "pipeline-hello.md"), append(text, "more\n"...), 0o600))
	r = run(hello("echo hi"), "-o", dir, "-kustomization", "-graph", "mermaid", "-check")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.out, "-more\n")

	own := filepath.Join(dir, "README.md")
	require.NoError(t, os.WriteFile(own, []byte("# Mine\n"), 0o600))
	assert.Equal(t, result{}, run(hello("echo hi"), "-o", dir, "-graph", "dot"))
	assert.NoFileExists(t, filepath.Join(dir, "pipeline-hello.md"))
	assert.NoFileExists(t, filepath.Join(dir, "kustomization.yaml"))
	assert.FileExists(t, filepath.Join(dir, "pipeline-hello.dot"))
	assert.FileExists(t, own)
	assert.Equal(t, result{}, run(hello("echo hi"), "-o", dir))
	assert.NoFileExists(t, filepath.Join(dir, "pipeline-hello.dot"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pipeline-hello.md"), []byte("# Mine\n"), 0o600))
	r = run(hello("echo hi"), "-o", dir, "-graph", "mermaid")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "was not written by tekwright")
}
