package pac

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/gobwas/glob"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/matcher"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params/info"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/params/triggertype"
	"github.com/stretchr/testify/assert"
	tektonv1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"go.uber.org/zap"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/pacmatch"
)

// chance makes folders and events. The same seed makes the same ones. Without a source it
// makes the usual ones.
type chance struct{ *rand.Rand }

func pick[T any](r chance, from ...T) T {
	if r.Rand == nil {
		return from[0]
	}
	return from[r.IntN(len(from))]
}

func (r chance) maybe(of int) bool { return r.Rand != nil && r.IntN(of) == 0 }

func (r chance) list(from ...string) string {
	var values []string
	for range 1 + r.IntN(2) {
		values = append(values, pick(r, from...))
	}
	if len(values) == 1 && r.maybe(2) {
		return values[0]
	}
	return "[" + strings.Join(values, ", ") + "]"
}

var (
	someBranches = []string{"main", "feature", "release-1", "refs/heads/main", "refs/tags/v1.0", "v1.0"}
	somePatterns = []string{
		"main", "*", "release-*", "refs/heads/*", "refs/heads/main", "refs/tags/*", "refs/tags/v[0-9]*", "refs/*", "[mr]*", "{main}",
		"feature", "?ain", "**", "rel[!x]ase-?", "refs/tags/v1.0", "v*", "{{ branch }}", "{{ who }}",
	}
	someComments = []string{
		"/test", "/retest", "/test a", "/test b-", "/retest b", "/ok-to-test", "hello", "/cancel", " /test", "x\r\n/test\r\n", "/test a who=you", "/hello-world",
		"/retest branch=x", "/test\n/retest", "/ok-to-test abcdef0", "/test c revision=zzz", "", "/build", "/test all",
	}
	someFiles  = []string{"go.mod", "a/b.go", "docs/x.md", "a/b/c/d.txt", "x.go", ".tekton/a.yaml"}
	someGlobs  = []string{"**/*.go", "a/**", "docs/*", "go.mod", "*.md", "a/*/b.go", "**/x.go", "a", "./a/**", "{go.mod,x}", "a/b.go", "*"}
	someLabels = []string{"bug", "build", "x y"}
	someExprs  = []string{
		`event == "push"`, `event == "pull_request"`, `event == "push" && target_branch == "main"`, `target_branch == "refs/heads/main"`,
		`target_branch.startsWith("refs/")`, `source_branch == "feature"`, `event_type == "pull_request"`, `event_type == "incoming"`,
		`"**/*.go".pathChanged()`, `event == "pull_request" && "docs/*".pathChanged()`, `files.all.exists(f, f == "go.mod")`, `files.added.size() > 0`,
		`body.pull_request.draft == false`, `!has(body.pull_request) || !body.pull_request.draft`, `has(body.head_commit)`, `true`, `"x"`, `1 == 1 || nothing`,
		`who == "me"`, `event_title.contains("title")`, `headers["x-github-event"] == "push"`, `"x-gitlab-event" in headers`, `body.labels.size() > 0`,
		`has(body.pull_request) && body.pull_request["labels"].size() > 0`, `event_type == "pull_request_labeled"`, `target_url == source_url`,
		`source_branch.matches("^[a-z]+$") && target_branch.endsWith("main")`, `"[".pathChanged() || true`, `event in ["push", "pull_request"]`,
		`target_branch.startsWith("refs/tags/v")`, `body.object_attributes.draft == false`, `event_type == "test-all-comment"`, `headers.accept == "x"`,
		`size(body) > 3`, `body.repository.full_name.startsWith("acme")`, `has(body.nothing)`, `body.nothing == 1`, `target_branch == "main" || source_branch == "refs/heads/x"`,
	}
)

func (r chance) annotations() []string {
	var out []string
	add := func(key, value string) { out = append(out, key+": '"+strings.ReplaceAll(value, "'", "''")+"'") }
	if r.maybe(2) {
		add("on-cel-expression", pick(r, someExprs...))
	}
	if !r.maybe(6) {
		add("on-event", r.list("push", "pull_request", "push", "pull_request", "incoming", "tag"))
	}
	if !r.maybe(6) {
		add("on-target-branch", r.list(somePatterns...))
	}
	if r.maybe(4) {
		add("on-path-change", r.list(someGlobs...))
	}
	if r.maybe(5) {
		add("on-path-change-ignore", r.list(someGlobs...))
	}
	if r.maybe(5) {
		add("on-label", r.list(someLabels...))
	}
	if r.maybe(7) {
		add("on-comment", pick(r, "^/hello", "^/test", "hello", ".*", "(", "^/build$", "x"))
	}
	if r.maybe(12) {
		add("target-namespace", pick(r, "ci", "other", "none"))
	}
	if r.maybe(30) {
		add(pick(r, "on-event", "on-target-branch", "on-label", "on-path-change"), pick(r, "[]", "a b", "[v[0-9]", "x{", "[a-zA-Z]"))
		out = unique(out)
	}
	return out
}

