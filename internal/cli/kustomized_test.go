package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// archive writes files to a directory and goes there. The names of files and their texts
// are those of an archive: "-- NAME --", then the text.
func archive(t *testing.T, files string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for part := range strings.SplitSeq("\n"+files, "\n-- ") {
		name, text, ok := strings.Cut(part, " --\n")
		if !ok {
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text+"\n"), 0o600))
	}
}

// ran runs the command.
func ran(args ...string) (exit int, out, err string) {
	r := run("", args)
	return r.exit, r.out, r.err
}

const overlays = `
-- base/kustomization.yaml --
resources: [task.yaml, pipeline.yaml, listener.yaml, sa.yaml]
-- base/task.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: build
spec:
  params:
    - name: url
  volumes:
    - name: cache
      persistentVolumeClaim:
        claimName: FROM_OVERLAY
  steps:
    - name: first
      image: docker.io/library/busybox:1.37
      volumeMounts: [{name: cache, mountPath: /cache}]
      args: [$(params.url)]
    - name: second
      image: docker.io/library/busybox:1.37
      args: [$(params.urll)]
-- base/pipeline.yaml --
apiVersion: tekton.dev/v1
kind: Pipeline
metadata:
  name: all
spec:
  tasks:
    - name: build
      taskRef: {name: build}
      params: [{name: url, value: x}]
-- base/listener.yaml --
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata:
  name: t
spec:
  resourcetemplates: []
-- base/sa.yaml --
apiVersion: v1
kind: Secret
metadata: {name: s}
-- dev/kustomization.yaml --
namePrefix: dev-
namespace: dev
resources: [../base]
patches: [{path: template.yaml}, {path: first.yaml}]
-- dev/template.yaml --
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: t}
spec:
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: PipelineRun
      metadata: {generateName: x-}
      spec:
        pipelineRef: {name: dev-all}
-- dev/first.yaml --
- op: add
  path: /spec/steps/0
  value: {name: zero, image: "docker.io/library/busybox:1.37", script: date}
-- prod/kustomization.yaml --
namePrefix: prod-
namespace: prod
resources: [../base]
patches: [{path: template.yaml}]
-- prod/template.yaml --
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: t}
spec:
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: PipelineRun
      metadata: {generateName: x-}
      spec:
        pipelineRef: {name: prod-all}
`

// What a base lacks and the overlays give is no error. What is wrong in all of them is told
// once, in the file of the base, with the overlay.
func TestKustomized(t *testing.T) {
	archive(t, strings.Replace(overlays, "patches: [{path: template.yaml}, {path: first.yaml}]", "patches: [{path: template.yaml}, {path: first.yaml, target: {kind: Task}}]", 1))
	exit, out, errOut := ran("check", "-q", "--no-color")
	assert.Empty(t, errOut)
	assert.Equal(t, 1, exit)
	var errors []string
	for line := range strings.Lines(out) {
		if strings.Contains(line, " error ") {
			errors = append(errors, strings.TrimSpace(line))
		}
	}
	require.Len(t, errors, 1, out)
	assert.True(t, strings.HasPrefix(errors[0], "base/task.yaml:19:14: error param-unknown:"), errors[0])
	_, out, _ = ran("check", "--no-color")
	assert.Contains(t, out, "\n  rendered by dev/kustomization.yaml\n  help:", "without a line of it")
	assert.NotContains(t, out, "rendered by prod/kustomization.yaml")
	assert.NotContains(t, out, "spec-missing")

	// Named, a file of the base is checked as it is.
	_, out, _ = ran("check", "-q", "--no-color", "base/listener.yaml")
	assert.Contains(t, out, "base/listener.yaml:6:3: error spec-missing")
}

// What cannot be rendered is checked as it is, and told.
func TestUnrendered(t *testing.T) {
	archive(t, `
-- remote/kustomization.yaml --
resources: ["https://example.com/x.yaml", t.yaml]
-- remote/t.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: a}
spec: {steps: [{name: s, image: "docker.io/library/busybox:1.37", args: [$(params.a)]}]}
-- broken/kustomization.yaml --
resources: [t.yaml, t.yaml]
-- broken/t.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: b}
spec: {steps: [{name: s, image: "docker.io/library/busybox:1.37", args: [$(params.b)]}]}
`)
	_, out, _ := ran("check", "-q", "--no-color")
	assert.Contains(t, out, "remote/kustomization.yaml:1:1: note kustomization-unrendered: the kustomization is rendered without https://example.com/x.yaml")
	assert.Contains(t, out, "broken/kustomization.yaml:1:1: warning kustomization-unrendered: kustomize cannot render the kustomization")
	assert.Contains(t, out, "remote/t.yaml:4:74: error param-unknown")
	assert.Contains(t, out, "broken/t.yaml:4:74: error param-unknown")
}

