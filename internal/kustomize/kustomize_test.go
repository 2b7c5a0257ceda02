package kustomize_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/kustomize"
)

// task is a Task.
func task(name string) string {
	return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: " + name + "}\nspec: {steps: [{name: s, image: 'busybox:1.37', script: date}]}\n"
}

// rendered writes files and renders their kustomizations.
func rendered(t *testing.T, files map[string]string) []kustomize.Rendering {
	t.Helper()
	t.Chdir(t.TempDir())
	var kustomizations []string
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	require.NoError(t, filepath.WalkDir("repo", func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Name() == "kustomization.yaml" {
			kustomizations = append(kustomizations, filepath.ToSlash(path))
		}
		return err
	}))
	return kustomize.Render(context.Background(), kustomizations, []string{"repo"}, func(string) bool { return true }, nil)
}

// names returns "NAMESPACE/NAME from SOURCE" of each object.
func names(t *testing.T, r kustomize.Rendering) (all []string) {
	t.Helper()
	for _, o := range r.Objects {
		var got struct {
			Metadata struct {
				Namespace, Name string
				Annotations     map[string]string
			}
		}
		require.NoError(t, json.Unmarshal(o.JSON, &got))
		for key := range got.Metadata.Annotations {
			assert.NotContains(t, key, "internal.")
		}
		all = append(all, got.Metadata.Namespace+"/"+got.Metadata.Name+" from "+o.Source)
	}
	return all
}

func TestRender(t *testing.T) {
	r := rendered(t, map[string]string{
		"repo/base/kustomization.yaml":       "resources: [all.yaml]\n",
		"repo/base/all.yaml":                 task("a") + "---\n" + task("b"),
		"repo/overlay/kustomization.yaml":    "namespace: ci\nnamePrefix: x-\nresources: [../base]\ncomponents: [../part]\npatches: [{path: patch.yaml}]\nconfigMapGenerator: [{name: c, literals: [a=b], options: {disableNameSuffixHash: true}}]\n",
		"repo/overlay/patch.yaml":            "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec: {description: patched}\n",
		"repo/part/kustomization.yaml":       "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [more.yaml]\n",
		"repo/part/more.yaml":                task("c"),
		"repo/old/kustomization.yaml":        "bases: [../base]\ncommonLabels: {a: b}\npatchesStrategicMerge: [\"apiVersion: tekton.dev/v1\\nkind: Task\\nmetadata: {name: b}\\nspec: {description: old}\\n\"]\npatchesJson6902: [{target: {kind: Task, name: a}, patch: '[{op: add, path: /spec/description, value: json}]'}]\n",
		"repo/odd name+x/kustomization.yaml": "resources: [t.yaml]\n",
		"repo/odd name+x/t.yaml":             task("d"),
	})
	require.Len(t, r, 3)
	got := map[string]kustomize.Rendering{}
	for _, one := range r {
		assert.Empty(t, one.Err, one.File)
		assert.Empty(t, one.LeftOut, one.File)
		got[one.File] = one
	}
	overlay := got["repo/overlay/kustomization.yaml"]
	assert.Equal(t, []string{"ci/x-a from repo/base/all.yaml:1:1", "ci/x-b from repo/base/all.yaml:6:1", "ci/x-c from ", "ci/x-c from repo/part/more.yaml:1:1"}, names(t, overlay))
	assert.Contains(t, string(overlay.Objects[0].JSON), "patched")
	assert.ElementsMatch(t, []string{"repo/base/all.yaml", "repo/part/more.yaml"}, overlay.Sources)
	old := got["repo/old/kustomization.yaml"]
	assert.Contains(t, string(old.Objects[0].JSON), `"description":"json"`)
	assert.Contains(t, string(old.Objects[1].JSON), `"description":"old"`)
	assert.Equal(t, []string{"/d from repo/odd name+x/t.yaml:1:1"}, names(t, got["repo/odd name+x/kustomization.yaml"]))
}

const elsewhere = `
resources: [t.yaml, ../secret.yaml, "AT/x.yaml", "AT/a/b//c?ref=main", "github.com/example/example?ref=v1", "git@example.com:a/b", missing.yaml, /etc]
components: ["AT/c"]
patches: [{path: "AT/p.yaml"}, {path: ../secret.yaml}]
configMapGenerator: [{name: c, files: [../secret.txt]}, {name: d, files: ["AT/f"]}, {name: e, envs: ["AT/f"]}]
secretGenerator: [{name: s, env: ../secret.txt}]
generators: ["AT/g", plugin.yaml, files.yaml]
transformers: ["{apiVersion: builtin, kind: PatchTransformer, metadata: {name: p}, path: 'AT/p'}"]
helmCharts: [{name: x, repo: "AT"}]
crds: ["AT/crd"]
openapi: {path: "AT/o"}
configurations: ["AT/c"]
`

