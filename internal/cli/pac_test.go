package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tektonFiles are a repository with a .tekton folder, and a webhook.
var tektonFiles = map[string]string{
	".tekton/build.yaml": `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: build
  annotations:
    pipelinesascode.tekton.dev/on-event: "[push]"
    pipelinesascode.tekton.dev/on-target-branch: "[main]"
    pipelinesascode.tekton.dev/on-path-change: "[services/**]"
spec:
  params:
    - name: who
      value: "{{ who }} {{ token }}"
  pipelineRef: {name: build}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: lint
  annotations:
    pipelinesascode.tekton.dev/on-cel-expression: event == "pull_request" && target_branch == "main"
spec:
  pipelineRef: {name: build}
`,
	".tekton/pipeline.yaml": `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: build}
spec:
  tasks:
    - name: t
      taskSpec:
        steps:
          - name: s
            image: registry.local/go:1.26
            script: make {{ revision }}
`,
	"repository.yaml": `apiVersion: pipelinesascode.tekton.dev/v1alpha1
kind: Repository
metadata: {name: app, namespace: ci}
spec:
  url: https://github.com/acme/app
  params:
    - {name: token, secret_ref: {name: s, key: k}}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: ci}
stringData: {k: very-secret}
`,
	"push.json": `{"ref": "refs/heads/main", "after": "4f1c", "pusher": {"name": "ada"}, "sender": {"login": "Ada"}, "installation": {"id": 1},
 "head_commit": {"id": "4f1c", "message": "a change", "url": "https://github.com/acme/app/commit/4f1c"},
 "repository": {"name": "app", "html_url": "https://github.com/acme/app", "owner": {"login": "Acme"}, "default_branch": "main"}}`,
}

func tektonFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll(".tekton", 0o700))
	for name, text := range tektonFiles {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
}

func TestPacEvent(t *testing.T) {
	tektonFolder(t)
	push := []string{"pac", "event", "--payload", "push.json", "-H", "X-GitHub-Event: push"}
	got := run("", append(push, "--changed", "services/a.go,README.md", "--repository", "repository.yaml", "--param", "who=me"))
	assert.Equal(t, 0, got.exit, got.err)
	for _, want := range []string{
		"github: push to refs/heads/main\n", "build: started  .tekton/build.yaml:1\n", `on-path-change "services/**" matches services/a.go`,
		"lint: not started  .tekton/build.yaml:15\n", `the expression is false, because of event == "pull_request": event is "push"`,
		`who: "me"`, `token: "***"`, "1 of 2 runs start\n",
	} {
		assert.Contains(t, got.out, want)
	}
	assert.NotContains(t, got.out, "very-secret")
	assert.Empty(t, got.err)

	// The last commit of a push says which files it changes.
	payload := strings.Replace(tektonFiles["push.json"], "{", `{"head_commit": {"id": "4f1c", "modified": ["services/b.go"]}, `, 1)
	got = run(payload, []string{"pac", "event", ".tekton", "--payload", "-", "-H", "X-GitHub-Event: push"})
	assert.Contains(t, got.out, `on-path-change "services/**" matches services/b.go`)
	assert.Contains(t, got.err, "note: the changed files are those of the last commit in the payload")
	got = run(payload, []string{"pac", "event", ".tekton", "--payload", "-", "-H", "X-GitHub-Event: push", "--changed", "README.md"})
	assert.NotContains(t, got.out, "services/b.go")
	assert.Empty(t, got.err)

	got = run(tektonFiles["push.json"], []string{"pac", "event", ".tekton", "--payload", "-", "-H", "x-github-event:push", "--changed", "README.md", "-o", "json"})
	assert.Equal(t, 0, got.exit, got.err)
	var out struct {
		Runs []struct {
			Name, Check string
			Started     bool
		}
		Variables map[string]string
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &out))
	require.Len(t, out.Runs, 2)
	assert.Equal(t, "on-path-change", out.Runs[0].Check)
	assert.False(t, out.Runs[0].Started)
	assert.Equal(t, "4f1c", out.Variables["revision"])

	for line, want := range map[string]string{
		"pac event":                 "there is no event",
		"pac event --event labeled": "--event labeled needs --label",
		"pac event --event comment --provider gitlab --comment x":              "is not made for gitlab",
		"pac event --event push --payload push.json":                           "cannot be combined",
		"pac event --event pull":                                               "must be",
		"pac event --payload none.json":                                        "none.json",
		"pac event --payload push.json -H x":                                   "has no colon",
		"pac event --payload push.json --range x":                              "", // the directory is in no repository
		"pac event --payload push.json --param a=b":                            "needs a Repository",
		"pac event --payload push.json --repository .tekton/pipeline.yaml":     "contains no Repository",
		"pac event none --payload push.json":                                   "none",
		"pac resolve --param =b":                                               "not of the form name=value",
		"pac event --payload push.json --repository repository.yaml --param x": "not of the form name=value",
	} {
		got := words(line)
		assert.Equal(t, 2, got.exit, line)
		assert.Contains(t, got.err, want, line)
	}
	got = words("pac event --payload push.json")
	assert.Equal(t, 0, got.exit)
	assert.Contains(t, got.out, "no run starts: no provider sends an event with these headers\n  help: add -H 'X-GitHub-Event: push'")
	assert.Contains(t, words("pac").out, "Show which runs")
}

