package pac

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
)

// show is a task with one input.
type show struct{ Text builder.String }

func (show) TaskName() string { return "show" }

func (s show) Define(t *builder.Task) *builder.PipelineTask {
	text := t.Param("v", s.Text)
	t.Step("show").Image("docker.io/library/busybox:1.37.0").Requests("10m", "16Mi").Env("TEXT", text).Script(`printf '%s\n' "$TEXT"`)
	return t.PipelineTask()
}

// sdkRun returns a run whose param v has the value.
func sdkRun(name, value builder.String) *builder.PipelineRun {
	p := builder.NewPipeline("print")
	v := p.Param("v")
	builder.Add(p, "show", show{Text: v})
	return p.Run(name, v.Set(value))
}

// written writes runs to the folder .tekton of a new checkout.
func written(t *testing.T, runs ...manifest.Source) string {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, manifest.New(runs...).WriteDir(filepath.Join(root, ".tekton")))
	return root
}

// started returns the names of the runs that PaC starts, with their param v.
func started(t *testing.T, root string, in Input, repos ...*v1alpha1.Repository) []string {
	t.Helper()
	in.Root = root
	if in.Repos = repos; repos == nil {
		in.Repos = []*v1alpha1.Repository{repository()}
	}
	out, err := Run(t.Context(), in)
	if err != nil {
		t.Logf("%v\n%s", err, strings.Join(out.Log, "\n"))
	}
	return names(out)
}

// sdkEvent is a description of an event, as it is passed to PaC and as a Go program sees it.
type sdkEvent struct {
	kind    string // pull, push, tag, comment, incoming
	branch  string // target, branch, or name of the tag
	files   []string
	labels  []string
	labeled bool
	text    string // of the comment
}

func (e sdkEvent) input() Input {
	var in Input
	switch e.kind {
	case "pull":
		body := ghPull("a title", e.labels...)
		body["base"] = m{"ref": e.branch, "repo": ghRepo}
		action := "opened"
		if e.labeled {
			action = "labeled"
		}
		in = event("pull_request", m{"action": action, "number": 7, "pull_request": body})
	case "push":
		in = push("refs/heads/" + e.branch)
	case "tag":
		in = push("refs/tags/" + e.branch)
	case "comment":
		in = comment(e.text)
	}
	in.Files = changedfiles.ChangedFiles{All: e.files, Modified: e.files}
	return in
}

