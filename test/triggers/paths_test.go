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

	"github.com/tekwright/tekwright/internal/jsonpath"
)

// unreadable is what Triggers says of an expression that is no path, whatever
// the event.
var unreadable = regexp.MustCompile(`unexpected path string|unclosed|unterminated|unrecognized character|invalid multiple|invalid array index|unquote string|cannot parse number|is not a number`)

// find hands a value of a binding to Triggers, with an event that has a little
// of everything.
func find(value string) error {
	rt := template.ResolvedTrigger{BindingParams: []v1beta1.Param{{Name: "p", Value: value}}}
	body := []byte(`{"ref":"x","list":[{"a":1}],"a":{"b":"c"}}`)
	header := http.Header{"X-Github-Event": {"push"}}
	_, err := template.ResolveParams(rt, body, header, map[string]any{"key": "v"}, template.NewTriggerContext("id"))
	return err
}

// closes reports whether an expression in $( and ) is one for Triggers.
func closes(expr string) bool {
	depth := 0
	for _, r := range expr {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 {
			return false
		}
	}
	return depth == 0 && !strings.Contains(expr, "$(")
}

// TestPaths compares what is read of random paths with what Triggers reads.
func TestPaths(t *testing.T) {
	parts := []string{
		"body", "header", "extensions", "context", ".", "..", "[", "]", "'", `"`, "[0]", "[*]", "[-1:]", "[0:1:2]", "['a.b']", "['", "']",
		"[?(", ")]", "@", "$", "==", "<", ",", " ", "\t", "\n", "{", "}", "*", `\`, `\'`, "1", "1.5", "-", "+", "true", "range", "end", "x-y", "é", "#", "(", ")", ":",
	}
	r := rand.New(rand.NewPCG(1, 2))
	good, hopeless, all := 0, 0, 0
	for all < 100_000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		expr := b.String()
		if !closes(expr) {
			continue
		}
		all++
		path, err := jsonpath.Parse(expr)
		theirs := find("$(" + expr + ")")
		if !assert.Equal(t, theirs != nil && unreadable.MatchString(theirs.Error()), err != nil, "%q: %v, and Triggers: %v", expr, err, theirs) {
			return
		}
		if err != nil {
			continue
		}
		good++
		if path.Word != "" || path.Empty {
			hopeless++
			assert.Error(t, theirs, "%q: %+v", expr, path)
		}
	}
	assert.Greater(t, good, all/20)
	assert.Greater(t, hopeless, all/1000)
	t.Logf("%d of %d paths are read, and %d of them hopeless", good, all, hopeless)
}

// TestPathsFail shows that a path which is called hopeless fails with every
// event: bare words, empty names, and roots that an event does not have.
func TestPathsFail(t *testing.T) {
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
