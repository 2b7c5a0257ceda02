package growth

// keyed is a ConfigMap with n keys.
func keyed(n int) string {
	return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {" + joined(n, "source-revision-#: x") + "}\n"
}

// lookups are texts in which many names are looked up among many: what is right, and
// what is misspelled, for which the most similar name is searched.
var lookups = []Family{
	{"keys of a ConfigMap that are read", 150, func(n int) string {
		return task + step + "    env:\n" + numbered(n, "    - {name: A#, valueFrom: {configMapKeyRef: {name: a, key: source-revision-#}}}\n") + keyed(n)
	}},
	{"keys of a ConfigMap that are misspelled", 150, func(n int) string {
		return task + step + "    env:\n" + numbered(n, "    - {name: A#, valueFrom: {configMapKeyRef: {name: a, key: source-revison-#}}}\n") + keyed(n)
	}},
	{"keys of a result that are misspelled", 300, func(n int) string {
		return pipeline + "  tasks:\n  - {name: z, taskRef: {name: t}}\n  - name: y\n    taskRef: {name: u}\n    params:\n" +
			numbered(n, `    - {name: a#, value: "$(tasks.z.results.r.ky#)"}`+"\n") + "---\n" +
			task + "  results: [{name: r, type: object, properties: {" + joined(n, "k#: {}") + "}}]\n  steps: [{name: a, image: x:1}]\n"
	}},
	{"results that are misspelled", 300, func(n int) string {
		return pipeline + "  tasks:\n  - {name: z, taskRef: {name: t}}\n  - name: y\n    taskRef: {name: u}\n    params:\n" +
			numbered(n, `    - {name: a#, value: "$(tasks.z.results.ry#)"}`+"\n") + "---\n" +
			task + "  results: [" + joined(n, "{name: r#}") + "]\n  steps: [{name: a, image: x:1}]\n"
	}},
	{"many results of one script", 400, func(n int) string {
		return task + "  results:\n" + numbered(n, "  - {name: r#}\n") + script + numbered(n, "      echo > $(results.r#.path)\n")
	}},
	{"many results of many steps", 200, func(n int) string {
		return task + "  results:\n" + numbered(n, "  - {name: r#}\n") + "  steps:\n" + numbered(n, "  - {name: a#, image: x:1, script: \"echo > $(results.r#.path)\"}\n")
	}},
	{"listeners with a label selector each", 400, func(n int) string {
		return numbered(n, "---\n"+selected+"metadata: {name: t#, labels: {a: b#}}\nspec: {bindings: [{ref: b}], template: {ref: t}}\n"+
			"---\n"+selecting+"metadata: {name: e#}\nspec: {serviceAccountName: s, labelSelector: {matchLabels: {a: b#}}}\n")
	}},
	{"listeners that select all Triggers", 64, func(n int) string {
		return numbered(n, "---\n"+selected+"metadata: {name: t#, labels: {a: b}}\nspec: {bindings: [{ref: b}], template: {ref: t}}\n"+
			"---\n"+selecting+"metadata: {name: e#}\nspec: {serviceAccountName: s, labelSelector: {matchLabels: {a: b}}}\n")
	}},
	{"ports of a Service that are misspelled", 100, func(n int) string {
		return "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ports:\n" + numbered(n, "  - {name: p#, port: 1#}\n") + "---\n" + ingress +
			numbered(n, "  - host: h#.example.com\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {name: q#}}}}]}\n")
	}},
	{"workspaces of one step that another uses", 150, func(n int) string {
		return task + "  workspaces:\n" + numbered(n, "  - {name: w#}\n") + "  steps:\n  - {name: b, image: x:1, workspaces: [" + joined(n, "{name: w#}") + "]}\n  - name: a\n    image: x:1\n    script: |\n      #!/bin/sh\n" +
			numbered(n, "      cat $(workspaces.w#.path)\n")
	}},
	{"workspaces of each step that others use", 100, func(n int) string {
		return task + "  workspaces:\n" + numbered(n, "  - {name: w#}\n") + "  steps:\n" +
			numbered(n, "  - {name: a#, image: x:1, workspaces: [{name: w#}], script: \"cat $(workspaces.w@.path)\"}\n")
	}},
	{"workspaces of one matrix", 150, func(n int) string {
		return pipeline + "  workspaces:\n" + numbered(n, "  - {name: w#}\n") + "  tasks:\n  - name: a\n    taskRef: {name: t}\n    matrix: {params: [{name: m, value: [a, b]}]}\n    workspaces:\n" +
			numbered(n, "    - {name: w#, workspace: w#}\n") + "---\n" + task + "  params: [{name: m}]\n  workspaces:\n" + numbered(n, "  - {name: w#}\n") + script + numbered(n, "      cat $(workspaces.w#.path)/$(params.m)\n")
	}},
	{"workspaces of a run that are misspelled", 600, func(n int) string {
		return "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec:\n  pipelineRef: {name: p}\n  workspaces:\n" + numbered(n, "  - {name: sorce-#, emptyDir: {}}\n") +
			"---\n" + pipeline + "  workspaces:\n" + numbered(n, "  - {name: source-#}\n") + "  tasks: [{name: a, taskRef: {name: t}}]\n"
	}},
	{"exit codes of steps", 150, func(n int) string {
		return task + "  steps:\n" + numbered(n, "  - {name: a#, image: x:1, onError: continue, script: \"cat $(steps.step-a@.exitCode.path)\"}\n")
	}},
	{"exit codes of steps that are misspelled", 300, func(n int) string {
		return task + "  steps:\n" + numbered(n, "  - {name: a#, image: x:1, script: \"cat $(steps.step-b#.exitCode.path)\"}\n")
	}},
	{"CEL: overlays of one interceptor", 100, func(n int) string {
		return listener + "  - name: a\n    interceptors:\n    - ref: {name: cel}\n      params:\n      - name: overlays\n        value:\n" +
			numbered(n, "        - {key: k#, expression: extensions.k@}\n") + "    bindings:\n" + numbered(n, "    - {name: v#, value: $(extensions.k#)}\n") + "    template: {ref: t}\n"
	}},
	{"CEL: overlays of many interceptors", 60, func(n int) string {
		return listener + "  - name: a\n    interceptors:\n" + numbered(n, "    - {ref: {name: cel}, params: [{name: overlays, value: [{key: k#, expression: extensions.k@}]}]}\n") +
			"    bindings:\n" + numbered(n, "    - {name: v#, value: $(extensions.k#)}\n") + "    template: {ref: t}\n"
	}},
	{"results that one pipeline writes", 300, func(n int) string {
		return task + "  results:\n" + numbered(n, "  - {name: r#}\n") + script + "      echo a" + numbered(n, " | tee $(results.r#.path)") + "\n"
	}},
	{"triggers with one template of many defaults", 120, func(n int) string {
		return listener + numbered(n, "  - {name: a#, bindings: [{ref: b}], template: {ref: t}}\n") + "---\n" + binding + "  - {name: a, value: x}\n---\n" + template + "  params:\n" +
			numbered(n, "  - {name: d#, default: \"a\\nb\"}\n") + "  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec:\n      pipelineRef: {name: p}\n      params:\n" +
			numbered(n, "      - {name: a#, value: $(tt.params.d#)}\n")
	}},
	{"params of a binding that are not escaped", 150, func(n int) string {
		return listener + "  - {name: a, bindings: [{ref: b}], template: {ref: t}}\n---\n" + binding + numbered(n, "  - {name: a#, value: \"x\\ny$(body.x#)\"}\n") + "---\n" + template + "  params:\n" +
			numbered(n, "  - {name: a#}\n") + "  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec:\n      pipelineRef: {name: p}\n      params:\n" +
			numbered(n, "      - {name: a#, value: $(tt.params.a#)}\n")
	}},
	{"triggers with one template of many objects", 60, func(n int) string {
		return listener + again(n, "  - {name: a, bindings: [{name: a, value: x}], template: {ref: t}}\n") + "---\n" + template +
			"  params: [{name: a}]\n  resourcetemplates:\n" + again(n, "  - {apiVersion: tekton.dev/v1, kind: $(tt.params.a), metadata: {generateName: a-}}\n")
	}},
}

const (
	selected  = "apiVersion: triggers.tekton.dev/v1beta1\nkind: Trigger\n"
	selecting = "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\n"
)
