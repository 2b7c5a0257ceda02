package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestPositions writes a Task in different ways. The position of the finding has to be
// that of the text between » and «, which are removed before parsing.
func TestPositions(t *testing.T) {
	const head = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n"
	const step = head + "  steps:\n    - name: a\n      image: docker.io/library/busybox:1.37\n"
	const after = "---\n" + step + "      command: [\"true\"]\n"
	const listener = "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata: {name: l}\nspec:\n  triggers:\n  - name: t\n    interceptors:\n"
	const github = listener + "    - ref: {name: github}\n      params:\n"
	const gh = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: gh}\nstringData: {token: x}\n"
	for name, c := range map[string]struct{ in, code string }{
		"third line of a script": {step + "      script: |\n        #!/bin/sh\n        set -eu\n        echo \"»$(params.no)«\"\n", "param-unknown"},
		"indented more":          {step + "      script: |2\n          echo\n            »$(params.no)«\n", "param-unknown"},
		"chomped, after a blank": {step + "      script: |-\n\n        # é ü\n\n        é »$(params.no)« é\n", "param-unknown"},
		"folded":                 {step + "      script: >\n        echo one\n        two\n\n        »$(params.no)«\n", "param-unknown"},
		"comments around":        {"# a\n\n" + step + "      # b\n      script: | # c\n        # d\n        »$(params.no)«\n# e\n", "param-unknown"},
		"plain, over two lines":  {step + "      script: echo\n        »$(params.no)«\n", "param-unknown"},
		"single quotes":          {step + "      script: 'it''s\n\n        »$(params.no)«'\n", "param-unknown"},
		"double quotes":          {step + "      script: \"\\t\\u00e9\\n»$(params.no)«\"\n", "param-unknown"},
		"a list in a flow":       {step + "      command: [echo, 'b', »{}«, $(params.no)]\n", "field-type"},
		"items of a flow":        {step + "      command: [echo,\n        \"a »$(params.no)«\"]\n", "param-unknown"},
		"anchor":                 {step + "      command: [echo]\n      args: [&a \"»$(params.no)«\", *a]\n", "param-unknown"},
		"alias":                  {step + "      env: [{name: A, value: &v x »$(params.no)«}]\n      command: [*v]\n", "param-unknown"},
		"merge":                  {"x: &x {command: [echo, »$(params.no)«]}\n" + step + "      <<: *x\n", "param-unknown"},
		"carriage returns":       {strings.ReplaceAll(step+"      script: |\n        set -eu\n        »$(params.no)«\n", "\n", "\r\n"), "param-unknown"},
		"byte order mark":        {"\ufeff" + step + "      script: \"»$(params.no)«\"\n", "param-unknown"},
		"tabs in the script":     {step + "      script: |\n        if x; then\n        \t\t»$(params.no)«\n", "param-unknown"},
		"tab behind a key":       {step + "      script:\t»$(params.no)«\n", "param-unknown"},
		"second document":        {after + "---\n# x\n" + step + "      script: »$(params.no)«\n", "param-unknown"},
		"behind an end":          {after + "...\n# x\n---\n" + step + "      script: »$(params.no)«\n...\n", "param-unknown"},
		"on the marker":          {after + "--- {apiVersion: tekton.dev/v1, kind: Task, metadata: {name: t}, spec: {steps: [{name: a, image: i:1, script: »$(params.no)«}]}}\n", "param-unknown"},
		"behind what is broken":  {"a: [\n---\nb: {{ c }}\n---\n" + step + "      script: »$(params.no)«\n", "param-unknown"},
		"item of a List": {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: tekton.dev/v1\n  kind: Task\n  metadata: {name: t}\n  spec:\n    steps:\n" +
			"    - name: a\n      image: i:1\n      script: »$(params.no)«\n", "param-unknown"},
		"JSON": {"{\n\t\"apiVersion\": \"tekton.dev/v1\", \"kind\": \"Task\", \"metadata\": {\"name\": \"t\"},\n\t\"spec\": {\"steps\": [\n" +
			"\t\t{\"name\": \"a\", \"image\": \"i:1\", \"script\": \"é\\n»$(params.no)«\"}]}}\n", "param-unknown"},
		"JSON behind JSON": {"{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"metadata\": {\"name\": \"x\"}} {\"apiVersion\": \"tekton.dev/v1\", \"kind\": \"Task\", " +
			"\"metadata\": {\"name\": \"t\"}, \"spec\": {\"steps\": [{\"name\": \"a\", \"image\": \"i:1\", \"script\": \"»$(params.no)«\"}]}}", "param-unknown"},
		"v1beta1":              {strings.Replace(step, "/v1", "/v1beta1", 1) + "      resources: {}\n      script: |\n        a\n        »$(params.no)«\n", "param-unknown"},
		"key of a label":       {"apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: t\n  labels:\n    »\"a b\"«: a b\nspec: {}\n", "label-invalid"},
		"value of a label":     {"apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: t\n  labels:\n    a: »a b«\nspec: {}\n", "label-invalid"},
		"key of an annotation": {"apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: t\n  annotations: {»check.tekwright.dev/input-in-scrip«: typo}\nspec: {}\n", "suppression-unknown"},
		"key of YAML 1.1":      {"apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: t\n  labels: {»n«: a}\nspec: {}\n", "value-type"},
		"key of a Secret":      {github + "        - name: secretRef\n          value:\n            secretName: gh\n            secretKey: »tokn«\n    template: {ref: x}\n" + gh, "secret-key-unknown"},
		"key of a Secret, old": {strings.Replace(listener, "v1beta1", "v1alpha1", 1) + "    - github:\n        secretRef:\n          secretName: gh\n          secretKey: »tokn«\n    template: {ref: x}\n" + gh, "secret-key-unknown"},
		"unknown key":          {step + "      »Command«: [a]\n", "field-unknown"},
		"unknown key in a template": {"apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: t}\nspec:\n  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: TaskRun\n" +
			"    metadata: {generateName: r-}\n    spec:\n      taskRef: {name: t}\n      »timeOut«: 1h\n", "field-unknown"},
		"quoted key":           {step + "      »\"wrkingDir\"«: /a\n      command: [a]\n", "field-unknown"},
		"duplicate key":        {step + "      command: [a]\n      »command«: [b]\n", "key-duplicate"},
		"wrong type":           {step + "      command: [a]\n      args: [b,\n        »8080«]\n", "field-type"},
		"wrong, anchored":      {step + "      command: [a]\n      args: [&x\n        »8080«]\n", "field-type"},
		"control char":         {step + "      script: |\n        a\n        b »\x01«\n", "yaml-invalid"},
		"tab behind a comment": {step + "      command: [a]\n# x\n»\t«# y\n# z\n", "yaml-invalid"},
		"no UTF-8":             {step + "      script: |\n        é »\xff«\n", "yaml-invalid"},
		"broken JSON":          {"{\"a\": [1,\n\t2]»]«}\n", "yaml-invalid"},
		"no object":            {after + "---\n\n»just«  text\n", "object-untyped"},
	} {
		t.Run(name, func(t *testing.T) {
			at := strings.Index(c.in, "»")
			in := strings.NewReplacer("»", "", "«", "").Replace(c.in)
			before := strings.TrimPrefix(in[:at], "\ufeff")
			line := strings.Count(before, "\n") + 1
			column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
			objects, found := manifest.Parse([]byte(in), "f.yaml")
			found = append(found, checkAll(t, objects, check.Profile{})...)
			var places []string
			for _, f := range found {
				if f.Code == c.code {
					places = append(places, f.Position.String())
				}
			}
			assert.Contains(t, places, fmt.Sprintf("f.yaml:%d:%d", line, column), "%v\n%s", found, in)
		})
	}
}
