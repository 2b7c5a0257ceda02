package project_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/importer/proof"
	"github.com/tekwright/tekwright/pkg/diag"
)

// pastes have each kind of script, a run with its own Task and a Task of an overlay.
var pastes = map[string]string{
	"tasks/a.yaml": `# The team's.
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: a}
spec:
  params:
  - name: url
  - name: args
  - {name: list, type: array}
  stepTemplate:
    env: [{name: A, value: b}]
  steps:
  # First.
  - name: quoted
    image: x:1
    script: |
      curl "$(params.url)/a" "-o=$(params.url)"
  - name: bare
    image: x:1
    script: curl $(params.args) "$(params.url)"
  - name: here
    image: x:1
    env:
    - {name: Z, value: z} # of the step
    script: |
      cat <<EOF
      $(params.url) $(params.args) $Z
      EOF
  - name: single
    image: x:1
    script: echo '$(params.url)'
  - name: python
    image: x:1
    script: |
      #!/usr/bin/env python3
      print("$(params.url)")
  - name: list
    image: x:1
    script: echo "$(params.list[*])" "$(params.url)"
  - name: taken
    image: x:1
    script: echo "$(params.url)" "$PARAM_URL"
  sidecars:
  - name: side
    image: x:1
    script: echo "$(params.args)"
`,
	"tasks/run.yaml": `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: r-}
spec:
  pipelineSpec:
    params: [{name: who, default: a}]
    tasks:
    - name: one
      taskSpec:
        results: [{name: out}]
        steps:
        - {name: a, image: "x:1", script: 'echo "$(params.who)" | tee $(results.out.path)'}
    - name: two
      taskSpec:
        steps:
        - {name: a, image: "x:1", script: 'echo "$(tasks.one.results.out)"'}
`,
	"overlay/kustomization.yaml": "namePrefix: own-\nresources: [base.yaml]\n",
	"overlay/base.yaml": `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: before}
spec:
  params: [{name: url}]
  steps:
  - name: a
    image: x:1
    script: echo "$(params.url)"
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: o}
spec:
  params: [{name: url}]
  steps:
  - name: a
    image: x:1
    script: echo "$(params.url)"
`,
}

// TestHarden passes inputs through the environment where their values stay one text: taken
// back, the objects are those of the YAML. Places are those of the files, which stay as they are.
func TestHarden(t *testing.T) {
	dir := folder(t, pastes)
	plain, err := project.Read(t.Context(), []string{dir}, project.ReadOptions{})
	require.NoError(t, err)
	s, err := project.Read(t.Context(), []string{dir}, project.ReadOptions{Harden: true})
	require.NoError(t, err)
	assert.Equal(t, pastes, files(t, dir))

	list := func(all []project.Script) (out []string) {
		for i := range all {
			out = append(out, all[i].Path+": "+strings.Join(all[i].Inputs, " "))
			text := strings.Split(pastes[strings.TrimPrefix(all[i].File, dir+"/")], "\n")[all[i].Line-1]
			assert.Contains(t, text, "$(", "%s:%d", all[i].File, all[i].Line)
		}
		return out
	}
	assert.ElementsMatch(t, []string{
		"spec.steps[0].script: url", "spec.sidecars[0].script: args",
		"spec.pipelineSpec.tasks[0].taskSpec.steps[0].script: who", "spec.pipelineSpec.tasks[1].taskSpec.steps[0].script: out",
		"spec.steps[0].script: url", "spec.steps[0].script: url",
	}, list(s.Hardened))
	left, err := s.Scripts(t.Context())
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{
		"spec.steps[1].script: args url", "spec.steps[2].script: url args", "spec.steps[3].script: url", "spec.steps[4].script: url",
		"spec.steps[5].script: list url", "spec.steps[6].script: url",
	}, list(left))

	require.Len(t, s.Documents, len(plain.Documents))
	changed := 0
	for i := range s.Documents {
		want, got := tree(t, plain.Documents[i].Object.Object), tree(t, s.Documents[i].Object.Object)
		if !assert.ObjectsAreEqual(want, got) {
			changed++
		}
		assert.Equal(t, want, takenBack(want, got))
		assert.Equal(t, plain.Documents[i].At(diag.Path{}), s.Documents[i].At(diag.Path{}))
	}
	assert.Equal(t, 4, changed)
	o := options
	o.RunsInSet = true
	describes(t, s, o, proof.Options{})
	copied := s.Texts["tasks/a.yaml"]
	for _, kept := range []string{"# The team's.", "# First.", "# of the step"} {
		assert.Contains(t, copied, kept)
	}
}

