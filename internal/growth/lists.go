package growth

// lists are texts with two long lists, of which one is searched for the items of the
// other.
var lists = []Family{
	{"values of an enum", 2500, func(n int) string {
		return task + "  params: [{name: a, default: w, enum: [" + joined(n, "v#") + "]}]\n  steps: [{name: a, image: x:1, script: echo $(params.a)}]\n"
	}},
	{"values of an enum that is passed to another", 2000, func(n int) string {
		return task + "  params: [{name: a, enum: [" + joined(n, "v#") + "]}]\n  steps: [{name: a, image: x:1, script: echo $(params.a)}]\n---\n" +
			pipeline + "  params: [{name: a, enum: [" + joined(n, "v#") + "]}]\n  tasks: [{name: b, taskRef: {name: t}, params: [{name: a, value: $(params.a)}]}]\n"
	}},
	{"values of an enum that when expressions exclude", 1500, func(n int) string {
		return pipeline + "  params: [{name: a, enum: [" + joined(n, "v#") + "]}]\n  tasks:\n  - name: b\n    taskRef: {name: t}\n    when:\n    - {input: $(params.a), operator: notin, values: [" +
			joined(n, "v#") + "]}\n  - name: c\n    taskRef: {name: t}\n    when:\n    - {input: $(params.a), operator: in, values: [" + joined(n, "v#") + "]}\n    - {input: $(params.a), operator: in, values: [" + joined(n, "v#") + "]}\n"
	}},
	{"items of an array that are read", 1000, func(n int) string {
		return pipeline + "  params: [{name: a, type: array, default: [" + joined(n, "x#") + "]}]\n  tasks:\n  - name: b\n    taskRef: {name: t}\n    params:\n" +
			numbered(n, "    - {name: q#, value: \"$(params.a[#])\"}\n")
	}},
	{"results of a StepAction that a step reads", 1500, func(n int) string {
		return "apiVersion: tekton.dev/v1beta1\nkind: StepAction\nmetadata: {name: sa}\nspec:\n  image: x:1\n  results:\n" + numbered(n, "  - {name: r#}\n") +
			"---\n" + task + "  steps:\n  - name: a\n    ref: {name: sa}\n  - name: b\n    image: x:1\n    args:\n" + numbered(n, "    - $(steps.a.results.r#)\n")
	}},
	{"params of a template in one value", 1500, func(n int) string {
		return template + "  params:\n" + numbered(n, "  - {name: r#, default: x}\n") + "  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n" +
			"    metadata: {generateName: a-}\n    spec:\n      pipelineRef: {name: p}\n      params: [{name: a, value: \"" + numbered(n, "$(tt.params.r#)") + "\"}]\n"
	}},
	{"params that a matrix sets, too", 1000, func(n int) string {
		return pipeline + "  tasks:\n  - name: b\n    taskRef: {name: t}\n    params:\n" + numbered(n, "    - {name: a#, value: x}\n") +
			"    matrix:\n      include:\n      - name: i\n        params:\n" + numbered(n, "        - {name: b#, value: x}\n")
	}},
	{"params of bindings that a template does not declare", 400, func(n int) string {
		return listener + "  - name: a\n    template: {ref: t}\n    bindings:\n" + numbered(n, "    - {name: source-#, value: x}\n") + "---\n" + template + "  params:\n" + numbered(n, "  - {name: other-#}\n") +
			"  resourcetemplates: [{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}]\n"
	}},
	{"resources of API groups of one rule", 2000, func(n int) string {
		return "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules:\n- apiGroups: [" + joined(n, "g#.dev") + "]\n  resources: [" + joined(n, "res#") + "]\n  verbs: [" + joined(n, "get#") + "]\n"
	}},
	{"namespaces in which a listener selects Triggers", 1000, func(n int) string {
		return "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata: {name: e}\nspec:\n  namespaceSelector:\n    matchNames: [" + joined(n, "n#") + "]\n" +
			numbered(n, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: m#}\n")
	}},
}
