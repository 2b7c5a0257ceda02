package celparity

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	triggerscel "github.com/tektoncd/triggers/pkg/interceptors/cel"
	"google.golang.org/grpc/codes"

	"github.com/tekwright/tekwright/internal/celenv"
)

// headers are those of several events.
var headers = []map[string][]string{
	{"X-Github-Event": {"push"}, "X-Gitlab-Event": {"Push Hook"}, "Content-Type": {"application/json"}},
	{"X-Github-Event": {"pull_request"}, "Content-Type": {"application/json"}},
	{"X-Github-Event": {"push", "pull_request"}, "X-Gitlab-Event": {"push"}},
	{"X-Github-Event": {""}},
	{"X-Github-Event": {}},
	{},
}

// bodies are those of several events.
var bodies = []string{`{"ref":"refs/heads/main","x":true,"n":1,"l":["push"]}`, `{"ref":"push","x":false,"l":[]}`, `{"ref":["push"]}`, `{}`}

// filter runs upstream's interceptor with a filter on one event.
func filter(expr string, header map[string][]string, body string) *v1beta1.InterceptorResponse {
	return triggerscel.NewInterceptor(noSecrets{}).Process(context.Background(), &v1beta1.InterceptorRequest{
		Body: body, Header: header, Extensions: map[string]any{"e": "push"},
		Context:           &v1beta1.TriggerContext{EventURL: "http://el/?a=b", TriggerID: "namespaces/ci/triggers/t"},
		InterceptorParams: map[string]any{"filter": expr},
	})
}

// ends returns whether an expression passes an event, and whether it fails with each of
// them: an error, not false.
func ends(expr string) (passes, fails bool) {
	fails = true
	for _, h := range headers {
		for _, b := range bodies {
			out := filter(expr, h, b)
			passes = passes || out.Continue
			fails = fails && out.Status.Code == codes.InvalidArgument
		}
	}
	return passes, fails
}

// endsFast is ends without the interceptor around the expression, whose environment takes
// most of the time. TestHeaders uses both.
func endsFast(t *testing.T, expr string) (passes, fails bool) {
	t.Helper()
	env, err := upstream()
	require.NoError(t, err)
	checked, issues := env.Compile(expr)
	require.NoError(t, issues.Err())
	program, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize))
	require.NoError(t, err)
	fails = true
	for _, h := range headers {
		for _, b := range bodies {
			var body map[string]any
			require.NoError(t, json.Unmarshal([]byte(b), &body))
			out, _, err := program.Eval(map[string]any{
				"body": body, "header": http.Header(h), "requestURL": "http://el/?a=b", "extensions": map[string]any{"e": "push"},
			})
			passes = passes || err == nil && out == types.True
			fails = fails && err != nil
		}
	}
	return passes, fails
}