// unique keeps the last annotation of each key: a document with two is not valid.
func unique(lines []string) []string {
	at := map[string]int{}
	var out []string
	for _, l := range lines {
		key, _, _ := strings.Cut(l, ":")
		if i, ok := at[key]; ok {
			out[i] = l
			continue
		}
		at[key] = len(out)
		out = append(out, l)
	}
	return out
}

func (r chance) folder() map[string]string {
	out := map[string]string{}
	for i, name := range []string{"a", "b", "c", "d-"}[:1+r.IntN(4)] {
		value := pick(r, "x", `"{{ revision }}"`, `"{{ target_branch }}{{ git_tag }}{{ who }}"`, `"{{ event_type }} {{ source_branch }} {{ sender }}"`,
			`"{{ pull_request_number }}{{ pull_request_labels }}"`, `"{{ body.repository.html_url }}{{ headers['X-Github-Event'] }}"`, `"{{ repo_owner }}/{{ repo_name }} {{ repo_url }} {{ source_url }}"`,
			`"{{ cel: event_type == 'push' ? pac.revision : target_branch }}"`)
		name = map[bool]string{true: name + "-", false: name}[i == 1 && r.maybe(2) && name != "d-"]
		annotations := r.annotations()
		if r.maybe(15) {
			annotations = nil
		}
		out[fmt.Sprintf(".tekton/%d.yaml", i)] = pr(name, value, annotations...)
	}
	return out
}

func (r chance) repository(url, provider string) []*v1alpha1.Repository {
	repo := repository()
	repo.Spec.URL = url
	if provider != "github" {
		repo.Spec.GitProvider = &v1alpha1.GitProvider{Type: provider, URL: "https://api.invalid", User: "u", Secret: &v1alpha1.Secret{Name: "tok"}}
	}
	if r.maybe(2) {
		list := []v1alpha1.Params{{Name: "who", Value: "me"}, {Name: "branch", Value: "main"}}
		if r.maybe(2) {
			list = append(list, v1alpha1.Params{Name: "who", Value: "push", Filter: pick(r, `pac.event_type == "push"`, `event_type == "pull_request"`, `body.x == 1`, `target_branch == "main"`, `"x"`)})
		}
		if r.maybe(3) {
			list = append(list, v1alpha1.Params{Name: "token", SecretRef: &v1alpha1.Secret{Name: "tok", Key: pick(r, "provider.token", "none")}})
		}
		repo.Spec.Params = &list
	}
	if r.maybe(4) {
		(*repo.Spec.Incomings)[0].Targets = []string{pick(r, "[", "release-*", "main", "*"), "main"}
	}
	repos := []*v1alpha1.Repository{repo}
	if r.maybe(3) {
		other := repository(func(o *v1alpha1.Repository) { o.Name, o.Namespace, o.Spec.URL = "app2", "other", url })
		other.CreationTimestamp = metav1.Unix(1000, 0)
		other.Spec.GitProvider = repo.Spec.GitProvider
		repos = append(repos, other)
	}
	return repos
}

func secrets() []*corev1.Secret {
	return []*corev1.Secret{{ObjectMeta: metav1.ObjectMeta{Name: "tok", Namespace: "ci"}, Data: map[string][]byte{"provider.token": []byte("t")}}}
}

// kinds are the kinds of events.
var kinds = []string{"push", "tag", "pull request", "labelled", "comment", "closed", "incoming"}

// event makes an event of a provider; false if it has none of the kind.
func (r chance) event(provider, kind string) (Input, string, bool) {
	branch, comment := pick(r, someBranches[:4]...), pick(r, someComments...)
	branch = strings.TrimPrefix(branch, "refs/heads/")
	labels := someLabels[:r.IntN(3)]
	if kind == "labelled" && len(labels) == 0 {
		labels = someLabels[:1]
	}
	if kind == "incoming" {
		in := incomingHook(pick(r, "a", "b", "b-", "none"), m{"who": "she"})
		if r.maybe(3) {
			in = incomingHook(pick(r, "a", "d", "d-"), nil)
		}
		return in, map[string]string{"github": repoURL}[provider], provider == "github"
	}
	in, url, ok := r.eventOf(provider, kind, branch, comment, labels)
	in.CommitMessage = pick(r, "a title", "a title\n\nbody", "a title [skip ci]", "a title", "a title")
	return in, url, ok
}

