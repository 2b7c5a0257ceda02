package pac

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// checked returns the findings of tekwright in a checkout, without a profile.
func checked(t *testing.T, root string) diag.Findings {
	t.Helper()
	set, err := manifest.Load(context.Background(), []string{root}, manifest.LoadOptions{})
	require.NoError(t, err)
	found, err := check.RunLoaded(context.Background(), set.Objects, set.Findings, check.Profile{})
	require.NoError(t, err)
	return found
}

// severityOf returns the highest severity of the findings with a code, 0 if there is none.
func severityOf(found diag.Findings, code string) diag.Severity {
	var most diag.Severity
	for _, f := range found {
		if f.Code == code && (most == 0 || f.Severity < most) {
			most = f.Severity
		}
	}
	return most
}

// repo is the YAML of the Repository for all cases, with more lines of its spec.
func repo(spec string) string {
	return "apiVersion: pipelinesascode.tekton.dev/v1alpha1\nkind: Repository\nmetadata:\n  name: app\n  namespace: ci\nspec:\n  url: " + repoURL + "\n" + spec
}

// trap is a mistake that tekwright finds, with what Pipelines-as-Code makes of it and of the
// same files without it.
type trap struct {
	number   int
	name     string
	code     string
	severity diag.Severity
	files    map[string]string // with the mistake
	good     map[string]string // without it; nil if that depends on what is meant
	in       Input
	repo     *v1alpha1.Repository
	paths    []string
	bad      string // what is started, as name=value; ! before a text is what the log or a status contains
	fine     string
	panics   bool
}

