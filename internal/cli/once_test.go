package cli_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// floating returns a Task of a version with an image.
func floating(name, version, image string) string {
	return strings.NewReplacer("greet", name, "tekton.dev/v1", version, "docker.io/library/busybox:1.37", image, "    - name: who\n", "    - name: foo\n").Replace(aged)
}

const (
	oldVersion, newVersion  = "tekton.dev/v1beta1", "tekton.dev/v1"
	latestBuild, latestTest = "registry.example.com/builder:latest", "registry.example.com/tester:latest"
)

// byParam is a Task whose param has the image latestBuild as its default.
var byParam = strings.ReplaceAll(floating("d", newVersion, `"$(params.foo)"`), "- name: foo\n", "- name: foo\n      default: "+latestBuild+"\n")

// TestKnownOnce tests what a baseline and a revision leave in of mistakes that are reported
// once for all files: a version of an API, and an image.
func TestKnownOnce(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		new   []string
		gone  bool
	}{
		"nothing":                        {},
		"the first file is mended":       {map[string]string{"a.yaml": floating("a", newVersion, "docker.io/library/busybox:1.37")}, nil, false},
		"the first file is removed":      {map[string]string{"a.yaml": ""}, nil, false},
		"the first file is renamed":      {map[string]string{"a.yaml": "", "z/z.yaml": floating("a", oldVersion, latestBuild)}, nil, false},
		"a new place comes first":        {map[string]string{"0.yaml": floating("zero", oldVersion, latestBuild)}, nil, false},
		"a new place comes last":         {map[string]string{"c.yaml": floating("c", oldVersion, latestBuild)}, nil, false},
		"a param has the image":          {map[string]string{"d.yaml": byParam}, nil, false},
		"a param is all that has it":     {map[string]string{"a.yaml": "", "b.yaml": byParam}, nil, true},
		"another image":                  {map[string]string{"a.yaml": floating("a", oldVersion, latestTest)}, []string{"a.yaml image-floating"}, false},
		"all images are mended":          {map[string]string{"a.yaml": floating("a", oldVersion, "x:1"), "b.yaml": floating("b", oldVersion, "x:1")}, nil, true},
		"all files are removed":          {map[string]string{"a.yaml": "", "b.yaml": "", "c.yaml": floating("c", newVersion, "x:1")}, nil, true},
		"some files have other settings": {map[string]string{".tekwright.yaml": "overrides:\n  - paths: [b.yaml]\n    severities: {image-floating: error, version-deprecated: error}\n"}, nil, false},
		"all files have other settings": {map[string]string{".tekwright.yaml": "overrides:\n  - paths: [a.yaml]\n    severities: {image-floating: error}\n  - paths: [b.yaml]\n    severities: {version-deprecated: note}\n",
			"0.yaml": floating("zero", oldVersion, latestBuild)}, nil, false},
		"a rule is off where it was": {map[string]string{".tekwright.yaml": "overrides:\n  - paths: [a.yaml]\n    severities: {image-floating: off, version-deprecated: off}\n"}, nil, false},
		"a rule is off":              {map[string]string{".tekwright.yaml": "severities: {image-floating: off, version-deprecated: off}\n"}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			committed(t, map[string]string{"a.yaml": floating("a", oldVersion, latestBuild), "b.yaml": floating("b", oldVersion, latestBuild)})
			require.Equal(t, 0, words("check --write-baseline").exit)
			text, err := os.ReadFile(".tekwright-baseline.json")
			require.NoError(t, err)
			assert.Equal(t, 2, strings.Count(string(text), `{"file":"","object":"",`), "%s", text)
			assert.Contains(t, string(text), `"subject":"`+latestBuild+`"`)
			write(t, c.files)
			for _, flags := range []string{"--baseline .tekwright-baseline.json", "--new-from HEAD"} {
				r := words("check -q " + flags)
				assert.Equal(t, c.new, foundBy(r), flags)
				assert.Equal(t, 0, r.exit, flags)
				assert.Equal(t, c.gone && strings.Contains(flags, "--baseline"), strings.Contains(r.err, "no longer reported"), "%s: %s", flags, r.err)
			}
		})
	}
}

// TestKnownOnceInPart tests that a file alone does not tell what others still have.
func TestKnownOnceInPart(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{"a.yaml": floating("a", oldVersion, latestBuild), "b.yaml": floating("b", oldVersion, latestBuild), "c/c.yaml": floating("c", newVersion, "x:1")})
	require.Equal(t, 0, words("check --write-baseline").exit)
	write(t, map[string]string{"a.yaml": floating("a", newVersion, "x:1"), "c/c.yaml": floating("c", oldVersion, latestBuild)})
	for _, paths := range []string{"a.yaml", "b.yaml", "a.yaml b.yaml", "c", "c/c.yaml", "."} {
		r := words("check -q --baseline .tekwright-baseline.json " + paths)
		assert.Empty(t, r.out+r.err, paths)
	}
}

