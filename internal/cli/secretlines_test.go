package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAttackSecretsElsewhere tests that values of Secrets are not shown where something
// else repeats a part of them: a file in a Secret, a generator, an address.
func TestAttackSecretsElsewhere(t *testing.T) {
	const canary = "Kq7zVhunterXy93"
	const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{name: a, image: 'x:1', script: echo $(params.zz) " + canary + "}]}\n"
	const kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [t.yaml]\nsecretGenerator:\n"
	for name, files := range map[string]map[string]string{
		"lines of a file":      {"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  foo: |\n    one\n    " + canary + "\n---\n" + task},
		"settings in a file":   {"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  foo: |\n    USER=one\n    KEY=\"" + canary + "\"\n---\n" + task},
		"a literal":            {"kustomization.yaml": kustomization + "- {name: s, literals: [" + canary + "]}\n", "t.yaml": strings.ReplaceAll(task, canary, "")},
		"address of a profile": {".tekwright.yaml": "profile: https://user:" + canary + "@example.com/x\n", "a.yaml": strings.ReplaceAll(task, canary, "")},
	} {
		t.Chdir(t.TempDir())
		write(t, files)
		for _, o := range outputs {
			r := run("", append([]string{"check", "."}, o.args...), o.env)
			assert.NotEqual(t, 0, r.exit, name)
			assert.NotContains(t, r.out+r.err, canary, "%s of %s", o.name, name)
		}
	}
}
