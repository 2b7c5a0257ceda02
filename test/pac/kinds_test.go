package pac

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
)

// samples returns events of a kind, with the Repository that they are for.
func samples(provider string, kind pacmatch.Kind) []Input {
	var out []Input
	add := func(in Input, url string) {
		repo := repository(func(r *v1alpha1.Repository) { r.Spec.URL = url })
		if provider != "github" {
			repo.Spec.GitProvider = &v1alpha1.GitProvider{Type: provider, URL: "https://api.invalid", User: "u", Secret: &v1alpha1.Secret{Name: "tok"}}
		}
		in.Repos, in.Secrets, in.DefaultBranch, in.SHA, in.CommitMessage = []*v1alpha1.Repository{repo}, secrets(), "main", "abc123", "a title"
		out = append(out, in)
	}
	if kind == pacmatch.Incoming {
		if provider == "github" {
			add(incomingHook("a-", nil), repoURL)
		}
		return out
	}
	name := map[pacmatch.Kind]string{pacmatch.Push: "push", pacmatch.Tag: "tag", pacmatch.PullRequest: "pull request", pacmatch.Command: "comment", pacmatch.Comment: "comment"}[kind]
	comment := map[pacmatch.Kind]string{pacmatch.Command: "/test", pacmatch.Comment: "/deploy"}[kind]
	seeds := 6
	if kind == pacmatch.PullRequest { // some of which have actions that start nothing
		seeds = 16
	}
	for seed := range seeds {
		r := chance{rand.New(rand.NewPCG(uint64(seed), 5))}
		branch := []string{"main", "release-1", "feature"}[seed%3]
		ref := map[bool]string{true: "refs/tags/v1.2.3", false: "refs/heads/" + branch}[kind == pacmatch.Tag]
		labels := someLabels[:seed%3]
		what := name
		if kind == pacmatch.PullRequest && seed > 11 && len(labels) > 0 && !strings.HasPrefix(provider, "bitbucket") {
			what = "labelled"
		}
		switch provider {
		case "github":
			switch kind {
			case pacmatch.Push, pacmatch.Tag:
				add(push(ref), repoURL)
			case pacmatch.PullRequest:
				action := map[bool]string{true: "labeled", false: pick(r, "opened", "synchronize")}[what == "labelled"]
				add(event("pull_request", m{"action": action, "number": 7, "pull_request": r.pull(branch, labels)}), repoURL)
			case pacmatch.Command, pacmatch.Comment, pacmatch.Incoming:
				in := commentOn(comment)
				in.PullRequest = js(r.pull(branch, labels))
				add(in, repoURL)
			}
		case "gitlab":
			add(r.gitlab(what, ref, branch, comment, labels))
		case "gitea":
			add(r.gitea(what, ref, branch, comment, labels), repoURL)
		case "bitbucket-cloud":
			add(r.cloud(what, ref, branch, comment))
		case "bitbucket-datacenter":
			add(r.dataCenter(what, ref, branch, comment))
		}
	}
	return out
}

// valuesOf returns the values of the param v of the runs that some events start.
func valuesOf(t *testing.T, files map[string]string, events []Input) []string {
	t.Helper()
	var out []string
	root := folder(t, files)
	for i, in := range events {
		in.Root = root
		in.Files = changedfiles.ChangedFiles{All: [][]string{{"docs/a.md"}, {"src/main.go", "go.mod"}, nil, {"README.md"}}[i%4]}
		in.Files.Modified = in.Files.All
		got, crash, err := runs(in)
		if crash != nil || err != nil || got == nil {
			continue
		}
		for _, p := range got.Created {
			for _, v := range p.Spec.Params {
				out = append(out, v.Value.StringVal)
			}
		}
	}
	return out
}

