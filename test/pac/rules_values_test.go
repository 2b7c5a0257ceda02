package pac

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"

	"github.com/tekwright/tekwright/pkg/diag"
)

func variations() []ruled {
	opened, main, tag, test := pullRequest("opened", "a title"), push("refs/heads/main"), push("refs/tags/v1"), comment("/test")
	all := []Input{opened, main, tag, test}
	beside := func(list []string, more ...string) []string { return append(slices.Clone(list), more...) }
	literal := func(s string) bool { return strings.HasSuffix(s, "=") || strings.Contains(s, "{{") }
	return []ruled{
		{
			code: "pac-list-invalid", least: diag.Error,
			make: func(s string) map[string]string {
				return files(pr("a", "x", line("on-event", s), line("on-target-branch", "[main]")), pr("b", "x", onPR...))
			},
			harm:   func(v *variant, _ string) bool { return !strings.Contains(v.event(opened), "b=x") },
			values: []string{"[push]", "push", "a b", "[]", "[pull_request]", "[a", "a]", "[a, b]", "a, b", "[,a]", "[a,]", " [push] ", "[ ]", "", "[a b]", "[[a]]", "a,b"},
		}, {
			code: "pac-glob-invalid", least: diag.Error,
			make: func(s string) map[string]string {
				return files(pr("a", "x", line("on-event", "[push]"), line("on-target-branch", s)))
			},
			harm: func(v *variant, _ string) bool {
				return slices.ContainsFunc([]string{"main", "x", "x{", "{", "v1", "ab"}, func(b string) bool { return v.event(push("refs/heads/"+b)) == "crash" })
			},
			values: []string{"[main]", "[v[0-9]", "[x{]", "[v[0-9]*]", "[{a&#44;b}]", `[a\]`, "[[!a]*]", "[*]", "[}]", "[{a]", "[[]", "[a, v[]", "[main, [a-z]*]"},
		}, {
			code: "pac-event-never", least: diag.Error,
			make: func(s string) map[string]string {
				return files(pr("a-", "x", line("on-event", s), line("on-target-branch", "[main]")))
			},
			harm:   func(v *variant, _ string) bool { return !v.starts(opened, main, incomingHook("a-", nil)) },
			values: []string{"[push]", "[pull_request]", "[incoming]", "[tag]", "[pull]", "[Push]", "[merge_request]", "[push, tag]", "[PULL_REQUEST]", "[create]", "[pull-request]", "[incoming, x]", "pr"},
		}, {
			code: "pac-matcher-invalid", least: diag.Error,
			make: func(s string) map[string]string { return files(withCEL("a", "x", s)) },
			harm: func(v *variant, _ string) bool { return !v.starts(all...) },
			values: []string{
				`event == "push"`, `event == "tag"`, `event == "incoming"`, `event == "push" || event == "tag"`, `event`, `"x"`, `1 + 1`, `event == "push" &&`, `event.lowerAscii() == "push"`,
				`target_branch.split("/")[0] == "refs"`, `event in ["tag"]`, `event in ["tag", "push"]`, `"**".pathChanged()`, `~body.nothing`, `~has(body.nothing)`, `event == "pull_request" && event == "pr"`, `event != "tag"`, `~event == "push" && event == "pull_request"`,
			},
		}, {
			code: "pac-comment-pattern", least: diag.Error,
			make:   func(s string) map[string]string { return files(pr("a", "x", line("on-comment", s))) },
			harm:   func(v *variant, _ string) bool { return v.starts(main) || !v.starts(comment("/deploy now")) },
			values: []string{"^/deploy", ".*", "(", "[a", "a*", "^$", "^/deploy.*", "(?i)^/DEPLOY", "/deploy|", "^(/deploy)?", `\b`, "deploy"},
		}, {
			code: "pac-path-never", least: diag.Warning,
			make: func(s string) map[string]string {
				return files(pr("a", "x", beside(onPR, line("on-path-change", "["+s+"]"))...))
			},
			harm: func(v *variant, _ string) bool { return !v.starts(opened) },
			values: []string{
				"docs", "docs/", "docs/**", "./docs/**", "/docs/**", "**/*.go", "src/*", "^docs/.*", `docs/.*\.md`, "**.md", "[^y]*", "go.mod", "**.go", "src/main.go", "a/b", "a/b/**", "{docs/*&#44;src/*}", "?o.mod", "*",
			},
		}, {
			code: "pac-annotation-unknown", least: diag.Warning,
			make: func(s string) map[string]string {
				key, value := cut(s)
				return files(pr("a", "x", beside(onPR, line(key, value))...))
			},
			harm: func(v *variant, _ string) bool { return v.starts(opened) }, // it is ignored
			values: []string{
				"on-path-changed|[none]", "on-path-change|[none]", "on-target-branches|[none]", "on-events|[none]", "on-label|[none]", "on-labels|[none]", "on-cel|false", "on-cel-expression|false",
				"path-change|[none]", "on-path-ignore|[x]", "on-path-change-ignore|[x]", "target-namespace|nowhere", "targetnamespace|nowhere", "task-lint|./none.yaml", "task-1|./none.yaml", "task|./none.yaml", "pipeline-1|./none.yaml", "pipeline|./none.yaml", "tasks|./none.yaml",
			},
		}, {
			code: "pac-annotation-ignored", least: diag.Warning,
			make: func(s string) map[string]string {
				key, value := cut(s)
				return files(pr("a", "x", line("on-cel-expression", `event == "pull_request"`), line(key, value)))
			},
			harm: func(v *variant, _ string) bool { return v.starts(opened) },
			values: []string{
				"on-event|[push]", "on-event|a b", "on-target-branch|[none]", "on-target-branch|[v[0-9]", "on-label|[none]", "on-label|[]", "on-path-change|[none]", "on-path-change-ignore|[x]", "target-namespace|nowhere",
				"task|./none.yaml", "pipeline|./none.yaml", "task-2|./none.yaml",
			},
		}, {
			code: "pac-body-missing", least: diag.Warning,
			make: func(s string) map[string]string { return files(withCEL("a", "x", s)) },
			harm: func(v *variant, _ string) bool { return v.starts(opened) && !v.starts(test) },
			values: []string{
				`body.pull_request.draft == false`, `event == "pull_request" && body.pull_request.number == 7`, `!has(body.pull_request) || !body.pull_request.draft`, `has(body.pull_request) || event == "pull_request"`,
				`event == "pull_request"`, `event == "pull_request" && body.repository.full_name == "acme/app"`, `body.pull_request.base.ref == "main"`, `event == "pull_request" && !body.pull_request.draft && "docs/**".pathChanged()`,
				`body.sender.login == "Dev"`, `~body.number == 7`, `event == "push" || body.pull_request.title.contains("title")`, `event != "push" && target_branch == "main"`,
			},
		}, {
			code: "pac-branch-style", least: diag.Error,
			make: func(s string) map[string]string {
				return files(withCEL("a", "x", `event == "push" && target_branch == "main"`), withCEL("b", "x", s))
			},
			harm: func(v *variant, _ string) bool { return !strings.Contains(v.event(main), "b=x") },
			values: []string{
				`event == "push" && target_branch == "refs/heads/main"`, `event == "push" && target_branch == "main"`, `target_branch == "refs/heads/main"`, `target_branch in ["refs/heads/main"]`, `target_branch in ["refs/heads/main", "main"]`,
				`target_branch.endsWith("main")`, `~target_branch.startsWith("refs/heads/")`, `target_branch == "refs/heads/main" || target_branch == "main"`, `event == "push"`, `source_branch == "main"`, `target_branch == "refs/heads/main" && event == "push"`, `target_branch != "release"`,
			},
		}, {
			code: "pac-event-any", least: diag.Note,
			make: func(s string) map[string]string { return files(withCEL("a", "x", s)) },
			harm: func(v *variant, _ string) bool { return v.starts(main) && v.starts(opened) },
			values: []string{
				`target_branch == "main"`, `event == "push"`, `"docs/**".pathChanged()`, `event == "pull_request" && target_branch == "main"`, `target_branch.startsWith("m")`, `source_branch != "x"`, `event_type == "push"`,
				`files.all.exists(f, f == "x")`, `event_type == "pull_request"`, `true`, `target_branch in ["main", "release"]`, `target_url == source_url`,
			},
		}, {
			code: "pac-expression-invalid", least: diag.Error,
			make: func(s string) map[string]string {
				return files(pr("a", "'{{ "+strings.ReplaceAll(s, "'", "''")+" }}'", onPR...))
			},
			harm: func(v *variant, _ string) bool { return literal(v.event(opened)) },
			values: []string{
				`cel: revision`, `cel: (`, `cel: nothing`, `cel: pac.revision`, `body.pull_request.title`, `body.x y`, `~cel: 'a' + 'b'`, `headers['X-Github-Event']`, `files.all.size()`, `cel: 1 +`, `body.(`, `cel: files.all.size()`, `cel: missing(1)`, `body.number`, `headers[`,
			},
		}, {
			code: "pac-name-duplicate", least: diag.Error,
			make: func(s string) map[string]string {
				a, b := cut(s)
				return files(pr(a, "x", onPR...), pr(b, "x", onPR...))
			},
			harm:   func(v *variant, _ string) bool { return !v.starts(opened) },
			values: []string{"a|a", "a|b", "a-|a-", "a|a-", "a-|b-", "ab|ab", "ab|abc", "ab-|abc-", "x1|x1", "x1|x-1"},
		}, {
			code: "pac-name-fixed", least: diag.Error,
			make: func(s string) map[string]string {
				name, generate := cut(s)
				text := ""
				if name != "" {
					text += "  name: " + name + "\n"
				}
				if generate != "" {
					text += "  generateName: " + generate + "\n"
				}
				return files(strings.Replace(pr("a", "x", onPR...), "  name: a\n", text, 1))
			},
			harm: func(v *variant, value string) bool {
				name, _ := cut(value)
				out := v.output(opened)
				return len(out.Created) == 1 && out.Created[0].Name == name
			},
			values: []string{"a|", "|a-", "a|a-", "b|a-", "ab|", "|ab-", "ab|b-", "a-b|", "|a-b-", "a-b|a-b-"},
		}, {
			code: "pac-namespace-set", least: diag.Error,
			make: func(s string) map[string]string {
				made := files(strings.Replace(pr("a", "x", onPR...), "  name: a\n", "  name: a\n"+s, 1))
				made["repository.yaml"] = repo("")
				return made
			},
			harm: func(v *variant, _ string) bool { return !v.starts(opened) },
			values: []string{
				"", "  namespace: ci\n", "  namespace: other\n", "  namespace: default\n", "  namespace: ci-2\n", "  namespace: pipelines-as-code\n", "  namespace: \"ci\"\n", "  namespace: 'c'\n", "  namespace: x-tenant\n", "  namespace: \"\"\n",
			},
		}, {
			code: "pac-reference-unknown", least: diag.Error,
			make: func(s string) map[string]string {
				run := pr("a", "x", onPR...)
				return files(run[:strings.Index(run, "        taskSpec:")]+"        taskRef: "+s+"\n", task("t", "i")+"---\n"+task("u", "i"))
			},
			harm: func(v *variant, _ string) bool { return !v.starts(opened) },
			values: []string{
				"{name: t}", "{name: gone}", "{name: u}", "{name: t, kind: Task}", "{kind: ClusterTask, name: gone}", "{resolver: git}", "{apiVersion: example.dev/v1, kind: K, name: x}",
				"{apiVersion: tekton.dev/v1, kind: Pipeline, name: p}", "{name: T}", "{apiVersion: tekton.dev/v1beta1, name: gone}", "{apiVersion: tekton.dev/v1, name: u}",
			},
		}, {
			code: "pac-remote-invalid", least: diag.Error,
			make: func(s string) map[string]string {
				made := files(pr("a", "x", beside(onPR, line("task", s))...))
				made["ci/t.yaml"] = task("t", "i")
				return made
			},
			harm: func(v *variant, _ string) bool { return !v.starts(opened) },
			values: []string{
				"t.yaml", "[t.yaml]", "a.yml", "./ci/t.yaml", "ci/t.yaml", "[ci/t.yaml, ./ci/t.yaml]", "~git-clone", "~git-clone:0.9", "~https://x.example/t.yaml", "[ci/t.yaml, t.yaml]", "~ci/none.yaml", "ci//t.yaml",
			},
		}, {
			code: "pac-repository-invalid", least: diag.Error,
			make: func(s string) map[string]string {
				made := files(withCEL("a", "'{{ revision }}'", `true || event == ""`))
				made["repository.yaml"] = repo("  params:\n    - name: who\n      value: me\n      filter: " + strconv.Quote(s) + "\n")
				return made
			},
			repo: func(s string) *v1alpha1.Repository {
				return repository(ofParams(v1alpha1.Params{Name: "who", Value: "me", Filter: s}))
			},
			harm: func(v *variant, _ string) bool {
				return slices.ContainsFunc(all, func(in Input) bool { return literal(v.event(in)) })
			},
			values: []string{
				`body.pull_request.draft`, `has(body.pull_request) && body.pull_request.draft`, `pac.event_type == 'push'`, `pac.event_type = 'push'`, `body.head_commit.id != ''`, `event_type == 'push' && body.head_commit.id != ''`,
				`nothing`, `true`, `body.repository.full_name == 'acme/app'`, `body.sender.login == 'x'`, `body.number == 7`, `body.issue.number == 7`, `(`, `'x'`, `pac.target_branch == 'main' || body.pull_request.draft`,
			},
		}, {
			code: "pac-secret-exposed", least: diag.Warning,
			make: func(s string) map[string]string {
				made := files(pr("a", "|-\n        "+s, onPR...))
				made["repository.yaml"] = repo("  params:\n    - name: token\n      secret_ref: {name: tok, key: k}\n    - name: who\n      value: me\n")
				return made
			},
			repo: func(string) *v1alpha1.Repository {
				return repository(ofParams(v1alpha1.Params{Name: "token", SecretRef: &v1alpha1.Secret{Name: "tok", Key: "k"}}, v1alpha1.Params{Name: "who", Value: "me"}))
			},
			harm: func(v *variant, _ string) bool { return strings.Contains(v.event(opened), "sEcr3t") },
			values: []string{
				"{{ token }}", "{{ who }}", "{{ cel: pac.token }}", "{{ cel: pac.who }}", "{{token}}", "x{{ token }}y", "{{ revision }}", "{{ tokens }}", "{{ cel: pac.token + 'x' }}", "$(token)", "{{ x.token }}", "{{ body.token }}",
			},
		}, {
			code: "pac-separator-ignored", least: diag.Error,
			make: func(s string) map[string]string { return files(pr("a", "x", onPR...) + s + pr("b", "x", onPR...)) },
			harm: func(v *variant, _ string) bool { return !strings.Contains(v.event(opened), "b=x") },
			values: []string{
				"---\n", "--- # next\n", "---\t\n", "---  \n", "--- #\n", "...\n---\n", "# c\n---\n", "---\n# c\n", "---\n---\n", "--- # x # y\n", "\n\n---\n\n",
			},
		}, {
			code: "pac-tag-branch", least: diag.Warning,
			make: func(s string) map[string]string {
				branches, name := cut(s)
				return files(pr("a", "'{{ "+name+" }}'", line("on-event", "[push]"), line("on-target-branch", branches)))
			},
			harm: func(v *variant, _ string) bool {
				bad := true
				for _, in := range []Input{main, tag} {
					got := v.event(in)
					bad = bad && (got == "" || literal(got) || strings.HasPrefix(got, "a=refs/tags/"))
				}
				return bad
			},
			values: []string{
				"[refs/tags/*]|target_branch", "[refs/tags/*]|git_tag", "[main]|git_tag", "[main]|target_branch", "[main, refs/tags/*]|git_tag", "[main, refs/tags/*]|target_branch", "[refs/tags/v*]|source_branch",
				"[refs/tags/v1]|revision", "[refs/heads/*]|git_tag", "refs/tags/v1|target_branch", "main|source_branch", "[*]|git_tag",
			},
		}, {
			code: "pac-value-unsafe", least: diag.Warning,
			make: func(s string) map[string]string {
				name, style := cut(s)
				value := strings.ReplaceAll(style, "T", "{{ "+name+" }}")
				return files(pr("a", strings.ReplaceAll(value, "/", "\n        "), onPR...))
			},
			harm: func(v *variant, value string) bool {
				name, _ := cut(value)
				const text = `it's "a": b # c`
				in := pullRequest("opened", text)
				if name == "body.pull_request.body" {
					in = described("x\n" + text + "\ny: z")
				}
				got := v.event(in)
				return got == "" || !strings.Contains(got, text) && strings.Contains(name, "pull_request.")
			},
			values: []string{
				"body.pull_request.title|\"T\"", "body.pull_request.title|'T'", "body.pull_request.title|a T", "body.pull_request.title||-/T", "body.pull_request.title|>-/T", "body.pull_request.title||-/a: T", "body.pull_request.body|\"T\"",
				"body.pull_request.body|'T'", "body.pull_request.body||-/T", "revision|\"T\"", "source_branch|\"T\"", "sender|'T'", "target_branch|a T",
			},
		}, {
			code: "pac-variable-empty", least: diag.Note,
			make: func(s string) map[string]string {
				events, name := cut(s)
				return files(pr("a", "'{{ "+name+" }}'", line("on-event", events), line("on-target-branch", "[main, refs/tags/*]")))
			},
			harm: func(v *variant, _ string) bool {
				return slices.ContainsFunc(all, func(in Input) bool { got := v.event(in); return got != "" && literal(got) })
			},
			values: []string{
				"[push]|pull_request_number", "[pull_request]|pull_request_number", "[push, pull_request]|pull_request_number", "[push]|git_tag", "[pull_request]|git_tag", "[push, pull_request]|trigger_comment", "[pull_request]|source_branch",
				"[push]|revision", "[push]|body.pull_request.number", "[pull_request]|body.pull_request.number", "[push]|body.head_commit.id", "[push, pull_request]|body.head_commit.id", "[pull_request]|body.repository.full_name", "[push]|pull_request_labels",
				"[push]|body.ref", "[pull_request]|body.sender.login", "[push, pull_request]|sender",
			},
		}, {
			code: "pac-variable-unknown", least: diag.Warning,
			make: func(s string) map[string]string { return files(pr("a", "'{{ "+s+" }}'", onPR...)) },
			harm: func(v *variant, _ string) bool { return strings.Contains(v.event(opened), "{{") },
			values: []string{
				"event", "pull_request.number", "sha", "branch", "revision", "source_branch", "sender", "commit", "tag", "repo_url", "pull_request_number", "revison", "event_title", "target_url", "repo_owner", "~anything",
			},
		}, {
			code: "pac-limit-invalid", least: diag.Error,
			make: func(s string) map[string]string {
				return files(pr("a", "x", beside(onPR, line("max-keep-runs", s))...))
			},
			harm: func(_ *variant, s string) bool { // the values of numbers are those of TestCleanup
				n, err := strconv.Atoi(s)
				return err != nil || n < 1
			},
			values: []string{"1", "3", "0", "-1", "many", "3.5", "", " 3", "1e3", "0x10", "010", "+2", "1_000"},
		},
	}
}