// TestChains tests that what pkg/pac writes for a chain of methods starts the run for the
// events that the chain describes, and for no others. Each chain is a run of one folder.
func TestChains(t *testing.T) {
	chains := map[string]pac.Event{
		"push":      pac.Push(),
		"main":      pac.Push().Branches("main"),
		"release":   pac.Push().Branches("main", "release/*"),
		"deep":      pac.Push().Branches("release/**"),
		"docs":      pac.Push().Branches("main").Paths("docs/**"),
		"gofiles":   pac.Push().Paths("**/*.go", "go.mod"),
		"code":      pac.Push().IgnorePaths("docs/**", "**.md"),
		"pull":      pac.PullRequest(),
		"target":    pac.PullRequest().Targets("main"),
		"cart":      pac.PullRequest().Targets("main").Paths("services/cart/**").IgnorePaths("**/README.md"),
		"label":     pac.PullRequest().Labels("e2e", "a, b"),
		"labelcart": pac.PullRequest().Targets("main").Paths("services/cart/**").Labels("e2e"),
		"ready":     pac.PullRequest().Filter("!body.pull_request.draft"),
		"drafts":    pac.PullRequest().Filter("!has(body.pull_request) || !body.pull_request.draft"),
		"tag":       pac.Tag(),
		"version":   pac.Tag("v*"),
		"nightly":   pac.Tag("nightly"),
		"deploy":    pac.Comment(`^/deploy\b`),
		"cel":       pac.CEL(`event == "push" && target_branch.endsWith("x")`),
		"hook":      pac.Incoming(),
	}
	var runs []manifest.Source
	for _, name := range slices.Sorted(maps.Keys(chains)) {
		runs = append(runs, pac.Run(sdkRun(builder.String(name), pac.Revision)).On(chains[name]))
	}
	runs = append(runs, pac.Run(sdkRun("two", pac.Revision)).On(pac.Push().Branches("main"), pac.Tag("v*"), pac.PullRequest().Targets("next"), pac.Comment("^/two$")))
	root := written(t, runs...)
	for _, c := range []struct {
		event sdkEvent
		want  string
	}{
		{sdkEvent{kind: "push", branch: "main", files: []string{"docs/a.md"}}, "docs main push release two"},
		{sdkEvent{kind: "push", branch: "main", files: []string{"docs/a.md", "a.go"}}, "code docs gofiles main push release two"},
		{sdkEvent{kind: "push", branch: "main", files: []string{"x/README.md"}}, "main push release two"},
		{sdkEvent{kind: "push", branch: "main", files: []string{"go.mod"}}, "code gofiles main push release two"},
		{sdkEvent{kind: "push", branch: "main", files: []string{"x/go.mod"}}, "code main push release two"},
		{sdkEvent{kind: "push", branch: "release/1"}, "deep push release"},
		{sdkEvent{kind: "push", branch: "release/1/x"}, "cel deep push"},
		{sdkEvent{kind: "push", branch: "mainx"}, "cel push"},
		{sdkEvent{kind: "tag", branch: "main"}, "tag"},
		{sdkEvent{kind: "tag", branch: "v1"}, "tag two version"},
		{sdkEvent{kind: "tag", branch: "v1/x"}, "cel tag"},
		{sdkEvent{kind: "tag", branch: "nightly"}, "nightly tag"},
		{sdkEvent{kind: "tag", branch: "release/1"}, "tag"},
		{sdkEvent{kind: "pull", branch: "main"}, "drafts pull ready target"},
		{sdkEvent{kind: "pull", branch: "next"}, "drafts pull ready two"},
		{sdkEvent{kind: "pull", branch: "main", files: []string{"services/cart/x.go"}}, "cart drafts pull ready target"},
		{sdkEvent{kind: "pull", branch: "main", files: []string{"services/cart/README.md"}}, "drafts pull ready target"},
		{sdkEvent{kind: "pull", branch: "main", files: []string{"services/cart"}}, "drafts pull ready target"},
		{sdkEvent{kind: "pull", branch: "main", labels: []string{"e2e"}, files: []string{"services/cart/a"}}, "cart drafts label labelcart pull ready target"},
		{sdkEvent{kind: "pull", branch: "main", labels: []string{"a, b"}}, "drafts label pull ready target"},
		{sdkEvent{kind: "pull", branch: "main", labels: []string{"e2e"}, labeled: true}, "label"},
		{sdkEvent{kind: "pull", branch: "main", labels: []string{"x"}, labeled: true}, ""},
		{sdkEvent{kind: "comment", text: "/deploy now"}, "deploy"},
		{sdkEvent{kind: "comment", text: "please /deploy"}, ""},
		{sdkEvent{kind: "comment", text: "/two"}, "two"},
		{sdkEvent{kind: "comment", text: "/test"}, "drafts pull target"},
		{sdkEvent{kind: "comment", text: "/test main"}, "main"},
		{sdkEvent{kind: "comment", text: "hello"}, ""},
	} {
		t.Run(fmt.Sprintf("%+v", c.event), func(t *testing.T) {
			var got []string
			for _, s := range started(t, root, c.event.input()) {
				name, v, _ := strings.Cut(s, "=")
				got = append(got, name)
				assert.Equal(t, "abc123", v)
			}
			assert.Equal(t, c.want, strings.Join(got, " "))
		})
	}
	for _, name := range []string{"hook", "main"} {
		assert.Equal(t, []string{name + "=abc123"}, started(t, root, incomingHook(name, nil)))
	}
}