// TestStarts holds the kinds of events that are known to start a run against those that do:
// each of them starts it, and for the annotations that are exact, no other does.
func TestStarts(t *testing.T) {
	list := func(event, branch string, more ...string) []string {
		return append([]string{"on-event: '" + event + "'", "on-target-branch: '" + branch + "'"}, more...)
	}
	cel := func(expr string) []string { return []string{"on-cel-expression: '" + expr + "'"} }
	all := [][]string{
		list("[push]", "[main]"), list("[pull_request]", "[main]"), list("[push, pull_request]", "[main, refs/tags/*]"), list("[push]", "[refs/tags/v*]"),
		list("[incoming]", "[main]"), list("[push, incoming]", "[*]"), list("[tag]", "[main]"), list("[push]", "[refs/*]"), list("push", "main"),
		list("[pull_request]", "[release-*]", "on-path-change: '[docs/**]'"), list("[push]", "[main]", "on-path-change-ignore: '[docs/**]'"),
		list("[push, pull_request]", "[*]", "on-label: '[bug]'"), list("[pull_request]", "[refs/heads/main]"), list("[pull_request]", "[refs/tags/*]"),
		list("[push]", "[main]", "on-path-change-ignore: '[**]'"), list("[push]", "[a b]"), list("a b", "[main]"),
		{"on-comment: ^/deploy"}, append(list("[push]", "[main]"), "on-comment: ^/deploy"), {"on-comment: '.*'"}, {"on-event: '[push]'"}, {"on-target-branch: '[main]'"},
		cel(`event == "push"`), cel(`event == "pull_request"`), cel(`event == "push" && target_branch == "main"`), cel(`event == "push" && target_branch == "refs/heads/main"`),
		cel(`event == "push" && target_branch.startsWith("refs/tags/")`), cel(`event == "push" && !target_branch.startsWith("refs/tags/")`),
		cel(`event == "push" && target_branch.matches("^refs/tags/v[0-9]+")`), cel(`event_type == "pull_request"`), cel(`event_type == "push"`), cel(`event_type == "incoming"`),
		cel(`event == "pull_request" && "docs/**".pathChanged()`), cel(`files.all.exists(f, f.endsWith(".go"))`), cel(`event == "push" && files.all.exists(f, f == "go.mod")`),
		cel(`body.pull_request.draft == false`), cel(`has(body.pull_request) && !body.pull_request.draft`), cel(`!has(body.pull_request) || !body.pull_request.draft`),
		cel(`!has(body.pull_request)`), cel(`has(body.head_commit)`), cel(`body.action == "closed"`), cel(`body.action in ["opened", "synchronize"]`), cel(`event in ["push", "pull_request"]`),
		cel(`body.repository.full_name == "acme/app" && event == "push"`), cel(`event_type == "test-all-comment"`), cel(`event != "push"`), cel(`target_branch == "main" || target_branch.startsWith("refs/tags/")`),
		cel(`body.ref == "refs/heads/main"`), cel(`body.ref.startsWith("refs/tags/")`), cel(`body.object_attributes.action == "open"`), cel(`source_branch == "feature"`),
		cel(`event == "pull_request" && target_branch.startsWith("release-")`), cel(`"x"`), cel(`nothing == "x"`), cel(`event_title.contains("a ")`), cel(`has(body.nothing)`), cel(`body.nothing == 1`),
		cel(`body.pull_request.merged == true`), cel(`headers["x-github-event"] == "push"`), cel(`event == "pull_request" ? true : false`), cel(`true`), cel(`event == "incoming"`),
	}
	n := 0
	for _, annotations := range all {
		read := map[string]string{}
		for _, line := range annotations {
			key, value, _ := strings.Cut(line, ": ")
			read[pac.Prefix+key] = strings.Trim(value, "'")
		}
		exact := read[pac.OnCELExpression] == "" && read[pac.OnComment] != ".*" && read[pac.OnPathChangeIgnore] != "[**]"
		for _, provider := range pacmatch.Providers {
			known := pacmatch.Starts(read, provider)
			for _, kind := range pacmatch.Kinds {
				events := samples(provider, kind)
				if len(events) == 0 {
					continue
				}
				says := slices.Contains(known, kind)
				if !says && !exact {
					continue
				}
				some := len(valuesOf(t, map[string]string{".tekton/a.yaml": pr("a-", "x", annotations...)}, events)) > 0
				n++
				if says && !some {
					t.Errorf("%s of %s is said to start %v, and does not", kind, provider, annotations)
				}
				if exact && some && !says && !(kind == pacmatch.Incoming && strings.Contains(read[pac.OnEvent], "push")) {
					t.Errorf("%s of %s starts %v, and is not said to", kind, provider, annotations)
				}
			}
		}
	}
	assert.Greater(t, n, 500)
}

