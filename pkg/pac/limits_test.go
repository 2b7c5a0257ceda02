package pac_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// runText is a run of a folder with annotations and a spec.
func runText(name string, annotations map[string]string, spec string) string {
	all := map[string]string{}
	for k, v := range annotations {
		all["pipelinesascode.tekton.dev/"+k] = v
	}
	text, err := json.Marshal(map[string]any{"name": name, "annotations": all})
	if err != nil {
		panic(err)
	}
	return "---\napiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: " + string(text) + "\nspec: " + spec + "\n"
}

const simple = `{pipelineSpec: {tasks: [{name: a, taskSpec: {steps: [{name: a, image: "registry.local/a:1"}]}}]}}`

// onPush are the annotations of a run that a push to main starts.
func onPush(more ...string) map[string]string {
	m := map[string]string{"on-event": "[push]", "on-target-branch": "[main]"}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

// push is the payload of a push to main of GitHub.
func push(t testing.TB, message string, commits int) pac.Webhook {
	t.Helper()
	list := make([]any, commits)
	for i := range list {
		list[i] = map[string]any{"id": fmt.Sprintf("%040d", i)}
	}
	text, err := json.Marshal(map[string]any{
		"ref": "refs/heads/main", "after": strings.Repeat("1", 40), "pusher": map[string]any{"name": "x"}, "commits": list,
		"head_commit": map[string]any{"id": strings.Repeat("1", 40), "message": message}, "sender": map[string]any{"login": "x"},
		"repository": map[string]any{"name": "r", "html_url": "https://github.com/o/r", "owner": map[string]any{"login": "o"}}, "installation": map[string]any{"id": 1},
	})
	require.NoError(t, err)
	return pac.Webhook{Headers: map[string][]string{"X-GitHub-Event": {"push"}}, Payload: text}
}

func folderOf(text string) fs.FS { return fstest.MapFS{"a.yaml": {Data: []byte(text)}} }

// several joins the texts for 0 to n-1.
func several(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

// TestLimits tests that short folders and events that would become runs of any size, or take
// any time, are errors.
func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("reaches the limits, which takes some seconds each")
	}
	t.Parallel()
	task := func(text string) string {
		return "---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{name: a, image: \"registry.local/a:1\", script: \"" + text + "\"}]}\n"
	}
	uses := func(n int) string {
		return "{pipelineSpec: {tasks: [" + strings.TrimSuffix(several(n, func(i int) string { return fmt.Sprintf("{name: a%d, taskRef: {name: t}},", i) }), ",") + "]}}"
	}
	labels := func(n int, value string) string {
		return strings.Replace(runText("a", onPush(), simple), "spec: ", "x: ["+strings.TrimSuffix(strings.Repeat(`"`+value+`",`, n), ",")+"]\nspec: ", 1)
	}
	long := strings.Repeat("m", 1<<20)
	// A step with 100 kB of arguments, 150 times: 15 MB in a text of 3 kB.
	aliases := "{steps: [&s {name: a, image: \"registry.local/a:1\", args: &a [&t \"" + strings.Repeat("x", 1000) + "\"" + strings.Repeat(", *t", 99) + "]}" + strings.Repeat(", *s", 149) + "]}"
	maps := strings.Repeat("{},", 100_000)
	tooLarge, tooMany, tooLong, compared := "more than 64 MiB", "maps", "take too long to evaluate", "takes too long"
	files := make([]string, 1000)
	for i := range files {
		files[i] = fmt.Sprintf("dir%d/%s", i, strings.Repeat("a", 1000))
	}
	big := make(map[string]*fstest.MapFile)
	big["big.yaml"] = &fstest.MapFile{Data: []byte(task(long))}
	for name, c := range map[string]struct {
		folder string
		hook   pac.Webhook
		want   string
	}{
		"a value many times":              {labels(200, "{{ body.head_commit.message }}"), push(t, long, 1), tooLarge},
		"a value that contains variables": {runText("a", onPush("x", "{{ body.head_commit.message }}"), simple), push(t, strings.Repeat("{{ body.head_commit.message }}", 3000), 1), tooLarge},
		"a Task many times":               {task(strings.Repeat("y", 100_000)) + runText("a", onPush(), uses(1000)), push(t, "m", 1), tooLarge},
		"a Pipeline in many runs": {
			"---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {description: " + long + "}\n" +
				several(80, func(i int) string { return runText(fmt.Sprint("a", i), onPush(), "{pipelineRef: {name: p}}") }),
			push(t, "m", 1), tooLarge,
		},
		"a remote Task by many paths": {
			runText("a", onPush("task", "["+strings.TrimSuffix(several(70, func(i int) string { return fmt.Sprintf("x%d/../big.yaml,", i) }), ",")+"]"), simple),
			func() pac.Webhook { h := push(t, "m", 1); h.Checkout = fstest.MapFS(big); return h }(), tooLarge,
		},
		"a Task with aliases many times": {
			"---\nkind: none\n---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: " + aliases + "\n" + runText("a", onPush(), uses(100)),
			push(t, "m", 1), tooLarge,
		},
		"runs with aliases": {
			several(10, func(i int) string {
				return runText(fmt.Sprint("a", i), onPush(), "{pipelineSpec: {tasks: [{name: a, taskSpec: "+aliases+"}]}}")
			}), push(t, "m", 1), tooLarge,
		},
		"a Task of many maps many times": {
			"---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [" + maps + "]}\n" + runText("a", onPush(), uses(20)),
			push(t, "m", 1), tooMany,
		},
		"many maps": {
			several(10, func(i int) string {
				return fmt.Sprintf("---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t%d}\nspec: {steps: [%s]}\n", i, maps)
			}) + runText("a", onPush(), simple), push(t, "m", 1), tooMany,
		},
		"remote Tasks of a Pipeline in many runs": {
			"---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p, annotations: {pipelinesascode.tekton.dev/task: \"[" + strings.Repeat("a,", 20_000) + "a]\"}}\nspec: {tasks: [{name: a, taskRef: {name: a}}]}\n" +
				several(100, func(i int) string { return runText(fmt.Sprint("a", i), onPush(), "{pipelineRef: {name: p}}") }),
			push(t, "m", 1), tooLarge,
		},
		"values that cannot be written": {labels(200, "{{ cel: [body, type(1)] }}"), push(t, "m", 20_000), tooLong},
		"an expression with many conditions": {
			labels(1, "{{ cel: "+several(3000, func(i int) string { return fmt.Sprintf("pac.sender == 'b%d' || ", i) })+"true }}"), push(t, "m", 1), tooLong,
		},
		"expressions with many conditions": {
			several(100, func(i int) string {
				return runText(fmt.Sprint("a", i), map[string]string{"on-cel-expression": several(900, func(j int) string { return fmt.Sprintf("target_branch == 'b%d-%d' || ", i, j) }) + "false"}, simple)
			}), push(t, "m", 1), tooLong,
		},
		"patterns with alternatives and a long path": {
			runText("a", onPush("on-path-change", "[*{*&#44;a*}**a*a{a&#44;*b}*[ab]]"), simple),
			func() pac.Webhook {
				h := push(t, "m", 1)
				h.Changed.All = []string{strings.Repeat("a", 3000)}
				return h
			}(), compared,
		},
		"comments": {
			several(50, func(i int) string {
				return runText(fmt.Sprint("a", i), map[string]string{"on-comment": fmt.Sprintf("(a?){%d}b", 200+i)}, simple)
			}),
			func() pac.Webhook {
				h := pac.GitHubComment("https://github.com/o/r", "/"+strings.Repeat("a", 200_000))
				return h
			}(), compared,
		},
		"expressions of templates": {labels(100, "{{ cel: body.commits.all(x, body.commits.all(y, x.id != y.id || true)) }}"), push(t, "m", 3000), tooLong},
		"a text that grows":        {labels(1, "{{ cel: 'aaaaaaaaaa'"+strings.Repeat(".replace('a', 'aaaaaaaaaa')", 12)+" }}"), push(t, "m", 1), tooLong},
		"expressions of runs": {
			several(100, func(i int) string {
				return runText(fmt.Sprint("a", i), map[string]string{"on-cel-expression": "body.commits.all(x, body.commits.all(y, x.id != y.id || true))"}, simple)
			}), push(t, "m", 3000), tooLong,
		},
		"patterns and files": {
			several(20, func(i int) string {
				return runText(fmt.Sprint("a", i), onPush("on-path-change", "["+strings.TrimSuffix(several(20, func(j int) string { return fmt.Sprintf("*a*a*a*b%d,", j) }), ",")+"]"), simple)
			}), func() pac.Webhook { h := push(t, "m", 1); h.Changed.All = files; return h }(), compared,
		},
		"patterns in expressions and files": {
			runText("a", map[string]string{"on-cel-expression": "body.commits.exists(c, ('*a*a*a*b' + c.id).pathChanged())"}, simple),
			func() pac.Webhook { h := push(t, "m", 1000); h.Changed.All = files; return h }(), compared,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pac.Matches(folderOf(c.folder), c.hook)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// TestHiddenReasons tests that the reason why a run does not start has no value from a
// Secret, however the expression uses it.
func TestHiddenReasons(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-value"
	repository := &v1alpha1.Repository{
		TypeMeta: metav1.TypeMeta{APIVersion: "pipelinesascode.tekton.dev/v1alpha1", Kind: "Repository"}, ObjectMeta: metav1.ObjectMeta{Name: "r", Namespace: "ci"},
		Spec: v1alpha1.RepositorySpec{URL: "https://github.com/o/r", Params: []v1alpha1.Param{{Name: "token", SecretRef: &v1alpha1.Secret{Name: "s", Key: "k"}}}},
	}
	hook := push(t, "m", 1)
	hook.Objects = []object.Object{{Object: repository}, {Object: &corev1.Secret{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: metav1.ObjectMeta{Name: "s", Namespace: "ci"}, StringData: map[string]string{"k": secret},
	}}}
	for _, expr := range []string{"token", "token + 'x'", "int(token) > 1", "token == 'x'", "[token][int(token)]", "timestamp(token) > timestamp(0)", "{'a': token}[token]", "token.matches('[')"} {
		out, err := pac.Matches(folderOf(runText("a", map[string]string{"on-cel-expression": expr}, simple)), hook)
		require.NoError(t, err)
		require.Len(t, out.Runs, 1)
		assert.False(t, out.Runs[0].Started, expr)
		assert.NotEmpty(t, out.Runs[0].Reason, expr)
		assert.NotContains(t, out.Runs[0].Reason, secret, expr)
	}
}
