package growth

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Family is a kind of text that can be made as large as wanted.
type Family struct {
	Name string
	// Size is a value of n for which the text is small, but large enough that
	// checking it takes a measurable time.
	Size int
	// Text returns a text whose size is proportional to n.
	Text func(n int) string
}

const (
	pipeline = "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata:\n  name: p\nspec:\n"
	task     = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: t\nspec:\n"
	listener = "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata:\n  name: e\nspec:\n  serviceAccountName: s\n  triggers:\n"
	binding  = "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerBinding\nmetadata:\n  name: b\nspec:\n  params:\n"
	template = "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata:\n  name: t\nspec:\n"
	ingress  = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec:\n  rules:\n"
	config   = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	step     = "  steps:\n  - name: a\n    image: x:1\n"
	script   = step + "    script: |\n      #!/bin/sh\n"
)

// each joins the texts for 0 to n-1.
func each(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

// numbered joins n copies of a text. Each # in it is replaced by the number of the
// copy, and each < by the number before it.
func numbered(n int, text string) string {
	return each(n, func(i int) string {
		return strings.NewReplacer("#", strconv.Itoa(i), "<", strconv.Itoa(max(i-1, 0))).Replace(text)
	})
}

// joined is like numbered, with commas between the copies.
func joined(n int, text string) string { return strings.TrimSuffix(numbered(n, text+","), ",") }

// again repeats a text.
func again(n int, text string) string { return strings.Repeat(text, n) }

// filter is an EventListener with a CEL filter.
func filter(expr string) string {
	return listener + "  - name: a\n    interceptors:\n    - ref: {name: cel}\n      params:\n      - {name: filter, value: " +
		strconv.Quote(expr) + "}\n    bindings: [{ref: b}]\n    template: {ref: t}\n"
}

// bound is a TriggerBinding with one value.
func bound(value string) string {
	return binding + "  - {name: a, value: " + strconv.Quote(value) + "}\n"
}

// written is a workspace that the task t, which is used by the tasks of a pipeline,
// writes to.
const written = "---\n" + task + "  workspaces: [{name: w}]\n  steps: [{name: a, image: x:1, script: \"echo > $(workspaces.w.path)/a\"}]\n"

// Families returns kinds of text that might take more than their share of time: each
// reader, and each rule that compares things with each other, is the target of some.
func Families() []Family { return families }

var families = []Family{
	// Text, lines and positions.
	{"bang numbers", 8000, func(n int) string { return pipeline + "  x: ! y\n  z: [" + again(n, "1,") + "]\n" }},
	{"unknown keys on one line", 2000, func(n int) string { return pipeline + "  z: {" + joined(n, "k#: 1") + "}\n" }},
	{"tasks with faults on one line", 200, func(n int) string {
		return pipeline + "  tasks: [" + joined(n, "{name: a#, tskRef: {name: x}}") + "]\n"
	}},
	{"tasks with faults", 200, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - {name: a#, tskRef: {name: x}}\n")
	}},
	{"faults on one line behind letters of two bytes", 200, func(n int) string {
		return pipeline + "  tasks: [" + joined(n, "{name: a#, description: é, tskRef: {name: x}}") + "]\n"
	}},
	{"faults behind quotes", 80, func(n int) string {
		return pipeline + "  tasks:\n  - {name: a, description: x" + again(n*8, `\"`) + ", " + joined(n, "u#: 1") + "}\n"
	}},
	{"lines with faults behind quotes", 8, func(n int) string {
		return pipeline + "  tasks:\n" + each(n, func(i int) string {
			return fmt.Sprintf("  - {name: a%d, description: x%s, u1: 1, u2: 1, u3: 1, u4: 1, u5: 1, u6: 1}\n", i, again(500, `\"`))
		})
	}},
	{"lists that do not end in the line", 120, func(n int) string {
		return pipeline + "  tasks: [" + again(n, "{name: [a],\n") + again(n, "x: {}},\n") + "]\n"
	}},
	{"JSON values on one line", 120, func(n int) string { return again(n, `{"a":1} `) }},
	{"JSON values", 120, func(n int) string { return again(n, "{\"a\":1}\n") }},
	{"JSON objects on one line", 120, func(n int) string {
		return again(n, `{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a"}} `)
	}},
	{"comments", 40_000, func(n int) string { return pipeline + again(n, "# hello\n") + "  tasks: []\n" }},
	{"comments behind items", 120, func(n int) string { return pipeline + "  tasks:\n" + again(n, "  - name: a # x\n") }},
	{"documents", 120, func(n int) string { return again(n, "---\na: 1\n") }},
	{"objects", 200, func(n int) string {
		return numbered(n, "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a#}\n")
	}},
	{"broken documents", 120, func(n int) string { return again(n, "---\na: [\n") }},
	{"broken at the end", 1000, func(n int) string { return pipeline + "  tasks:\n" + again(n, "  - name: a\n") + "  x: [\n" }},
	{"broken JSON", 2000, func(n int) string { return `{"a":[` + again(n, "1,") + "}" }},
	{"a long plain text", 8000, func(n int) string { return pipeline + "  description:\n" + again(n, "    word word\n") }},
	{"escapes", 40_000, func(n int) string { return pipeline + `  description: "` + again(n, `\x41`) + "\"\n" }},
	{"a folded text", 8000, func(n int) string { return pipeline + "  description: >\n" + again(n, "    a\n\n") }},
	{"a long key", 40_000, func(n int) string { return pipeline + "  " + again(n, "k") + ": 1\n" }},
	{"a long name", 40_000, func(n int) string { return strings.Replace(pipeline, "name: p", "name: "+again(n, "p"), 1) }},
	{"duplicate keys", 600, func(n int) string { return pipeline + "  x: {" + joined(n, "a: 1") + "}\n" }},
	{"anchors", 800, func(n int) string { return pipeline + "  x:\n" + numbered(n, "  - &a# x\n  - *a#\n") }},
	{"an unknown anchor", 4000, func(n int) string { return "---\na: *bbbbbbbbbb\n" + again(n, "c: 1\n") }},
	{"a template", 4000, func(n int) string { return again(n, "{{ x }}\n") }},
	{"keys of a ConfigMap", 2000, func(n int) string { return config + "data:\n" + numbered(n, "  k#: v\n") }},
	{"lines that end with CR", 2000, func(n int) string { return strings.ReplaceAll(config+"data:\n"+numbered(n, "  k#: v\n"), "\n", "\r") }},
	{"unknown keys", 120, func(n int) string { return config + numbered(n, "k#: v\n") }},
	{"unknown keys after CR", 120, func(n int) string { return strings.ReplaceAll(config+numbered(n, "k#: v\n"), "\n", "\r") }},
	{"comments and tabs", 2000, func(n int) string { return pipeline + again(n, "# x\n\t\n") }},
	{"nested merges", 400, func(n int) string { return pipeline + "  x:\n" + numbered(n, "  - &a# {<<: {b: 1, c: 2}, c#: 1}\n") }},
	{"items of a List", 200, func(n int) string {
		return "apiVersion: v1\nkind: List\nitems:\n" + numbered(n, "- {apiVersion: v1, kind: ServiceAccount, metadata: {name: a#}}\n")
	}},

	// Scripts.
	{"variables of a script without an interpreter", 600, func(n int) string {
		return task + step + "    script: |\n" + again(n, "      echo $(params.foo)\n")
	}},
	{"nested variables", 2000, func(n int) string { return task + step + `    script: "` + again(n, "$(") + "\"\n" }},
	{"nested commands", 600, func(n int) string {
		return task + script + "      echo " + again(n, "$(echo ") + "x" + again(n, ")") + "\n"
	}},
	{"quotes of a script", 2000, func(n int) string { return task + script + "      echo " + again(n, "\"'`") + "\n" }},
	{"here-documents", 800, func(n int) string { return task + script + again(n, "      cat <<EOF\n") }},
	{"variables of a script", 400, func(n int) string {
		return task + "  params: [{name: a}]\n" + script + again(n, "      echo $(params.a) $(results.r.path)\n")
	}},
	{"unknown variables of a script", 120, func(n int) string { return task + script + numbered(n, "      echo $(params.a#)\n") }},
	{"unknown variables on one line of a script", 120, func(n int) string {
		return task + script + "      echo " + numbered(n, "$(params.a#) ") + "\n"
	}},
	{"shell variables", 200, func(n int) string { return task + script + numbered(n, "      x#=$(echo \"$x<\"); echo \"$x#\" $y#\n") }},
	{"pipes", 400, func(n int) string { return task + script + "      cat a" + again(n, " | cat -") + "\n" }},

	// Tasks and steps.
	{"steps", 80, func(n int) string {
		return task + "  steps:\n" + numbered(n, `  - {name: a#, image: "x:1", env: [{name: A, value: "$(steps.a<.results.x)"}]}`+"\n")
	}},
	{"steps with results", 80, func(n int) string {
		return task + "  steps:\n" + numbered(n, `  - {name: a#, image: "x:1", results: [{name: x}], env: [{name: A, value: "$(steps.a<.results.x)"}]}`+"\n")
	}},
	{"unnamed steps", 80, func(n int) string {
		return task + "  steps:\n" + again(n, "  - {image: x:1, script: \"echo > $(results.r.path)\"}\n")
	}},
	{"env", 80, func(n int) string {
		return task + step + "    env:\n" + numbered(n, `    - {name: A#, value: "$(params.b#)"}`+"\n")
	}},
	{"volumes", 80, func(n int) string {
		return task + "  volumes:\n" + numbered(n, "  - {name: v#, emptyDir: {}}\n") + step + "    volumeMounts:\n" + numbered(n, "    - {name: w#, mountPath: /a#}\n")
	}},
	{"sidecars", 80, func(n int) string {
		return task + "  steps: [{name: a, image: x:1}]\n  sidecars:\n" + numbered(n, `  - {name: s#, image: "x:1", volumeMounts: [{name: v, mountPath: /a}]}`+"\n")
	}},
	{"mounts", 80, func(n int) string {
		return task + "  steps:\n" + numbered(n, `  - {name: a#, image: "x:1", volumeMounts: [{name: v#, mountPath: /a}]}`+"\n")
	}},
	{"results of a step", 120, func(n int) string {
		return task + "  results:\n" + numbered(n, `  - {name: r#, value: "$(steps.a.results.s#)"}`+"\n") + step + "    results:\n" + numbered(n, "    - name: s#\n")
	}},
	{"results that are written", 120, func(n int) string {
		return task + "  results:\n" + numbered(n, "  - {name: r#}\n") + script + numbered(n, "      echo > $(results.r#.path)\n")
	}},
	{"an object param", 120, func(n int) string {
		return task + "  params:\n  - name: o\n    type: object\n    properties:\n" + numbered(n, "      k#: {type: string}\n") +
			step + "    env:\n" + numbered(n, `    - {name: A#, value: "$(params.o.k#)"}`+"\n")
	}},
	{"suppressions", 120, func(n int) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: t\n  annotations:\n" +
			numbered(n, "    check.tekwright.dev/x#: a\n") + "spec: {steps: [{name: a, image: x:1}]}\n"
	}},

	// Pipelines.
	{"unknown tasks", 120, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    taskRef: {name: xx#}\n")
	}},
	{"runAfter of unknown tasks", 120, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    runAfter: [b#]\n    taskRef: {name: x}\n")
	}},
	{"a cycle", 120, func(n int) string {
		return pipeline + "  tasks:\n" + each(n, func(i int) string {
			return fmt.Sprintf("  - name: a%d\n    runAfter: [a%d]\n    taskRef: {name: x}\n", i, (i+1)%n)
		})
	}},
	{"a chain", 200, func(n int) string {
		return pipeline + "  tasks:\n  - {name: start, taskRef: {name: x}}\n  - {name: a0, runAfter: [start], taskRef: {name: x}}\n" +
			each(n, func(i int) string {
				return fmt.Sprintf("  - name: a%d\n    runAfter: [a%d]\n    taskRef: {name: x}\n", i+1, i)
			})
	}},
	{"a chain of results", 120, func(n int) string {
		return pipeline + "  tasks:\n  - {name: start, taskRef: {name: x}}\n" + each(n, func(i int) string {
			return fmt.Sprintf("  - name: a%d\n    taskRef: {name: x}\n    params:\n    - {name: p, value: \"$(tasks.%s.results.r)\"}\n", i, after(i))
		})
	}},
	{"params", 120, func(n int) string {
		return pipeline + "  params:\n" + numbered(n, "  - name: a#\n") + "  tasks: [{name: x, taskRef: {name: x}}]\n"
	}},
	{"unknown params", 80, func(n int) string {
		return pipeline + "  params:\n" + numbered(n, "  - name: a#\n") + "  tasks:\n" +
			numbered(n, "  - {name: x#, taskRef: {name: x}, params: [{name: p, value: $(params.b#)}]}\n")
	}},
	{"params of a task that is known", 80, func(n int) string {
		return pipeline + "  tasks: [{name: x, taskRef: {name: t}, params: [" + joined(n, "{name: b#, value: x}") + "]}]\n---\n" +
			task + "  params: [" + joined(n, "{name: a#}") + "]\n  steps: [{name: a, image: x:1}]\n"
	}},
	{"duplicate tasks", 120, func(n int) string { return pipeline + "  tasks:\n" + again(n, "  - {name: x, taskRef: {name: x}}\n") }},
	{"workspaces", 120, func(n int) string {
		return pipeline + "  workspaces:\n" + numbered(n, "  - name: a#\n") + "  tasks:\n" +
			numbered(n, "  - {name: x#, taskRef: {name: x}, workspaces: [{name: w, workspace: a#}]}\n")
	}},
	{"a shared workspace", 120, func(n int) string {
		return pipeline + "  workspaces:\n  - name: a\n  tasks:\n" + numbered(n, "  - {name: x#, taskRef: {name: x}, workspaces: [{name: w, workspace: a}]}\n")
	}},
	{"when expressions", 80, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, `  - {name: x#, taskRef: {name: x}, when: [{input: "$(tasks.x<.results.r)", operator: in, values: [a]}]}`+"\n")
	}},
	{"finally tasks", 80, func(n int) string {
		return pipeline + "  tasks:\n  - {name: a, taskRef: {name: x}}\n  finally:\n" +
			numbered(n, `  - {name: x#, taskRef: {name: x}, when: [{input: "$(tasks.a.status)", operator: in, values: [a]}]}`+"\n")
	}},
	{"dimensions of a matrix", 120, func(n int) string {
		return pipeline + "  tasks:\n  - name: a\n    taskRef: {name: x}\n    matrix:\n      params:\n" + numbered(n, "      - {name: m#, value: [a,b,c,d,e,f,g,h,i,j]}\n")
	}},
	{"combinations to include", 120, func(n int) string {
		return pipeline + "  tasks:\n  - name: a\n    taskRef: {name: x}\n    matrix:\n      params:\n      - {name: m, value: [" + joined(n, "a#") +
			"]}\n      include:\n" + numbered(n, "      - {name: i#, params: [{name: m, value: a#}]}\n")
	}},
	{"matrices", 80, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    taskRef: {name: x}\n    matrix:\n      params:\n      - {name: m, value: [a,b]}\n    params: [{name: z, value: \"$(tasks.a<.results.r[*])\"}]\n")
	}},
	{"each task after all before it", 2000, func(n int) string {
		return pipeline + "  tasks:\n" + each(int(math.Sqrt(float64(n))), func(i int) string {
			return fmt.Sprintf("  - name: a%d\n    runAfter: [%s]\n    taskRef: {name: x}\n", i, joined(i, "a#"))
		})
	}},
	{"tasks that write to one workspace", 80, func(n int) string {
		return pipeline + "  workspaces: [{name: w}]\n  tasks:\n" +
			numbered(n, "  - name: a#\n    taskRef: {name: t}\n    workspaces: [{name: w, workspace: w, subPath: s#}]\n") + written
	}},
	{"layers of tasks that write to one workspace", 120, func(n int) string {
		return pipeline + "  workspaces: [{name: w}]\n  tasks:\n" + each(n/10, func(layer int) string {
			before := ""
			if layer > 0 {
				before = fmt.Sprintf("    runAfter: [%s]\n", joined(10, fmt.Sprintf("a%d-#", layer-1)))
			}
			return numbered(10, fmt.Sprintf("  - name: a%d-#\n    taskRef: {name: t}\n    workspaces: [{name: w, workspace: w}]\n", layer)+before)
		}) + written
	}},
	{"embedded tasks", 40, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    taskSpec:\n      params: [{name: a}]\n      results: [{name: r}]\n"+
			"      steps: [{name: x, image: \"x:1\", script: \"echo $(params.a) > $(results.r.path)\"}]\n    params: [{name: a, value: \"$(tasks.a<.results.r)\"}]\n")
	}},
	{"embedded pipelines", 80, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    pipelineSpec:\n      params: [{name: a}]\n      tasks: [{name: x, taskRef: {name: t}, params: [{name: a, value: $(params.a)}]}]\n    params: [{name: a, value: x}]\n")
	}},
	{"pipelines in pipelines", 8, func(n int) string { // at most 100 levels are read
		const levels = 14
		inner := "{tasks: [{name: x, taskRef: {name: t}}]}"
		for range levels {
			inner = "{tasks: [{name: a, pipelineSpec: " + inner + "}]}"
		}
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    pipelineSpec: "+inner+"\n")
	}},
	{"variables in one value", 400, func(n int) string {
		return pipeline + "  tasks:\n  - {name: z, taskRef: {name: x}}\n  - name: a\n    taskRef: {name: x}\n    params:\n    - name: q\n      value: \"" +
			again(n, "$(tasks.z.results.r) ") + "\"\n"
	}},
	{"unknown tasks in one value", 120, func(n int) string {
		return pipeline + "  tasks:\n  - name: a\n    taskRef: {name: x}\n    params:\n    - name: q\n      value: \"" + numbered(n, "$(tasks.z#.results.r) ") + "\"\n"
	}},

	// Misspelled names.
	{"a task with a long name that is almost right", 4000, func(n int) string {
		return pipeline + fmt.Sprintf("  tasks:\n  - {name: \"xa%[1]sy\", taskRef: {name: x}}\n  - {name: b, runAfter: [\"za%[1]sw\"], taskRef: {name: x}}\n", again(n, "ab"))
	}},
	{"a param with a long name that is almost right", 4000, func(n int) string {
		return pipeline + fmt.Sprintf("  params: [{name: \"xa%[1]sy\"}]\n  tasks:\n  - {name: b, taskRef: {name: x}, params: [{name: q, value: \"$(params.za%[1]sw)\"}]}\n", again(n, "ab"))
	}},
	{"names that are almost right", 80, func(n int) string {
		return pipeline + "  params:\n" + numbered(n, "  - name: source-revision-#\n") + "  tasks:\n" +
			numbered(n, "  - {name: x#, taskRef: {name: x}, params: [{name: p, value: $(params.source-revison-#)}]}\n")
	}},

	// Sets of objects.
	{"duplicate objects", 120, func(n int) string {
		return again(n, "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n")
	}},
	{"tasks and pipelines", 40, func(n int) string {
		return numbered(n, "---\n"+strings.Replace(task, "name: t", "name: t#", 1)+"  steps: [{name: a, image: x:1}]\n---\n"+
			strings.Replace(pipeline, "name: p", "name: p#", 1)+"  tasks: [{name: a, taskRef: {name: t#}}]\n")
	}},
	{"pipelines of one task", 40, func(n int) string {
		return task + "  params: [{name: a}]\n  steps: [{name: a, image: x:1}]\n" + numbered(n, "---\n"+
			strings.Replace(pipeline, "name: p", "name: p#", 1)+"  tasks: [{name: a, taskRef: {name: t}}]\n")
	}},
	{"runs", 80, func(n int) string {
		return pipeline + "  tasks: [{name: a, taskRef: {name: t}}]\n" +
			numbered(n, "---\napiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r#}\nspec: {pipelineRef: {name: p}, params: [{name: z#, value: a}]}\n")
	}},
	{"roles", 80, func(n int) string {
		return numbered(n, "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r#}\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]\n"+
			"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b#}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r#}\n"+
			"subjects: [{kind: ServiceAccount, name: s}]\n")
	}},
	{"roles of one account with a listener", 80, func(n int) string {
		return listener + "  - name: a\n    bindings: [{ref: b}]\n    template: {ref: t}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s}\n" +
			numbered(n, "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r#}\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]\n"+
				"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b#}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r#}\n"+
				"subjects: [{kind: ServiceAccount, name: s}]\n")
	}},
	{"listeners", 40, func(n int) string {
		return numbered(n, "---\n"+strings.Replace(listener, "name: e", "name: e#", 1)+
			"  - name: a\n    bindings: [{ref: b}]\n    template: {ref: t}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s#}\n")
	}},
	{"hosts of an Ingress", 120, func(n int) string {
		return ingress + numbered(n, "  - host: h#.example.com\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s#, port: {number: 80}}}}]}\n")
	}},
	{"one host of an Ingress", 120, func(n int) string {
		return ingress + again(n, "  - host: h.example.com\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}\n")
	}},

	// Triggers.
	{"params of a binding", 120, func(n int) string { return binding + numbered(n, "  - {name: a#, value: $(body.x#)}\n") }},
	{"a long path", 2000, func(n int) string { return bound("$(body" + again(n, ".x") + ")") }},
	{"nested paths", 800, func(n int) string { return bound(again(n, "$(body.")) }},
	{"filters of a path", 800, func(n int) string { return bound("$(body" + again(n, "[?(@.x") + ")]") }},
	{"open filters of a path", 800, func(n int) string { return bound("$(body" + again(n, "[?(") + ")]") }},
	{"paths in one value", 120, func(n int) string { return bound(numbered(n, "$(body.x#) ")) }},
	{"triggers", 80, func(n int) string {
		return listener + numbered(n, "  - name: a#\n    bindings: [{ref: b#}]\n    template: {ref: t#}\n")
	}},
	{"triggers of one name", 80, func(n int) string {
		return listener + again(n, "  - name: a\n    bindings: [{ref: b}]\n    template: {ref: t}\n")
	}},
	{"params of a template", 80, func(n int) string {
		return template + "  params:\n" + numbered(n, "  - {name: a#}\n") +
			"  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec:\n      pipelineRef: {name: p}\n      params:\n" +
			numbered(n, "      - {name: a#, value: $(tt.params.a#)}\n")
	}},
	{"resource templates", 40, func(n int) string {
		return template + "  resourcetemplates:\n" +
			numbered(n, "  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec:\n      pipelineRef: {name: p#}\n")
	}},

	// CEL.
	{"CEL: parentheses", 800, func(n int) string { return filter(again(n, "(") + "true" + again(n, ")")) }},
	{"CEL: or", 120, func(n int) string { return filter(again(n, `body.a == "x"||`) + "true") }},
	{"CEL: not", 2000, func(n int) string { return filter(again(n, "!") + "true") }},
	{"CEL: plus", 400, func(n int) string { return filter(again(n, "1+") + "1>0") }},
	{"CEL: fields", 400, func(n int) string { return filter("body" + again(n, ".a") + " == 1") }},
	{"CEL: indexes", 400, func(n int) string { return filter("body" + again(n, "[0]") + " == 1") }},
	{"CEL: a list", 400, func(n int) string { return filter("[" + again(n, "1,") + "1].size() > 0") }},
	{"CEL: nested lists", 800, func(n int) string { return filter(again(n, "[") + again(n, "]") + " == []") }},
	{"CEL: a regular expression", 2, func(n int) string { return filter(`body.a.matches("` + again(n, "a{1000}") + `")`) }},
	{"CEL: a nested regular expression", 40, func(n int) string { return filter(`body.a.matches("` + again(n, "(") + "a" + again(n, ")*") + `")`) }},
	{"CEL: regular expressions", 40, func(n int) string { return filter(again(n, `body.a.matches("a{100}") && `) + "true") }},
	{"CEL: nested macros", 40, func(n int) string { return filter(again(n, "[1].exists(x, ") + "true" + again(n, ")")) }},
	{"CEL: a text", 20_000, func(n int) string { return filter(`body.a == "` + again(n, "x") + `"`) }},
	{"CEL: errors", 400, func(n int) string { return filter("body.a == " + again(n, "@ ")) }},
	{"CEL: conditions", 80, func(n int) string { return filter(again(n, "true ? ") + "true" + again(n, " : true")) }},
	{"CEL: a format", 120, func(n int) string {
		return filter(`"` + again(n, "%s") + `".format([` + again(n, "body.a,") + `1]) == ""`)
	}},
	{"filters", 40, func(n int) string {
		return listener + numbered(n, "  - name: a#\n    interceptors:\n    - ref: {name: cel}\n      params:\n      - {name: filter, value: body.x# == 'a' && header.y#}\n    bindings: [{ref: b}]\n    template: {ref: t}\n")
	}},
}

// after returns the name of the task before a task of a chain.
func after(i int) string {
	if i == 0 {
		return "start"
	}
	return fmt.Sprintf("a%d", i-1)
}
