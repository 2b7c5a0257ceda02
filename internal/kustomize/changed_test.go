package kustomize_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/kustomize"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TestChanged looks for what kustomizations have written. The place at which it must be found
// is marked with a caret in one of the files, as FILE: TEXT, which "---- " separates. Without a caret, the
// value is that of the source.
func TestChanged(t *testing.T) {
	const source = "repo/t.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  params: [{name: a}, {name: b, default: x}]\n  steps:\n    - name: one\n      image: busybox:1\n      script: date\n    - name: two\n      image: busybox:2\n---- "
	base := strings.ReplaceAll(source, "repo/", "repo/base/") + "repo/base/kustomization.yaml: resources: [t.yaml]\n---- "
	steps := diag.Fields("spec", "steps")
	image := func(i int) diag.Path { return steps.Index(i).Field("image") }
	for _, c := range []struct {
		name, files string
		at          diag.Path
		excerpt     string
		object      string // the name of the object; "" is the only one
	}{
		{name: "a file with a strategic merge", at: image(0),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches: [{path: p.yaml}]\n---- repo/p.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps:\n    - name: one\n      image: ^alpine\n"},
		{name: "an inline strategic merge", at: image(0), excerpt: "pine",
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - patch: |-\n      apiVersion: tekton.dev/v1\n      kind: Task\n      metadata:\n        name: t\n      spec:\n        steps:\n          - name: one\n            image: al^pine\n"},
		{name: "a target, and another name in the patch", at: diag.Fields("spec", "description"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |\n      kind: Task\n      metadata: {name: ignored}\n      spec:\n        description: ^new\n"},
		{name: "patchesStrategicMerge with a file", at: diag.Fields("spec", "description"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatchesStrategicMerge: [p.yaml]\n---- repo/p.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {description: ^new}\n"},
		{name: "patchesStrategicMerge, inline and in quotes", at: diag.Fields("spec", "description"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatchesStrategicMerge: [\"{apiVersion: tekton.dev/v1, kind: Task, metadata: {name: t}, spec: {description: ^new}}\"]\n"},
		{name: "a JSON patch in a file", at: image(1),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches: [{path: p.yaml, target: {kind: Task, name: t}}]\n---- repo/p.yaml: - op: replace\n  path: /spec/steps/1/image\n  value: ^alpine\n"},
		{name: "a file of JSON", at: image(1),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatchesJson6902: [{path: p.json, target: {group: tekton.dev, version: v1, kind: Task, name: t}}]\n---- repo/p.json: [{\"op\": \"replace\", \"path\": \"/spec/steps/1/image\",\n \"value\": ^\"alpine\"}]\n"},
		{name: "an inline JSON patch", at: image(2),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |-\n      - op: add\n        path: /spec/steps/-\n        value:\n          name: three\n          image: ^alpine\n"},
		{name: "an operation moves the items of an earlier one", at: image(1),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |-\n      - {op: replace, path: /spec/steps/0/image, value: ^alpine}\n      - {op: add, path: /spec/steps/0, value: {name: zero, image: zero}}\n"},
		{name: "the item that an operation adds", at: steps.Index(0),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |-\n      - {op: add, path: /spec/steps/0, value: ^{name: zero, image: zero}}\n"},
		{name: "a value that is missing in what an operation adds", at: steps.Index(0).Field("script"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |-\n      - {op: add, path: /spec/steps/0, value: ^{name: zero, image: zero}}\n"},
		{name: "what is beside the change is that of the source", at: image(1),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |-\n      - {op: add, path: /spec/steps/0, value: {name: zero, image: 'busybox:1'}}\n"},
		{name: "a JSON pointer with escapes", at: diag.Fields("metadata", "annotations").Key("a/b"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: '[{op: add, path: /metadata/annotations, value: {}}, {op: add, path: /metadata/annotations/a~1b, value: ^x}]'\n"},
		{name: "an operation removes it", at: steps.Index(0).Field("image"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |-\n      - op: remove\n        path: ^/spec/steps/0/image\n"},
		{name: "a merge removes it", at: diag.Fields("spec", "steps"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches: [{path: p.yaml}]\n---- repo/p.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps: ^null\n"},
		{name: "the last patch of several", at: diag.Fields("spec", "description"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: '[{op: add, path: /spec/description, value: first}]'\n  - target: {kind: Task}\n    patch: '[{op: add, path: /spec/description, value: ^second}]'\n"},
		{name: "of two patches, the one for this object", at: diag.Fields("spec", "description"), object: "t",
			files: source + "repo/u.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: u}\n---- repo/kustomization.yaml: resources: [t.yaml, u.yaml]\npatches:\n  - target: {kind: Task, name: t}\n    patch: '[{op: add, path: /spec, value: {description: ^same}}]'\n  - target: {kind: Task, name: u}\n    patch: '[{op: add, path: /spec, value: {description: same}}]'\n"},
		{name: "a patch of a base that is nested", at: diag.Fields("spec", "description"), object: "x-y-t",
			files: base + "repo/a/kustomization.yaml: namePrefix: y-\nresources: [../base]\npatches: [{path: p.yaml}]\n---- repo/a/p.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {description: ^new}\n---- repo/b/kustomization.yaml: namePrefix: x-\nresources: [../a]\n"},
		{name: "a patch for the name that a base gives", at: diag.Fields("spec", "description"), object: "x-y-t",
			files: base + "repo/a/kustomization.yaml: namePrefix: y-\nresources: [../base]\n---- repo/b/kustomization.yaml: namePrefix: x-\nresources: [../a]\npatches: [{path: p.yaml}]\n---- repo/b/p.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: y-t}\nspec: {description: ^new}\n"},
		{name: "a target for the name that a base gives", at: diag.Fields("spec", "description"), object: "x-y-t-s",
			files: base + "repo/a/kustomization.yaml: namePrefix: y-\nresources: [../base]\n---- repo/b/kustomization.yaml: namePrefix: x-\nnameSuffix: -s\nresources: [../a]\npatches: [{target: {name: y-.*}, patch: '[{op: add, path: /spec/description, value: ^new}]'}]\n"},
		{name: "of two overlays in one, that of the prefix", at: diag.Fields("spec", "description"), object: "a-t",
			files: base + "repo/a/kustomization.yaml: namePrefix: a-\nresources: [../base]\npatches: [{target: {name: t}, patch: '[{op: add, path: /spec/description, value: ^new}]'}]\n---- repo/b/kustomization.yaml: namePrefix: b-\nresources: [../base]\npatches: [{target: {name: t}, patch: '[{op: add, path: /spec/description, value: new}]'}]\n---- repo/all/kustomization.yaml: resources: [../a, ../b]\n"},
		{name: "of two overlays in one, that of the namespace", at: diag.Fields("spec", "description"), object: "t",
			files: base + "repo/a/kustomization.yaml: namespace: a\nresources: [../base]\npatches: [{target: {name: t}, patch: '[{op: add, path: /spec/description, value: ^new}]'}]\n---- repo/b/kustomization.yaml: namespace: b\nresources: [../base]\npatches: [{target: {name: t}, patch: '[{op: add, path: /spec/description, value: new}]'}]\n---- repo/all/kustomization.yaml: resources: [../a, ../b]\n"},
		{name: "a component", at: diag.Fields("spec", "description"),
			files: source + "repo/a/kustomization.yaml: resources: [../base]\ncomponents: [../part]\n---- repo/base/kustomization.yaml: resources: [u.yaml]\n---- repo/base/u.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\n---- repo/part/kustomization.yaml: apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target: {kind: Task}\n    patch: '[{op: add, path: /spec, value: {description: ^new}}]'\n"},
		{name: "labels that a target selects", at: diag.Fields("spec", "description"), object: "t",
			files: "repo/t.yaml: apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t, labels: {a: b}}\nspec: {params: []}\n---- repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {labelSelector: 'a=b'}\n    patch: '[{op: add, path: /spec/description, value: ^new}]'\n  - target: {labelSelector: 'a=c'}\n    patch: '[{op: add, path: /spec/description, value: new}]'\n"},
		{name: "a replacement", at: image(1),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\nreplacements:\n  - source: {kind: Task, fieldPath: metadata.name}\n    targets:\n      - select: {kind: Task}\n        fieldPaths:\n          - spec.description\n          - ^spec.steps.[name=two].image\n        options: {create: true}\n"},
		{name: "a replacement in a file", at: image(0),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\nreplacements: [{path: r.yaml}]\n---- repo/r.yaml: source: {kind: Task, fieldPath: metadata.name}\ntargets:\n  - select: {kind: Task}\n    fieldPaths: [^spec.steps.0.image]\n"},
		{name: "a replacement of a part of what a patch writes", at: image(0),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches: [{target: {kind: Task}, patch: '[{op: replace, path: /spec/steps/0/image, value: a:b}]'}]\nreplacements: [{source: {kind: Task, fieldPath: metadata.name}, targets: [{select: {kind: Task}, fieldPaths: [^'spec.steps.*.image'], options: {delimiter: ':', index: 1}}]}]\n"},
		{name: "a literal of a configMapGenerator", at: diag.Fields("data").Key("k"), excerpt: "value", object: "c",
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\nconfigMapGenerator:\n  - name: c\n    literals:\n      - k=^value\n    options: {disableNameSuffixHash: true}\n"},
		{name: "a file of a configMapGenerator", at: diag.Fields("data").Key("f.txt"), object: "c",
			files: source + "repo/f.txt: text\n---- repo/kustomization.yaml: resources: [t.yaml]\nconfigMapGenerator:\n  - name: c\n    files: [^f.txt]\n    options: {disableNameSuffixHash: true}\n"},
		{name: "the name of what is generated", at: diag.Fields("metadata", "name"), object: "c-6ct58987ht",
			files: base + "repo/a/kustomization.yaml: resources: [../b]\n---- repo/b/kustomization.yaml: resources: [../base]\nconfigMapGenerator: [{name: ^c}]\n"},
		{name: "a Secret is placed at its generator", at: diag.Fields("data").Key("k"), object: "s",
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\nsecretGenerator: [{name: ^s, literals: [k=v], options: {disableNameSuffixHash: true}}]\n"},
		{name: "a Secret is placed at the entry of its patch", at: diag.Fields("stringData").Key("k"), object: "s",
			files: "repo/s.yaml: apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---- repo/kustomization.yaml: resources: [s.yaml]\npatches:\n  - target: {kind: Secret}\n    patch: ^|\n      - op: add\n        path: /stringData\n        value: {k: v}\n"},
		{name: "the namespace", at: diag.Fields("metadata", "namespace"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\nnamespace: ^Ci\n"},
		{name: "a label", at: diag.Fields("metadata", "labels").Key("a"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\nlabels:\n  - pairs: {a: ^b}\n"},
		{name: "an annotation of a base", at: diag.Fields("metadata", "annotations").Key("a"),
			files: base + "repo/b/kustomization.yaml: resources: [../a]\n---- repo/a/kustomization.yaml: resources: [../base]\ncommonAnnotations:\n  a: ^b\n"},
		{name: "the name with a prefix is that of the source", at: diag.Fields("metadata", "name"), object: "p-t",
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\nnamePrefix: p-\n"},
		{name: "a copy has no value, so it is the path", at: diag.Fields("spec", "description"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |\n      - {op: copy, from: /metadata/name, path: ^/spec/description}\n"},
		{name: "words of YAML 1.1", at: diag.Fields("spec", "description"),
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |\n      - {op: add, path: /spec/description, value: ^off}\n"},
		{name: "characters of several bytes", at: diag.Fields("spec", "description"), excerpt: "z",
			files: source + "repo/kustomization.yaml: resources: [t.yaml]\npatches:\n  - target: {kind: Task}\n    patch: |\n      - {op: add, path: /spec/description, value: äöü^z}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, want := map[string]string{}, ""
			for f := range strings.SplitSeq(c.files, "---- ") {
				if f == "" {
					continue
				}
				name, text, _ := strings.Cut(f, ": ")
				if before, after, ok := strings.Cut(text, "^"); ok {
					line := before[strings.LastIndexByte(before, '\n')+1:]
					want = fmt.Sprintf("%s:%d:%d", name, strings.Count(before, "\n")+1, len([]rune(line))+1)
					text = before + after
				}
				files[name] = text
			}
			renderings := rendered(t, files)
			require.Len(t, renderings, 1)
			require.Empty(t, renderings[0].Err)
			var names []string
			for _, o := range renderings[0].Objects {
				ref := string(o.JSON)
				names = append(names, ref)
				if c.object != "" && !strings.Contains(ref, `"name":"`+c.object+`"`) || c.object == "" && !strings.Contains(ref, `"kind":"Task"`) {
					continue
				}
				p, ok := kustomize.Compare(o, original(t, o.Source)).Changed(c.at, c.excerpt)
				got := ""
				if ok {
					got = kustomize.Place(p.File, p.Line, p.Column)
				}
				assert.Equal(t, want, got, ref)
				return
			}
			t.Fatalf("there is no %q among %q", c.object, names)
		})
	}
}

// original returns the function that returns the object at a place, nil if there is none.
func original(t *testing.T, place string) func() any {
	t.Helper()
	if place == "" {
		return nil
	}
	file, _, _ := strings.Cut(place, ":")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for d := range yamlread.Documents(string(text)) {
		if p := d.Outline(d.Root).Place(diag.Path{}); kustomize.Place(file, p.Line, p.Column) == place {
			return d.Root.Value
		}
	}
	t.Fatalf("there is no object at %s", place)
	return nil
}
