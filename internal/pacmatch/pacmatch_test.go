package pacmatch

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cputime"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

func TestRefMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
		err           string
	}{
		{"main", "refs/heads/main", true, ""},
		{"main", "main", true, ""},
		{"refs/heads/main", "main", true, ""},
		{"*", "feature/x", true, ""},
		{"*", "refs/tags/v1", false, ""},
		{"refs/*", "refs/heads/main", false, ""},
		{"refs/*", "refs/tags/v1", false, ""},
		{"refs/tags/v[0-9]*", "refs/tags/v1.0", true, ""},
		{"main", "refs/tags/main", false, ""},
		{"release-?", "release-1", true, ""},
		{"release-{1", "release-1", true, ""},
		{"[!x]ain", "main", true, ""},
		{"[^x]ain", "main", false, ""},
		{"a/*/b", "a/b", true, ""}, // a prefix and a suffix may overlap
		{"**/x.go", "x.go", true, ""},
		{"./a/**", "a/b", false, ""},
		{"v[0-9", "v1", false, "[ without ]"},
		{"x{", "x", false, "panics"},
		{"[a-zA-Z]", "a", false, "several ranges"},
		{"[z-a]", "a", false, "first character is after its last"},
		{strings.Repeat("*a", 20), "a", false, "too large"},
		{strings.Repeat("a", 2000), "a", false, "too large"},
	} {
		got, err := RefMatches(c.pattern, c.text)
		assert.Equal(t, c.want, got, "%q %q", c.pattern, c.text)
		if c.err == "" {
			assert.NoError(t, err, "%q", c.pattern)
		} else {
			assert.ErrorContains(t, err, c.err, "%q", c.pattern)
		}
	}
}

func TestCheckGlob(t *testing.T) {
	for pattern, want := range map[string]string{
		"refs/heads/x{": "ends with {", "refs/heads/{": "ends with {", "v[0-9": "[ without ]", "a[]": "empty set", "\xff": "UTF-8",
		"release-{1": "", "a}": "", "a]": "", "{a,b}*[!c]?": "", "a\\": "", "**/x": "", "": "",
	} {
		if err := CheckGlob(pattern); want == "" {
			assert.NoError(t, err, "%q", pattern)
		} else {
			assert.ErrorContains(t, err, want, "%q", pattern)
		}
	}
}

// TestComparison tests that a comparison that counts its steps has the result of the library
// for patterns of all kinds, and that those for which the library takes exponential time are
// ended.
func TestComparison(t *testing.T) {
	parts := []string{"a", "b", "é", "/", "*", "**", "?", "[ab]", "[!c]", "[a-b]", "{a,b}", "{a,ab}", "{,a}", "{a,*b}", "{*a,*}", "{a?,b}", "{[ab],/}", "{é,{a,*}}"}
	letters := []rune("aaabbbc/é")
	r := rand.New(rand.NewPCG(1, 2))
	matched := 0
	for range 4000 {
		var pattern strings.Builder
		for range 1 + r.IntN(8) {
			pattern.WriteString(parts[r.IntN(len(parts))])
		}
		g, err := Compile(pattern.String())
		if err != nil {
			continue
		}
		for range 20 {
			text := make([]rune, r.IntN(9))
			for i := range text {
				text[i] = letters[r.IntN(len(letters))]
			}
			want := g.compiled.Match(string(text))
			got, err := g.Match(string(text))
			require.NoError(t, err)
			require.Equal(t, want, got, "%q %q", pattern.String(), string(text))
			if want {
				matched++
			}
		}
	}
	assert.Greater(t, matched, 1000)

	for _, pattern := range []string{"*{*,a*}**a*a{a,*b}*[ab]", "a*a[!c][!c]b[ab]{a,b}*a{*,a*}*b*ab", "b*[ab]*b*b*[!c]*aba[ab]", "*a{a,ab}****[ab]{a,b,aa}b*a{a,ab}*b?b"} {
		g, err := Compile(pattern)
		require.NoError(t, err)
		for _, text := range []string{strings.Repeat("a", 3000), strings.Repeat("ab", 1500) + "c", "b" + strings.Repeat("a", 3000)} {
			start := cputime.Used()
			_, err := g.Match(text)
			assert.Less(t, cputime.Used()-start, 10*time.Second, "%q", pattern)
			if err != nil {
				assert.ErrorIs(t, err, ErrGlobLimit)
			}
		}
	}
	// A path that somebody may have is no work.
	for _, pattern := range []string{"{cmd,pkg,internal}/**/*.{go,mod}", "**/{test,tests}/**/*_{unit,e2e}*.?s", "services/*/src/**/*.[jt]s"} {
		left := 100_000
		g, err := Compile(pattern)
		require.NoError(t, err)
		_, err = g.match("services/payments/src/main/java/com/example/payments/internal/service/PaymentServiceImplementationTest.java", func(cost int) bool { left -= cost; return left > 0 })
		assert.NoError(t, err, pattern)
	}
}

