package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/hostile"
)

// aSecret is a Secret with the value Q, which looks like no word or name.
const aSecret = `
-- secret.yaml --
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: Q}
`

// aTask has a variable that does not exist in a line with Q.
const aTask = `
-- task.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  steps:
    - name: a
      image: docker.io/library/busybox:1.37
      script: |
        curl $(params.zz) -H X:Q
`

// TestHidesKnownValues tests that a value of a Secret is not shown wherever the manifests and
// what is beside them repeat it.
func TestHidesKnownValues(t *testing.T) {
	for name, files := range map[string]string{
		"script":               aSecret + aTask,
		"literal":              aTask + "-- kustomization.yaml --\nresources: [task.yaml]\nsecretGenerator: [{name: s, literals: ['password=Q']}]\n",
		"literal of a sibling": strings.ReplaceAll(aTask, "-- ", "-- a/") + "-- b/kustomization.yaml --\nsecretGenerator: [{name: s, literals: ['password=Q']}]\n",
		"file":                 aTask + "-- kustomization.yaml --\nresources: [task.yaml]\nsecretGenerator: [{name: s, files: [pw]}]\n-- pw --\nQ",
		"env file":             aTask + "-- kustomization.yaml --\nresources: [task.yaml]\nsecretGenerator: [{name: s, envs: [pw.env]}]\n-- pw.env --\nA=Q",
		"generator in folder":  aTask + "-- kustomization.yaml --\nresources: [task.yaml, sub]\n-- sub/kustomization.yaml --\nsecretGenerator: [{name: s, literals: ['password=Q']}]\n",
		"prefix":               aSecret + aTask + "-- kustomization.yaml --\nresources: [task.yaml, secret.yaml]\nnamePrefix: Q-\n",
		"name suffix":          aSecret + aTask + "-- kustomization.yaml --\nresources: [task.yaml, secret.yaml]\nnameSuffix: -Q\n",
		"namespace":            aSecret + aTask + "-- kustomization.yaml --\nresources: [task.yaml, secret.yaml]\nnamespace: Q\n",
		"missing resource":     aSecret + aTask + "-- kustomization.yaml --\nresources: [task.yaml, secret.yaml, Q]\n",
		"unknown field":        aSecret + aTask + "-- kustomization.yaml --\nresources: [task.yaml, secret.yaml]\nQ: 1\n",
		"name":                 aSecret + strings.ReplaceAll(aTask, "name: t}", "name: Q}"),
		"namespace of a task":  aSecret + strings.ReplaceAll(aTask, "name: t}", "name: t, namespace: Q}"),
		"field":                aSecret + strings.ReplaceAll(aTask, "spec:\n", "spec:\n  Q: 1\n"),
		"field of a step":      aSecret + strings.ReplaceAll(aTask, "- name: a", "- Q: {Q: 1}\n      name: a"),
		"kind":                 aSecret + strings.ReplaceAll(aTask, "kind: Task", "kind: Q"),
		"label":                aSecret + strings.ReplaceAll(aTask, "name: t}", "name: t, labels: {'Q/Q/Q': 'Q!'}}"),
		"variable":             aSecret + strings.ReplaceAll(aTask, "params.zz", "params.Q"),
		"file name":            aSecret + strings.ReplaceAll(aTask, "task.yaml", "Q.yaml"),
		"folder":               aSecret + strings.ReplaceAll(aTask, "task.yaml", "Q/task.yaml"),
		"broken file":          aSecret + aTask + "-- Q.yaml --\nkind: Task\nQ: [\n",
		"rule in comment":      aSecret + strings.ReplaceAll(aTask, "spec:\n", "spec:\n  # tekwright: ignore Q -- Q\n"),
		"reason":               aSecret + strings.ReplaceAll(aTask, "kind: Task\n", "kind: Task\n# tekwright: ignore param-missing, param-unknown, variable-unknown -- Q\n"),
		"rule in annotation":   aSecret + strings.ReplaceAll(aTask, "name: t}", "name: t, annotations: {check.tekwright.dev/Q: Q, check.tekwright.dev/param-missing: Q}}"),
		"rule in config":       aSecret + aTask + "-- .tekwright.yaml --\nrules: {Q: error}\n",
		"broken config":        aSecret + aTask + "-- .tekwright.yaml --\n- Q\n- [\n",
		"quoted":               "-- secret.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: 'Q\"Q'}\n" + strings.ReplaceAll(strings.ReplaceAll(aTask, "X:Q", "X:Q\"Q"), "spec:\n", "spec:\n  'Q\"Q': 1\n"),
	} {
		t.Run(name, func(t *testing.T) {
			archive(t, strings.ReplaceAll(files, "Q", hostile.Canary))
			for _, o := range outputs {
				r := run("", append([]string{"check", "."}, o.args...), o.env)
				assert.NotEqual(t, 0, r.exit, o.name)
				for _, out := range []string{r.out, r.err} {
					for _, shown := range []string{hostile.Canary, hostile.Encoded} {
						if i := strings.Index(out, shown); i >= 0 {
							assert.Fail(t, "a value is shown", "%s: %s", o.name, out[max(0, i-200):min(len(out), i+60)])
						}
					}
				}
				assert.NotEmpty(t, r.out+r.err, o.name)
			}
		})
	}
}