// hostile are texts that whoever opens a pull request may choose.
var hostile = []string{
	`it's`, `'`, `''`, `"`, `a: b`, ` #x`, `# x`, `{{ token }}`, `{{token}}`, `{{{ token }}}`, `{{{{ token }}}}`, `{`, `}}`, `{{`, `[a, b]`, "- x", "*a", "&a", "!a", "%a", "@a",
	"a\nb", "a\n---\napiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: evil\n", "a\r\nb", "x'\n---\n", "$(params.x)", "$$(context.pipelineRun.name)", "`id`", "$(id)", `\`, `\n`, `a\`,
	"x', evil: 'y", "]", "|", ">", "{{ cel: pac.token }}", "{{ body.x }}", `{{ headers["X-Github-Event"] }}`, "ünïcödé 🚀", "null", "true", "1", "", " ", "~", "a{{ token }}b", "{ {{ token }} }", `'{{ token }}'`, `\x27`,
}

// arrives returns a text as a run gets it.
func arrives(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r", ""), "\n", `\n`)
	return strings.ReplaceAll(strings.ReplaceAll(s, "{{", "{ { "), "$(", "$ (")
}

// TestHostileValues tests that no text of a stranger changes a run, or becomes another one,
// and that it shows no param.
func TestHostileValues(t *testing.T) {
	root := written(t,
		pac.Run(sdkRun("title", pac.Body("pull_request.title"))).On(pac.PullRequest()),
		pac.Run(sdkRun("quoted", "it's \""+pac.Body("pull_request.title")+"\": "+pac.SourceBranch)).On(pac.PullRequest()),
		pac.Run(sdkRun("lines", "a\nb: "+pac.Body("pull_request.title")+" #\n  "+pac.Sender+"\n")).On(pac.PullRequest()),
		pac.Run(sdkRun("labels", pac.PullRequestLabels)).On(pac.PullRequest()),
		pac.Run(sdkRun("files", pac.Files)).On(pac.PullRequest()),
		pac.Run(sdkRun("note", "x").Annotate("title", pac.Body("pull_request.title"))).On(pac.PullRequest()),
		pac.Run(sdkRun("header", pac.Header("X-Odd"))).On(pac.PullRequest()),
	)
	secret := repository(ofParams(v1alpha1.Params{Name: "token", Value: "hunter2"}))
	for _, s := range hostile {
		t.Run(s, func(t *testing.T) {
			body := ghPull(s, s)
			branch := strings.Map(func(r rune) rune {
				if r <= ' ' || strings.ContainsRune(`~^:?*[\`, r) {
					return -1
				}
				return r
			}, s)
			body["head"] = m{"ref": "x" + branch, "sha": "abc123", "repo": ghRepo}
			in := event("pull_request", m{"action": "opened", "number": 7, "pull_request": body})
			in.Headers["X-Odd"] = []string{s}
			in.Files = changedfiles.ChangedFiles{All: []string{s, "b"}}
			got := map[string]string{}
			for _, one := range started(t, root, in, secret) {
				name, v, _ := strings.Cut(one, "=")
				got[name] = v
			}
			want := map[string]string{
				"title": arrives(s), "quoted": `it's "` + arrives(s) + `": x` + arrives(branch), "lines": "a\nb: " + arrives(s) + " #\n  dev\n",
				"labels": arrives(s), "files": arrives(s + ",b"), "note": "x", "header": arrives(s),
			}
			assert.Equal(t, want, got)
			for _, v := range got {
				assert.NotContains(t, v, "hunter2")
			}
		})
	}
}

