package growth

// fixes are texts with mistakes that have fixes.
var fixes = []Family{
	{"fixes: quotes on one line", 400, func(n int) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {" + joined(n, "k#: 1") + "}\n"
	}},
	{"fixes: keys of many steps", 60, func(n int) string {
		return task + "  steps:\n" + numbered(n, "  - {name: a#, Image: a, resources: {}}\n")
	}},
	{"fixes: inputs in scripts", 40, func(n int) string {
		return task + "  params: [{name: a}, {name: b}]\n  steps:\n" + numbered(n, "  - name: a#\n    image: a\n    script: |\n      echo $(params.a) \"$(params.b)\"\n")
	}},
	{"fixes: an input in a long script", 200, func(n int) string {
		return task + "  params: [{name: a}]\n  steps:\n  - name: a\n    image: a\n    script: |\n" + again(n, "      echo $(params.a)\n")
	}},
	{"fixes: objects of an old version", 30, func(n int) string {
		return numbered(n, "---\napiVersion: tekton.dev/v1beta1\nkind: Task\nmetadata: {name: a#}\nspec: {steps: [{image: a, resources: {requests: {cpu: 1}}, command: [a]}]}\n")
	}},
}