// What is not below the directories is not read, and nothing is fetched.
func TestLeftOut(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // of a test
	called := make(chan bool, 1)
	go func() {
		if c, err := listener.Accept(); err == nil {
			called <- true
			_ = c.Close()
		}
	}()
	at := "http://" + listener.Addr().String()
	r := rendered(t, map[string]string{
		"secret.yaml":             task("secret"),
		"secret.txt":              "password",
		"repo/t.yaml":             task("t"),
		"repo/kustomization.yaml": strings.ReplaceAll(elsewhere, "AT", at),
		"repo/plugin.yaml":        "apiVersion: v1\nkind: Exec\nmetadata: {name: x, annotations: {config.kubernetes.io/function: 'exec: {path: /bin/false}'}}\n",
		"repo/files.yaml":         "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: [" + at + "/x]\n",
	})
	require.NoError(t, os.Symlink("../secret.yaml", "repo/link.yaml"))
	require.Len(t, r, 1)
	assert.Empty(t, r[0].Err)
	assert.Equal(t, []string{"/t from repo/t.yaml:1:1"}, names(t, r[0]))
	for _, what := range []string{"../secret.yaml", at + "/x.yaml", "missing.yaml", "/etc", "Helm charts", "the plugin plugin.yaml", "a file of a configMapGenerator"} {
		assert.Contains(t, r[0].LeftOut, what)
	}
	for _, o := range r[0].Objects {
		assert.NotContains(t, string(o.JSON), "password")
	}
	linked := rendered(t, map[string]string{"secret.yaml": task("secret"), "repo/kustomization.yaml": "resources: [link.yaml]\n"})
	require.Empty(t, linked)
	require.NoError(t, os.Symlink("../secret.yaml", "repo/link.yaml"))
	linked = kustomize.Render(context.Background(), []string{"repo/kustomization.yaml"}, []string{"repo"}, func(string) bool { return true }, nil)
	assert.Empty(t, linked, "a link that leads out of the directory is not wanted, since it is not read")
	select {
	case <-called:
		t.Error("something was fetched")
	case <-time.After(50 * time.Millisecond):
	}
}

