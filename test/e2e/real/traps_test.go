package real_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// given puts objects that the library would report into the test's namespace.
func (l *lab) given(t *testing.T, text string) {
	t.Helper()
	objects := harness.Decode(t, text)
	for _, o := range objects {
		o.SetNamespace(l.ns)
	}
	l.apply(t, objects)
}

// TestMatrixOnWorkspace shows that the combinations of a matrix write one workspace
// at the same time: each waits until it sees the files of all others, and so does the
// next task, on the same node. That of a volume claim is chosen once for the whole run.
func TestMatrixOnWorkspace(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.given(t, `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: claimed}
spec:
  workspaces: [{name: source, volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}}}]
  pipelineSpec:
    workspaces: [{name: source}]
    tasks:
      - name: clone
        matrix: {params: [{name: repository, value: [a, b, c]}]}
        workspaces: [{name: source}]
        taskSpec:
          params: [{name: repository}]
          workspaces: [{name: source}]
          steps:
            - name: clone
              image: docker.io/library/busybox:1.37
              env: [{name: REPOSITORY, value: $(params.repository)}]
              workingDir: $(workspaces.source.path)
              script: |
                #!/bin/sh
                set -eu
                echo "$REPOSITORY" >head
                touch "here-$REPOSITORY"
                until [ -e here-a ] && [ -e here-b ] && [ -e here-c ]; do sleep 1; done
      - name: none
        taskSpec: {steps: [{name: s, image: "docker.io/library/busybox:1.37", script: "true"}]}
      - name: build
        runAfter: [clone]
        workspaces: [{name: source}]
        taskSpec:
          workspaces: [{name: source}]
          results: [{name: heads}]
          steps:
            - name: build
              image: docker.io/library/busybox:1.37
              workingDir: $(workspaces.source.path)
              script: |
                #!/bin/sh
                wc -l <head | tr -d '\n ' >"$(results.heads.path)"
`)
	run := l.succeeded(t, l.ns, "claimed", long)
	assert.Equal(t, "1", result(l.of(t, run, "build"), "heads"), "the file of which each combination writes its own")
	assistants := map[string]string{}
	for _, child := range run.Status.ChildReferences {
		taskRun, err := l.Tekton.TektonV1().TaskRuns(l.ns).Get(t.Context(), child.Name, metav1.GetOptions{})
		require.NoError(t, err)
		pod, err := l.Core.CoreV1().Pods(l.ns).Get(t.Context(), taskRun.Status.PodName, metav1.GetOptions{})
		require.NoError(t, err)
		assistants[child.Name] = beside(t, pod)
	}
	one := assistants["claimed-build"]
	assert.NotEmpty(t, one)
	assert.Equal(t, map[string]string{"claimed-clone-0": one, "claimed-clone-1": one, "claimed-clone-2": one, "claimed-build": one, "claimed-none": ""}, assistants)
}

// beside is the affinity assistant on whose node the pod has to be, or nothing.
func beside(t *testing.T, pod *corev1.Pod) string {
	t.Helper()
	if pod.Spec.Affinity == nil || pod.Spec.Affinity.PodAffinity == nil {
		return ""
	}
	terms := pod.Spec.Affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	require.Len(t, terms, 1)
	assert.Equal(t, "kubernetes.io/hostname", terms[0].TopologyKey)
	assert.Equal(t, "affinity-assistant", terms[0].LabelSelector.MatchLabels["app.kubernetes.io/component"])
	return terms[0].LabelSelector.MatchLabels["app.kubernetes.io/instance"]
}