// FuzzCompile tests that no pattern panics, or takes long.
func FuzzCompile(f *testing.F) {
	for _, p := range []string{"a*b*c*d*e*f*g*h*i", "{a,{b,c*},[!x]*}*{d,e}?", "x{", "[", "\\", "{{", "}{", "[]", "[a-", "*{*{*{*", "é[ü-ÿ]"} {
		f.Add(p, strings.Repeat("ab", 100))
	}
	f.Fuzz(func(_ *testing.T, pattern, text string) {
		_, _ = RefMatches(pattern, text[:min(len(text), 300)])
	})
}

func TestCommands(t *testing.T) {
	for _, c := range []struct{ comment, want, test string }{
		{"/test", typeTestAll, ""},
		{"  /retest \n", typeRetestAll, ""},
		{"hello\n/test build", typeTest, "build"},
		{"/test\n/retest", typeRetestAll, ""},
		{"/test who=me", typeTest, ""},
		{"/retest build who=me", typeRetest, "build"},
		{"/ok-to-test abcdef0", typeOkToTest, ""},
		{"/cancel build", typeCancel, ""},
		{"/cancel", typeCancelAll, ""},
		{"please /test", typeIdle, ""},
		{"/testing", typeIdle, ""},
		{"", typeIdle, ""},
	} {
		e := &Event{}
		slash.apply(e, c.comment)
		assert.Equal(t, c.want, e.EventType, "%q", c.comment)
		assert.Equal(t, c.test, e.TargetTest, "%q", c.comment)
	}
	prefixed := commandsOf(&v1alpha1.Repository{Spec: v1alpha1.RepositorySpec{Settings: &v1alpha1.Settings{GitOpsCommandPrefix: "pac"}}})
	assert.Equal(t, typeTestAll, prefixed.eventType("/pac test"))
	assert.Equal(t, typeIdle, prefixed.eventType("/test"))
	assert.Equal(t, map[string]string{"a": "b", "c": `d "e"`}, argumentsOf(`/test a=b c="d \"e\""`))
	assert.Nil(t, argumentsOf("x /test a=b"))
}

// run is a run with annotations, each as "key: value".
func run(name string, annotations ...string) string {
	s := "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: " + name + "\n  annotations:\n    a/b: c\n"
	for _, a := range annotations {
		s += "    pipelinesascode.tekton.dev/" + a + "\n"
	}
	return s + "spec:\n  pipelineSpec: {tasks: []}\n"
}

const push = `{"ref": "refs/heads/main", "after": "4f1c", "pusher": {"name": "ada"}, "sender": {"login": "Ada"}, "installation": {"id": 1},
 "head_commit": {"id": "4f1c", "message": "a change", "url": "https://github.com/acme/app/commit/4f1c"},
 "repository": {"name": "app", "html_url": "https://github.com/acme/app", "owner": {"login": "Acme"}, "default_branch": "main"}}`

func decide(t *testing.T, in *Input, runs ...string) *Result {
	t.Helper()
	f := pac.Load([]pac.File{{Name: "a.yaml", Text: []byte(strings.Join(runs, "---\n"))}})
	if in.Headers == nil {
		in.Headers = map[string][]string{"x-github-event": {"push"}}
		in.Payload = []byte(push)
	}
	in.Assumed = &v1alpha1.Repository{Spec: v1alpha1.RepositorySpec{GitProvider: &v1alpha1.GitProvider{}}}
	out, err := Decide(f, in, nil)
	require.NoError(t, err)
	return out
}