// TestValues tests the values that a run gets, with and without params of the Repository:
// with them, PaC leaves an empty variable as it is.
func TestValues(t *testing.T) {
	values := map[string]builder.String{
		"revision": pac.Revision, "short": pac.ShortRevision, "repo": pac.RepoURL, "owner": pac.RepoOwner, "name": pac.RepoName, "source": pac.SourceURL,
		"branch": pac.SourceBranch, "target": pac.TargetBranch, "tag": pac.GitTag, "sender": pac.Sender, "type": pac.EventType, "namespace": pac.TargetNamespace,
		"comment": pac.TriggerComment, "number": pac.PullRequestNumber, "labels": pac.PullRequestLabels, "id": pac.Body("repository.id"), "dash": pac.Body("a-b"),
		"header": pac.Header("x-github-event"), "none": pac.Header("x-none"), "files": pac.Files,
	}
	var runs []manifest.Source
	for _, name := range slices.Sorted(maps.Keys(values)) {
		runs = append(runs, pac.Run(sdkRun(builder.String(name), values[name])).On(pac.Push(), pac.Tag(), pac.PullRequest()))
	}
	root := written(t, runs...)
	common := map[string]string{
		"revision": "abc123", "short": "", "repo": repoURL, "owner": "acme", "name": "app", "source": repoURL, "sender": "dev", "namespace": "ci", "id": "1", "dash": "", "none": "", "files": "a,b",
	}
	for name, c := range map[string]struct {
		in   Input
		want map[string]string
	}{
		"push": {push("refs/heads/main"), map[string]string{"branch": "main", "target": "main", "tag": "", "type": "push", "comment": "", "number": "", "labels": "", "header": "push"}},
		"tag":  {push("refs/tags/v1"), map[string]string{"branch": "refs/tags/v1", "target": "refs/tags/v1", "tag": "v1", "type": "push", "comment": "", "number": "", "labels": "", "header": "push"}},
		"pull": {pullRequest("opened", "x", "bug", "ci"), map[string]string{"branch": "feature", "target": "main", "tag": "", "type": "pull_request", "comment": "", "number": "7", "labels": `bug\nci`, "header": "pull_request"}},
	} {
		for _, repo := range []*v1alpha1.Repository{repository(), repository(ofParams(v1alpha1.Params{Name: "host", Value: "x"}))} {
			c.in.Files = changedfiles.ChangedFiles{All: []string{"a", "b"}}
			got := map[string]string{}
			for _, one := range started(t, root, c.in, repo) {
				name, v, _ := strings.Cut(one, "=")
				got[name] = v
			}
			want := maps.Clone(common)
			maps.Copy(want, c.want)
			assert.Equal(t, want, got, name)
		}
	}
}

// TestGitAuthSecret tests that the Secret that PaC creates is bound.
func TestGitAuthSecret(t *testing.T) {
	root := written(t, pac.Run(sdkRun("x", pac.GitAuthSecret+"/"+pac.Revision)).On(pac.Push()))
	got := started(t, root, push("refs/heads/main"))
	require.Len(t, got, 1)
	assert.Equal(t, "x=pac-gitauth-xxxxxx/abc123", Stable(got[0]))

	// A run that is one file starts as well.
	root = written(t, pac.Run(sdkRun("x", pac.Revision)).On(pac.Push()).Inline())
	assert.NoFileExists(t, filepath.Join(root, ".tekton", "task-show.yaml"))
	assert.Equal(t, []string{"x=abc123"}, started(t, root, push("refs/heads/main")))
}