func TestPacSample(t *testing.T) {
	tektonFolder(t)
	for line, want := range map[string][]string{
		"pac event --event push --changed services/a.go":           {"github: push to refs/heads/main\n", "build: started", `repo_url: "https://github.com/owner/name"`, "1 of 2 runs start"},
		"pac event --event push --branch x --changed services/a":   {"push to refs/heads/x\n", `on-target-branch "[main]" does not match x`, "0 of 2"},
		"pac event --event tag --tag v2":                           {"push to refs/tags/v2\n", `git_tag: "v2"`, "0 of 2"},
		"pac event --event pull_request":                           {"pull_request to main from fix/it's\n", "lint: started", "1 of 2"},
		"pac event --event pull_request --provider gitlab":         {"gitlab: pull_request (Merge Request) to main from fix\n", "lint: started"},
		"pac event --event push --provider gitlab --changed x":     {"gitlab: push to refs/heads/main\n", "build: not started"},
		"pac event --event labeled --label e2e":                    {"pull_request (pull_request_labeled) to main", `pull_request_labels: "e2e"`, "0 of 2"},
		"pac event --event comment --comment /test":                {"(test-all-comment)", "lint: started"},
		"pac event --event push --repository repository.yaml":      {"Repository ci/app\n", `repo_owner: "acme"`},
		"pac event --event push --url https://git.example.com/a/b": {`repo_url: "https://git.example.com/a/b"`},
	} {
		got := words(line)
		assert.Equal(t, 0, got.exit, "%s\n%s", line, got.err)
		for _, w := range want {
			assert.Contains(t, got.out, w, line)
		}
	}
	got := words("pac resolve --event push --branch x")
	assert.Equal(t, 0, got.exit, got.err)
	assert.Empty(t, got.out)
	assert.Contains(t, got.err, "no run starts; tekwright pac event shows why")
}

func TestPacResolve(t *testing.T) {
	tektonFolder(t)
	got := words("pac resolve --param revision=abc")
	assert.Equal(t, 0, got.exit, got.err)
	assert.Equal(t, 2, strings.Count(got.out, "kind: PipelineRun\n"))
	for _, want := range []string{"generateName: build-\n", "make abc\n", "{{ who }}"} {
		assert.Contains(t, got.out, want)
	}
	assert.NotContains(t, got.out, "pipelineRef")
	got = run("", []string{"pac", "resolve", "--payload", "push.json", "-H", "X-GitHub-Event: push", "--changed", "services/a", "--repository", "repository.yaml"})
	assert.Equal(t, 0, got.exit, got.err)
	assert.Equal(t, 1, strings.Count(got.out, "kind: PipelineRun\n"))
	assert.Contains(t, got.out, "make 4f1c\n")
	assert.Contains(t, got.out, "***")
	assert.NotContains(t, got.out, "very-secret")

	require.NoError(t, os.WriteFile(".tekton/z.yaml", []byte(strings.Replace(tektonFiles[".tekton/build.yaml"], "name: build}", "name: none}", 1)), 0o600))
	got = words("pac resolve")
	assert.Equal(t, 2, got.exit)
	assert.Contains(t, got.err, "found multiple pipelinerun")
}

func TestPacRange(t *testing.T) {
	tektonFolder(t)
	git := func(args ...string) {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false", "-c", "init.defaultBranch=main"}, args...)...)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-qm", "one")
	require.NoError(t, os.MkdirAll("services", 0o700))
	require.NoError(t, os.WriteFile("services/a.go", []byte("package a\n"), 0o600))
	require.NoError(t, os.Rename("push.json", "hook.json"))
	git("add", "-A")
	git("commit", "-qm", "two")
	for _, commits := range []string{"HEAD~1..HEAD", "HEAD~1...HEAD"} {
		got := run("", []string{"pac", "event", "--payload", "hook.json", "-H", "X-GitHub-Event: push", "--range", commits})
		assert.Equal(t, 0, got.exit, got.err)
		assert.Contains(t, got.out, `on-path-change "services/**" matches services/a.go`)
	}
	for _, commits := range []string{"HEAD", "none..HEAD", "..HEAD", "--output=x..HEAD"} {
		got := run("", []string{"pac", "event", "--payload", "hook.json", "--range", commits})
		assert.Equal(t, 2, got.exit, commits)
	}
}

// TestPacHidesPasswords tests that a password is not shown that is in a URL, or is the value of
// a param that is named like one, wherever it comes from.
func TestPacHidesPasswords(t *testing.T) {
	tektonFolder(t)
	const secret = "hunter2swordfish"
	require.NoError(t, os.WriteFile("evil.json", []byte(strings.ReplaceAll(tektonFiles["push.json"], "https://github.com/", "https://me:"+secret+"@github.com/")), 0o600))
	require.NoError(t, os.WriteFile("repository.yaml", []byte("apiVersion: pipelinesascode.tekton.dev/v1alpha1\nkind: Repository\nmetadata: {name: app, namespace: ci}\nspec:\n  url: https://github.com/acme/app\n  params: [{name: api_token, value: "+secret+"}, {name: who, value: ada}]\n"), 0o600))
	require.NoError(t, os.WriteFile(".tekton/secret.yaml", []byte("apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: secret\n  annotations: {pipelinesascode.tekton.dev/on-cel-expression: \"api_token == 'x' || body.repository.html_url == 'x'\"}\nspec: {pipelineRef: {name: p}}\n"), 0o600))
	for _, c := range []struct{ payload, repository, want string }{
		{"evil.json", "", "https://me:***@github.com/acme/app"}, {"push.json", "repository.yaml", "***"},
	} {
		for _, format := range []string{"text", "json"} {
			args := []string{"pac", "event", "--payload", c.payload, "-H", "X-GitHub-Event: push", "-o", format}
			if c.repository != "" {
				args = append(args, "--repository", c.repository)
			}
			got := run("", args)
			assert.Equal(t, 0, got.exit, got.err)
			assert.Contains(t, got.out, c.want)
			assert.NotContains(t, got.out+got.err, secret)
		}
	}
}
