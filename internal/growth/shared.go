package growth

const (
	pipelineRun = "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec:\n"
	taskRun     = "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: r}\nspec:\n"
	granted     = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: [\"\"], resources: [secrets], verbs: [get]}]\n" +
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nsubjects: [{kind: ServiceAccount, name: s}]\nroleRef: {kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}\n" +
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: c}\nsubjects: [{kind: ServiceAccount, name: s}]\nroleRef: {kind: ClusterRole, name: tekton-triggers-eventlistener-roles, apiGroup: rbac.authorization.k8s.io}\n"
)

// shared are texts in which many things share something, which is to be read once.
var shared = []Family{
	{"listeners that select all Triggers without a permission", 64, func(n int) string {
		return granted + numbered(n, "---\n"+selected+"metadata: {name: t#, labels: {a: b}}\nspec: {bindings: [{ref: b}], template: {ref: t}}\n"+
			"---\n"+selecting+"metadata: {name: e#}\nspec: {serviceAccountName: s, labelSelector: {matchLabels: {a: b}}}\n") +
			"---\n" + template + "  resourcetemplates: [{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}]\n"
	}},
	{"Triggers with service accounts that many listeners select", 64, func(n int) string {
		return granted + numbered(n, "---\n"+selected+"metadata: {name: t#, labels: {a: b}}\nspec: {serviceAccountName: s, bindings: [{ref: b}], template: {ref: t}}\n"+
			"---\n"+selecting+"metadata: {name: e#}\nspec: {serviceAccountName: s, labelSelector: {matchLabels: {a: b}}}\n") +
			"---\n" + template + "  resourcetemplates: [{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}]\n"
	}},
	{"groups of one listener that select all Triggers", 64, func(n int) string {
		return numbered(n, "---\n"+selected+"metadata: {name: t#, labels: {a: b}}\nspec: {bindings: [{ref: b}], template: {ref: t}}\n") +
			"---\n" + selecting + "metadata: {name: e}\nspec:\n  serviceAccountName: s\n  triggerGroups:\n" +
			numbered(n, "  - {name: g#, interceptors: [{ref: {name: cel}, params: [{name: filter, value: body.a#}]}], triggerSelector: {labelSelector: {matchLabels: {a: b}}}}\n")
	}},
	{"kinds that a template creates", 60, func(n int) string {
		return listener + "  - {name: a, bindings: [{ref: b}], template: {ref: t}}\n---\n" + template + "  resourcetemplates:\n" +
			numbered(n, "  - {apiVersion: x.example.com/v1, kind: Kind#, metadata: {generateName: a-}}\n") + granted
	}},
	{"extensions of a binding that have a default", 100, func(n int) string {
		return listener + "  - {name: a, interceptors: [{ref: {name: cel}, params: [{name: filter, value: body.a == 'b'}]}], bindings: [{ref: b}], template: {ref: t}}\n---\n" +
			binding + numbered(n, "  - {name: a#, value: $(extensions.x#)}\n") + "---\n" + template + "  params:\n" + numbered(n, "  - {name: a#, default: b}\n") +
			"  resourcetemplates: [{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}]\n"
	}},
	{"objects whose kind is a param of one trigger", 60, func(n int) string {
		return listener + "  - {name: a, bindings: [{ref: b}], template: {ref: t}}\n---\n" + binding + numbered(n, "  - {name: a#, value: x#}\n") + "---\n" + template +
			"  params:\n" + numbered(n, "  - {name: a#}\n") + "  resourcetemplates:\n" + numbered(n, "  - {apiVersion: v1, kind: $(tt.params.a#), metadata: {generateName: a-}}\n")
	}},
	{"args of one step in the notation of another language", 300, func(n int) string {
		return task + "  params:\n" + numbered(n, "  - {name: p#}\n") + "  steps:\n  - name: a\n    image: x:1\n    command: [ls]\n    args:\n" + numbered(n, "    - ${params.p#}\n")
	}},
	{"variables of another language in one script", 200, func(n int) string {
		return task + "  params:\n" + numbered(n, "  - {name: p#}\n") + "  steps:\n  - name: a\n    image: x:1\n    script: |\n" + numbered(n, "      echo ${params.p#} $params.p#\n")
	}},
	{"variables of another language in one line", 200, func(n int) string {
		return task + "  params:\n" + numbered(n, "  - {name: p#}\n") + "  steps:\n  - name: a\n    image: x:1\n    script: echo" + numbered(n, " ${params.p#} $params.p#") + "\n"
	}},
	{"results that one command writes", 150, func(n int) string {
		return task + "  results: [{name: r}]\n  steps:\n  - name: a\n    image: x:1\n    script: " + numbered(n, "echo a# > $(results.r.path) ") + "\n"
	}},
	{"inputs in the args of one step", 300, func(n int) string {
		return task + "  params: [{name: p}]\n  steps:\n  - name: a\n    image: x:1\n    command: [sh]\n    args:\n" + numbered(n, "    - -x#$(params.p)\n")
	}},
	{"workspaces of a run that its tasks use", 100, func(n int) string {
		return pipelineRun + "  workspaces:\n" + numbered(n, "  - {name: w#, emptyDir: {}}\n") + "  pipelineSpec:\n    tasks:\n" +
			numbered(n, "    - {name: a#, taskRef: {name: t}, workspaces: [{name: w, workspace: w#}]}\n")
	}},
	{"workspaces of a run that its specs use", 60, func(n int) string {
		return pipelineRun + "  workspaces:\n" + numbered(n, "  - {name: w#, emptyDir: {}}\n") + "  pipelineSpec:\n    tasks:\n" +
			numbered(n, "    - {name: a#, taskSpec: {steps: [{name: a, image: x:1, script: cat $(workspaces.w#.path)}]}}\n")
	}},
	{"workspaces of a run that are misspelled behind others", 600, func(n int) string {
		return pipelineRun + "  pipelineRef: {name: p}\n  workspaces:\n" + numbered(n, "  - {name: other-#, emptyDir: {}}\n") + numbered(n, "  - {name: sorce-#, emptyDir: {}}\n") +
			"---\n" + pipeline + "  workspaces:\n" + numbered(n, "  - {name: other-#}\n") + numbered(n, "  - {name: source-#}\n") + "  tasks: [{name: a, taskRef: {name: t}}]\n"
	}},
	{"workspaces of a TaskRun that are misspelled", 300, func(n int) string {
		return taskRun + "  taskRef: {name: t}\n  workspaces:\n" + numbered(n, "  - {name: sorce-#, emptyDir: {}}\n") + "---\n" + task + "  workspaces:\n" +
			numbered(n, "  - {name: source-#, optional: true}\n") + "  steps: [{name: a, image: x:1}]\n"
	}},
	{"workspaces of a pipeline that are misspelled", 300, func(n int) string {
		return pipeline + "  workspaces:\n" + numbered(n, "  - {name: source-#}\n") + "  tasks:\n" +
			numbered(n, "  - {name: a#, taskRef: {name: t}, workspaces: [{name: w, workspace: sorce-#}]}\n")
	}},
	{"workspaces of one task that are misspelled", 600, func(n int) string {
		return pipeline + "  workspaces: [{name: w}]\n  tasks:\n  - name: a\n    taskRef: {name: t}\n    workspaces:\n" + numbered(n, "    - {name: sorce-#, workspace: w}\n") +
			"---\n" + task + "  workspaces:\n" + numbered(n, "  - {name: source-#, optional: true}\n") + "  steps: [{name: a, image: x:1}]\n"
	}},
	{"workspaces of steps that are misspelled", 600, func(n int) string {
		return task + "  workspaces:\n" + numbered(n, "  - {name: source-#}\n") + script + numbered(n, "      cat $(workspaces.sorce-#.path)\n")
	}},
	{"settings for steps of a run that are misspelled", 300, func(n int) string {
		return taskRun + "  taskRef: {name: t}\n  stepSpecs:\n" + numbered(n, "  - {name: biuld-#, computeResources: {}}\n") + "---\n" + task + "  steps:\n" +
			numbered(n, "  - {name: build-#, image: x:1}\n")
	}},
	{"settings for sidecars of a run that are misspelled", 300, func(n int) string {
		return taskRun + "  taskRef: {name: t}\n  sidecarSpecs:\n" + numbered(n, "  - {name: biuld-#, computeResources: {}}\n") + "---\n" + task +
			"  steps: [{name: a, image: x:1}]\n  sidecars:\n" + numbered(n, "  - {name: build-#, image: x:1}\n")
	}},
	{"settings for tasks of a run that use one Task", 100, func(n int) string {
		return pipelineRun + "  pipelineRef: {name: p}\n  taskRunSpecs:\n" + numbered(n, "  - {pipelineTaskName: a#, stepSpecs: [{name: build-#, computeResources: {}}]}\n") +
			"---\n" + pipeline + "  tasks:\n" + numbered(n, "  - {name: a#, taskRef: {name: t}}\n") + "---\n" + task + "  results:\n" + numbered(n, "  - {name: r#, value: x}\n") +
			"  steps:\n" + numbered(n, "  - {name: build-#, image: x:1}\n")
	}},
	{"results of steps that are misspelled", 300, func(n int) string {
		return task + "  results:\n" + numbered(n, "  - {name: r#, value: $(steps.biuld-#.results.x)}\n") + "  steps:\n" + numbered(n, "  - {name: build-#, image: x:1, results: [{name: x}]}\n")
	}},
	{"volumes of pod templates of a run", 60, func(n int) string {
		return pipelineRun + "  taskRunTemplate:\n    podTemplate:\n      volumes:\n" + numbered(n, "      - {name: all#, emptyDir: {}}\n") + "  taskRunSpecs:\n" +
			numbered(n, "  - {pipelineTaskName: a#, podTemplate: {volumes: [{name: v#, emptyDir: {}}]}}\n") + "  pipelineSpec:\n    tasks:\n" +
			numbered(n, "    - {name: a#, taskSpec: {steps: [{name: a, image: x:1, volumeMounts: [{name: v#, mountPath: /a}]}]}}\n")
	}},
	{"steps of a Task with many volumes", 60, func(n int) string {
		return task + "  volumes:\n" + numbered(n, "  - {name: v#, emptyDir: {}}\n") + "  steps:\n" + numbered(n, "  - {name: a#, image: x:1, volumeMounts: [{name: v#, mountPath: /a}]}\n")
	}},
	{"hard-coded paths of workspaces", 150, func(n int) string {
		return task + "  workspaces:\n" + numbered(n, "  - {name: w#}\n") + script + numbered(n, "      cat /workspace/w#/a\n")
	}},
	{"hard-coded paths of results", 150, func(n int) string {
		return task + "  results:\n" + numbered(n, "  - {name: r#}\n") + script + numbered(n, "      echo > /tekton/results/r#\n")
	}},
	{"working directories of steps with mounts", 60, func(n int) string {
		return task + "  stepTemplate:\n    volumeMounts:\n" + numbered(n, "    - {name: v#, mountPath: /m#}\n") + "  steps:\n" + numbered(n, "  - {name: a#, image: x:1, workingDir: /workspace/x#}\n")
	}},
	{"values of a when expression", 300, func(n int) string {
		return pipeline + "  params: [{name: q}]\n  tasks:\n  - name: a\n    taskRef: {name: t}\n    when: [{input: $(params.q), operator: in, values: [" + joined(n, "v#") + "]}]\n"
	}},
}