// TestHeaders states what becomes of expressions with headers, for which upstream is
// asked as well.
func TestHeaders(t *testing.T) {
	for expr, want := range map[string]celenv.Outcome{
		"header['X-Github-Event'] == 'push'":                                 celenv.NeverTrue,
		"'push' == header['X-Github-Event']":                                 celenv.NeverTrue,
		"header[\"X-Github-Event\"] == \"push\"":                             celenv.NeverTrue,
		"header['X-Github-Event'] == 'push' && body.x":                       celenv.NeverTrue,
		"body.x && (header['X-Github-Event'] == 'push')":                     celenv.NeverTrue,
		"header['X-Github-Event'] == 'a' || header['X-Github-Event'] == 'b'": celenv.NeverTrue,
		"header['X-Github-Event'] == 'a' || body.x":                          celenv.Depends,
		"!(header['X-Github-Event'] == 'push')":                              celenv.Depends,
		"!(header['X-Github-Event'] != 'push')":                              celenv.NeverTrue,
		"header['X-Github-Event'] != 'push'":                                 celenv.Depends,
		"header['X-Github-Event'] in ['push', 'pull_request']":               celenv.NeverTrue,
		"'push' in header['X-Github-Event']":                                 celenv.Depends,
		"header['X-Github-Event'][0] == 'push'":                              celenv.Depends,
		"header['X-Github-Event'] == ['push']":                               celenv.Depends,
		"header['X-Github-Event'].exists(h, h == 'push')":                    celenv.Depends,
		"header['X-Github-Event'].first() == 'push'":                         celenv.Depends,
		"header['X-Github-Event'].join(',') == 'push'":                       celenv.Depends,
		"header['X-Github-Event'].size() == 1":                               celenv.Depends,
		"size(header['X-Github-Event']) == 1":                                celenv.Depends,
		"header.match('X-GitHub-Event', 'push')":                             celenv.Depends,
		"header.canonical('X-GitHub-Event') == 'push'":                       celenv.Depends,
		"header.canonical('X-GitHub-Event') in ['push']":                     celenv.Depends,
		"header['X-Github-Event'].startsWith('pu')":                          celenv.Fails,
		"header['X-Github-Event'].matches('pu.*')":                           celenv.Fails,
		"header['X-Github-Event'].contains('push')":                          celenv.Fails,
		"header['X-Github-Event'].lowerAscii() == 'push'":                    celenv.Fails,
		"header['X-Github-Event'] + 'x' == 'pushx'":                          celenv.Fails,
		"header['X-Github-Event'] > 'a'":                                     celenv.Fails,
		"string(header['X-Github-Event']) == 'push'":                         celenv.Fails,
		"header['X-Github-Event'].startsWith('pu') || body.x":                celenv.Depends,
		"body.x && header['X-Github-Event'].startsWith('pu')":                celenv.NeverTrue,
		"header['X-Github-Event'].value == 'push'":                           celenv.Fails,
		"header['X-GitHub-Event'][0] == 'push'":                              celenv.Fails,
		"header['x-github-event'][0] == 'push'":                              celenv.Fails,
		"header.ref == 'push'":                                               celenv.Fails,
		"header.Ref == 'push'":                                               celenv.NeverTrue,
		"has(header.ref)":                                                    celenv.NeverTrue,
		"'X-GitHub-Event' in header":                                         celenv.NeverTrue,
		"'X-Github-Event' in header":                                         celenv.Depends,
		"'X-GitHub-Event' in header || body.x":                               celenv.Depends,
		"header.exists(k, header[k] == 'push')":                              celenv.Depends,
		"body.l.exists(header, header == 'push')":                            celenv.Depends,
		"[{'X-A': 'push'}].exists(header, header['X-A'] == 'push')":          celenv.Depends,
		"body.x ? header['X-Github-Event'] == 'push' : false":                celenv.NeverTrue,
		"body.x ? header['X-Github-Event'] == 'push' : true":                 celenv.Depends,
		"header['X-Github-Event'] == body.ref":                               celenv.Depends,
		"header['X-Github-Event'] == 5":                                      celenv.NeverTrue,
		"header['X-Github-Event'] == true":                                   celenv.NeverTrue,
		"header['X-Github-Event'] == null":                                   celenv.NeverTrue,
		"header['X-Github-Event'] == requestURL":                             celenv.NeverTrue,
		"header['X-Github-Event'] && body.x":                                 celenv.NeverTrue,
		"!header['X-Github-Event']":                                          celenv.Fails,
		"header['X-Github-Event'][0] == 1":                                   celenv.Depends,
		"header['X-Github-Event']['0'] == 'push'":                            celenv.Fails,
		"body.ref.startsWith('refs/') && header['X-Gitlab-Event'] == 'push'": celenv.NeverTrue,
	} {
		_, got := celenv.Headers(expr)
		assert.Equal(t, want, got, expr)
		passes, fails := ends(expr)
		alsoPasses, alsoFails := endsFast(t, expr)
		assert.Equal(t, []bool{passes, fails}, []bool{alsoPasses, alsoFails}, expr)
		switch want {
		case celenv.Fails:
			assert.True(t, fails, "upstream does not fail: %s", expr)
		case celenv.NeverTrue:
			assert.False(t, passes, "upstream passes an event: %s", expr)
		default:
			if expr != "header['X-Github-Event'][0] == 1" {
				assert.True(t, passes || strings.Contains(expr, "header[k]"), "upstream passes no event: %s", expr)
			}
		}
	}
}