// Hostile kustomizations are refused, in little time.
func TestHostile(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'k'; i++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	inline := strings.ReplaceAll(bomb, "\n", "\n      ")
	doubling := map[string]string{"repo/d0/kustomization.yaml": "resources: [t.yaml]\n", "repo/d0/t.yaml": task("t")}
	for i := 1; i < 25; i++ {
		for _, side := range []string{"l", "r"} {
			doubling[fmt.Sprintf("repo/d%d%s/kustomization.yaml", i, side)] = fmt.Sprintf("namePrefix: %s-\nresources: [../d%d]\n", side, i-1)
		}
		doubling[fmt.Sprintf("repo/d%d/kustomization.yaml", i)] = fmt.Sprintf("resources: [../d%dl, ../d%dr]\n", i, i)
	}
	deep := map[string]string{"repo/t.yaml": task("t")}
	for i := range 200 {
		deep[fmt.Sprintf("repo/d%d/kustomization.yaml", i)] = fmt.Sprintf("resources: [../d%d]\n", i+1)
	}
	deep["repo/d200/kustomization.yaml"] = "resources: [t.yaml]\n"
	deep["repo/d200/t.yaml"] = task("t")
	var many, copies strings.Builder
	for i := range 10_000 {
		many.WriteString(task(fmt.Sprintf("t%d", i)) + "---\n")
	}
	for i := range 40 {
		fmt.Fprintf(&copies, "{op: copy, from: /spec, path: /spec/x%d},", i)
	}
	var targets strings.Builder
	for range 40 {
		targets.WriteString("{select: {kind: Task}, fieldPaths: [spec.description], options: {delimiter: ',', index: -1}},")
	}
	var patches, merges strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&patches, "- {target: {kind: Task}, patch: '[{op: add, path: /spec/params/-, value: {name: p%d, default: x}}]'}\n", i)
		fmt.Fprintf(&merges, "- {patch: '{apiVersion: tekton.dev/v1, kind: Task, metadata: {name: t, labels: {a%d: x}}}'}\n", i)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"cycle":        {map[string]string{"repo/a/kustomization.yaml": "resources: [../b, t.yaml]\n", "repo/b/kustomization.yaml": "resources: [../a]\n", "repo/a/t.yaml": task("t")}, "it includes itself"},
		"itself":       {map[string]string{"repo/kustomization.yaml": "resources: [., t.yaml]\n", "repo/t.yaml": task("t")}, "it includes itself"},
		"doubling":     {doubling, "more than 1000 objects"},
		"depth":        {deep, "nested too deeply"},
		"many":         {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\n", "repo/t.yaml": many.String()}, "more than 1000 objects"},
		"bomb":         {map[string]string{"repo/kustomization.yaml": bomb + "resources: [t.yaml]\n", "repo/t.yaml": task("t")}, ""},
		"bomb object":  {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\n", "repo/t.yaml": "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\n" + bomb}, "t.yaml"},
		"bomb patch":   {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\npatches:\n  - patch: |\n      " + inline + "\n", "repo/t.yaml": task("t")}, "a patch is not YAML"},
		"bomb file":    {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\npatches: [{path: p.yaml}]\n", "repo/p.yaml": bomb, "repo/t.yaml": task("t")}, "p.yaml"},
		"copies":       {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\npatches: [{target: {kind: Task}, patch: '[" + strings.TrimSuffix(copies.String(), ",") + "]'}]\n", "repo/t.yaml": task("t")}, "too large"},
		"replacements": {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\nreplacements: [{source: {kind: Task}, targets: [" + targets.String() + "]}]\n", "repo/t.yaml": task("t")}, "too large"},
		"patches":      {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\npatches:\n" + patches.String(), "repo/t.yaml": task("t")}, "too many patches"},
		"merges":       {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\npatches:\n" + merges.String(), "repo/t.yaml": task("t")}, "too many patches"},
		"in a base":    {map[string]string{"repo/a/kustomization.yaml": "resources: [../b]\n", "repo/b/kustomization.yaml": "resources: [t.yaml]\npatches:\n" + patches.String(), "repo/b/t.yaml": task("t")}, "too many patches"},
		"no map":       {map[string]string{"repo/kustomization.yaml": "[]\n"}, ""},
		"broken":       {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\n", "repo/t.yaml": "a: [\n"}, "t.yaml"},
		"twice":        {map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\n", "repo/t.yaml": task("t") + "---\n" + task("t")}, "already registered id"},
		"odd fields":   {map[string]string{"repo/kustomization.yaml": "resources: [1, {a: b}, t.yaml]\npatches: [x]\nnamePrefix: [a]\nvars: x\n", "repo/t.yaml": task("t")}, "namePrefix"},
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			r := rendered(t, c.files)
			assert.Less(t, time.Since(begin), 30*time.Second)
			if c.want == "" {
				return
			}
			require.NotEmpty(t, r)
			for _, one := range r {
				assert.Contains(t, one.Err, c.want)
				assert.Empty(t, one.Objects)
			}
		})
	}
}

// TestSilence renders several kustomizations at once. Kustomize warns of each, which nobody
// sees, and afterwards the process writes where it did before. Run it with -race.
func TestSilence(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.MkdirAll("repo", 0o755))
	require.NoError(t, os.WriteFile("repo/task.yaml", []byte(task("t")), 0o600))
	const warns = "resources: [task.yaml]\ncommonLabels: {a: b}\nvars: [{name: UNUSED, objref: {apiVersion: tekton.dev/v1, kind: Task, name: t}}]\n"
	require.NoError(t, os.WriteFile("repo/kustomization.yaml", []byte(warns), 0o600))
	seen, err := os.Create("seen")
	require.NoError(t, err)
	stderr, writer := os.Stderr, log.Writer()
	defer func() {
		os.Stderr = stderr
		log.SetOutput(writer)
	}()
	os.Stderr = seen
	log.SetOutput(seen)

	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 4 {
				r := kustomize.Render(context.Background(), []string{"repo/kustomization.yaml"}, []string{"repo"}, func(string) bool { return true }, nil)
				if assert.Len(t, r, 1) {
					assert.Empty(t, r[0].Err)
					assert.Len(t, r[0].Objects, 1)
				}
			}
		})
	}
	all.Wait()
	assert.Same(t, seen, os.Stderr)
	assert.Equal(t, io.Writer(seen), log.Writer())
	text, err := os.ReadFile("seen")
	require.NoError(t, err)
	assert.Empty(t, string(text))
}

// TestWeight tests that a few texts of a kustomization that would be written very often are
// refused, in whatever way, before kustomize does so.
func TestWeight(t *testing.T) {
	long, letters := strings.Repeat("y", 40_000), strings.Repeat("y", 300)
	list := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	copies := "[{op: add, path: /spec/z, value: {a: 1}}" + list(40, ", {op: copy, from: /spec/z, path: /spec/z/c#}") + "]"
	tasks := list(900, "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t#}\nspec: {steps: [{name: s, image: x, script: date}]}\n---\n")
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [" + list(1000, "{name: c#, image: x}, ") + "]}\n"
	value := "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {v: " + long + "}\n"
	params := "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec: {params: [" + list(20_000, "{name: p#, default: x}, ") + "], steps: [{name: s, image: x, script: date}]}\n"
	for name, c := range map[string]struct{ kustomization, resources string }{
		"copies in a plugin":             {"transformers: [\"{apiVersion: builtin, kind: PatchTransformer, metadata: {name: x}, target: {kind: Task}, patch: '" + copies + "'}\"]", task("a")},
		"copies in another plugin":       {"transformers: [\"{apiVersion: builtin, kind: PatchJson6902Transformer, metadata: {name: x}, target: {kind: Task, name: a}, JSONOP: '" + copies + "'}\"]", task("a")},
		"copies in a field in capitals":  {"patches: [{target: {kind: Task}, PATCH: '" + copies + "'}]", task("a")},
		"a long annotation":              {"commonAnnotations: {a: " + long + "}", tasks},
		"a long prefix":                  {"namePrefix: " + long, tasks},
		"a long namespace":               {"namespace: " + long, tasks},
		"a long image":                   {"images: [{name: x, newName: " + long + "}]", task("a") + "---\n" + pod},
		"many paths of a replacement":    {"replacements: [{source: {kind: ConfigMap, name: c, fieldPath: data.v}, targets: [{select: {kind: Task}, options: {create: true}, FieldPaths: [" + list(8000, "metadata.annotations.a#, ") + "]}]}]", task("a") + value},
		"a path with a *":                {"replacements: [{source: {kind: ConfigMap, name: c, fieldPath: data.v}, targets: [{select: {kind: Task}, fieldPaths: ['spec.params.*.default']}]}]", params + value},
		"a path with a * in a plugin":    {"transformers: [\"{apiVersion: builtin, kind: ReplacementTransformer, metadata: {name: x}, replacements: [{source: {kind: ConfigMap, name: c, fieldPath: data.v}, targets: [{select: {kind: Task}, fieldPaths: ['spec.params.*.default']}]}]}\"]", params + value},
		"a label at each item of a list": {"labels: [{pairs: {a: " + letters + "}, fields: [{path: 'spec/params[]/labels', create: true}]}]", list(7, params+"---\n")},
	} {
		r := rendered(t, map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\n" + c.kustomization + "\n", "repo/t.yaml": c.resources})
		require.Len(t, r, 1, name)
		assert.True(t, r[0].Limit, "%s: %s", name, r[0].Err)
		assert.Zero(t, len(r[0].Objects), name) //nolint:testifylint // the objects are long
	}
	for name, kustomization := range map[string]string{
		"a plugin with a patch": "transformers: [\"{apiVersion: builtin, kind: PatchTransformer, metadata: {name: x}, target: {kind: Task}, patch: '[{op: add, path: /spec/description, value: patched}]'}\"]",
		"usual settings":        "namespace: ci\nnamePrefix: x-\nlabels: [{pairs: {app: x}, fields: [{path: spec/labels, create: true}]}]\ncommonAnnotations: {a: some text}\nimages: [{name: busybox, newTag: '2'}]\nreplacements: [{source: {kind: Task, name: t1, fieldPath: metadata.name}, targets: [{select: {kind: Task}, fieldPaths: ['spec.steps.*.script']}]}]",
	} {
		r := rendered(t, map[string]string{"repo/kustomization.yaml": "resources: [t.yaml]\n" + kustomization + "\n", "repo/t.yaml": tasks})
		require.Len(t, r, 1, name)
		assert.Empty(t, r[0].Err, name)
		assert.Equal(t, 900, len(r[0].Objects), name) //nolint:testifylint // the objects are long
	}
}