// eventOf makes an event that is no call of /incoming.
func (r chance) eventOf(provider, kind, branch, comment string, labels []string) (Input, string, bool) {
	ref := "refs/heads/" + branch
	if kind == "tag" {
		ref = "refs/tags/v1.0"
	}
	var in Input
	url := repoURL
	switch provider {
	case "github":
		switch kind {
		case "push", "tag":
			in = push(ref)
		case "comment":
			in = withAPI(commentOn(comment))
			in.PullRequest = js(r.pull(branch, labels))
		default:
			action := map[string]string{"pull request": pick(r, "opened", "synchronize", "edited"), "labelled": pick(r, "labeled", "unlabeled"), "closed": "closed"}[kind]
			in = event("pull_request", m{"action": action, "number": 7, "pull_request": r.pull(branch, labels)})
		}
	case "gitlab":
		in, url = r.gitlab(kind, ref, branch, comment, labels)
	case "gitea":
		in = r.gitea(kind, ref, branch, comment, labels)
	case "bitbucket-cloud":
		if kind == "labelled" {
			return in, "", false
		}
		in, url = r.cloud(kind, ref, branch, comment)
	case "bitbucket-datacenter":
		if kind == "labelled" || kind == "closed" {
			return in, "", false
		}
		in, url = r.dataCenter(kind, ref, branch, comment)
	}
	return in, url, true
}

func commentOn(text string) Input { return comment(text) }

func (r chance) pull(branch string, labels []string) m {
	p := ghPull("a title", labels...)
	p["base"] = m{"ref": branch, "repo": ghRepo}
	p["draft"] = r.maybe(3)
	return p
}

func (r chance) gitlab(kind, ref, branch, comment string, labels []string) (Input, string) {
	url := "https://gitlab.com/acme/sub/app"
	project := m{"id": 3, "web_url": url, "default_branch": "main", "path_with_namespace": "acme/sub/app"}
	commit := m{"id": "abc123", "title": "a title", "message": "a title\n", "url": url + "/-/commit/abc123"}
	attributes := m{"iid": 7, "title": "a title", "source_branch": "feature", "target_branch": branch, "last_commit": commit,
		"source": project, "target": project, "state": "opened", "draft": false, "source_project_id": 3}
	user := m{"id": 9, "username": "Dev"}
	var body m
	var header string
	switch kind {
	case "push":
		header = "Push Hook"
		body = m{"ref": ref, "before": "abc", "after": "abc123", "user_username": "Dev", "project": project, "project_id": 3, "commits": []m{commit}}
	case "tag":
		header = "Tag Push Hook"
		body = m{"ref": ref, "before": "000", "after": "abc123", "user_username": "Dev", "project": project, "project_id": 3, "commits": []m{commit}}
	case "comment":
		header = "Note Hook"
		body = m{"object_kind": "note", "user": user, "project": project, "object_attributes": m{"note": comment, "noteable_type": "MergeRequest", "action": "create"}, "merge_request": attributes}
	default:
		header = "Merge Request Hook"
		attributes["action"] = map[string]string{"pull request": pick(r, "open", "reopen", "approved"), "labelled": "update", "closed": "close"}[kind]
		ls := []m{}
		for _, l := range labels {
			ls = append(ls, m{"id": 1, "title": l})
		}
		body = m{"object_kind": "merge_request", "user": user, "project": project, "object_attributes": attributes, "labels": ls, "changes": m{}}
		if kind == "labelled" {
			body["changes"] = m{"labels": m{"previous": []m{}, "current": ls}}
			if r.maybe(3) {
				body["changes"].(m)["title"] = m{"previous": "a", "current": "b"}
			}
		}
	}
	return Input{Headers: http.Header{"X-Gitlab-Event": {header}, "Accept": {"x"}}, Payload: js(body)}, url
}