func traps() []trap {
	one := func(text string) map[string]string { return map[string]string{".tekton/a.yaml": text} }
	two := func(a, b string) map[string]string {
		return map[string]string{".tekton/a.yaml": a, ".tekton/b.yaml": b}
	}
	cel := func(expr string) []string {
		return []string{"on-cel-expression: '" + strings.ReplaceAll(expr, "'", "''") + "'"}
	}
	more := func(list []string, line ...string) []string { return append(append([]string{}, list...), line...) }
	opened, main, tag := pullRequest("opened", "a title"), push("refs/heads/main"), push("refs/tags/v1")
	withRepo := func(files map[string]string, spec string) map[string]string {
		files["repository.yaml"] = repo(spec)
		return files
	}
	params := func(p ...v1alpha1.Params) *v1alpha1.Repository { return repository(ofParams(p...)) }
	byRef := func(task string, annotations ...string) string {
		s := pr("a", "x", annotations...)
		return s[:strings.Index(s, "        taskSpec:")] + "        taskRef: {name: " + task + "}\n"
	}
	limited := repository(func(r *v1alpha1.Repository) { n := 1; r.Spec.ConcurrencyLimit = &n })
	token := v1alpha1.Params{Name: "token", SecretRef: &v1alpha1.Secret{Name: "tok", Key: "provider.token"}}
	const tokenYAML = "  params:\n    - name: token\n      secret_ref: {name: tok, key: provider.token}\n"
	return []trap{
		{1, "a folder without a wildcard", "pac-path-never", diag.Warning, one(pr("a", "x", more(onPR, `on-path-change: "[docs]"`)...)), one(pr("a", "x", more(onPR, `on-path-change: "[docs/**]"`)...)), opened, nil, []string{"docs/a.md"}, "", "a=x", false},
		{1, "a path that begins with ./", "pac-path-never", diag.Error, one(pr("a", "x", cel(`event == "pull_request" && "./docs/**".pathChanged()`)...)), one(pr("a", "x", cel(`event == "pull_request" && "docs/**".pathChanged()`)...)), opened, nil, []string{"docs/a.md"}, "", "a=x", false},
		{1, "a regular expression", "pac-path-never", diag.Warning, one(pr("a", "x", more(onPR, `on-path-change: "[docs/.*]"`)...)), one(pr("a", "x", more(onPR, `on-path-change: "[docs/*]"`)...)), opened, nil, []string{"docs/a.md"}, "", "a=x", false},
		{2, "no on-target-branch", "pac-event-never", diag.Error, one(pr("a", "x", `on-event: "[pull_request]"`)), one(pr("a", "x", onPR...)), opened, nil, nil, "", "a=x", false},
		{2, "an unknown event", "pac-event-never", diag.Error, one(pr("a", "x", `on-event: "[merge_request]"`, `on-target-branch: "[main]"`)), one(pr("a", "x", onPR...)), opened, nil, nil, "", "a=x", false},
		{2, "an unknown event in an expression", "pac-matcher-invalid", diag.Error, one(pr("a", "x", cel(`event == "tag"`)...)), one(pr("a", "x", cel(`event == "push"`)...)), tag, nil, nil, "", "a=x", false},
		{2, "an expression that waits for incoming", "pac-matcher-invalid", diag.Error, one(pr("a", "x", cel(`event == "incoming"`)...)), one(pr("a", "x", cel(`event == "push"`)...)), main, nil, nil, "", "a=x", false},
		{2, "no annotation about events", "pac-event-never", diag.Note, one(pr("a", "x", `max-keep-runs: "3"`)), nil, opened, nil, nil, "", "", false},
		{3, "a variable without quotes", "yaml-invalid", diag.Error, two(pr("a", "{{ revision }}", onPR...), pr("b", "x", onPR...)), two(pr("a", `"{{ revision }}"`, onPR...), pr("b", "x", onPR...)), opened, nil, nil, "!yaml validation error", "a=abc123 b=x", false},
		{3, "a list instead of a string", "field-type", diag.Error, one(pr("a", "x", `on-event: [pull_request]`, `on-target-branch: "[main]"`)), one(pr("a", "x", onPR...)), opened, nil, nil, "!cannot unmarshal array", "a=x", false},
		{3, "a later document is not valid", "yaml-invalid", diag.Error, one(pr("b", "x", onPR...) + "---\na: [\n"), one(pr("b", "x", onPR...)), opened, nil, nil, "b=x", "b=x", false},
		{3, "a separator with a comment", "pac-separator-ignored", diag.Error, one(pr("a", "x", onPR...) + "--- # next\n" + pr("b", "x", onPR...)), one(pr("a", "x", onPR...) + "---\n" + pr("b", "x", onPR...)), opened, nil, nil, "a=x", "a=x b=x", false},
		{4, "the branch of a tag", "pac-tag-branch", diag.Warning, one(pr("a", `"{{ target_branch }}"`, `on-event: "[push]"`, `on-target-branch: "[refs/tags/*]"`)), one(pr("a", `"{{ git_tag }}"`, `on-event: "[push]"`, `on-target-branch: "[refs/tags/*]"`)), tag, nil, nil, "a=refs/tags/v1", "a=v1", false},
		{4, "the branch of a tag, in an expression", "pac-tag-branch", diag.Warning, one(pr("a", `"{{ target_branch }}"`, cel(`event == "push" && target_branch.startsWith("refs/tags/")`)...)), one(pr("a", `"{{ git_tag }}"`, cel(`event == "push" && target_branch.startsWith("refs/tags/")`)...)), tag, nil, nil, "a=refs/tags/v1", "a=v1", false},
		{4, "the tag of a branch", "pac-tag-branch", diag.Warning, one(pr("a", `"{{ git_tag }}"`, onPush...)), one(pr("a", `"{{ target_branch }}"`, onPush...)), main, nil, nil, "a=", "a=main", false},
		{5, "a field that comments do not have", "pac-body-missing", diag.Warning, one(pr("a", "x", cel(`event == "pull_request" && body.pull_request.draft == false`)...)), one(pr("a", "x", cel(`event == "pull_request" && (!has(body.pull_request) || body.pull_request.draft == false)`)...)), comment("/test"), nil, nil, "!no such key", "a=x", false},
		{6, "task-NAME", "pac-annotation-unknown", diag.Error, one(byRef("t", more(onPR, `task-lint: "./ci/t.yaml"`)...)), nil, opened, nil, nil, "", "", false},
		{6, "a Task that is in no annotation", "pac-reference-unknown", diag.Error, one(byRef("gone", onPR...)), one(pr("a", "x", onPR...)), opened, nil, nil, "!cannot find referenced task", "a=x", false},
		{6, "a path without a slash", "pac-remote-invalid", diag.Error, one(pr("a", "x", more(onPR, `task: "t.yaml"`)...)), one(pr("a", "x", onPR...)), opened, nil, nil, "!error getting remote task", "a=x", false},
		{7, "another namespace", "pac-namespace-set", diag.Error, withRepo(one(strings.Replace(pr("a", "x", onPR...), "  name: a\n", "  name: a\n  namespace: other\n", 1)), ""), withRepo(one(pr("a", "x", onPR...)), ""), opened, nil, nil, "!failure", "a=x", false},
		{7, "a namespace, and no Repository", "pac-namespace-set", diag.Warning, one(strings.Replace(pr("a", "x", onPR...), "  name: a\n", "  name: a\n  namespace: other\n", 1)), one(pr("a", "x", onPR...)), opened, nil, nil, "!failure", "a=x", false},
		{8, "no event in an expression", "pac-event-any", diag.Note, one(pr("a", "x", cel(`target_branch == "main"`)...)), one(pr("a", "x", cel(`event == "pull_request" && target_branch == "main"`)...)), main, nil, nil, "a=x", "", false},
		{9, "annotations beside an expression", "pac-annotation-ignored", diag.Warning, one(pr("a", "x", more(cel(`event == "push"`), `on-target-branch: "[release]"`)...)), one(pr("a", "x", cel(`event == "push" && target_branch == "release"`)...)), main, nil, nil, "a=x", "", false},
		{10, "a misspelled annotation", "pac-annotation-unknown", diag.Error, one(pr("a", "x", more(onPR, `on-path-changed: "[docs/**]"`)...)), one(pr("a", "x", more(onPR, `on-path-change: "[docs/**]"`)...)), opened, nil, []string{"x"}, "a=x", "", false},
		{10, "an unknown annotation", "pac-annotation-unknown", diag.Warning, one(pr("a", "x", more(onPR, `colour: "blue"`)...)), one(pr("a", "x", onPR...)), opened, nil, nil, "a=x", "a=x", false},
		{11, "a title in quotes", "pac-value-unsafe", diag.Warning, one(pr("a", `"{{ body.pull_request.title }}"`, onPR...)), one(pr("a", "|-\n        {{ body.pull_request.title }}", onPR...)), pullRequest("opened", `a "quoted" title`), nil, nil, "", `a=a "quoted" title`, false},
		{11, "a plain title", "pac-value-unsafe", diag.Error, one(pr("a", "PR {{ body.pull_request.title }}", onPR...)), one(pr("a", "|-\n        {{ body.pull_request.title }}", onPR...)), pullRequest("opened", "fix: it # now"), nil, nil, "", "a=fix: it # now", false},
		{11, "a description with more than one line", "pac-value-unsafe", diag.Error, one(pr("a", "|-\n        {{ body.pull_request.body }}", onPR...)), one(pr("a", "|-\n        {{ cel: body.pull_request.body.replace('\\n', ' ') }}", onPR...)), described("x\n---\n" + pr("evil", "y", onPR...)), nil, nil, "!evil", "!a=x --- apiVersion:", false},
		{11, "a title in a script", "untrusted-input", diag.Error, one(strings.Replace(pr("a", "x", onPR...), "image: img\n", "image: img\n              script: |\n                echo {{ body.pull_request.title }}\n", 1)), one(pr("a", "x", onPR...)), pullRequest("opened", "$(id)"), nil, nil, "a=x", "a=x", false},
		{12, "on-comment that matches the empty text", "pac-comment-pattern", diag.Error, one(pr("a", "x", `on-comment: ".*"`)), one(pr("a", "x", `on-comment: "^/deploy"`)), main, nil, nil, "a=x", "", false},
		{12, "on-comment that matches a command", "pac-comment-pattern", diag.Warning, two(pr("a", "x", `on-comment: "^/test"`), pr("b", "x", onPR...)), two(pr("a", "x", `on-comment: "^/deploy"`), pr("b", "x", onPR...)), comment("/test"), nil, nil, "a=x", "b=x", false},
		{12, "on-comment without an anchor", "pac-comment-pattern", diag.Warning, one(pr("a", "x", `on-comment: "deploy"`)), one(pr("a", "x", `on-comment: "^/deploy"`)), comment("> do not deploy"), nil, nil, "a=x", "", false},
		{13, "two runs with one name", "pac-name-duplicate", diag.Error, two(pr("a", "x", onPR...), pr("a", "y", onPush...)), two(pr("a", "x", onPR...), pr("b", "y", onPush...)), opened, nil, nil, "!found multiple pipelinerun", "a=x", false},
		{13, "a name beside a generateName", "pac-name-fixed", diag.Error, one(strings.Replace(pr("a", "x", onPR...), "  name: a\n", "  name: a\n  generateName: a-\n", 1)), one(pr("a", "x", onPR...)), opened, nil, nil, "!PipelineRun a has been created", "a=x", false},
		{13, "no name", "name-invalid", diag.Error, one(strings.Replace(pr("a", "x", onPR...), "  name: a\n", "", 1)), one(pr("a", "x", onPR...)), opened, nil, nil, "!PipelineRun -00001 has been created", "a=x", false},
		{13, "x and x-", "pac-name-duplicate", diag.Warning, two(pr("a", "x", onPR...), pr("a-", "z", onPR...)), two(pr("a", "x", onPR...), pr("b", "z", onPR...)), opened, nil, nil, "a-=z a=x", "a=x b=z", false},
		{14, "a filter with event", "pac-repository-invalid", diag.Error, withRepo(one(pr("a", `"{{ who }}"`, onPR...)), "  params:\n    - name: who\n      value: me\n      filter: event == \"pull_request\"\n"), nil, opened, params(v1alpha1.Params{Name: "who", Value: "me", Filter: `event == "pull_request"`}), nil, "a={{ who }}", "", false},
		{14, "a filter without a test", "pac-repository-invalid", diag.Error, withRepo(one(pr("a", `"{{ revision }}"`, onPush...)), "  params:\n    - name: who\n      value: me\n      filter: body.pull_request.draft == false\n"), nil, main, params(v1alpha1.Params{Name: "who", Value: "me", Filter: `body.pull_request.draft == false`}), nil, "a={{ revision }}", "", false},
		{14, "a URL with .git", "pac-repository-invalid", diag.Error, map[string]string{".tekton/a.yaml": pr("a", "x", onPR...), "repository.yaml": strings.Replace(repo(""), repoURL, repoURL+".git", 1)}, withRepo(one(pr("a", "x", onPR...)), ""), opened, repository(func(r *v1alpha1.Repository) { r.Spec.URL += ".git" }), nil, "!cannot find a repository match", "", false},
		{14, "secretRef", "pac-repository-invalid", diag.Error, withRepo(one(pr("a", `"{{ token }}"`, onPR...)), "  params:\n    - name: token\n      secretRef: {name: tok, key: k}\n"), nil, opened, params(v1alpha1.Params{Name: "token"}), nil, "a={{ token }}", "", false},
		{14, "no targets", "pac-repository-invalid", diag.Error, withRepo(one(pr("a", "x", onPR...)), "  incoming:\n    - type: webhook-url\n      secret: {name: s}\n"), nil, incomingHook("a", nil), repository(func(r *v1alpha1.Repository) { (*r.Spec.Incomings)[0].Targets = nil }), nil, "", "", false},
		{15, "cancel-in-progress beside a limit", "pac-limit-invalid", diag.Warning, withRepo(one(pr("a", "x", more(onPR, `cancel-in-progress: "true"`)...)), "  concurrency_limit: 1\n"), withRepo(one(pr("a", "x", onPR...)), "  concurrency_limit: 1\n"), opened, limited, nil, "!cancel in progress is not supported with concurrency limit", "a=x", false},
		{15, "max-keep-runs that is no number", "pac-limit-invalid", diag.Error, one(pr("a", "x", more(onPR, `max-keep-runs: "many"`)...)), one(pr("a", "x", more(onPR, `max-keep-runs: "3"`)...)), opened, nil, nil, "a=x", "a=x", false},
		{16, "a name that is no variable", "pac-variable-unknown", diag.Error, one(pr("a", `"{{ pull_request.number }}"`, onPR...)), one(pr("a", `"{{ pull_request_number }}"`, onPR...)), opened, nil, nil, "a={{ pull_request.number }}", "a=7", false},
		{16, "the number on a push", "pac-variable-empty", diag.Warning, one(pr("a", `"{{ pull_request_number }}"`, `on-event: "[push, pull_request]"`, `on-target-branch: "[main]"`)), one(pr("a", `"{{ pull_request_number }}"`, onPR...)), main, nil, nil, "a={{ pull_request_number }}", "", false},
		{16, "an empty variable beside params", "pac-variable-empty", diag.Warning, withRepo(one(pr("a", `"{{ git_tag }}"`, `on-event: "[push]"`, `on-target-branch: "[main, refs/tags/*]"`)), "  params:\n    - name: who\n      value: me\n"), nil, main, params(v1alpha1.Params{Name: "who", Value: "me"}), nil, "a={{ git_tag }}", "", false},
		{17, "two styles of branches", "pac-branch-style", diag.Error, two(pr("a", "x", cel(`event == "push" && target_branch == "main"`)...), pr("b", "x", cel(`event == "push" && target_branch == "refs/heads/main"`)...)), two(pr("a", "x", cel(`event == "push" && target_branch == "main"`)...), pr("b", "x", cel(`event == "push" && target_branch == "main"`)...)), main, nil, nil, "a=x", "a=x b=x", false},
		{18, "an unknown field", "field-unknown", diag.Error, one(strings.Replace(pr("a", "x", onPR...), "spec:\n", "spec:\n  serviceAccountName: deployer\n", 1)), one(pr("a", "x", onPR...)), opened, nil, nil, "a=x", "a=x", false},
		{19, "a list without brackets", "pac-list-invalid", diag.Error, two(pr("a", "x", `on-event: "push, pull_request"`, `on-target-branch: "[main]"`), pr("b", "x", onPR...)), two(pr("a", "x", `on-event: "[push, pull_request]"`, `on-target-branch: "[main]"`), pr("b", "x", onPR...)), opened, nil, nil, "", "a=x b=x", false},
		{19, "an empty list", "pac-list-invalid", diag.Error, two(pr("a", "x", more(onPR, `on-label: "[]"`)...), pr("b", "x", onPR...)), two(pr("a", "x", onPR...), pr("b", "x", onPR...)), opened, nil, nil, "!has empty values", "a=x b=x", false},
		{19, "a bracket that is not closed", "pac-glob-invalid", diag.Error, one(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "[v[0-9]"`)), one(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "[v[0-9]*]"`)), main, nil, nil, "", "", true},
		{20, "a Secret in a param", "pac-secret-exposed", diag.Warning, withRepo(one(pr("a", `"{{ token }}"`, onPR...)), tokenYAML), withRepo(one(pr("a", "x", onPR...)), tokenYAML), opened, params(token), nil, "a=t", "a=x", false},
		{20, "a Secret in an expression", "pac-secret-exposed", diag.Warning, withRepo(one(pr("a", "x", cel(`token == "t"`)...)), tokenYAML), withRepo(one(pr("a", "x", onPR...)), tokenYAML), opened, params(token), nil, "a=x", "a=x", false},
	}
}

