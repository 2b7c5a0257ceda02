package triggers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/template"

	"github.com/tekwright/tekwright/internal/jsonpath"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// resolve returns what Triggers makes of the value of a binding.
func resolve(value, body string) (string, error) {
	rt := template.ResolvedTrigger{BindingParams: []v1beta1.Param{{Name: "p", Value: value}}}
	params, err := template.ResolveParams(rt, []byte(body), http.Header{"X-A": {"h"}}, map[string]any{"x": "e"}, template.NewTriggerContext("id"))
	if err != nil {
		return "", err
	}
	return params[0].Value, nil
}

// TestDottedKeys shows that a path with a key that is reported finds nothing, and with
// the spelling of the help finds the key. One that is not reported finds it as it is.
func TestDottedKeys(t *testing.T) {
	const body = `{"metadata":{"labels":{"tekton.dev/x":"1","app.kubernetes.io/name":"1","app.kubernetes.io":"1","team/app":"1","a.b/c.d":"1"},
		"annotations":{"example.com/a":"1"}},"items":[{"labels":{"tekton.dev/x":"1"}}],"extra":{"example.com/x":"1"},"data":{"settings.xml":"1"},
		"repository":{"name":"1"}}`
	for expr, reported := range map[string]bool{
		"body.metadata.labels['tekton.dev/x']":             true,
		"body.metadata.labels.tekton.dev/x":                true,
		"body.metadata.labels['app.kubernetes.io/name']":   true,
		"body.metadata.labels.app.kubernetes.io/name":      true,
		"body.metadata.labels['app.kubernetes.io']":        true,
		"body.metadata.labels['a.b/c.d']":                  true,
		"body.metadata.annotations['example.com/a']":       true,
		"body['metadata']['labels']['tekton.dev/x']":       true,
		"{.body.metadata.labels['tekton.dev/x']}":          true,
		"body.items[0].labels['tekton.dev/x']":             true,
		"body.items[0].labels.tekton.dev/x":                true,
		"body.extra['example.com/x']":                      true,
		"body.extra.example.com/x":                         true,
		"body.data['settings.xml']":                        true,
		`body.metadata.labels['tekton\.dev/x']`:            false,
		`body.metadata.labels.tekton\.dev/x`:               false,
		`body.metadata.labels['app\.kubernetes\.io/name']`: false,
		"body.metadata.labels['team/app']":                 false,
		"body.metadata.labels.team/app":                    false,
		"body['repository.name']":                          false,
	} {
		found := jsonpath.DottedKeys(expr)
		assert.Equal(t, reported, len(found) > 0, expr)
		_, err := resolve("$("+expr+")", body)
		assert.Equal(t, reported, err != nil, "%s: %v", expr, err)
		for _, d := range found {
			value, err := resolve("$("+strings.Replace(expr, d.Key, d.Escaped, 1)+")", body)
			require.NoError(t, err, "%s: %s", expr, d.Escaped)
			assert.Equal(t, "1", value, expr)
		}
	}
}

// TestConstantPaths shows that Triggers evaluates nothing but $(...).
func TestConstantPaths(t *testing.T) {
	for _, value := range []string{
		"body.a", "$body.a", "$.body.a", "${body.a}", "{{ body.a }}", "{{.body.a}}", "${{ body.a }}", "${{ github.event.a }}", "$[body.a]", "%(body.a)", "#{body.a}",
		"{body.a}", "header.X-A", "extensions.x", "context.eventID", "x-${body.a}",
	} {
		got, err := resolve(value, `{"a":"1"}`)
		require.NoError(t, err)
		assert.Equal(t, value, got)
	}
}

// TestOverlaysReplace shows that the overlays of a later interceptor replace those of an
// earlier one below the same name, and where the dots of keys separate names.
func TestOverlaysReplace(t *testing.T) {
	listener := func(first, second, value string) *harness.Listener {
		return harness.Open(t, []byte(`apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: hub}
spec:
  serviceAccountName: el
  triggers:
    - name: t
      interceptors:
        - ref: {name: cel, kind: ClusterInterceptor}
          params: [{name: overlays, value: [`+first+`]}]
        - ref: {name: cel, kind: ClusterInterceptor}
          params: [{name: overlays, value: [`+second+`]}]
      bindings: [{name: x, value: '`+value+`'}]
      template:
        spec:
          params: [{name: x}]
          resourcetemplates:
            - apiVersion: tekton.dev/v1
              kind: PipelineRun
              metadata: {generateName: p-}
              spec:
                pipelineRef: {name: p}
                params: [{name: x, value: $(tt.params.x)}]
`))
	}
	for _, c := range []struct {
		first, second, value string
		starts               bool
	}{
		{`{key: a.b, expression: "'1'"}, {key: a.c, expression: "'1'"}`, `{key: d, expression: "'1'"}`, "$(extensions.a.b)", true},
		{`{key: a.b, expression: "'1'"}`, `{key: a.d, expression: extensions.a.b}`, "$(extensions.a.d)", true},
		{`{key: a.b, expression: "'1'"}`, `{key: a.d, expression: "'1'"}`, "$(extensions.a.b)", false},
		{`{key: 'a\.b', expression: "'1'"}`, `{key: d, expression: "extensions['a.b']"}`, "$(extensions.d)", true},
		{`{key: 'a\.b', expression: "'1'"}`, `{key: d, expression: "'1'"}`, `$(extensions.a\.b)`, true},
		{`{key: a.b, expression: "'1'"}`, `{key: d, expression: "extensions['a.b']"}`, "$(extensions.d)", false},
		{`{key: a.b, expression: "'1'"}`, `{key: d, expression: "'1'"}`, "$(extensions)", false},
		{`{key: a.b, expression: "'1'"}`, `{key: d, expression: "'1'"}`, "$(extensions.a)", false},
		{`{key: ids, expression: "[1, 2]"}`, `{key: d, expression: "'1'"}`, "$(extensions.ids)", true},
		{`{key: ids, expression: "body.l.map(x, string(x))"}`, `{key: d, expression: "'1'"}`, "$(extensions.ids)", true}, // empty
		{`{key: ids, expression: "body.ref.split('/')"}`, `{key: d, expression: "'1'"}`, "$(extensions.ids)", false},
	} {
		out := listener(c.first, c.second, c.value).Send(t, harness.GitHub("push", []byte(`{"l":[],"ref":"a/b"}`), ""))
		assert.Equal(t, c.starts, len(out.Runs) == 1, "%+v: %s", c, out.Why)
	}
}
