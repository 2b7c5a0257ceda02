package growth

// strangers are texts about runs for pull requests.
var strangers = []Family{
	{"triggers for pull requests with different values for when expressions", 40, func(n int) string {
		return listener + numbered(n, "  - {name: a#, "+pulls+", bindings: [{name: s, value: $(body.pull_request.head.sha)}, {name: k, value: k#}], template: {ref: t}}\n") + pullRun +
			"          tasks:\n" + numbered(n, "          - {name: a#, when: [{input: $(tt.params.k), operator: in, values: [k1]}], taskRef: {name: b}}\n")
	}},
	{"when expressions on the result of one task with many params", 60, func(n int) string {
		return listener + pull + pullRun + "          tasks:\n          - name: z\n            taskRef: {name: z}\n            params:\n" + numbered(n, "            - {name: p#, value: $(tt.params.k)}\n") +
			numbered(n, "          - {name: a#, when: [{input: $(tasks.z.results.r), operator: in, values: [x]}], taskRef: {name: b}}\n")
	}},
	{"tasks in directories of a workspace with a commit", 60, func(n int) string {
		return listener + pull + pullRun + "          workspaces: [{name: w}]\n          tasks:\n          - {name: z, taskRef: {name: git-clone}, params: [{name: revision, value: $(tt.params.s)}], workspaces: [{name: output, workspace: w, subPath: c}]}\n" +
			numbered(n, "          - {name: a#, taskRef: {name: b}, workspaces: [{name: w, workspace: w, subPath: d#/e/f/g}]}\n")
	}},
	{"commits that one script checks out and builds", 100, func(n int) string {
		return listener + pull + pullRun + "          tasks:\n          - name: z\n            taskSpec:\n              steps:\n              - name: a\n                image: x:1\n                env: [{name: S, value: $(tt.params.s)}]\n                script: |\n" +
			numbered(n, "                  git clone https://x/y /d#\n                  git -C /d# fetch origin \"$S:b#\"\n                  git -C /d# checkout \"b#\"\n                  f#() { make -C /d#; }\n                  f@\n")
	}},
	{"results that are made of the results of two tasks", 100, func(n int) string {
		return listener + pull + pullRun + "          tasks:\n          - {name: a-1, taskRef: {name: t}, params: [{name: s, value: $(tt.params.k)}]}\n" +
			numbered(n, "          - {name: b#, taskRef: {name: t}, params: [{name: s, value: $(tasks.a@.results.o)$(tasks.a@.results.o)}]}\n          - {name: a#, taskRef: {name: t}, params: [{name: s, value: $(tasks.b#.results.o)$(tasks.a@.results.o)}]}\n") +
			"---\n" + task + "  params: [{name: s}]\n  results: [{name: o}]\n  steps: [{name: a, image: \"x:1\", script: echo $(params.s) > $(results.o.path)}]\n"
	}},
	{"variables of a script that are made of others", 100, func(n int) string {
		return listener + pull + pullRun + "          tasks:\n          - name: z\n            taskSpec:\n              steps:\n              - name: a\n                image: x:1\n                env: [{name: V, value: $(tt.params.k)}]\n                script: |\n" +
			numbered(n, "                  V#=$V@$V@\n") + "                  eval \"$V1\"\n"
	}},
	{"files that one script writes and runs", 100, func(n int) string {
		return listener + pull + pullRun + "          tasks:\n          - name: z\n            taskSpec:\n              steps:\n              - name: a\n                image: x:1\n                env: [{name: S, value: $(tt.params.k)}]\n                script: |\n" +
			numbered(n, "                  echo \"$S\" >>f\n                  . ./f\n                  . <(echo \"$S\")\n                  cd d#\n")
	}},
}

const (
	pulls   = "interceptors: [{ref: {name: github}, params: [{name: eventTypes, value: [pull_request]}, {name: secretRef, value: {secretName: h, secretKey: k}}]}]"
	pull    = "  - {name: a, " + pulls + ", bindings: [{name: s, value: $(body.pull_request.head.sha)}, {name: k, value: $(body.pull_request.title)}], template: {ref: t}}\n"
	pullRun = "---\n" + template + "  params: [{name: s}, {name: k}]\n  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec:\n" +
		"      workspaces: [{name: w, emptyDir: {}}, {name: x, secret: {secretName: x}}]\n      pipelineSpec:\n"
)
