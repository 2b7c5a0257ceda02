package manifest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const holey = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: t
spec:
  params:
    - name: image
  steps:
    - name: s
      image: IMAGE
      timeout: TIMEOUT
      computeResources:
        requests:
          cpu: CPU
      env: [{name: A, value: $(params.image)}]
      script: |
        #!/bin/sh
        SCRIPT
`

// A value with a placeholder that another tool replaces is not known, so nothing is wrong
// with it. Other values are.
func TestHoles(t *testing.T) {
	all := func(value string) map[string]string {
		return map[string]string{"IMAGE": value, "TIMEOUT": value, "CPU": value}
	}
	for name, c := range map[string]struct {
		values map[string]string
		want   []string
	}{
		"none":                {nil, nil},
		"envsubst":            {all("${NAME}"), nil},
		"envsubst default":    {all("${NAME:-x}"), nil},
		"envsubst bare":       {all("$NAME"), nil},
		"angle":               {all("<your-value>"), nil},
		"angle with blanks":   {all("'<Your Value>'"), nil},
		"at":                  {all("'@VALUE@'"), nil},
		"percent":             {all("'%VALUE%'"), nil},
		"underscores":         {all("__VALUE__"), nil},
		"parentheses":         {all("((value))"), nil},
		"template":            {all(`'\ .Value //'`), nil},
		"within":              {map[string]string{"IMAGE": "${HARBOR}/${PROJECT}/a:v1"}, nil},
		"variable of Tekton":  {map[string]string{"IMAGE": "${params.image}"}, []string{"10 error variable-foreign"}},
		"mustache":            {map[string]string{"IMAGE": "${{ params.image }}"}, []string{"10 error variable-foreign"}},
		"misspelled variable": {map[string]string{"IMAGE": "${REGISTRY}/$(params.imge)"}, []string{"10 error param-unknown"}},
		"upper case":          {map[string]string{"IMAGE": "Registry.local/Busybox:1"}, []string{"10 error image-invalid"}},
		"no duration":         {map[string]string{"TIMEOUT": "10"}, []string{"11 error field-type"}},
		"no quantity":         {map[string]string{"CPU": "many"}, []string{"14 error field-type"}},
		"a shell variable":    {map[string]string{"SCRIPT": "echo ${HOME} $(params.imge)"}, []string{"18 error param-unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := holey
			for key, value := range map[string]string{"IMAGE": "busybox:1.37", "TIMEOUT": "10s", "CPU": "100m", "SCRIPT": "true"} {
				if v, ok := c.values[key]; ok {
					value = v
				}
				text = strings.ReplaceAll(text, key, value)
			}
			var got []string
			for _, f := range reported(t, text, true) {
				if strings.Contains(f, " error ") {
					got = append(got, f)
				}
			}
			assert.Equal(t, c.want, got)
		})
	}
}