// TestRandomChains compares random chains with a matcher that is written from the
// documentation of package pac alone.
func TestRandomChains(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	some := func(of ...string) (out []string) {
		for _, s := range of {
			if r.IntN(3) == 0 {
				out = append(out, s)
			}
		}
		if out == nil {
			out = append(out, pick(of...))
		}
		return out
	}
	globs := []string{"main", "release/*", "release/**", "v?", "*", "**", "a/**/b", "x-*-y", "feature/it's", "a,b", "dépôt/*"}
	branches := []string{"main", "release/1", "release/1/2", "v1", "v10", "a/b", "a/c/b", "x-1-y", "feature/it's", "a,b", "dépôt/x", "refs"}
	paths := []string{"docs/**", "**/*.go", "go.mod", "services/*/main.go", "**.md", "a b/**", "x,y/*", "**/x.go", "it's/**"}
	files := []string{"docs/a.md", "docs/a/b", "x.go", "a/b/x.go", "go.mod", "x/go.mod", "services/cart/main.go", "services/a/b/main.go", "README.md", "a b/c", "x,y/z", "docs", "it's/x"}
	for i := range 20 {
		type chain struct {
			kind, name    string
			globs, p, ign []string
			event         pac.Event
		}
		var chains []chain
		var runs []manifest.Source
		for j := range 8 {
			c := chain{kind: pick("push", "pull", "tag"), name: fmt.Sprintf("r%d", j)}
			if r.IntN(4) > 0 {
				c.globs = some(globs...)
			}
			if c.kind != "tag" && r.IntN(2) == 0 {
				c.p = some(paths...)
			}
			if c.kind != "tag" && r.IntN(3) == 0 {
				c.ign = some(paths...)
			}
			switch c.kind {
			case "push":
				e := pac.Push()
				if c.globs != nil {
					e.Branches(c.globs...)
				}
				if c.p != nil {
					e.Paths(c.p...)
				}
				if c.ign != nil {
					e.IgnorePaths(c.ign...)
				}
				c.event = e
			case "pull":
				e := pac.PullRequest()
				if c.globs != nil {
					e.Targets(c.globs...)
				}
				if c.p != nil {
					e.Paths(c.p...)
				}
				if c.ign != nil {
					e.IgnorePaths(c.ign...)
				}
				c.event = e
			case "tag":
				c.event = pac.Tag(c.globs...)
			}
			chains = append(chains, c)
			runs = append(runs, pac.Run(sdkRun(builder.String(c.name), "x")).On(c.event))
		}
		root := written(t, runs...)
		for range 8 {
			e := sdkEvent{kind: pick("push", "pull", "tag"), branch: pick(branches...), files: some(files...)}
			var want []string
			for _, c := range chains {
				ok := c.kind == e.kind && (c.globs == nil || slices.ContainsFunc(c.globs, func(g string) bool { return like(g, e.branch) }))
				if ok && c.kind != "tag" && (c.p != nil || c.ign != nil) {
					ok = slices.ContainsFunc(e.files, func(f string) bool {
						in := func(list []string) bool { return slices.ContainsFunc(list, func(g string) bool { return like(g, f) }) }
						return (c.p == nil || in(c.p)) && !in(c.ign)
					})
				}
				if ok {
					want = append(want, c.name+"=x")
				}
			}
			assert.Equal(t, strings.Join(want, " "), strings.Join(started(t, root, e.input()), " "), "%d: %+v of %+v", i, e, chains)
		}
	}
}

// like reports whether a pattern of package pac matches a text.
func like(g, s string) bool {
	switch {
	case g == "":
		return s == ""
	case strings.HasPrefix(g, "**/"):
		if like(g[3:], s) {
			return true
		}
		for i := range s {
			if s[i] == '/' && like(g[3:], s[i+1:]) {
				return true
			}
		}
		return false
	case strings.HasPrefix(g, "**"):
		for i := 0; i <= len(s); i++ {
			if like(g[2:], s[i:]) {
				return true
			}
		}
		return false
	case g[0] == '*':
		for i := 0; i <= len(s); i++ {
			if like(g[1:], s[i:]) {
				return true
			}
			if i < len(s) && s[i] == '/' {
				return false
			}
		}
		return false
	case s == "":
		return false
	case g[0] == '?':
		return s[0] != '/' && like(g[1:], s[1:])
	}
	return g[0] == s[0] && like(g[1:], s[1:])
}