func TestDecide(t *testing.T) {
	branch := `on-target-branch: "[main]"`
	for name, c := range map[string]struct {
		runs   []string
		files  []string
		want   []string // the reasons, those of runs that start behind a +
		stop   string
		global string
	}{
		"lists": {
			runs: []string{
				run("a", "on-event: push", branch), run("b", "on-event: pull_request", branch), run("c", "on-event: push", `on-target-branch: "release-*"`),
				run("d", "on-event: push"), run("e"), run("f", "on-event: push", branch, `on-path-change: "[docs/**]"`), run("g", "on-event: push", branch, "on-label: bug"),
				run("h", "on-event: push", branch, `on-path-change-ignore: "*.md"`),
			},
			files: []string{"x.md"},
			want: []string{
				`+on-event "push" matches push, on-target-branch "[main]" matches refs/heads/main`,
				`on-event "pull_request" does not match push`,
				`on-target-branch "release-*" does not match refs/heads/main`,
				"the run has on-event, but not on-target-branch",
				"the run has no annotation that says which events start it",
				`on-path-change "[docs/**]" does not match x.md`,
				`on-label "bug" does not match, because the event has no labels`,
				"on-path-change-ignore \"*.md\" matches x.md",
			},
		},
		"an expression changes the branch for the others": {
			runs: []string{run("a", `on-cel-expression: target_branch == "refs/heads/main"`), run("b", `on-cel-expression: target_branch == "main"`)},
			want: []string{`the expression is false: target_branch is "main"`, "+the expression is true"},
		},
		"expressions": {
			runs: []string{
				run("a", `on-cel-expression: target_branch`), run("b", `on-cel-expression: "event =="`), run("c", `on-cel-expression: body.nothing == 1`),
				run("d", `on-cel-expression: '"docs/**".pathChanged()'`), run("e", `on-cel-expression: '"[".pathChanged() || true'`),
			},
			files: []string{"docs/a.md"},
			want: []string{
				`the expression is "main", not true`, "the expression is not valid: syntax error: unexpected end at column 9",
				"the expression has an error: no such key: nothing", "+the expression is true",
				`the expression has an error: "[": the pattern has [ without ]`,
			},
		},
		"a wrong list stops all":    {runs: []string{run("a", "on-event: push", branch), run("b", "on-event: a b")}, stop: `on-event of run "b": `},
		"a wrong pattern stops all": {runs: []string{run("a", "on-event: push", `on-target-branch: "[v[1,2]]"`)}, stop: "[ without ]"},
		"two names":                 {runs: []string{run("a", "on-event: push", branch), run("a")}, stop: "found multiple pipelinerun"},
		"a missing pipeline":        {runs: []string{strings.Replace(run("a", "on-event: push", branch), "pipelineSpec: {tasks: []}", "pipelineRef: {name: p}", 1)}, stop: "cannot find referenced pipeline p"},
		"unquoted":                  {runs: []string{strings.Replace(run("a", "on-event: push", branch), "a/b: c", "a/b: {{ revision }}", 1)}, stop: "not valid YAML before"},
	} {
		t.Run(name, func(t *testing.T) {
			out := decide(t, &Input{Files: Files{All: c.files}}, c.runs...)
			assert.Empty(t, out.Ended)
			if c.stop != "" {
				require.NotNil(t, out.Stop)
				assert.ErrorContains(t, out.Stop, c.stop)
				for _, r := range out.Runs {
					assert.False(t, r.Started)
				}
				return
			}
			require.Nil(t, out.Stop)
			var got []string
			for _, r := range out.Runs {
				plus := ""
				if r.Started {
					plus = "+"
					assert.NotNil(t, r.Object)
				}
				got = append(got, plus+r.Reason)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestEnded(t *testing.T) {
	for payload, want := range map[string]string{
		`{`:                        "not valid JSON",
		`[]`:                       "not a JSON object",
		`{} x`:                     "something follows it",
		`{}`:                       "no pusher",
		`{"pusher": {}}`:           "no repository",
		`{"pusher": {}, "ref": 1}`: "ref: a string is expected",
		strings.ReplaceAll(push, "4f1c", "0000000000000000000000000000000000000000"): "deletes the branch",
		strings.Replace(push, "a change", "a change [skip ci]", 1):                   "skips CI",
	} {
		out := decide(t, &Input{Headers: map[string][]string{"X-GitHub-Event": {"push"}}, Payload: []byte(payload)}, run("a"))
		assert.Contains(t, out.Ended, want, payload)
	}
	out := decide(t, &Input{Headers: map[string][]string{"X-GitHub-Event": {"ping"}}, Payload: []byte(`{}`)}, run("a"))
	assert.Contains(t, out.Ended, `"ping" are not supported`)
	out = decide(t, &Input{Headers: map[string][]string{"X": nil}, Payload: []byte(`{}`)}, run("a"))
	assert.Contains(t, out.Ended, "no provider")
}

// TestSecrets tests that values of Secrets are marked.
func TestSecrets(t *testing.T) {
	params := []v1alpha1.Param{{Name: "token", SecretRef: &v1alpha1.Secret{Name: "s", Key: "k"}}, {Name: "who", Value: "me", Filter: `event_type == "push"`}}
	in := &Input{Repositories: []*v1alpha1.Repository{{Spec: v1alpha1.RepositorySpec{URL: "https://github.com/acme/app", Params: params}}}}
	out := decide(t, in, run("a", `on-cel-expression: 'token == "x" && who == "me"'`))
	assert.Contains(t, out.Runs[0].Reason, `because of token == "x": token is "***"`)
	for _, v := range out.Variables {
		assert.Equal(t, v.Name == "token", v.Secret, v.Name)
	}
	in.Secrets = map[string]string{"/s/k": "very-secret"}
	out = decide(t, in, run("a", `on-cel-expression: 'event == "push" && who == "{{ token }}"'`))
	assert.Equal(t, `the expression is false: event is "push", who is "me"`, out.Runs[0].Reason)
}

func BenchmarkDecide(b *testing.B) {
	var runs []string
	for i := range 50 {
		runs = append(runs, run("r"+strings.Repeat("x", i), `on-cel-expression: 'event == "push" && target_branch == "main" && "a/**".pathChanged()'`))
	}
	f := pac.Load([]pac.File{{Name: "a.yaml", Text: []byte(strings.Join(runs, "---\n"))}})
	in := &Input{Headers: map[string][]string{"X-GitHub-Event": {"push"}}, Payload: []byte(push), Files: Files{All: []string{"a/b"}}, Assumed: &v1alpha1.Repository{Spec: v1alpha1.RepositorySpec{GitProvider: &v1alpha1.GitProvider{}}}}
	for b.Loop() {
		_, _ = Decide(f, in, nil)
	}
}

// TestAssumedNamespace tests that without a Repository, runs are not refused for their
// namespace, which most folders of Konflux set.
func TestAssumedNamespace(t *testing.T) {
	branch := []string{`on-event: "[push]"`, `on-target-branch: "[main]"`}
	in := func(name, namespace string) string {
		return strings.Replace(run(name, branch...), "  annotations:", "  namespace: "+namespace+"\n  annotations:", 1)
	}
	out := decide(t, &Input{}, run("a", branch...), in("b", "x-tenant"), in("c", "y-tenant"))
	assert.Equal(t, []string{`the Repository is assumed to be in namespace "x-tenant", which the runs have`}, out.Notes)
	for i, namespace := range []string{"x-tenant", "x-tenant", ""} {
		assert.Equal(t, namespace, out.Runs[i].Namespace)
		assert.Equal(t, namespace != "", out.Runs[i].Started)
	}
	assert.Contains(t, out.Runs[2].Reason, `metadata.namespace is "y-tenant"`)
}

// TestDropped tests that a run which is lost when its variables are replaced is noted.
func TestDropped(t *testing.T) {
	branch := []string{`on-event: "[push]"`, `on-target-branch: "[main]"`}
	lost := strings.Replace(run("lost", branch...), "spec:", "spec:\n  params: [{name: tag, value: x}]\n  timeouts:\n    pipeline: a:{{ git_tag }}", 1)
	out := decide(t, &Input{}, run("a", branch...), lost)
	require.Len(t, out.Runs, 1)
	require.Len(t, out.Notes, 1)
	assert.Contains(t, out.Notes[0], "Pipelines-as-Code drops a document of a.yaml:")
}

// TestFalsePart tests that of several conditions the first one that is false is shown.
func TestFalsePart(t *testing.T) {
	for expr, want := range map[string]string{
		`event == "push" && target_branch == "x" && true`:                   `the expression is false, because of target_branch == "x": target_branch is "main"`,
		`event == "push" && (target_branch == "x" || source_branch == "y")`: `because of target_branch == "x" || source_branch == "y": source_branch is "main", target_branch is "main"`,
		`event == "push" && ("a/**".pathChanged() || "b".pathChanged())`:    `because of "a/**".pathChanged() || "b".pathChanged(): changed: c/d`,
		`event == "pull_request"`:                                           `the expression is false: event is "push"`,
		`event == "push" && !files.all.exists(f, f.startsWith("c/"))`:       `because of !files.all.exists(f, f.startsWith("c/")): changed: c/d`,
		`event == "pull_request" && body.pull_request.draft`:                `because of event == "pull_request": event is "push"`,
		`body.pull_request.draft && event == "pull_request"`:                `because of event == "pull_request": event is "push"`,
	} {
		out := decide(t, &Input{Files: Files{All: []string{"c/d"}}}, run("a", "on-cel-expression: '"+strings.ReplaceAll(expr, "'", "''")+"'"))
		assert.False(t, out.Runs[0].Started)
		assert.Contains(t, out.Runs[0].Reason, want, expr)
	}
	long := strings.Repeat(`|| target_branch == "xé" `, 60)
	out := decide(t, &Input{}, run("a", `on-cel-expression: 'event == "push" && ("a" == "b" `+long+`)'`))
	assert.Contains(t, out.Runs[0].Reason, "…")
	assert.True(t, utf8.ValidString(out.Runs[0].Reason))
}
