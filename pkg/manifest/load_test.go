package manifest_test

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

	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// filesIn creates files in the working directory of the test, each with an object
// that has the name of the file.
func filesIn(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range names {
		put(t, name, configMap(name))
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

// configMap is a manifest; JSON is YAML too.
func configMap(name string) string {
	return `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "` + strings.NewReplacer("/", ".", ".", "-").Replace(name) + `"}}` + "\n"
}

// loaded returns the files with objects, and the findings.
func loaded(args ...string) (files, findings []string) {
	s, err := manifest.Load(context.Background(), args, manifest.LoadOptions{Stdin: strings.NewReader(configMap("stdin"))})
	if err != nil {
		return nil, []string{err.Error()}
	}
	for _, o := range s.Objects {
		files = append(files, o.At(diag.Fields("metadata", "name")).File)
	}
	for _, f := range s.Findings {
		findings = append(findings, f.Position.String()+": "+f.Code+": "+f.Message)
	}
	return files, findings
}

func TestLoadFolders(t *testing.T) {
	filesIn(t, "b.yaml", "a.yml", "c.JSON", "d/e/f.yaml", ".tekton/push.yaml", "testdata/t.yaml", "chart.yaml", "values.yaml",
		"README.md", "x.txt", "yaml", ".hidden.yaml", ".git/x.yaml", "vendor/x.yaml", "d/node_modules/x.yaml",
		"kustomization.yaml", "d/Kustomization.yml", "helm/Chart.yaml", "helm/values.yaml", "helm/values-prod.yaml",
		"helm/values.schema.json", "helm/crds/values.yaml")
	all := []string{".tekton/push.yaml", "a.yml", "b.yaml", "c.JSON", "chart.yaml", "d/e/f.yaml", "helm/crds/values.yaml", "testdata/t.yaml", "values.yaml"}
	files, findings := loaded(".")
	assert.Equal(t, all, files)
	assert.Empty(t, findings)

	// Each file counts once, however often and by whatever way it is named.
	here, err := os.Getwd()
	require.NoError(t, err)
	files, findings = loaded("b.yaml", "./b.yaml", "d/../b.yaml", ".", "d", filepath.Join(here, "b.yaml"))
	assert.Equal(t, all, files)
	assert.Empty(t, findings)

	// What is named is read.
	files, findings = loaded(".git", "x.txt", "kustomization.yaml", "vendor/x.yaml", "-", "-")
	assert.Equal(t, []string{".git/x.yaml", "<stdin>", "kustomization.yaml", "vendor/x.yaml", "x.txt"}, files)
	assert.Empty(t, findings)
}

func TestLoadLinks(t *testing.T) {
	filesIn(t, "in/real.yaml", "in/.data/hidden.yaml", "out/other.yaml", "out/sub/x.yaml")
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
	files, findings := loaded("in")
	assert.Equal(t, []string{"in/data.yaml", "in/real.yaml"}, files)
	assert.Empty(t, findings)
	files, _ = loaded("direct.yaml")
	assert.Equal(t, []string{"direct.yaml"}, files)
	files, _ = loaded("link")
	assert.Equal(t, []string{"link/data.yaml", "link/real.yaml"}, files)
	_, findings = loaded("in/nothing.yaml")
	assert.Equal(t, []string{"in/nothing.yaml: file-unreadable: the file or folder does not exist"}, findings)
}

func TestLoadUnreadable(t *testing.T) {
	filesIn(t, "a.yaml", "shut.yaml", "sub/b.yaml")
	_, findings := loaded("nowhere.yaml", "a.yaml/b")
	assert.Len(t, findings, 2)
	assert.Equal(t, "nowhere.yaml: file-unreadable: the file or folder does not exist", findings[0])

	s, err := manifest.Load(context.Background(), []string{"-", "a.yaml"}, manifest.LoadOptions{Stdin: iotest.ErrReader(errors.New("the pipe burst"))})
	require.NoError(t, err)
	require.Len(t, s.Findings, 1)
	assert.Equal(t, "cannot be read: the pipe burst", s.Findings[0].Message)
	assert.True(t, manifest.IsReadFailure(s.Findings[0]))
	assert.Len(t, s.Objects, 1)

	if os.Getuid() == 0 {
		return // who may read everything
	}
	require.NoError(t, os.Chmod("shut.yaml", 0))
	require.NoError(t, os.Chmod("sub", 0))
	t.Cleanup(func() { _ = os.Chmod("sub", 0o755) })
	files, findings := loaded(".")
	assert.Equal(t, []string{"a.yaml"}, files)
	assert.Equal(t, []string{
		"shut.yaml: file-unreadable: cannot be read: permission denied",
		"sub: file-unreadable: cannot be read: permission denied",
	}, slices.Sorted(slices.Values(findings)))
}

func TestLoadHuge(t *testing.T) {
	filesIn(t, "a.yaml")
	require.NoError(t, os.WriteFile("b.yaml", nil, 0o644))
	require.NoError(t, os.Truncate("b.yaml", 64<<20+1)) // has no blocks on the disk
	files, findings := loaded(".")
	assert.Equal(t, []string{"a.yaml"}, files)
	assert.Equal(t, []string{"b.yaml: file-unreadable: cannot be read: larger than 64 MiB"}, findings)
}

// TestForeign checks that documents in folders are ignored if they are not meant to be
// objects.
func TestLoadForeign(t *testing.T) {
	for text, left := range map[string]bool{
		"services: {web: {image: nginx}}\n": true,
		"a:\n  kind: x\n":                   true,
		"[1, 2]\n":                          true,
		"just words\n":                      true,
		"{\n  \"name\": \"site\"\n}\n":      true,
		"schemaVersion: 2.2.0\nmetadata: {name: app}\ncomponents: []\n":                    true, // devfile
		"apiVersion: 1.0.0\nmetadata: {generateName: app-}\ncomponents: []\n":              true, // devfile 1
		"$schema: https://json-schema.org/draft/2020-12/schema\nkind: x\n":                 true,
		"bomFormat: CycloneDX\nspecVersion: '1.5'\nmetadata: {}\ncomponents: []\n":         true,
		"spdxVersion: SPDX-2.3\nname: a\npackages: []\n":                                   true,
		"openapi: 3.1.0\ninfo: {title: a}\npaths: {}\n":                                    true,
		"swagger: '2.0'\ndefinitions: {Task: {properties: {kind: {type: string}}}}\n":      true,
		"metadata: {name: v}\nspec: {accessModes: [ReadWriteOnce], resources: {}}\n":       true, // of a volume claim, for tkn
		"spec:\n  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n": true,
		"site_name: docs\nnav: []\n":                                                       true, // mkdocs
		"on: push\njobs: {a: {steps: []}}\n":                                               true, // GitHub
		"version: '2'\nlinters: {enable: []}\n":                                            true, // golangci-lint
		"repos:\n- repo: https://example.com\n":                                            true, // pre-commit
		"apiVersion: v2\nname: c\nversion: 1.0.0\n":                                        true, // a chart
		"apiVersion: str()\nname: str()\n":                                                 true, // the schema of a chart
		"- name: install\n  command: x\n":                                                  true, // Ansible
		"#@ load('@ytt:data', 'data')\n---\na: 1\n":                                        true, // ytt
		"sops: {mac: x}\npassword: ENC[x]\n":                                               true,
		"kind: Widget\nname: a\n":                                                          true, // another kind
		"kind: Deployment\n":                                                               true,
		"kind: Deployment\nspec: {}\n":                                                     false,
		"apiVersion: v1\nmetadata: {name: a}\n":                                            false,
		"spec: {steps: []}\n":                                                              true,
		"metadata: {}\nspec: {steps: []}\n":                                                false,
		"Kind: Task\n":                                                                     false,
		"apiversion: tekton.dev/v1\n":                                                      false,
		"{\n  \"kind\": \"Task\"\n}\n":                                                     false,
		"{\"metadata\": {\"name\": \"x\"}}\n":                                              true,
		"a: 1\n---\napiVersion: tekton.dev/v1\n":                                           false,
	} {
		t.Run(text, func(t *testing.T) {
			filesIn(t)
			put(t, "x.yaml", text)
			put(t, "y.yaml", configMap("y"))
			s, err := manifest.Load(context.Background(), []string{"."}, manifest.LoadOptions{})
			require.NoError(t, err)
			assert.Equal(t, left, len(s.Findings) == 0, "%v", s.Findings)
			assert.Len(t, s.Objects, 1)
			if left {
				assert.Equal(t, 1, s.Files)
			}
			s, err = manifest.Load(context.Background(), []string{"x.yaml"}, manifest.LoadOptions{})
			require.NoError(t, err)
			require.NotEmpty(t, s.Findings, "nothing in a file that is named is passed over in silence")
			assert.Equal(t, !left, manifest.IsReadFailure(s.Findings[len(s.Findings)-1]))
		})
	}
}

// TestJSON checks that JSON with comments is ignored, unless it looks like a manifest.
func TestLoadJSON(t *testing.T) {
	filesIn(t)
	put(t, "tsconfig.json", "{\n  // strict\n  \"strict\": true,\n}\n")
	put(t, "task.json", "{\n  // strict\n  \"kind\": \"Task\",\n}\n")
	_, findings := loaded(".")
	require.Len(t, findings, 1)
	assert.Contains(t, findings[0], "task.json:3:")
}

func TestLoadCancelled(t *testing.T) {
	filesIn(t, "a.yaml")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := manifest.Load(ctx, []string{"."}, manifest.LoadOptions{})
	assert.ErrorIs(t, err, context.Canceled)
}

// TestLoadKustomized checks that patches and data of a kustomization are omitted, and
// its resources are read.
func TestLoadKustomized(t *testing.T) {
	filesIn(t, "base/task.yaml", "prod/patch.yaml", "prod/more.yaml", "prod/inline.yaml", "prod/strategic.yaml", "prod/j.json", "prod/gen/labels.yaml",
		"prod/both.yaml", "prod/data/conf.yaml", "prod/data/env.yaml", "dev/patch.yaml", "odd/patch.yaml")
	put(t, "base/kustomization.yaml", "resources: [task.yaml]\n")
	put(t, "prod/kustomization.yml", `
resources: [../base, both.yaml]
patches:
- path: patch.yaml
- path: ./more.yaml
  target: {kind: Task}
- patch: |
    kind: Task
- path: both.yaml
patchesStrategicMerge:
- strategic.yaml
- |
  kind: Task
patchesJson6902: [{target: {kind: Task, name: a}, path: j.json}]
transformers: [gen]
configMapGenerator: [{name: c, files: [conf=data/conf.yaml], envs: [data/env.yaml]}]
`)
	put(t, "odd/Kustomization", "patches: {path: patch.yaml}\n")
	// kustomize reads no patches from outside of its folder: this hides nothing.
	put(t, "docs/kustomization.yaml", "patches: [{path: ../dev/patch.yaml}, {path: ../dev}]\ntransformers: [/]\n")
	files, findings := loaded(".")
	assert.Equal(t, []string{"base/task.yaml", "dev/patch.yaml", "odd/patch.yaml", "prod/both.yaml", "prod/inline.yaml"}, files)
	assert.Empty(t, findings)
	files, _ = loaded("prod", "prod/patch.yaml")
	assert.Equal(t, []string{"prod/both.yaml", "prod/inline.yaml", "prod/patch.yaml"}, files, "what is named is read")
	s, err := manifest.Load(context.Background(), []string{"."}, manifest.LoadOptions{})
	require.NoError(t, err)
	assert.Equal(t, 7, s.LeftOut, "patch, more, strategic, j.json, gen/labels, conf and env")
}

// TestLoadChart checks that each chart template is one note, and that its documents
// without actions are read.
func TestLoadChart(t *testing.T) {
	filesIn(t, "c/Chart.yaml", "c/templates/plain.yaml")
	const template = "kind: Task\nmetadata:\n  name: {{ .Release.Name }}\n"
	put(t, "c/templates/sub/mixed.yaml", "# first\n"+configMap("one")+"---\n"+template+"---\n{{- if .x }}\na: [\n{{- end }}\n---\n"+configMap("two"))
	put(t, "templates/lonely.yaml", template)
	s, err := manifest.Load(context.Background(), []string{"c"}, manifest.LoadOptions{})
	require.NoError(t, err)
	assert.Len(t, s.Objects, 3)
	require.Len(t, s.Findings, 1)
	f := s.Findings[0]
	assert.Equal(t, "c/templates/sub/mixed.yaml:6:9: template-unrendered", f.Position.String()+": "+f.Code)
	assert.False(t, manifest.IsReadFailure(f))
	assert.True(t, strings.HasPrefix(s.Objects[2].At(diag.Fields("metadata", "name")).String(), "c/templates/sub/mixed.yaml:12:"), "lines stay what they are")

	for path, failure := range map[string]bool{"templates": false, "c/templates/sub/mixed.yaml": true} {
		s, err = manifest.Load(context.Background(), []string{path}, manifest.LoadOptions{})
		require.NoError(t, err)
		require.NotEmpty(t, s.Findings, path)
		assert.Equal(t, "template-unrendered", s.Findings[0].Code)
		assert.Equal(t, failure, manifest.IsReadFailure(s.Findings[0]), "named, it is an error")
	}
}

// TestLoadTemplates checks that there is one note for the templates of a chart, and one for
// each directory with other templates.
func TestLoadTemplates(t *testing.T) {
	filesIn(t, "a/Chart.yaml", "b/Chart.yaml")
	const template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
	for _, file := range []string{"a/templates/x.yaml", "a/templates/y.yaml", "a/templates/sub/z.yaml", "b/templates/x.yaml", "c/x.yaml", "c/y.yaml", "d/x.yaml"} {
		put(t, file, template)
	}
	put(t, "d/at.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: @VALUE@\n")
	put(t, "d/broken.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: @value\n")
	s, err := manifest.Load(context.Background(), []string{"."}, manifest.LoadOptions{})
	require.NoError(t, err)
	var got []string
	for _, f := range s.Findings {
		got = append(got, f.Position.File+" "+f.Severity.String()+" "+f.Code+" "+f.Message)
	}
	assert.ElementsMatch(t, []string{
		"a/templates/sub/z.yaml note template-unrendered the templates of the Helm chart in a have to be rendered before they can be checked",
		"b/templates/x.yaml note template-unrendered the templates of the Helm chart in b have to be rendered before they can be checked",
		"c/x.yaml note template-unrendered this template and 1 more in the directory have to be rendered before they can be checked",
		"d/at.yaml note template-unrendered this template and 1 more in the directory have to be rendered before they can be checked",
		"d/broken.yaml error yaml-invalid an unquoted string cannot begin with @, `, % or a tab",
	}, got)
}

func TestLoadExclude(t *testing.T) {
	filesIn(t, "a.yaml", "charts/b.yaml", "d/charts/c.yaml", "d/x.gen.yaml", "d/e/y.yaml")
	names := func(exclude []string, paths ...string) []string {
		s, err := manifest.Load(context.Background(), paths, manifest.LoadOptions{Exclude: exclude})
		require.NoError(t, err)
		var all []string
		for _, o := range s.Objects {
			all = append(all, o.At(diag.Fields("metadata", "name")).File)
		}
		return all
	}
	assert.Equal(t, []string{"a.yaml", "d/e/y.yaml"}, names([]string{"charts", "*.gen.yaml"}, "."))
	assert.Equal(t, []string{"a.yaml", "d/charts/c.yaml", "d/e/y.yaml", "d/x.gen.yaml"}, names([]string{"charts/*"}, "."))
	assert.Equal(t, []string{"d/charts/c.yaml", "d/x.gen.yaml"}, names([]string{"e"}, "d"))
	assert.Equal(t, []string{"d/charts/c.yaml", "d/x.gen.yaml"}, names([]string{"d/e/**"}, "d"), "by the way to it")
	assert.Equal(t, []string{"a.yaml"}, names([]string{"charts"}, "a.yaml", "charts/b.yaml"), "what is named as well")
	_, err := manifest.Load(context.Background(), []string{"."}, manifest.LoadOptions{Exclude: []string{"[a"}})
	assert.ErrorContains(t, err, `the pattern "[a" is malformed`)
}

// TestLoadHidden tests what a kustomization cannot hide: everything that is not a part
// of it for kustomize, wherever the path seems to lead.
func TestLoadHidden(t *testing.T) {
	const all = "tekton/evil.yaml"
	for _, c := range []struct {
		file, text string
		hidden     bool
	}{
		{"docs/kustomization.yaml", "patches: [{path: ../tekton/evil.yaml}]", false},
		{"docs/kustomization.yaml", "patches: [{path: link/evil.yaml}]", false},
		{"docs/kustomization.yaml", "patches: [{path: evil-link.yaml}]", false},
		{"docs/kustomization.yaml", "patches: [{path: sub/../../tekton/evil.yaml}]", false},
		{"docs/kustomization.yaml", "patches: [{path: DIR/tekton/evil.yaml}]", false},
		{"docs/kustomization.yaml", "transformers: [link, .., ../tekton, /]", false},
		{"docs/kustomization.yaml", "generators: [DIR/tekton]", false},
		{"docs/kustomization.yaml", "configMapGenerator: [{name: c, files: [a=../tekton/evil.yaml], envs: [../tekton/evil.yaml], env: ../tekton/evil.yaml}]", false},
		{"docs/kustomization.yaml", "helmCharts: [{valuesFile: ../tekton/evil.yaml, additionalValuesFiles: [../tekton/evil.yaml]}]", false},
		{"docs/kustomization.yaml", "openapi: {path: ../tekton/evil.yaml}", false},
		{"docs/kustomization.yaml", "components: [../tekton]\nbases: [../tekton]", false},
		{"tekton/sub/kustomization.yaml", "patches: [{path: ../evil.yaml}]", false},

		// Not a directory, and not the folder itself.
		{"kustomization.yaml", "patches: [{path: .}, {path: tekton}]", false},
		{"kustomization.yaml", "transformers: [., tekton/..]", false},
		{"tekton/kustomization.yaml", "transformers: [.]\npatches: [{path: ../tekton}]", false},
		{"tekton/kustomization.yaml", "configMapGenerator: [{name: c, files: [.]}]", false},

		// It is hidden where it is a part, and not used as an object.
		{"kustomization.yaml", "patches: [{path: tekton/evil.yaml}]", true},
		{"kustomization.yaml", "patches: [{path: DIR/tekton/evil.yaml}]", true},
		{"kustomization.yaml", "patches: [{path: docs/../tekton/evil.yaml}]", true},
		{"kustomization.yaml", "transformers: [tekton]", true},
		{"tekton/kustomization.yaml", "patches: [{path: evil.yaml}]", true},
		{"tekton/kustomization.yaml", "patches: [{path: evil.yaml}]\nresources: [./evil.yaml]", false},
	} {
		filesIn(t, all, "docs/sub/x.yaml", "other/x.yaml")
		dir, err := os.Getwd()
		require.NoError(t, err)
		require.NoError(t, os.Symlink("../tekton", "docs/link"))
		require.NoError(t, os.Symlink("../tekton/evil.yaml", "docs/evil-link.yaml"))
		put(t, c.file, strings.ReplaceAll(c.text, "DIR", filepath.ToSlash(dir)))
		l, err := manifest.Load(t.Context(), []string{"."}, manifest.LoadOptions{})
		require.NoError(t, err)
		_, read := l.Texts[all]
		assert.Equal(t, c.hidden, !read, "%s: %s", c.file, c.text)
		left := 0
		if c.hidden {
			left = 1
		}
		assert.Equal(t, left, l.LeftOut, "%s: %s", c.file, c.text)
	}

	// One kustomization lists as an object what another one uses as a patch.
	filesIn(t, "base/task.yaml", "base/sub/patch.yaml")
	put(t, "base/kustomization.yaml", "patches: [{path: sub/patch.yaml}]\nresources: [task.yaml]\n")
	put(t, "base/sub/kustomization.yaml", "resources: [patch.yaml]\n")
	put(t, "kustomization.yaml", "resources: [base]\npatches: [{path: base/task.yaml}]\n")
	files, _ := loaded(".")
	assert.Equal(t, []string{"base/sub/patch.yaml", "base/task.yaml"}, files)

	// Pipelines-as-Code reads all files in .tekton.
	filesIn(t, ".tekton/run.yaml", ".tekton/sub/more.yaml")
	put(t, "kustomization.yaml", "patches: [{path: .tekton/run.yaml}]\ntransformers: [.tekton]\n")
	put(t, ".tekton/kustomization.yaml", "patches: [{path: run.yaml}, {path: sub/more.yaml}]\n")
	files, _ = loaded(".")
	assert.Equal(t, []string{".tekton/run.yaml", ".tekton/sub/more.yaml"}, files)
}

// TestLoadSecrets tests that Load returns the parts of texts that must not be shown.
func TestLoadSecrets(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: hunter2}\n",
		"b.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n",
		"c.yaml": "apiVersion: v1\nkind: Secre\nmetadata: {name: a}\nstringData: {a: hunter3}\n", // the reader corrects the kind
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for _, limit := range []int{0, 1} { // a part of a stream is not enough
		r, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{Limits: manifest.Limits{Findings: limit}})
		require.NoError(t, err)
		for file, text := range r.Texts {
			ranges, values := r.Secrets(file)
			want := secrets.In(text)
			assert.Equal(t, want.Ranges, ranges, file)
			assert.Equal(t, want.Values, values, file)
			assert.Equal(t, strings.Contains(text, "hunter"), len(ranges) > 0, file)
		}
	}
	ranges, values := manifest.LoadResult{}.Secrets("x")
	assert.Empty(t, ranges)
	assert.Empty(t, values)
}