// described is a pull request with a description.
func described(text string) Input {
	p := ghPull("a title")
	p["body"] = text
	return event("pull_request", m{"action": "opened", "number": 7, "pull_request": p})
}

// TestTraps finds each trap in files of its own, and shows what Pipelines-as-Code makes of
// it. The same files without the mistake have no such finding.
func TestTraps(t *testing.T) {
	numbers := map[int]bool{}
	for _, c := range traps() {
		numbers[c.number] = true
		t.Run(fmt.Sprint(c.number, " ", c.name), func(t *testing.T) {
			root := folder(t, c.files)
			found := checked(t, root)
			assert.Equal(t, c.severity, severityOf(found, c.code), "%s", found)
			assert.Equal(t, c.panics, c.meets(t, root, c.bad))
			if c.good == nil {
				return
			}
			root = folder(t, c.good)
			assert.Zero(t, severityOf(checked(t, root), c.code), "without the mistake")
			if !c.panics {
				c.meets(t, root, c.fine)
			}
		})
	}
	for n := range 20 {
		assert.True(t, numbers[n+1], "trap %d", n+1)
	}
}

// meets compares what Pipelines-as-Code starts from a checkout. It reports whether the
// controller crashes.
func (c *trap) meets(t *testing.T, root, want string) (crashes bool) {
	t.Helper()
	in := c.in
	in.Root, in.DefaultBranch, in.Secrets = root, "main", []*corev1.Secret{secrets()[0]}
	in.Files = changedfiles.ChangedFiles{All: c.paths, Modified: c.paths}
	in.Repos = []*v1alpha1.Repository{cmp.Or(c.repo, repository())}
	out, crash, err := runs(in)
	if crash != nil {
		return true
	}
	if out == nil {
		out = &Output{}
	}
	got := Stable(strings.Join(names(out), " "))
	text, contains := strings.CutPrefix(want, "!")
	if !contains {
		assert.Equal(t, want, got, "%v\n%s", err, strings.Join(out.Log, "\n"))
		return false
	}
	all := append(append([]string{got, fmt.Sprint(err)}, out.Log...), out.Comments...)
	for _, s := range out.Statuses {
		all = append(all, fmt.Sprint(s))
	}
	assert.Contains(t, strings.Join(all, "\n"), text, filepath.Base(root))
	return false
}