// TestRenderedTooLarge tests that resources are checked as they are if what a kustomization
// makes of them is too large to be read.
func TestRenderedTooLarge(t *testing.T) {
	var copies strings.Builder
	for i := range 6 {
		fmt.Fprintf(&copies, ", {op: copy, from: /spec/params, path: /spec/params/0/x%d}", i)
	}
	archive(t, "-- kustomization.yaml --\nresources: [t.yaml]\npatches: [{target: {kind: Task}, patch: '[{op: add, path: /spec/params, value: [{name: p, description: "+
		strings.Repeat("z", 400_000)+"}]}"+copies.String()+`]'}]
-- t.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: a}
spec: {steps: [{name: s, image: "docker.io/library/busybox:1.37", args: [$(params.a)]}]}
`)
	exit, out, _ := ran("check", "-q", "--no-color")
	assert.Equal(t, 1, exit, out)
	assert.Contains(t, out, "kustomization-unrendered: the kustomization is not rendered, and its resources are checked as they are: of what it becomes, ")
	assert.Contains(t, out, "t.yaml:4:74: error param-unknown")
}

// In a directory, only what an object of Tekton uses is checked.
func TestUsedOnly(t *testing.T) {
	archive(t, `
-- run.yaml --
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {generateName: r-, namespace: ci}
spec:
  serviceAccountName: builder
  taskSpec: {steps: [{name: s, image: "docker.io/library/busybox:1.37", script: date}]}
-- rbac.yaml --
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: builder, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: builder}
subjects: [{kind: ServiceAccount, name: builder}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: builder, namespace: ci}
rules: [{apiGroups: [""], resources: [pod], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: other, namespace: ci}
rules: [{apiGroups: [""], resources: [pod], verbs: [get]}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: builder, namespace: ci}
-- app.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: App}
specc: {}
---
apiVersion: tekton.dev/v1
kind: Taks
metadata: {name: t}
`)
	_, out, _ := ran("check", "-q", "--no-color", ".")
	assert.Contains(t, out, "rbac.yaml:10:39: ", "the role of the account of the run")
	assert.NotContains(t, out, "rbac.yaml:15:")
	assert.NotContains(t, out, "field-unknown")
	assert.NotContains(t, out, "name-invalid")
	assert.Contains(t, out, "app.yaml:7:7: error kind-unknown")
	_, out, _ = ran("check", "-q", "--no-color", "run.yaml", "rbac.yaml", "app.yaml")
	assert.Contains(t, out, "rbac.yaml:15:")
	assert.Contains(t, out, "field-unknown")
}

// The profile openshift has what the operator creates.
func TestOpenShift(t *testing.T) {
	archive(t, `
-- el.yaml --
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: el, namespace: ci}
spec:
  serviceAccountName: pipeline
  triggers:
    - bindings: [{ref: github-push, kind: ClusterTriggerBinding}]
      template: {ref: other}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: own, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: own}
subjects: [{kind: ServiceAccount, name: pipeline}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: own, namespace: ci}
rules: [{apiGroups: [tekton.dev], resources: [pipelineruns], verbs: [create]}]
`)
	_, out, _ := ran("check", "-q", "--no-color", "el.yaml")
	assert.Contains(t, out, "rbac-missing")
	assert.Contains(t, out, "serviceaccount-external")
	assert.Contains(t, out, "binding-external")
	_, out, errOut := ran("check", "-q", "--no-color", "--profile", "openshift", "el.yaml")
	assert.Empty(t, errOut)
	for _, code := range []string{"rbac-missing", "serviceaccount-external", "binding-external"} {
		assert.NotContains(t, out, code)
	}
	_, _, errOut = ran("check", "--profile", "openshit", "el.yaml")
	assert.Contains(t, errOut, "a profile that comes with tekwright: openshift")
}

// With --one-set, the same name in two directories is a mistake.
func TestOneSet(t *testing.T) {
	task := "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec: {steps: [{name: s, image: 'docker.io/library/busybox:1.37', script: dateX}]}\n"
	archive(t, "-- x/t.yaml --\n"+task+"-- y/t.yaml --\n"+strings.ReplaceAll(task, "dateX", "date"))
	_, out, _ := ran("check", "-q", "--no-color")
	assert.NotContains(t, out, "object-duplicate")
	_, out, _ = ran("check", "-q", "--no-color", "--one-set")
	assert.Contains(t, out, "y/t.yaml:3:18: error object-duplicate")
}

