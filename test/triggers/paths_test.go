package triggers_test

import (
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/template"
	upstream "k8s.io/client-go/util/jsonpath"

	"github.com/tekwright/tekwright/internal/jsonpath"
)

// relaxed is upstream's expression for paths with and without braces.
var relaxed = regexp.MustCompile(`^\{\.?([^{}]+)\}$|^\.?([^{}]+)$`)

// accepts tells whether upstream reads a path.
func accepts(expr string) bool {
	if expr == "" {
		return true
	}
	m := relaxed.FindStringSubmatch(expr)
	return m != nil && upstream.New("").Parse("{."+m[1]+m[2]+"}") == nil
}

// TestPaths compares what is read of random paths with what upstream reads.
func TestPaths(t *testing.T) {
	parts := []string{
		"body", "header", "extensions", "context", ".", "..", "[", "]", "'", `"`, "[0]", "[*]", "[-1:]", "[0:1:2]", "['a.b']", "['", "']",
		"[?(", ")]", "@", "$", "==", "<", ",", " ", "\t", "\n", "{", "}", "*", `\`, `\'`, "1", "1.5", "-", "+", "true", "range", "end", "x-y", "é", "#", "(", ")", ":",
	}
	r := rand.New(rand.NewPCG(1, 2))
	good := 0
	const all = 300_000
	for range all {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		expr := b.String()
		_, err := jsonpath.Parse(expr)
		if !assert.Equal(t, accepts(expr), err == nil, "%q: %v", expr, err) {
			return
		}
		if err == nil {
			good++
		}
	}
	assert.Greater(t, good, all/20)
	t.Logf("%d of %d paths are read", good, all)
}

// TestPathsFail shows that a path which is called hopeless fails with every
// event: bare words, empty names, and roots that an event does not have.
func TestPathsFail(t *testing.T) {
	body := []byte(`{"ref":"x","list":[{"a":1}],"a":{"b":"c"}}`)
	header := http.Header{"X-Github-Event": {"push"}}
	find := func(value string) error {
		rt := template.ResolvedTrigger{BindingParams: []v1beta1.Param{{Name: "p", Value: value}}}
		_, err := template.ResolveParams(rt, body, header, map[string]any{"key": "v"}, template.NewTriggerContext("id"))
		return err
	}
	for _, good := range []string{
		"body.ref", "{.body.ref}", "header.x-github-event", "header['X-Github-Event']", "extensions.key", "context.eventID",
		"Body.ref", "context.EventID", "body.list[0].a", "body.list[*].a", "body", "", "body.list[?(@.a==1.0)].a",
	} {
		assert.NoError(t, find("$("+good+")"), good)
	}
	for _, bad := range []string{
		"bdy.ref", "params.x", "tt.params.x", "context.eventId", "context.eventID.x", "header['x-github-event']", "{.header.x-github-event}",
		"header.X-Github-Event.x", "body.", "body.ref x", "body.list end", "requestURL", "'body'", "[0]", "body.ref.x", "header.X-Github-Event[0]",
	} {
		assert.Error(t, find("$("+bad+")"), bad)
	}
}