func (r chance) gitea(kind, ref, branch, comment string, labels []string) Input {
	repo := m{"id": 1, "name": "app", "full_name": "acme/app", "html_url": repoURL, "default_branch": "main", "owner": m{"login": "acme"}}
	ls := []m{}
	for _, l := range labels {
		ls = append(ls, m{"id": 1, "name": l})
	}
	pull := m{"number": 7, "title": "a title", "html_url": repoURL + "/pulls/7", "labels": ls, "draft": r.maybe(3),
		"head": m{"ref": "feature", "sha": "abc123", "repo": repo}, "base": m{"ref": branch, "repo": repo}}
	sender := m{"username": "Dev"}
	var body m
	var header string
	switch kind {
	case "push", "tag":
		header = "push"
		body = m{"ref": ref, "before": "abc", "after": "abc123", "pusher": sender, "sender": sender, "repository": repo, "head_commit": m{"id": "abc123", "message": "a title\n\nbody", "url": "https://x.invalid"}}
	case "comment":
		header = pick(r, "issue_comment", "pull_request_comment")
		body = m{"action": "created", "issue": m{"url": repoURL + "/issues/7", "state": "open", "pull_request": m{"merged": false}}, "comment": m{"body": comment}, "pull_request": pull, "repository": repo, "sender": sender, "is_pull": true}
	default:
		header = pick(r, "pull_request", "pull_request_sync", "pull_request_label")
		body = m{"action": map[string]string{"pull request": pick(r, "opened", "synchronized", "edited"), "labelled": "label_updated", "closed": "closed"}[kind], "number": 7, "pull_request": pull, "repository": repo, "sender": sender}
	}
	return Input{Headers: http.Header{"X-Gitea-Event-Type": {header}, "X-Github-Event": {"push"}, "Accept": {"x"}}, Payload: js(body)}
}

func (r chance) cloud(kind, ref, branch, comment string) (Input, string) {
	url := "https://bitbucket.org/acme/app"
	repo := m{"workspace": m{"slug": "acme"}, "name": "app", "full_name": "acme/app", "links": m{"html": m{"href": url}}}
	var body m
	var header string
	switch kind {
	case "push", "tag":
		header = "repo:push"
		change := m{"name": strings.TrimPrefix(strings.TrimPrefix(ref, "refs/heads/"), "refs/tags/"), "type": map[bool]string{true: "tag", false: "branch"}[kind == "tag"], "target": m{"hash": "abc123", "links": m{"html": m{"href": url + "/commits/abc123"}}}}
		body = m{"repository": repo, "actor": m{"nickname": "Dev", "account_id": "1"}, "push": m{"changes": []m{{"new": change, "old": pick(r, change, m{})}}}}
	default:
		header = map[string]string{"pull request": pick(r, "pullrequest:created", "pullrequest:updated"), "comment": "pullrequest:comment_created", "closed": pick(r, "pullrequest:fulfilled", "pullrequest:rejected")}[kind]
		body = m{"repository": repo, "comment": m{"content": m{"raw": comment}}, "pullrequest": m{"id": 7, "title": "a title", "author": m{"nickname": "Dev", "account_id": "1"},
			"source":      m{"branch": m{"name": "feature"}, "commit": m{"hash": "abc123"}, "repository": repo},
			"destination": m{"branch": m{"name": branch}, "commit": m{"hash": "def"}, "repository": repo}}}
	}
	return Input{Headers: http.Header{"X-Event-Key": {header}, "Accept": {"x"}}, Payload: js(body)}, url
}

func (r chance) dataCenter(kind, ref, branch, comment string) (Input, string) {
	url := "https://bitbucket.acme.test/projects/ACME/repos/app"
	repo := m{"slug": "app", "name": "app", "project": m{"key": "~ACME"}, "links": m{"self": []m{{"href": url + "/browse"}}, "clone": []m{{"name": "ssh", "href": "ssh://x"}, {"name": "http", "href": "https://x/app.git"}}}}
	actor := m{"id": 5, "name": "Dev"}
	var body m
	var header string
	switch kind {
	case "push", "tag":
		header = "repo:refs_changed"
		body = m{"actor": actor, "repository": repo, "changes": []m{{"refId": ref, "toHash": "abc123", "type": "UPDATE"}}, "commits": []m{{"id": "abc123"}}}
	default:
		header = map[string]string{"pull request": pick(r, "pr:opened", "pr:from_ref_updated"), "comment": "pr:comment:added"}[kind]
		body = m{"actor": actor, "comment": m{"text": comment}, "pullRequest": m{"id": 7, "title": "a title",
			"fromRef": m{"displayId": "feature", "latestCommit": "abc123", "repository": repo}, "toRef": m{"displayId": branch, "latestCommit": "def", "repository": repo}}}
	}
	return Input{Headers: http.Header{"X-Event-Key": {header}, "Accept": {"x"}}, Payload: js(body)}, url
}

