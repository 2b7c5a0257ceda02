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
// copy, and each @ by the number before it.
func numbered(n int, text string) string {
	var parts []string
	for {
		at := strings.IndexAny(text, "#@")
		if at < 0 {
			break
		}
		parts, text = append(parts, text[:at], text[at:at+1]), text[at+1:]
	}
	var b strings.Builder
	for i := range n {
		for _, part := range parts {
			switch part {
			case "#":
				b.WriteString(strconv.Itoa(i))
			case "@":
				b.WriteString(strconv.Itoa(max(i-1, 0)))
			default:
				b.WriteString(part)
			}
		}
		b.WriteString(text)
	}
	return b.String()
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

var families = []Family{
	// Text, lines and positions.
	{"bang numbers", 4000, func(n int) string { return pipeline + "  x: ! y\n  z: [" + again(n, "1,") + "]\n" }},
	{"unknown keys on one line", 1000, func(n int) string { return pipeline + "  z: {" + joined(n, "k#: 1") + "}\n" }},
	{"tasks with faults on one line", 100, func(n int) string {
		return pipeline + "  tasks: [" + joined(n, "{name: a#, tskRef: {name: x}}") + "]\n"
	}},
	{"tasks that are elsewhere, and their results", 100, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - {name: a#, taskRef: {name: t}, params: [{name: p, value: $(tasks.a@.results.r.k)}]}\n")
	}},
	{"tasks with faults", 100, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - {name: a#, tskRef: {name: x}}\n")
	}},
	{"faults on one line behind letters of two bytes", 100, func(n int) string {
		return pipeline + "  tasks: [" + joined(n, "{name: a#, description: é, tskRef: {name: x}}") + "]\n"
	}},
	{"faults behind quotes", 40, func(n int) string {
		return pipeline + "  tasks:\n  - {name: a, description: x" + again(n*8, `\"`) + ", " + joined(n, "u#: 1") + "}\n"
	}},
	{"lines with faults behind quotes", 4, func(n int) string {
		return pipeline + "  tasks:\n" + each(n, func(i int) string {
			return fmt.Sprintf("  - {name: a%d, description: x%s, u1: 1, u2: 1, u3: 1, u4: 1, u5: 1, u6: 1}\n", i, again(500, `\"`))
		})
	}},
	{"lists that do not end in the line", 60, func(n int) string {
		return pipeline + "  tasks: [" + again(n, "{name: [a],\n") + again(n, "x: {}},\n") + "]\n"
	}},
	{"JSON values on one line", 60, func(n int) string { return again(n, `{"a":1} `) }},
	{"JSON values", 60, func(n int) string { return again(n, "{\"a\":1}\n") }},
	{"JSON objects on one line", 60, func(n int) string {
		return again(n, `{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a"}} `)
	}},
	{"comments", 20_000, func(n int) string { return pipeline + again(n, "# hello\n") + "  tasks: []\n" }},
	{"comments behind items", 60, func(n int) string { return pipeline + "  tasks:\n" + again(n, "  - name: a # x\n") }},
	{"documents", 60, func(n int) string { return again(n, "---\na: 1\n") }},
	{"objects", 100, func(n int) string {
		return numbered(n, "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a#}\n")
	}},
	{"broken documents", 60, func(n int) string { return again(n, "---\na: [\n") }},
	{"broken at the end", 500, func(n int) string { return pipeline + "  tasks:\n" + again(n, "  - name: a\n") + "  x: [\n" }},
	{"broken JSON", 1000, func(n int) string { return `{"a":[` + again(n, "1,") + "}" }},
	{"a long plain text", 4000, func(n int) string { return pipeline + "  description:\n" + again(n, "    word word\n") }},
	{"escapes", 200_000, func(n int) string { return pipeline + `  description: "` + again(n, `\x41`) + "\"\n" }},
	{"a folded text", 4000, func(n int) string { return pipeline + "  description: >\n" + again(n, "    a\n\n") }},
	{"a long key", 20_000, func(n int) string { return pipeline + "  " + again(n, "k") + ": 1\n" }},
	{"a long name", 20_000, func(n int) string { return strings.Replace(pipeline, "name: p", "name: "+again(n, "p"), 1) }},
	{"duplicate keys", 300, func(n int) string { return pipeline + "  x: {" + joined(n, "a: 1") + "}\n" }},
	{"anchors", 400, func(n int) string { return pipeline + "  x:\n" + numbered(n, "  - &a# x\n  - *a#\n") }},
	{"an unknown anchor", 2000, func(n int) string { return "---\na: *bbbbbbbbbb\n" + again(n, "c: 1\n") }},
	{"a template", 2000, func(n int) string { return again(n, "{{ x }}\n") }},
	{"keys of a ConfigMap", 1000, func(n int) string { return config + "data:\n" + numbered(n, "  k#: v\n") }},
	{"lines that end with CR", 1000, func(n int) string { return strings.ReplaceAll(config+"data:\n"+numbered(n, "  k#: v\n"), "\n", "\r") }},
	{"unknown keys", 60, func(n int) string { return config + numbered(n, "k#: v\n") }},
	{"unknown keys after CR", 60, func(n int) string { return strings.ReplaceAll(config+numbered(n, "k#: v\n"), "\n", "\r") }},
	{"comments and tabs", 1000, func(n int) string { return pipeline + again(n, "# x\n\t\n") }},
	{"nested merges", 200, func(n int) string { return pipeline + "  x:\n" + numbered(n, "  - &a# {<<: {b: 1, c: 2}, c#: 1}\n") }},
	{"items of a List", 100, func(n int) string {
		return "apiVersion: v1\nkind: List\nitems:\n" + numbered(n, "- {apiVersion: v1, kind: ServiceAccount, metadata: {name: a#}}\n")
	}},

	// Scripts.
	{"variables of a script without an interpreter", 300, func(n int) string {
		return task + step + "    script: |\n" + again(n, "      echo $(params.foo)\n")
	}},
	{"nested variables", 1000, func(n int) string { return task + step + `    script: "` + again(n, "$(") + "\"\n" }},
	{"nested commands", 300, func(n int) string {
		return task + script + "      echo " + again(n, "$(echo ") + "x" + again(n, ")") + "\n"
	}},
	{"quotes of a script", 1000, func(n int) string { return task + script + "      echo " + again(n, "\"'`") + "\n" }},
	{"here-documents", 400, func(n int) string { return task + script + again(n, "      cat <<EOF\n") }},
	{"variables of a script", 200, func(n int) string {
		return task + "  params: [{name: a}]\n" + script + again(n, "      echo $(params.a) $(results.r.path)\n")
	}},
	{"unknown variables of a script", 60, func(n int) string { return task + script + numbered(n, "      echo $(params.a#)\n") }},
	{"unknown variables on one line of a script", 60, func(n int) string {
		return task + script + "      echo " + numbered(n, "$(params.a#) ") + "\n"
	}},
	{"shell variables", 100, func(n int) string { return task + script + numbered(n, "      x#=$(echo \"$x@\"); echo \"$x#\" $y#\n") }},
	{"pipes", 200, func(n int) string { return task + script + "      cat a" + again(n, " | cat -") + "\n" }},

	// Tasks and steps.
	{"steps", 40, func(n int) string {
		return task + "  steps:\n" + numbered(n, `  - {name: a#, image: "x:1", env: [{name: A, value: "$(steps.a@.results.x)"}]}`+"\n")
	}},
	{"steps with results", 40, func(n int) string {
		return task + "  steps:\n" + numbered(n, `  - {name: a#, image: "x:1", results: [{name: x}], env: [{name: A, value: "$(steps.a@.results.x)"}]}`+"\n")
	}},
	{"unnamed steps", 40, func(n int) string {
		return task + "  steps:\n" + again(n, "  - {image: x:1, script: \"echo > $(results.r.path)\"}\n")
	}},
	{"env", 40, func(n int) string {
		return task + step + "    env:\n" + numbered(n, `    - {name: A#, value: "$(params.b#)"}`+"\n")
	}},
	{"volumes", 40, func(n int) string {
		return task + "  volumes:\n" + numbered(n, "  - {name: v#, emptyDir: {}}\n") + step + "    volumeMounts:\n" + numbered(n, "    - {name: w#, mountPath: /a#}\n")
	}},
	{"sidecars", 40, func(n int) string {
		return task + "  steps: [{name: a, image: x:1}]\n  sidecars:\n" + numbered(n, `  - {name: s#, image: "x:1", volumeMounts: [{name: v, mountPath: /a}]}`+"\n")
	}},
	{"mounts", 40, func(n int) string {
		return task + "  steps:\n" + numbered(n, `  - {name: a#, image: "x:1", volumeMounts: [{name: v#, mountPath: /a}]}`+"\n")
	}},
	{"results of a step", 60, func(n int) string {
		return task + "  results:\n" + numbered(n, `  - {name: r#, value: "$(steps.a.results.s#)"}`+"\n") + step + "    results:\n" + numbered(n, "    - name: s#\n")
	}},
	{"results that are written", 60, func(n int) string {
		return task + "  results:\n" + numbered(n, "  - {name: r#}\n") + script + numbered(n, "      echo > $(results.r#.path)\n")
	}},
	{"unknown results of a step", 260, func(n int) string {
		return task + step + "    results: [" + joined(n, "{name: version-#}") + "]\n    script: echo " + numbered(n, "$(step.results.versionx-#.path) ") + "\n"
	}},
	{"an object param", 60, func(n int) string {
		return task + "  params:\n  - name: o\n    type: object\n    properties:\n" + numbered(n, "      k#: {type: string}\n") +
			step + "    env:\n" + numbered(n, `    - {name: A#, value: "$(params.o.k#)"}`+"\n")
	}},
	{"suppressions", 60, func(n int) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: t\n  annotations:\n" +
			numbered(n, "    check.tekwright.dev/x#: a\n") + "spec: {steps: [{name: a, image: x:1}]}\n"
	}},
	{"comments above findings", 60, func(n int) string {
		return task + "  params:\n" + each(n, func(i int) string {
			return fmt.Sprintf("  # tekwright: ignore param-unused -- r\n  - name: p%d\n", i)
		}) + step
	}},
	{"comments that suppress nothing", 60, func(n int) string {
		return task + "  params:\n" + each(n, func(i int) string {
			return fmt.Sprintf("  - name: p%d # tekwright: ignore param-unknown, params-%d -- r\n", i, i)
		}) + step
	}},
	{"comments above one item", 60, func(n int) string {
		return task + strings.Repeat("  # tekwright: ignore param-unused -- r\n", n) + "  params:\n" + numbered(n, "  - name: p#\n") + step
	}},
	{"comments in each other", 20, func(n int) string {
		return config + "data:\n" + each(n, func(i int) string {
			return fmt.Sprintf("  # tekwright: ignore field-type -- r\n  k%d:\n    # tekwright: ignore field-type -- r\n    a: b\n", i)
		})
	}},
	{"codes in one comment", 60, func(n int) string {
		return task + "  params: [{name: a}] # tekwright: ignore " + each(n, func(i int) string { return fmt.Sprintf("a%d, ", i) }) + "param-unused -- r\n" + step
	}},
	{"comments in one script", 60, func(n int) string {
		return task + script + strings.Repeat("      # tekwright: ignore param-unknown -- r\n      echo $(params.a) # tekwright: ignore param-unknown -- r\n", n)
	}},
	{"comments in one quoted text", 60, func(n int) string {
		return task + step + "    script: \"" + strings.Repeat("# tekwright: ignore param-unknown -- r\n\n      ", n) + "\"\n"
	}},
	{"comments in a here-document", 60, func(n int) string {
		return task + script + "      cat <<X\n" + strings.Repeat("      # tekwright: ignore param-unknown -- r\n", n) + "      X\n"
	}},
	{"comments between documents", 60, func(n int) string {
		return each(n, func(i int) string {
			return strings.Repeat("# tekwright: ignore param-unknown -- r\n", 5) + fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a%d}\n---\n", i)
		})
	}},

	// Pipelines.
	{"unknown tasks", 60, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    taskRef: {name: xx#}\n")
	}},
	{"runAfter of unknown tasks", 60, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    runAfter: [b#]\n    taskRef: {name: x}\n")
	}},
	{"a cycle", 60, func(n int) string {
		return pipeline + "  tasks:\n" + each(n, func(i int) string {
			return fmt.Sprintf("  - name: a%d\n    runAfter: [a%d]\n    taskRef: {name: x}\n", i, (i+1)%n)
		})
	}},
	{"a chain", 100, func(n int) string {
		return pipeline + "  tasks:\n  - {name: start, taskRef: {name: x}}\n  - {name: a0, runAfter: [start], taskRef: {name: x}}\n" +
			each(n, func(i int) string {
				return fmt.Sprintf("  - name: a%d\n    runAfter: [a%d]\n    taskRef: {name: x}\n", i+1, i)
			})
	}},
	{"a chain of results", 60, func(n int) string {
		return pipeline + "  tasks:\n  - {name: start, taskRef: {name: x}}\n" + each(n, func(i int) string {
			return fmt.Sprintf("  - name: a%d\n    taskRef: {name: x}\n    params:\n    - {name: p, value: \"$(tasks.%s.results.r)\"}\n", i, after(i))
		})
	}},
	{"params", 60, func(n int) string {
		return pipeline + "  params:\n" + numbered(n, "  - name: a#\n") + "  tasks: [{name: x, taskRef: {name: x}}]\n"
	}},
	{"unknown params", 260, func(n int) string {
		return pipeline + "  params:\n" + numbered(n, "  - name: a#\n") + "  tasks:\n" +
			numbered(n, "  - {name: x#, taskRef: {name: x}, params: [{name: p, value: $(params.b#)}]}\n")
	}},
	{"params of a task that is known", 40, func(n int) string {
		return pipeline + "  tasks: [{name: x, taskRef: {name: t}, params: [" + joined(n, "{name: b#, value: x}") + "]}]\n---\n" +
			task + "  params: [" + joined(n, "{name: a#}") + "]\n  steps: [{name: a, image: x:1}]\n"
	}},
	{"duplicate tasks", 60, func(n int) string { return pipeline + "  tasks:\n" + again(n, "  - {name: x, taskRef: {name: x}}\n") }},
	{"workspaces", 60, func(n int) string {
		return pipeline + "  workspaces:\n" + numbered(n, "  - name: a#\n") + "  tasks:\n" +
			numbered(n, "  - {name: x#, taskRef: {name: x}, workspaces: [{name: w, workspace: a#}]}\n")
	}},
	{"a shared workspace", 60, func(n int) string {
		return pipeline + "  workspaces:\n  - name: a\n  tasks:\n" + numbered(n, "  - {name: x#, taskRef: {name: x}, workspaces: [{name: w, workspace: a}]}\n")
	}},
	{"when expressions", 40, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, `  - {name: x#, taskRef: {name: x}, when: [{input: "$(tasks.x@.results.r)", operator: in, values: [a]}]}`+"\n")
	}},
	{"finally tasks", 40, func(n int) string {
		return pipeline + "  tasks:\n  - {name: a, taskRef: {name: x}}\n  finally:\n" +
			numbered(n, `  - {name: x#, taskRef: {name: x}, when: [{input: "$(tasks.a.status)", operator: in, values: [a]}]}`+"\n")
	}},
	{"dimensions of a matrix", 60, func(n int) string {
		return pipeline + "  tasks:\n  - name: a\n    taskRef: {name: x}\n    matrix:\n      params:\n" + numbered(n, "      - {name: m#, value: [a,b,c,d,e,f,g,h,i,j]}\n")
	}},
	{"combinations to include", 60, func(n int) string {
		return pipeline + "  tasks:\n  - name: a\n    taskRef: {name: x}\n    matrix:\n      params:\n      - {name: m, value: [" + joined(n, "a#") +
			"]}\n      include:\n" + numbered(n, "      - {name: i#, params: [{name: m, value: a#}]}\n")
	}},
	{"matrices", 40, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    taskRef: {name: x}\n    matrix:\n      params:\n      - {name: m, value: [a,b]}\n    params: [{name: z, value: \"$(tasks.a@.results.r[*])\"}]\n")
	}},
	{"each task after all before it", 1000, func(n int) string {
		return pipeline + "  tasks:\n" + each(int(math.Sqrt(float64(n))), func(i int) string {
			return fmt.Sprintf("  - name: a%d\n    runAfter: [%s]\n    taskRef: {name: x}\n", i, joined(i, "a#"))
		})
	}},
	{"tasks that write to one workspace", 40, func(n int) string {
		return pipeline + "  workspaces: [{name: w}]\n  tasks:\n" +
			numbered(n, "  - name: a#\n    taskRef: {name: t}\n    workspaces: [{name: w, workspace: w, subPath: s#}]\n") + written
	}},
	{"layers of tasks that write to one workspace", 60, func(n int) string {
		return pipeline + "  workspaces: [{name: w}]\n  tasks:\n" + each(n/10, func(layer int) string {
			before := ""
			if layer > 0 {
				before = fmt.Sprintf("    runAfter: [%s]\n", joined(10, fmt.Sprintf("a%d-#", layer-1)))
			}
			return numbered(10, fmt.Sprintf("  - name: a%d-#\n    taskRef: {name: t}\n    workspaces: [{name: w, workspace: w}]\n", layer)+before)
		}) + written
	}},
	{"embedded tasks", 20, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    taskSpec:\n      params: [{name: a}]\n      results: [{name: r}]\n"+
			"      steps: [{name: x, image: \"x:1\", script: \"echo $(params.a) > $(results.r.path)\"}]\n    params: [{name: a, value: \"$(tasks.a@.results.r)\"}]\n")
	}},
	{"embedded pipelines", 40, func(n int) string {
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    pipelineSpec:\n      params: [{name: a}]\n      tasks: [{name: x, taskRef: {name: t}, params: [{name: a, value: $(params.a)}]}]\n    params: [{name: a, value: x}]\n")
	}},
	{"pipelines in pipelines", 4, func(n int) string { // at most 100 levels are read
		const levels = 14
		inner := "{tasks: [{name: x, taskRef: {name: t}}]}"
		for range levels {
			inner = "{tasks: [{name: a, pipelineSpec: " + inner + "}]}"
		}
		return pipeline + "  tasks:\n" + numbered(n, "  - name: a#\n    pipelineSpec: "+inner+"\n")
	}},
	{"variables in one value", 200, func(n int) string {
		return pipeline + "  tasks:\n  - {name: z, taskRef: {name: x}}\n  - name: a\n    taskRef: {name: x}\n    params:\n    - name: q\n      value: \"" +
			again(n, "$(tasks.z.results.r) ") + "\"\n"
	}},
	{"unknown tasks in one value", 60, func(n int) string {
		return pipeline + "  tasks:\n  - name: a\n    taskRef: {name: x}\n    params:\n    - name: q\n      value: \"" + numbered(n, "$(tasks.z#.results.r) ") + "\"\n"
	}},

	// Misspelled names.
	{"a task with a long name that is almost right", 2000, func(n int) string {
		return pipeline + fmt.Sprintf("  tasks:\n  - {name: \"xa%[1]sy\", taskRef: {name: x}}\n  - {name: b, runAfter: [\"za%[1]sw\"], taskRef: {name: x}}\n", again(n, "ab"))
	}},
	{"a param with a long name that is almost right", 2000, func(n int) string {
		return pipeline + fmt.Sprintf("  params: [{name: \"xa%[1]sy\"}]\n  tasks:\n  - {name: b, taskRef: {name: x}, params: [{name: q, value: \"$(params.za%[1]sw)\"}]}\n", again(n, "ab"))
	}},
	{"names that are almost right", 260, func(n int) string {
		return pipeline + "  params:\n" + numbered(n, "  - name: source-revision-#\n") + "  tasks:\n" +
			numbered(n, "  - {name: x#, taskRef: {name: x}, params: [{name: p, value: $(params.source-revison-#)}]}\n")
	}},

	// Sets of objects.
	{"duplicate objects", 60, func(n int) string {
		return again(n, "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n")
	}},
	{"tasks and pipelines", 20, func(n int) string {
		return numbered(n, "---\n"+strings.Replace(task, "name: t", "name: t#", 1)+"  steps: [{name: a, image: x:1}]\n---\n"+
			strings.Replace(pipeline, "name: p", "name: p#", 1)+"  tasks: [{name: a, taskRef: {name: t#}}]\n")
	}},
	{"pipelines of one task", 20, func(n int) string {
		return task + "  params: [{name: a}]\n  steps: [{name: a, image: x:1}]\n" + numbered(n, "---\n"+
			strings.Replace(pipeline, "name: p", "name: p#", 1)+"  tasks: [{name: a, taskRef: {name: t}}]\n")
	}},
	{"runs", 40, func(n int) string {
		return pipeline + "  tasks: [{name: a, taskRef: {name: t}}]\n" +
			numbered(n, "---\napiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r#}\nspec: {pipelineRef: {name: p}, params: [{name: z#, value: a}]}\n")
	}},
	{"roles", 40, func(n int) string {
		return numbered(n, "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r#}\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]\n"+
			"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b#}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r#}\n"+
			"subjects: [{kind: ServiceAccount, name: s}]\n")
	}},
	{"roles of one account with a listener", 40, func(n int) string {
		return listener + "  - name: a\n    bindings: [{ref: b}]\n    template: {ref: t}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s}\n" +
			numbered(n, "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r#}\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]\n"+
				"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b#}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r#}\n"+
				"subjects: [{kind: ServiceAccount, name: s}]\n")
	}},
	{"listeners", 20, func(n int) string {
		return numbered(n, "---\n"+strings.Replace(listener, "name: e", "name: e#", 1)+
			"  - name: a\n    bindings: [{ref: b}]\n    template: {ref: t}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s#}\n")
	}},
	{"hosts of an Ingress", 60, func(n int) string {
		return ingress + numbered(n, "  - host: h#.example.com\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s#, port: {number: 80}}}}]}\n")
	}},
	{"one host of an Ingress", 60, func(n int) string {
		return ingress + again(n, "  - host: h.example.com\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}\n")
	}},

	// Triggers.
	{"params of a binding", 60, func(n int) string { return binding + numbered(n, "  - {name: a#, value: $(body.x#)}\n") }},
	{"a long path", 1000, func(n int) string { return bound("$(body" + again(n, ".x") + ")") }},
	{"nested paths", 400, func(n int) string { return bound(again(n, "$(body.")) }},
	{"filters of a path", 400, func(n int) string { return bound("$(body" + again(n, "[?(@.x") + ")]") }},
	{"open filters of a path", 400, func(n int) string { return bound("$(body" + again(n, "[?(") + ")]") }},
	{"paths in one value", 60, func(n int) string { return bound(numbered(n, "$(body.x#) ")) }},
	{"triggers", 40, func(n int) string {
		return listener + numbered(n, "  - name: a#\n    bindings: [{ref: b#}]\n    template: {ref: t#}\n")
	}},
	{"triggers of one name", 40, func(n int) string {
		return listener + again(n, "  - name: a\n    bindings: [{ref: b}]\n    template: {ref: t}\n")
	}},
	{"params of a template", 40, func(n int) string {
		return template + "  params:\n" + numbered(n, "  - {name: a#}\n") +
			"  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec:\n      pipelineRef: {name: p}\n      params:\n" +
			numbered(n, "      - {name: a#, value: $(tt.params.a#)}\n")
	}},
	{"resource templates", 20, func(n int) string {
		return template + "  resourcetemplates:\n" +
			numbered(n, "  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: a-}\n    spec:\n      pipelineRef: {name: p#}\n")
	}},

	// What must not be shown.
	{"values of a Secret", 200, func(n int) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringDate: {}\nstringData:\n" + numbered(n, "  k#: hunter#\n")
	}},
	{"passwords on one line of a script", 100, func(n int) string {
		return task + script + "      run " + numbered(n, "token=hunter# --password hunter# https://me:hunter#@example.com ") + "\n"
	}},
	{"names of secrets without values", 3000, func(n int) string {
		return task + script + "      run " + again(n, "token password x-token: ://") + "\n" + again(n, "      token\n")
	}},

	{"elements that do not end", 10_000, func(n int) string {
		return task + script + "      token " + again(n, "<a ") + "\n"
	}},

	// CEL.
	{"CEL: parentheses", 400, func(n int) string { return filter(again(n, "(") + "true" + again(n, ")")) }},
	{"CEL: or", 30, func(n int) string { return filter(again(n, `body.a == "x"||`) + "true") }},
	{"CEL: not", 1000, func(n int) string { return filter(again(n, "!") + "true") }},
	{"CEL: plus", 200, func(n int) string { return filter(again(n, "1+") + "1>0") }},
	{"CEL: fields", 200, func(n int) string { return filter("body" + again(n, ".a") + " == 1") }},
	{"CEL: indexes", 200, func(n int) string { return filter("body" + again(n, "[0]") + " == 1") }},
	{"CEL: a list", 200, func(n int) string { return filter("[" + again(n, "1,") + "1].size() > 0") }},
	{"CEL: nested lists", 400, func(n int) string { return filter(again(n, "[") + again(n, "]") + " == []") }},
	{"CEL: a regular expression", 8, func(n int) string { return filter(`body.a.matches("` + again(n, "a{500}") + `")`) }},
	{"CEL: a nested regular expression", 20, func(n int) string { return filter(`body.a.matches("` + again(n, "(") + "a" + again(n, ")*") + `")`) }},
	{"CEL: regular expressions", 20, func(n int) string { return filter(again(n, `body.a.matches("a{100}") && `) + "true") }},
	{"CEL: nested macros", 20, func(n int) string { return filter(again(n, "[1].exists(x, ") + "true" + again(n, ")")) }},
	{"CEL: a text", 10_000, func(n int) string { return filter(`body.a == "` + again(n, "x") + `"`) }},
	{"CEL: errors", 200, func(n int) string { return filter("body.a == " + again(n, "@ ")) }},
	{"CEL: conditions", 40, func(n int) string { return filter(again(n, "true ? ") + "true" + again(n, " : true")) }},
	{"CEL: a format", 60, func(n int) string {
		return filter(`"` + again(n, "%s") + `".format([` + again(n, "body.a,") + `1]) == ""`)
	}},
	{"filters", 20, func(n int) string {
		// No text has a filter of another: those that were compiled are remembered.
		filter := fmt.Sprintf("body.x# == 'a' && header.y%d", n)
		return listener + numbered(n, "  - name: a#\n    interceptors:\n    - ref: {name: cel}\n      params:\n      - {name: filter, value: "+filter+"}\n    bindings: [{ref: b}]\n    template: {ref: t}\n")
	}},
	{"settings that sound like secrets", 2000, func(n int) string { return pipeline + "  description: \"" + again(n, "password=") + "\"\n" }},
	{"options that sound like secrets", 1000, func(n int) string {
		return pipeline + "  description: \"" + numbered(n, "--password abcd# ") + again(n, "--token abcd ") + "\"\n"
	}},
	{"values that other objects repeat", 500, func(n int) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n" + numbered(n, "  k#: AAAAAAAAB9#\n") + "---\n" + pipeline + "  zz: 1\n  description: \"" + again(n, "AAAAAAAAB9 ") + "\"\n"
	}},
	{"bindings of a trigger", 200, func(n int) string {
		return numbered(n, "---\napiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerBinding\nmetadata: {name: b#}\nspec: {params: [{name: a, value: x}]}\n") +
			"---\n" + listener + "  - {name: a, bindings: [" + joined(n, "{ref: b#}") + "], template: {ref: t}}\n"
	}},
}

// after returns the name of the task before a task of a chain.
func after(i int) string {
	if i == 0 {
		return "start"
	}
	return fmt.Sprintf("a%d", i-1)
}

// Bombs are texts that a reader without limits would take gigabytes for: aliases of
// aliases, and a tab behind a comment, because of which another parser looks at them.
func Bombs() map[string]string {
	var b strings.Builder
	fmt.Fprintf(&b, "a0: &a0 [%sx]\n", again(5000, "x,"))
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(again(10, fmt.Sprintf("*a%d, ", i-1)), ", "))
	}
	aliases := b.String() + "# " + again(200_000, "x") + "\n"
	return map[string]string{
		"aliases":              aliases,
		"tab behind a comment": aliases + "z: [ # comment\n\tx]\n",
		"long texts":           "a: &a " + again(1<<16, "x") + "\nb: [" + again(20_000, "*a, ") + "*a]\n",
		"merges":               "a: &a {k1: 1, k2: 2}\n" + numbered(25, "m#: &m# {<<: [*a, *a], x: [*a, *a]}\n") + "z: &z [" + again(5000, "*a, ") + "*a]\n" + numbered(20_000, "z#: *z\n"),
	}
}
