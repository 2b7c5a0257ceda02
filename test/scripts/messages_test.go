package scripts

import (
	"maps"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestMessagesAreOneLine gives each input of each task a value with lines like those of
// a script and an escape sequence, valid and not.
func TestMessagesAreOneLine(t *testing.T) {
	t.Parallel()
	const forged = "pushed example.com/app at sha256:0"
	all := recordings(t)
	repository := map[string]string{"url": "file:///nowhere", "file": "app.yaml", "image": newImage}
	all["git-clone"] = recorded{prefix: "git-clone", task: define(t, tasks.GitClone{}), params: map[string]string{"url": "file:///nowhere"}}
	all["git-clone and log"] = recorded{prefix: "git-clone", task: define(t, tasks.GitClone{}), params: map[string]string{"url": "file:///nowhere", "verbose": "true"}}
	cloned := map[string]string{"url": "file://" + newRepository(t, map[string]string{"README": "one\n"}).bare, "verbose": "true"}
	all["git-clone that works, and log"] = recorded{prefix: "git-clone", task: define(t, tasks.GitClone{}), params: cloned}
	all["gitops-update"] = recorded{prefix: "gitops-update", task: define(t, tasks.GitOpsUpdate{}), params: repository}
	all["image-tag"] = recorded{prefix: "image-tag", task: define(t, tasks.ImageTag{}), params: map[string]string{"image": "a", "commit": "0123abcd"}}
	services := []string{"services/*"}
	all["changed-paths"] = recorded{prefix: "changed-paths", task: define(t, tasks.ChangedPaths{}), params: map[string]string{"url": "file:///nowhere"}, arrays: map[string][]string{"directories": services}}
	all["git-tag"] = recorded{prefix: "git-tag", task: define(t, tasks.GitTag{}), params: map[string]string{"url": "file:///nowhere", "tag": "v1", "commit": strings.Repeat("ab", 20)}}
	all["commit-status"] = recorded{prefix: "commit-status", task: define(t, tasks.CommitStatus{}), params: map[string]string{"provider": "github", "repository": "a/b", "commit": strings.Repeat("ab", 20), "state": "success"}}
	all["notify"] = recorded{prefix: "notify", task: define(t, tasks.Notify{}), params: map[string]string{"message": "m"}}
	runs, messages := 0, 0
	for name, r := range all {
		if r.sidecar {
			continue // it has no messages
		}
		for _, p := range r.task.Spec.Params {
			for _, value := range []string{"x\n" + r.prefix + ": " + forged, "../x\r" + r.prefix + ": " + forged + "\n\x1b[2J", "/\n\n" + r.prefix + ": " + forged + "\n", "a=b\n" + r.prefix + ": " + forged, "-\u0085" + r.prefix + ": " + forged + "\u2028\u202e\u2066\u061c\u009b2J\u009fü—€"} {
				r.inputs = []input{}
				if strings.HasPrefix(value, "x\n") {
					for _, in := range recordings(t)[name].inputs {
						if in.name == p.Name {
							r.inputs = append(r.inputs, in) // as a path that exists
						}
					}
				}
				given := map[string]string{p.Name: value}
				got := r.bind(t, given)
				runs++
				log := got.stdout + got.stderr
				for line := range strings.Lines(log) {
					assert.NotEqual(t, r.prefix+": "+forged, strings.TrimSpace(line), "%s: %s is %q:\n%s", name, p.Name, value, log)
					if strings.HasPrefix(line, r.prefix+": ") {
						messages++
						assert.NotRegexp(t, `[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]`, line, "%s: %s is %q", name, p.Name, value)
					}
				}
			}
		}
	}
	assert.Greater(t, runs, 300)
	assert.Greater(t, messages, runs/2, "the scripts say nothing")
}

// bind runs a task with every workspace that it requires.
func (r recorded) bind(t testing.TB, values map[string]string) outcome {
	t.Helper()
	if len(r.tools) > 0 {
		got, _, _ := r.with(t, values)
		return got
	}
	run := run{task: r.task, params: map[string]string{}, arrays: map[string][]string{}, workspaces: map[string]string{}}
	maps.Copy(run.params, r.params)
	maps.Copy(run.arrays, r.arrays)
	for _, p := range r.task.Spec.Params {
		switch value, given := values[p.Name]; {
		case !given:
		case p.Type == v1.ParamTypeArray:
			run.arrays[p.Name] = []string{value}
		default:
			run.params[p.Name] = value
		}
	}
	for _, w := range r.task.Spec.Workspaces {
		if !w.Optional {
			run.workspaces[w.Name] = t.TempDir()
		}
	}
	return run.do(t)
}

// TestLongMessages: a message ends before it takes long, and never in a password.
func TestLongMessages(t *testing.T) {
	t.Parallel()
	for _, length := range []int{0, 3900, 3975, 3985, 4000, 100_000} {
		for _, part := range []string{"x", "a://b@c/", "\u2028"} {
			value := "/" + strings.Repeat(part, length/len(part)) + " https://" + "user:the-password@example.com/"
			got := run{
				task: define(t, tasks.KubectlApply{}), params: map[string]string{"path": value, "namespace": "prod"},
				workspaces: map[string]string{"source": t.TempDir()},
			}.do(t)
			assert.Equal(t, 1, got.code)
			assert.Equal(t, 1, strings.Count(got.stderr, "\n"))
			assert.Less(t, len(got.stderr), 6000)
			assert.NotRegexp(t, "user|password", got.stderr)
		}
	}
	got := run{
		task: define(t, tasks.KubectlApply{}), params: map[string]string{"path": strings.Repeat("./", 50_000), "namespace": "prod"},
		workspaces: map[string]string{"source": t.TempDir()},
	}.do(t)
	got.refused(t, "kubectl-apply", "path is longer than a path can be")
}

// TestUsersInURLs: a token in place of the user is in no log, result or file, whether
// or not the clone succeeds.
func TestUsersInURLs(t *testing.T) {
	t.Parallel()
	const token = "ghp_0123456789"
	r := newRepository(t, map[string]string{"README": "one\n", "app.yaml": deployment("app", "app")})
	git(t, r.bare, "config", "http.receivepack", "true")
	var s gitServer
	server := httptest.NewServer(s.handler(t, filepath.Dir(r.bare)))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	login := map[string]string{"username": user, "password": password}
	stored := func(users ...*url.Userinfo) map[string]string {
		text := ""
		for _, u := range users {
			text += "http://" + u.String() + "@" + host + "\n"
		}
		return map[string]string{".gitconfig": "[credential]\n\thelper = store\n", ".git-credentials": text}
	}
	for name, c := range map[string]struct {
		url   string
		login map[string]string
		works bool
	}{
		"without a login":   {"http://" + token + "@" + host + "/app.git", nil, false},
		"with a login":      {"http://" + token + "@" + host + "/app.git", login, true},
		"with @ in it":      {"http://x@" + token + "@" + host + "/app.git", login, true},
		"with stored ones":  {"http://" + token + "@" + host + "/app.git", stored(url.UserPassword(user, password)), true},
		"no repository":     {"http://" + token + "@" + host + "/none.git", login, false},
		"no server":         {"https://" + token + "@127.0.0.1:1/app.git", nil, false},
		"query":             {"http://" + token + "@" + host + "?/app.git", nil, false},
		"fragment":          {"http://" + token + "@" + host + "#/app.git", nil, false},
		"by another name":   {"HTTP://" + token + "@" + host + "/app.git", nil, false},
		"by a helper":       {"http::http://" + token + "@" + host + "/app.git", nil, false},
		"helper and path":   {"http::" + token + ":x@127.0.0.1:1/app.git", nil, false},
		"ftp":               {"ftp://" + token + "@127.0.0.1:1/app.git", nil, false},
		"with a line":       {"http://" + token + "@" + host + "/app.git\nx", nil, false},
		"with a password":   {"http://" + token + ":x@" + host + "/app.git", nil, false},
		"password and line": {"http://" + token + ":\n@" + host + "/app.git", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			output := t.TempDir()
			run := cloning(t, output, map[string]string{"url": c.url, "verbose": "true"})
			update := updating(t, r, map[string]string{"url": c.url})
			if c.login != nil {
				run.workspaces["basic-auth"] = write(t, t.TempDir(), c.login)
				update.workspaces["basic-auth"] = run.workspaces["basic-auth"]
			}
			for tool, got := range map[string]outcome{"git-clone": run.do(t), "gitops-update": update.do(t)} {
				if c.works {
					got.ok(t)
				} else {
					got.refused(t, tool, "")
				}
				assert.NotContains(t, got.stdout+got.stderr, token, tool)
				for result, value := range got.results {
					assert.NotContains(t, value, token, "%s of %s", result, tool)
				}
				if c.works && tool == "git-clone" {
					assert.Equal(t, "http://"+host+"/app.git", got.results["url"])
				}
			}
			config, _ := os.ReadFile(filepath.Join(output, ".git", "config"))
			assert.NotContains(t, string(config), token)
		})
	}
	t.Run("one of two users", func(t *testing.T) {
		for at, want := range map[string]string{"alice@": "alice:a", "bob@": "bob:b", "carol@": "alice:a", "": "alice:a"} {
			s.refused = nil
			run := cloning(t, t.TempDir(), map[string]string{"url": "http://" + at + host + "/app.git"})
			run.workspaces["basic-auth"] = write(t, t.TempDir(), stored(url.UserPassword("alice", "a"), url.UserPassword("bob", "b")))
			run.do(t).refused(t, "git-clone", "cannot fetch")
			assert.Equal(t, []string{want}, slices.Compact(s.refused), at)
		}
	})
}

