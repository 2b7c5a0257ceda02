package input_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli/input"
)

// folder makes files that each hold an object called like the file, in a
// folder that the test runs in.
func folder(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range names {
		put(t, name, object(name))
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

// object is a manifest; JSON is YAML too.
func object(name string) string {
	return `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "` + strings.NewReplacer("/", ".", ".", "-").Replace(name) + `"}}` + "\n"
}

// load lists the files that objects were found in, and the findings.
func load(args ...string) (files, findings []string) {
	s := input.Load(context.Background(), args, strings.NewReader(object("stdin")))
	for _, o := range s.Objects {
		file, _, _ := strings.Cut(o.At("metadata.name"), ":")
		files = append(files, file)
	}
	for _, f := range s.Findings {
		findings = append(findings, f.Place+": "+f.Code+": "+f.Message)
	}
	return files, findings
}

func TestFolders(t *testing.T) {
	folder(t, "b.yaml", "a.yml", "c.JSON", "d/e/f.yaml", ".tekton/push.yaml", "testdata/t.yaml", "chart.yaml", "values.yaml",
		"README.md", "x.txt", "yaml", ".hidden.yaml", ".git/x.yaml", "vendor/x.yaml", "d/node_modules/x.yaml",
		"kustomization.yaml", "d/Kustomization.yml", "helm/Chart.yaml", "helm/values.yaml", "helm/values-prod.yaml",
		"helm/values.schema.json", "helm/crds/values.yaml")
	all := []string{".tekton/push.yaml", "a.yml", "b.yaml", "c.JSON", "chart.yaml", "d/e/f.yaml", "helm/crds/values.yaml", "testdata/t.yaml", "values.yaml"}
	files, findings := load(".")
	assert.Equal(t, all, files)
	assert.Empty(t, findings)

	// Each file counts once, however often and by whatever way it is named.
	here, err := os.Getwd()
	require.NoError(t, err)
	files, findings = load("b.yaml", "./b.yaml", "d/../b.yaml", ".", "d", filepath.Join(here, "b.yaml"))
	assert.Equal(t, all, files)
	assert.Empty(t, findings)

	// What is named is read.
	files, findings = load(".git", "x.txt", "kustomization.yaml", "vendor/x.yaml", "-", "-")
	assert.Equal(t, []string{".git/x.yaml", "<stdin>", "kustomization.yaml", "vendor/x.yaml", "x.txt"}, files)
	assert.Empty(t, findings)
}

func TestLinks(t *testing.T) {
	folder(t, "in/real.yaml", "in/.data/hidden.yaml", "out/other.yaml", "out/sub/x.yaml")
	for link, target := range map[string]string{
		"in/a-link.yaml":  "real.yaml",         // is there already
		"in/data.yaml":    ".data/hidden.yaml", // as a mounted ConfigMap has it
		"in/out.yaml":     "../out/other.yaml", // leads out
		"in/nothing.yaml": "nowhere.yaml",      // leads nowhere
		"in/loop.yaml":    "loop.yaml",         // nor does this
		"in/up.yaml":      "..",                // a folder
		"in/sub":          "../out/sub",        // a folder outside
		"link":            "in",                // is named itself
		"direct.yaml":     "out/other.yaml",    // is named itself
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	files, findings := load("in")
	assert.Equal(t, []string{"in/data.yaml", "in/real.yaml"}, files)
	assert.Empty(t, findings)
	files, _ = load("direct.yaml")
	assert.Equal(t, []string{"direct.yaml"}, files)
	files, _ = load("link")
	assert.Equal(t, []string{"link/data.yaml", "link/real.yaml"}, files)
	_, findings = load("in/nothing.yaml")
	assert.Equal(t, []string{"in/nothing.yaml: file-unreadable: there is no such file or folder"}, findings)
}

func TestUnreadable(t *testing.T) {
	folder(t, "a.yaml", "shut.yaml", "sub/b.yaml")
	_, findings := load("nowhere.yaml", "a.yaml/b")
	assert.Len(t, findings, 2)
	assert.Equal(t, "nowhere.yaml: file-unreadable: there is no such file or folder", findings[0])

	s := input.Load(context.Background(), []string{"-", "a.yaml"}, iotest.ErrReader(errors.New("the pipe burst")))
	require.Len(t, s.Findings, 1)
	assert.Equal(t, "it cannot be read: the pipe burst", s.Findings[0].Message)
	assert.True(t, input.Unread(s.Findings[0]))
	assert.Len(t, s.Objects, 1)

	if os.Getuid() == 0 {
		return // who may read everything
	}
	require.NoError(t, os.Chmod("shut.yaml", 0))
	require.NoError(t, os.Chmod("sub", 0))
	t.Cleanup(func() { _ = os.Chmod("sub", 0o755) })
	files, findings := load(".")
	assert.Equal(t, []string{"a.yaml"}, files)
	assert.Equal(t, []string{
		"shut.yaml: file-unreadable: it cannot be read: permission denied",
		"sub: file-unreadable: it cannot be read: permission denied",
	}, slices.Sorted(slices.Values(findings)))
}

func TestHuge(t *testing.T) {
	folder(t, "a.yaml")
	require.NoError(t, os.WriteFile("b.yaml", nil, 0o644))
	require.NoError(t, os.Truncate("b.yaml", 64<<20+1)) // has no blocks on the disk
	files, findings := load(".")
	assert.Equal(t, []string{"a.yaml"}, files)
	assert.Equal(t, []string{"b.yaml: file-unreadable: it cannot be read: it is larger than 64 MiB"}, findings)
}

// TestForeign shows what is left alone in folders: what was never meant to be
// an object.
func TestForeign(t *testing.T) {
	for text, left := range map[string]bool{
		"services: {web: {image: nginx}}\n":      true,
		"a:\n  kind: x\n":                        true,
		"[1, 2]\n":                               true,
		"just words\n":                           true,
		"{\n  \"name\": \"site\"\n}\n":           true,
		"spec: {steps: []}\n":                    false,
		"Kind: Task\n":                           false,
		"apiversion: tekton.dev/v1\n":            false,
		"{\n  \"kind\": \"Task\"\n}\n":           false,
		"{\"metadata\": {\"name\": \"x\"}}\n":    false,
		"a: 1\n---\napiVersion: tekton.dev/v1\n": false,
	} {
		t.Run(text, func(t *testing.T) {
			folder(t)
			put(t, "x.yaml", text)
			put(t, "y.yaml", object("y"))
			s := input.Load(context.Background(), []string{"."}, nil)
			assert.Equal(t, left, len(s.Findings) == 0, "%v", s.Findings)
			assert.Len(t, s.Objects, 1)
			if left {
				assert.Equal(t, 1, s.Files)
			}
			s = input.Load(context.Background(), []string{"x.yaml"}, nil)
			assert.NotEmpty(t, s.Findings, "a file that is named holds objects")
			for _, f := range s.Findings {
				assert.True(t, input.Unread(f))
			}
		})
	}
}

// TestJSON shows that JSON with comments is nobody's manifest, unless it looks
// like one.
func TestJSON(t *testing.T) {
	folder(t)
	put(t, "tsconfig.json", "{\n  // strict\n  \"strict\": true,\n}\n")
	put(t, "task.json", "{\n  // strict\n  \"kind\": \"Task\",\n}\n")
	_, findings := load(".")
	require.Len(t, findings, 1)
	assert.Contains(t, findings[0], "task.json:3:")
}

func TestCancelled(t *testing.T) {
	folder(t, "a.yaml")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	assert.Empty(t, input.Load(ctx, []string{"."}, nil).Objects)
}
