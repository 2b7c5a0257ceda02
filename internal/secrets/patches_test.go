package secrets_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/secrets"
)

// What patches write is hidden as in a file of its own, also if they are in a kustomization.
func TestPatches(t *testing.T) {
	for _, text := range []string{
		"patches:\n  - patch: |\n      - op: add\n        path: /spec/steps/-\n        value:\n          env: [{name: PASSWORD, value: swordfish}]\n",
		"patches:\n  - patch: |-\n      kind: Task\n      spec: {steps: [{env: [{name: PASSWORD, value: swordfish}]}]}\n",
		"patches:\n  - patch: '[{op: add, path: /spec/steps/0/env/-, value: {name: PASSWORD, value: swordfish}}]'\n",
		"patches:\n  - patch: \"[{\\\"op\\\": \\\"add\\\", \\\"path\\\": \\\"/stringData/k\\\", \\\"value\\\": \\\"swordfish\\\"}]\"\n",
		"patchesStrategicMerge:\n  - |\n    kind: Secret\n    stringData: {k: swordfish}\n",
		"- {op: replace, path: /data/k, value: swordfish}\n",
		"- op: add\n  path: /stringData\n  value:\n    k: swordfish\n",
		"[{\"op\": \"add\", \"path\": \"/stringData/k\", \"value\": \"swordfish\"}]",
	} {
		assert.NotContains(t, secrets.Text(text), "swordfish", text)
		assert.Contains(t, secrets.Text(strings.NewReplacer("PASSWORD", "COLOR", "/data", "/spec", "/stringData", "/spec", "stringData", "spec", "Secret", "Task").Replace(text)), "swordfish", text)
	}
}