// A base that an overlay renames keeps its name for the objects beside it.
func TestRenamedBase(t *testing.T) {
	const files = `
-- task/c-oci/0.2/kustomization.yaml --
resources: [../../c/0.2]
patches: [{target: {kind: Task, name: c}, patch: '[{op: replace, path: /metadata/name, value: c-oci}]'}]
-- task/c/0.2/kustomization.yaml --
resources: [c.yaml]
-- task/c/0.2/c.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: c}
spec: {params: [{name: NEW}], steps: [{name: s, image: 'busybox:1.37', args: [$(params.NEW), $(params.gone)]}]}
-- task/c/0.2/tests/p.yaml --
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec: {tasks: [{name: a, taskRef: {name: c}, params: [{name: PARAM, value: x}]}]}
-- task/c/0.1/c.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: c}
spec: {workspaces: [{name: w}], steps: [{name: s, image: 'busybox:1.37', script: 'ls $(workspaces.w.path)'}]}
`
	archive(t, strings.ReplaceAll(files, "PARAM", "NEW"))
	_, out, _ := ran("check", ".")
	assert.NotContains(t, out, "workspace-missing")
	assert.Equal(t, 1, strings.Count(out, "error param-unknown"), "what is wrong in the base is told once:\n%s", out)
	assert.Contains(t, out, "1 error")

	archive(t, strings.ReplaceAll(files, "PARAM", "OTHER"))
	_, out, _ = ran("check", ".")
	assert.Contains(t, out, `task "a" does not set param "NEW" of Task "c"`)
}

// Items of a list that have the same name are told apart by their order, and words are read
// as kustomize reads them.
func TestKustomizedDuplicates(t *testing.T) {
	archive(t, `
-- kustomization.yaml --
resources: [t.yaml]
commonAnnotations: {a: b}
-- t.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params:
    - name: x
    - name: y
      default: off
    - name: x
      description: second
    - name: z
    - name: x
  steps:
    - name: s
      image: docker.io/library/busybox:1.37
      args: [$(params.x), $(params.y), $(params.z)]
`)
	_, out, _ := ran("check", "-q", "--no-color", ".")
	assert.Contains(t, out, "t.yaml:9:13: error param-duplicate", out)
	assert.Contains(t, out, "t.yaml:12:13: error param-duplicate", out)
	_, long, _ := ran("check", "--no-color", ".")
	assert.Equal(t, 2, strings.Count(long, "t.yaml:6:7: first declaration"), long)
	assert.NotContains(t, out, "true", out)
	assert.NotContains(t, out, "param-unknown", out)
	assert.NotContains(t, out, "field-type", out)
}

// What a patch writes is placed in the patch, also that of a base, and is told once. The
// lines of the patch are shown.
func TestKustomizedPatch(t *testing.T) {
	archive(t, `
-- base/kustomization.yaml --
resources: [t.yaml]
patches: [{path: p.yaml}]
-- base/t.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params: [{name: a}]
  steps:
    - name: s
      image: docker.io/library/busybox:1.37
      args: [$(params.a)]
-- base/p.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  steps:
    - name: s
      image: docker.io/library/busybox:1.37
      args: [$(params.a), $(params.bad)]
-- dev/kustomization.yaml --
resources: [../base]
namePrefix: dev-
-- prod/kustomization.yaml --
resources: [../base]
namePrefix: prod-
patches:
  - target: {kind: Task}
    patch: |
      - op: add
        path: /spec/steps/-
        value:
          name: two
          image: docker.io/library/busybox:1.37
          env: [{name: PASSWORD, value: swordfish}]
          script: echo "$(params.other)"
`)
	_, out, errOut := ran("check", "--no-color", "--all")
	assert.Empty(t, errOut)
	assert.Equal(t, 1, strings.Count(out, "base/p.yaml:8:27: error param-unknown"), out)
	assert.Contains(t, out, "args: [$(params.a), $(params.bad)]\n", out)
	assert.Contains(t, out, "prod/kustomization.yaml:12:25: error param-unknown", out)
	assert.Contains(t, out, "\n  12 |           script: echo \"$(params.other)\"\n", out)
	assert.NotContains(t, out, "swordfish")
}

// A comment in a patch suppresses what the patch brings, and one that suppresses nothing is
// reported once, also if several overlays use the patch and the source has a comment, too.
func TestKustomizedIgnores(t *testing.T) {
	archive(t, `
-- base/kustomization.yaml --
resources: [t.yaml]
patches:
  - path: p.yaml
  # tekwright: ignore image-floating -- the next image has a digest
  - target: {kind: Task}
    patch: |
      - op: add
        path: /spec/steps/-
        value: {name: two, image: "docker.io/library/busybox:latest"}
-- base/t.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params:
    - name: a
    - name: b # tekwright: ignore param-unused -- the next version needs it
  steps:
    - name: s
      image: docker.io/library/busybox:1.37
      args: [$(params.a)]
-- base/p.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  steps:
    - name: s
      image: docker.io/library/busybox:1.37 # tekwright: ignore image-floating -- not so
      # tekwright: ignore param-unknown -- it is added later
      args: [$(params.a), $(params.bad)]
-- dev/kustomization.yaml --
resources: [../base]
namePrefix: dev-
-- prod/kustomization.yaml --
resources: [../base]
namePrefix: prod-
`)
	_, out, errOut := ran("check", "-q", "--no-color")
	assert.Empty(t, errOut)
	assert.NotContains(t, out, "param-unknown", out)
	assert.NotContains(t, out, "param-unused", out)
	assert.NotContains(t, out, "warning image-floating", out)
	assert.Equal(t, 1, strings.Count(out, "suppression-unused"), out)
	assert.Contains(t, out, "base/p.yaml:7:", out)
}