// TestUsersInOtherURLs: helm and buildkitd would write them to their logs.
func TestUsersInOtherURLs(t *testing.T) {
	t.Parallel()
	const token = "ghp_0123456789"
	all := recordings(t)
	for name, c := range map[string]struct {
		task, input, value, want string
	}{
		"repository":          {"helm-deploy from a repository", "repository", "https://u:" + token + "@charts.example.com", "repository contains a user"},
		"user of repository":  {"helm-deploy from a repository", "repository", "https://" + token + "@charts.example.com/a@b", "repository contains a user"},
		"chart":               {"helm-deploy", "chart", "oci://" + token + "@charts.example.com/app", "chart contains a user"},
		"values":              {"helm-deploy", "values", "https://" + token + "@example.com/values.yaml", "values file contains a user"},
		"mirror":              {"buildkit", "mirror", "https://u:" + token + "@mirror.example.com/", "mirror contains a user"},
		"insecure registry":   {"buildkit", "insecure", token + "@registry.example.com", "insecure contains a user"},
		"a quote in a login":  {"helm-deploy", "values", "x://u:it's" + token + "@example.com", "values file 'x://***@example.com' is not in the source"},
		"blanks in a login":   {"helm-deploy", "values", "x://u:it' s " + token + "@example.com", "values file 'x://***@example.com' is not in the source"},
		"quotes in a login":   {"helm-deploy", "values", `x://u:"'` + token + `'"@example.com`, "values file 'x://***@example.com' is not in the source"},
		"a path with a login": {"helm-deploy", "values", "x://" + token + "@example.com", "values file 'x://***@example.com' is not in the source"},
	} {
		t.Run(name, func(t *testing.T) {
			r := all[c.task]
			r.inputs = []input{}
			got, calls, _ := r.with(t, map[string]string{c.input: c.value})
			got.refused(t, r.prefix, c.want)
			assert.NotContains(t, got.stdout+got.stderr, token)
			assert.Empty(t, args(calls, "helm", "upgrade"))
		})
	}
	r := all["helm-deploy"]
	r.inputs = []input{}
	for _, value := range []string{"https://example.com/a@b.yaml", "https://example.com?x@y", "https://example.com#x@y"} {
		got, _, _ := r.with(t, map[string]string{"values": value})
		got.ok(t)
	}
}