// TestEmpty holds what is said about variables without a value, and about payloads, against
// what the variables are replaced with.
func TestEmpty(t *testing.T) {
	any := []string{"on-cel-expression: 'true || event_type == \"\"'"}
	paths := strings.Fields(`body.pull_request.number body.pull_request.head.sha body.number body.action body.head_commit.id body.ref body.after body.pusher.name
		body.repository.full_name body.repository.html_url body.sender.login body.sender.username body.issue.number body.comment.body body.commits
		body.object_attributes.title body.object_attributes.iid body.object_attributes.note body.merge_request.iid body.project.web_url body.user.username body.checkout_sha
		body.pullrequest.title body.push.changes body.actor.name body.pullRequest.id body.changes body.organization.login body.installation.id body.labels body.user_username body.nothing`)
	claims := map[bool]int{}
	for _, provider := range pacmatch.Providers {
		for _, kind := range pacmatch.Kinds {
			annotations := any
			if kind == pacmatch.Comment {
				annotations = []string{"on-comment: ^/deploy"}
			}
			events := samples(provider, kind)
			values := func(key string) []string {
				return valuesOf(t, map[string]string{".tekton/a.yaml": pr("a-", "|-\n        {{ "+key+" }}", annotations...)}, events)
			}
			for _, name := range pac.Standard[:len(pac.Standard)-1] {
				filled := slices.ContainsFunc(values(name), func(v string) bool { return strings.TrimSpace(v) != "" && !strings.HasPrefix(v, "{{") })
				if len(events) == 0 || len(values(name)) == 0 {
					continue
				}
				says := pacmatch.Empty(provider, kind, name)
				claims[says]++
				assert.False(t, says && filled, "%s of %s: %s has a value", kind, provider, name)
				if slices.Contains([]string{"git_tag", "trigger_comment", "pull_request_number"}, name) && kind != pacmatch.Incoming {
					assert.Equal(t, !filled, says, "%s of %s: %s", kind, provider, name)
				}
			}
			for _, path := range paths {
				got := values(path)
				if len(got) == 0 {
					continue
				}
				literal := !slices.ContainsFunc(got, func(v string) bool { return !strings.HasPrefix(v, "{{") })
				says := pacmatch.Lacks(provider, kind, path)
				claims[says]++
				assert.False(t, says && !literal, "%s of %s: %s has a value: %v", kind, provider, path, got)
			}
		}
	}
	t.Log(fmt.Sprint(claims))
	assert.Greater(t, claims[true], 200)
}

// TestFilterFails holds the filters of params that are said to have an error against what
// the variables of the folder are replaced with.
func TestFilterFails(t *testing.T) {
	n := 0
	for _, filter := range []string{
		`body.pull_request.draft == false`, `body.pull_request.base.ref == "main"`, `has(body.pull_request) && !body.pull_request.draft`, `body.head_commit.id != ""`,
		`pac.event_type == "push" && body.head_commit.id != ""`, `pac.event_type != "push" && body.pull_request.number > 0`, `body.repository.full_name == "acme/app"`,
		`body.sender.login == "Dev"`, `pac.target_branch == "main" || body.pull_request.draft`, `body.object_attributes.action == "open"`, `body.object_attributes.note == "x"`,
		`body.nothing == 1`, `has(body.nothing)`, `body.comment.body.contains("x")`, `"pull_request" in body && body.pull_request.draft`, `body.ref == "refs/heads/main"`,
		`!has(body.issue) || body.issue.number > 0`, `body.pullrequest.title == "x"`, `body.push.changes.size() > 0`, `pac.git_tag != "" && body.ref.startsWith("x")`,
	} {
		for _, provider := range pacmatch.Providers {
			fails, _ := pacmatch.FilterFails(filter, provider)
			for _, kind := range pacmatch.OfPayload {
				events := samples(provider, kind)
				for i := range events {
					list := []v1alpha1.Params{{Name: "who", Value: "me", Filter: filter}}
					events[i].Repos[0].Spec.Params = &list
				}
				got := valuesOf(t, map[string]string{".tekton/a.yaml": pr("a-", "'{{ revision }}'", "on-cel-expression: 'true || event_type == \"\"'")}, events)
				if slices.Contains(fails, kind) && len(got) > 0 {
					n++
					assert.Contains(t, got, "{{ revision }}", "%s: %s of %s", filter, kind, provider)
				}
			}
		}
	}
	assert.Greater(t, n, 20)
}