// TestIDOfOnce tests that the fingerprint for other programs does not depend on the place.
func TestIDOfOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	ids := func() (all []string) {
		var found []struct {
			Code        string `json:"check_name"`
			Fingerprint string
		}
		require.NoError(t, json.Unmarshal([]byte(words("check -o gitlab").out), &found))
		for _, f := range found {
			if f.Code == "image-floating" || f.Code == "version-deprecated" {
				all = append(all, f.Fingerprint)
			}
		}
		slices.Sort(all)
		return all
	}
	write(t, map[string]string{"a.yaml": floating("a", oldVersion, latestBuild), "b.yaml": floating("b", oldVersion, latestBuild)})
	before := ids()
	require.Len(t, before, 3) // the version is reported in each file
	write(t, map[string]string{"a.yaml": ""})
	assert.Subset(t, before, ids())
	assert.Len(t, ids(), 2)
	write(t, map[string]string{"0.yaml": floating("c", oldVersion, latestBuild), ".tekwright.yaml": "overrides:\n  - paths: [b.yaml]\n    severities: {image-floating: error}\n"})
	assert.Subset(t, ids(), before)
}

// TestOwnClusterRole tests a ClusterRole with the name of one of Tekton Triggers: it is the
// user's only if it grants something else.
func TestOwnClusterRole(t *testing.T) {
	const listener = `apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: l, namespace: ci}
spec:
  serviceAccountName: l
  triggers: [{name: t, interceptors: [{ref: {name: github}, params: [{name: secretRef, value: {secretName: s, secretKey: k}}]}], template: {ref: r}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: l, namespace: ci}
subjects: [{kind: ServiceAccount, name: l, namespace: ci}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tekton-triggers-eventlistener-roles}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: tekton-triggers-eventlistener-roles}
rules:
  - {apiGroups: [triggers.tekton.dev], resources: [eventlisteners, triggerbindings, interceptors, triggertemplates, triggers], verbs: [get, list, watch]}
  - {apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}
  - {apiGroups: [tekton.dev], resources: [pipelineruns, pipelineresources, taskruns], verbs: [create]}
  - {apiGroups: [""], resources: [serviceaccounts], verbs: [impersonate]}
  - {apiGroups: [""], resources: [events], verbs: [create, patch]}
`
	t.Chdir(t.TempDir())
	for more, want := range map[string]bool{
		"": false,
		"  - {apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use]}\n": true,
	} {
		write(t, map[string]string{"a.yaml": listener + more})
		out := words("check -q --no-config .").out // a folder: of Kubernetes, what Tekton refers to
		assert.Equal(t, want, strings.Contains(out, "rbac-impersonate"), out)
		assert.Equal(t, want, strings.Contains(out, "resource-removed"), out)
	}
}

// TestBindingInDeclaration tests that the help names the place of a field that binds a
// workspace, in a manifest and in a template.
func TestBindingInDeclaration(t *testing.T) {
	t.Chdir(t.TempDir())
	const run = `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  pipelineSpec:
    workspaces: [{name: w, volumeClaimTemplate: {spec: {}}}]
    tasks: [{name: t, taskRef: {name: t}}]
`
	write(t, map[string]string{"run.yaml": run, "template.yaml": "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: t}\nspec:\n  resourcetemplates:\n  - " + strings.ReplaceAll(strings.TrimSpace(run), "\n", "\n    ") + "\n"})
	for _, name := range []string{"run.yaml", "template.yaml"} {
		out := words("check " + name).out
		assert.Contains(t, out, `error field-unknown: unknown field "volumeClaimTemplate"`, name)
		assert.Contains(t, out, "help: move it to spec.workspaces of the run: only a run binds a workspace to a volume", name)
	}
}

// TestKnownRendering tests that what several overlays share is known without the one that was
// reported first.
func TestKnownRendering(t *testing.T) {
	overlay := func(name string) string {
		return "namePrefix: " + name + "-\nnamespace: " + name + "\nresources: [../base]\n"
	}
	for name, files := range map[string]map[string]string{
		"the first one is removed": {"dev/kustomization.yaml": ""},
		"the last one is removed":  {"prod/kustomization.yaml": ""},
		"another one comes first":  {"a/kustomization.yaml": overlay("a")},
		"another name":             {"dev/kustomization.yaml": overlay("develop")},
		"all are removed":          {"dev/kustomization.yaml": "", "prod/kustomization.yaml": ""},
	} {
		t.Run(name, func(t *testing.T) {
			committed(t, map[string]string{"base/kustomization.yaml": "resources: [task.yaml]\n", "base/task.yaml": aged,
				"dev/kustomization.yaml": overlay("dev"), "prod/kustomization.yaml": overlay("prod")})
			require.Len(t, foundBy(words("check -q")), 2)
			require.Equal(t, 0, words("check --write-baseline").exit)
			write(t, files)
			for _, flags := range []string{"--baseline .tekwright-baseline.json", "--new-from HEAD"} {
				r := words("check -q " + flags)
				assert.Empty(t, r.out+r.err, flags)
			}
			write(t, map[string]string{"base/task.yaml": aged + "---\n" + replaced("greet", "bye")})
			assert.Len(t, foundBy(words("check -q --new-from HEAD")), 2)
		})
	}
}