// TestSizeOfArray shows how long an array result may be: the termination message of
// a container holds 4,096 bytes, in which an array is JSON within JSON, so that each
// of its items takes two bytes more than in the file. Of URLs with 42 letters, 80 fit
// and 90 do not.
func TestSizeOfArray(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, count := range map[string]int{"few": 80, "many": 90} {
		l.given(t, fmt.Sprintf(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: %s}
spec:
  taskSpec:
    results: [{name: urls, type: array}]
    steps:
      - name: list
        image: docker.io/library/busybox:1.37
        script: |
          #!/bin/sh
          set -eu
          {
            printf '["https://registry.example.com/team/app:0000"'
            i=1
            while [ "$((i += 1))" -le %d ]; do printf ',"https://registry.example.com/team/app:%%04d"' "$i"; done
            printf ']'
          } | tee "$(results.urls.path)"
`, name, count))
	}
	few, many := l.taskRun(t, l.ns, "few", long), l.taskRun(t, l.ns, "many", long)
	require.True(t, few.IsSuccessful(), "%s", few.Status.GetCondition("Succeeded").GetMessage())
	require.Len(t, few.Status.Results, 1)
	assert.Len(t, few.Status.Results[0].Value.ArrayVal, 80)
	assert.False(t, many.IsSuccessful())
	assert.Contains(t, many.Status.GetCondition("Succeeded").GetMessage(), `"step-list" exited with code 1`)
	log := l.log(t, many) // which alone tells why
	assert.Contains(t, log, "Termination message is above max allowed size 4096")
	assert.Less(t, strings.Index(log, "]")+1-strings.Index(log, "["), 4096, "as it is written, the result would fit")
}

// TestIsolatedWorkspace shows that a workspace which one step has isolated is not
// mounted in the others, though its variables are replaced there.
func TestIsolatedWorkspace(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.secret(t, l.ns, "key", corev1.SecretTypeOpaque, map[string]string{"key": "k3y"})
	l.given(t, `
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: isolated}
spec:
  workspaces: [{name: creds, secret: {secretName: key}}, {name: other, secret: {secretName: key}}]
  taskSpec:
    workspaces: [{name: creds, mountPath: /var/run/creds}, {name: other}]
    steps:
      - {name: fetch, image: "docker.io/library/busybox:1.37", workspaces: [{name: creds}], script: 'cat "$(workspaces.creds.path)/key" && echo'}
      - name: use
        image: docker.io/library/busybox:1.37
        script: |
          #!/bin/sh
          cat "$(workspaces.creds.path)/key" 2>&1
          ls /var/run/creds 2>&1
          cat "$(workspaces.other.path)/key" && echo
`)
	run := l.taskRun(t, l.ns, "isolated", long)
	assert.True(t, run.IsSuccessful())
	assert.Equal(t, `k3y
cat: can't open '/var/run/creds/key': No such file or directory
ls: /var/run/creds: No such file or directory
k3y
`, l.log(t, run))
}

// TestDollars shows where $$ is one $: the kubelet reads it so in command, args and
// environment, and Tekton keeps it from doing so in a script.
func TestDollars(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.given(t, `
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: dollars}
spec:
  taskSpec:
    params: [{name: p, default: v}]
    stepTemplate: {env: [{name: TEMPLATE, value: 'template $$x'}]}
    steps:
      - {name: args, image: "docker.io/library/busybox:1.37", command: [echo, command $$x], args: ['args $$x', '$$$$', 'price $$5', '$$(HOME)', '\$$x', '$$$x', '$x$', 'a$$$(params.p)', '$$(params.p)']}
      - {name: env, image: "docker.io/library/busybox:1.37", command: [sh, -c, 'echo "$TEMPLATE $VALUE"'], env: [{name: VALUE, value: 'env $$x $$$$'}]}
      - name: script
        image: docker.io/library/busybox:1.37
        args: ['$$x']
        script: |
          #!/bin/sh
          echo 'script $$x $$$$' "$@"
          [ "$$" -gt 0 ] && echo "pid"
`)
	run := l.taskRun(t, l.ns, "dollars", long)
	assert.True(t, run.IsSuccessful())
	assert.Equal(t, "command $x args $x $$ price $5 $(HOME) \\$x $$x $x$ a$v $v\ntemplate $x env $x $$\nscript $$x $$$$ $x\npid\n", l.log(t, run))
}

// TestModes shows which modes the files of a volume get: a number is decimal, so that
// 400 is 0620, and one above 511 is no mode.
func TestModes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.secret(t, l.ns, "key", corev1.SecretTypeOpaque, map[string]string{"key": "k3y"})
	const task = `
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: NAME}
spec:
  taskSpec:
    volumes: [{name: key, SOURCE}]
    steps:
      - {name: mode, image: "docker.io/library/busybox:1.37", volumeMounts: [{name: key, mountPath: /key}], command: [stat, -L, -c, "%a", /key/key]}
`
	for name, c := range map[string]struct{ source, ends string }{
		"octal":            {"secret: {secretName: key, defaultMode: 0600}", "600\n"},
		"silent":           {"secret: {secretName: key, defaultMode: 400}", "620\n"},
		"full":             {"secret: {secretName: key, defaultMode: 511}", "777\n"},
		"item":             {"secret: {secretName: key, items: [{key: key, path: key, mode: 444}]}", "674\n"},
		"projected":        {"projected: {defaultMode: 256, sources: [{secret: {name: key}}]}", "400\n"},
		"decimal":          {"secret: {secretName: key, defaultMode: 600}", ""},
		"over":             {"secret: {secretName: key, defaultMode: 512}", ""},
		"negative":         {"secret: {secretName: key, defaultMode: -1}", ""},
		"decimal-map":      {"configMap: {name: none, optional: true, defaultMode: 644}", ""},
		"decimal-item":     {"secret: {secretName: key, items: [{key: key, path: key, mode: 600}]}", ""},
		"decimal-project":  {"projected: {defaultMode: 755, sources: [{secret: {name: key}}]}", ""},
		"decimal-downward": {"downwardAPI: {defaultMode: 777, items: [{path: key, fieldRef: {fieldPath: metadata.name}}]}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l.given(t, strings.NewReplacer("NAME", name, "SOURCE", c.source).Replace(task))
			run := l.taskRun(t, l.ns, name, long)
			end := run.Status.GetCondition("Succeeded")
			if c.ends != "" {
				assert.True(t, run.IsSuccessful(), "%s", end.GetMessage())
				assert.Equal(t, c.ends, l.log(t, run))
				return
			}
			assert.Equal(t, string(v1.TaskRunReasonPodCreationFailed), end.GetReason())
			assert.Contains(t, end.GetMessage(), "must be a number between 0 and 0777 (octal)")
		})
	}
}