// TestHardenCode leaves scripts alone that run a value also from a variable.
func TestHardenCode(t *testing.T) {
	for script, hardened := range map[string]bool{
		`eval "run $(params.x)"`:                                       false,
		`CMD="ls $(params.x)"; eval "$CMD"`:                            false,
		`bash -c "echo $(params.x)"`:                                   false,
		`sudo sh -c "echo $(params.x)"`:                                false,
		`ssh host "ls $(params.x)"`:                                    false,
		`echo "$(params.x)" | bash`:                                    false,
		`trap "rm $(params.x)" EXIT`:                                   false,
		`echo "$(params.x)" | xargs rm`:                                false,
		`kubectl exec pod -- cat "$(params.x)"`:                        false,
		`docker run image "$(params.x)"`:                               false,
		`python3 -c "print('$(params.x)')"`:                            false,
		`sed -i "s|a|$(params.x)|" f`:                                  false,
		`awk "{print $(params.x)}" f`:                                  false,
		`jq ".a = "$(params.x)"" f`:                                    false,
		`if [[ "$(params.x)" -eq 1 ]]; then ls; fi`:                    false,
		`. "$(params.x)"`:                                              false,
		"cat <<EOF >a.sh\n$(params.x)\nEOF\nchmod +x a.sh":             false,
		`cp "$(params.x)" . && find . -name a`:                         true,
		`kubectl apply -n "$(params.x)" -f a.yaml`:                     true,
		`jq --arg a "$(params.x)" '.a = $a' f`:                         true,
		`awk -v a="$(params.x)" '{print a}' f`:                         true,
		`if [[ "$(params.x)" == a ]]; then curl "$(params.x)"; fi`:     true,
		`sed -i 's/a/b/' f; curl "$(params.x)"`:                        true,
		`test "$(params.x)" -eq 1 && git clone "$(params.x)" evaluate`: true,
	} {
		text := "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec:\n  params: [{name: x}]\n  steps:\n  - name: a\n    image: x:1\n    script: |\n      #!/usr/bin/env bash\n      " +
			strings.ReplaceAll(script, "\n", "\n      ") + "\n"
		s, err := project.Read(t.Context(), []string{folder(t, map[string]string{"a.yaml": text})}, project.ReadOptions{Harden: true})
		require.NoError(t, err)
		assert.Equal(t, hardened, len(s.Hardened) == 1, script)
	}
}

// tree returns an object as values of JSON.
func tree(t *testing.T, object any) any {
	t.Helper()
	text, err := json.Marshal(object)
	require.NoError(t, err)
	var out any
	require.NoError(t, json.Unmarshal(text, &out))
	return out
}

// takenBack returns what was before inputs went through the environment: each variable that
// the original does not have is its value again.
func takenBack(original, now any) any {
	switch n := now.(type) {
	case []any:
		o, _ := original.([]any)
		for i := range n {
			if i < len(o) {
				n[i] = takenBack(o[i], n[i])
			}
		}
	case map[string]any:
		o, _ := original.(map[string]any)
		if script, ok := n["script"].(string); ok && script != o["script"] {
			before, _ := o["env"].([]any)
			env, _ := n["env"].([]any)
			added := env[:len(env)-len(before)]
			for _, e := range added {
				v, _ := e.(map[string]any)
				name, _ := v["name"].(string)
				value, _ := v["value"].(string)
				script = strings.ReplaceAll(script, "${"+name+"}", value)
			}
			n["script"] = script
			if n["env"] = env[len(added):]; len(before) == 0 {
				delete(n, "env")
			}
		}
		for k := range n {
			n[k] = takenBack(o[k], n[k])
		}
	}
	return now
}