// TestRandomEvents compares random folders and events of all providers and kinds.
func TestRandomEvents(t *testing.T) {
	each, _ := strconv.Atoi(cmp.Or(os.Getenv("PAC_EVENTS"), "12"))
	n, started := 0, map[string]int{}
	for _, provider := range []string{"github", "gitlab", "gitea", "bitbucket-cloud", "bitbucket-datacenter"} {
		for _, kind := range kinds {
			for seed := range each {
				t.Run(fmt.Sprint(provider, " ", kind, " ", seed), func(t *testing.T) {
					r := chance{rand.New(rand.NewPCG(uint64(seed), uint64(len(provider)*100+len(kind))))}
					in, url, ok := r.event(provider, kind)
					if !ok {
						t.Skip("the provider has no such event")
					}
					in.Root, in.DefaultBranch, in.SHA = folder(t, r.folder()), "main", "abc123"
					in.Files = changedfiles.ChangedFiles{}
					for range r.IntN(4) {
						f := pick(r, someFiles...)
						in.Files.All = append(in.Files.All, f)
						if r.maybe(2) {
							in.Files.Added = append(in.Files.Added, f)
						}
					}
					in.Repos = r.repository(url, provider)
					in.Secrets = secrets()
					if r.maybe(6) {
						in.Runs = []*tektonv1.PipelineRun{done(pick(r, "a", "b", "d-"))}
					}
					s := compareEvent(t, in)
					n += s
					started[provider+" "+kind] += s
				})
			}
		}
	}
	t.Log(n, "runs started", started)
	if each >= 12 {
		for _, kind := range []string{"push", "tag", "pull request", "comment"} {
			assert.Positive(t, started["github "+kind], kind)
		}
	}
}

// theirBranchMatch asks Pipelines-as-Code whether a pattern matches a branch.
func theirBranchMatch(pattern, branch string) (matched, crash bool) {
	defer func() {
		if recover() != nil {
			crash = true
		}
	}()
	run := &tektonv1.PipelineRun{ObjectMeta: metav1.ObjectMeta{Name: "r", Annotations: map[string]string{
		"pipelinesascode.tekton.dev/on-event": "push", "pipelinesascode.tekton.dev/on-target-branch": "[" + strings.ReplaceAll(pattern, ",", "&#44;") + "]"}}}
	event := info.NewEvent()
	event.TriggerTarget, event.EventType, event.BaseBranch = triggertype.Push, "push", branch
	event.Request = &info.Request{}
	out, err := matcher.MatchPipelinerunByAnnotation(context.Background(), zap.NewNop().Sugar(), []*tektonv1.PipelineRun{run}, params.New(), event, nil, nil, nil, false)
	return err == nil && len(out) == 1, false
}

// FuzzBranch compares patterns and branches with Pipelines-as-Code.
func FuzzBranch(f *testing.F) {
	for _, p := range append(append(somePatterns, someGlobs...), "[v[0-9]", "x{", "{", "[a-zA-Z]", "[]", "[!]", "a\\", "{a,{b,c}}*", "[^a]", "}", "]", "a/*/b", "\\*", "[z-a]", "é*", "{a") {
		for _, b := range append(someBranches, "a/b", "é", "", "refs/heads/", "*", "abc") {
			f.Add(p, b)
		}
	}
	f.Fuzz(func(t *testing.T, pattern, branch string) {
		if len(pattern) > 60 || len(branch) > 60 || strings.TrimSpace(pattern) != pattern || pattern == "" || branch == "" || strings.Contains(pattern, "&#44;") || strings.Contains(pattern, "\n") {
			return
		}
		got, err := pacmatch.RefMatches(pattern, branch)
		if errors.Is(err, pacmatch.ErrGlobLimit) {
			return
		}
		want, crash := theirBranchMatch(pattern, branch)
		if crash {
			assert.Error(t, err, "%q %q: Pipelines-as-Code panics", pattern, branch)
			return
		}
		if pattern != branch {
			assert.NoError(t, err, "%q %q", pattern, branch)
			assert.Equal(t, want, got, "%q %q", pattern, branch)
		}
		if g, err := glob.Compile(pattern); err == nil {
			ours, err := pacmatch.Compile(pattern)
			if err != nil {
				return
			}
			matched, _ := ours.Match(branch)
			assert.Equal(t, g.Match(branch), matched)
		}
	})
}