// TestHeadersGenerated compares the outcome of generated expressions with that of
// upstream: one that is said never to pass does not.
func TestHeadersGenerated(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4)) // the same every time
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	header := func() string {
		return pick("header['X-Github-Event']", "header['X-Gitlab-Event']", "header['X-GitHub-Event']", "header['Content-Type']", "header.Etag",
			"header.canonical('X-GitHub-Event')", "header['X-Github-Event'][0]", "header['X-Github-Event'].first()", "header['X-Github-Event'].last()")
	}
	var value func(depth int) string
	value = func(depth int) string {
		if depth == 0 {
			return pick("'push'", "'Push Hook'", "body.ref", "body.n", "1", "requestURL", "extensions.e", header(), header(), "null", "true", "body.l", "['push']", "{'a': 1}")
		}
		switch r.IntN(9) {
		case 0:
			return fmt.Sprintf("%s + %s", value(depth-1), value(depth-1))
		case 1:
			return fmt.Sprintf("(%s)[%s]", value(depth-1), pick("0", "'a'", "1"))
		case 2:
			return fmt.Sprintf("(%s).%s()", value(depth-1), pick("size", "lowerAscii", "first", "last", "join", "trim", "reverse", "distinct", "sort", "flatten", "marshalJSON", "upperAscii"))
		case 3:
			return fmt.Sprintf("%s(%s)", pick("string", "size", "int", "type", "dyn"), value(depth-1))
		case 4:
			return fmt.Sprintf("(%s).%s(%s)", value(depth-1), pick("split", "replace", "truncate", "translate", "substring", "indexOf"), value(depth-1))
		case 5:
			return fmt.Sprintf("[%s, %s]", value(depth-1), value(depth-1))
		case 6:
			return fmt.Sprintf("(%s).map(x, %s)", value(depth-1), pick("x", "x + 'a'", header()))
		case 7:
			return fmt.Sprintf("(%s ? %s : %s)", pick("body.x", "true", header()+" == 'push'"), value(depth-1), value(depth-1))
		}
		return value(0)
	}
	var condition func(depth int) string
	condition = func(depth int) string {
		if depth > 0 {
			switch r.IntN(6) {
			case 0, 1:
				return fmt.Sprintf("(%s) && (%s)", condition(depth-1), condition(depth-1))
			case 2, 3:
				return fmt.Sprintf("(%s) || (%s)", condition(depth-1), condition(depth-1))
			case 4:
				return fmt.Sprintf("!(%s)", condition(depth-1))
			}
			return fmt.Sprintf("(%s) ? (%s) : (%s)", condition(depth-1), condition(depth-1), condition(depth-1))
		}
		switch r.IntN(9) {
		case 0, 1, 2:
			return fmt.Sprintf("%s %s %s", header(), pick("==", "!=", "==", "<", ">="), value(r.IntN(2)))
		case 3:
			return fmt.Sprintf("%s in [%s, %s]", value(r.IntN(2)), pick("'push'", "'a'", value(0)), pick("'push'", value(0)))
		case 4:
			return fmt.Sprintf("%s in %s", pick("'push'", "'X-Github-Event'", "'X-GitHub-Event'", header()), pick("header", header(), "body.l"))
		case 5:
			return fmt.Sprintf("(%s).%s(%s)", value(r.IntN(2)), pick("startsWith", "endsWith", "contains", "matches"), value(0))
		case 6:
			return fmt.Sprintf("(%s).%s(x, x %s %s)", value(r.IntN(2)), pick("exists", "all", "exists_one"), pick("==", "!="), value(0))
		case 7:
			return fmt.Sprintf("has(header.%s)", pick("Etag", "etag", "ETag"))
		}
		return pick("body.x", "true", "false", header(), fmt.Sprintf("%s == %s", value(1), value(1)))
	}
	n := 12_000
	if testing.Short() {
		n = 2_000
	}
	never, missed, compiled := 0, 0, 0
	for range n {
		expr := condition(r.IntN(3))
		if _, err := compile(expr); err != nil {
			continue
		}
		compiled++
		found, got := celenv.Headers(expr)
		passes, fails := endsFast(t, expr)
		switch {
		case got == celenv.Depends:
			if !passes && len(found) == 0 {
				missed++
			}
			continue
		case got == celenv.Fails:
			assert.True(t, fails, "upstream does not fail: %s\n%+v", expr, found)
		}
		never++
		if !assert.False(t, passes, "upstream passes an event: %s\n%+v", expr, found) {
			return
		}
	}
	t.Logf("%d expressions compile, %d never pass and are found; %d others pass none of the events", compiled, never, missed)
	assert.Greater(t, never, compiled/20)
}
