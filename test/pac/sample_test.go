package pac

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/pac"
)

// sample returns the checkouts with a folder .tekton below the directory TEKWRIGHT_CORPUS.
func sample(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(os.Getenv("TEKWRIGHT_CORPUS"), "*", ".tekton"))
	require.NoError(t, err)
	if os.Getenv("TEKWRIGHT_CORPUS") == "" || len(dirs) == 0 {
		t.Skip("TEKWRIGHT_CORPUS is no directory of checkouts")
	}
	for i := range dirs {
		dirs[i] = filepath.Dir(dirs[i])
	}
	return dirs
}

// TestCorpus compares each step of reading the folders of a sample.
func TestCorpus(t *testing.T) {
	for _, dir := range sample(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Log(compareFolder(t, dir, someValues(), nil), "runs")
		})
	}
}

// hints are what the runs of a folder react to.
type hints struct {
	names     []string // of the runs
	namespace string
	branches  []string
	files     []string
	labels    []string
	comments  []string
	remote    map[string]string
}

var (
	comparedBranch = regexp.MustCompile(`target_branch\s*(?:==\s*|\.(?:startsWith|matches)\()['"]\^?([^'"$]+)`)
	changedPattern = regexp.MustCompile(`['"]([^'"\s]+)['"]\s*\.pathChanged`)
	stars          = regexp.MustCompile(`\*+`)
)

// hintsOf reads a folder. One that cannot be read has no hints but the usual ones.
func hintsOf(t *testing.T, root string) *hints {
	t.Helper()
	h := &hints{namespace: "ci", branches: []string{"main"}, remote: map[string]string{}}
	objects := pac.Load(readFiles(t, filepath.Join(root, ".tekton"))).Raw(nil)
	plain := func(pattern string) string { return stars.ReplaceAllString(strings.TrimPrefix(pattern, "./"), "x") }
	for _, r := range objects.Runs {
		h.names = append(h.names, strings.TrimSuffix(r.Original(), "-"))
		if r.Namespace != "" {
			h.namespace = r.Namespace
		}
		expr := r.Annotations[pac.OnCELExpression]
		for _, m := range comparedBranch.FindAllStringSubmatch(expr, -1) {
			h.branches = append(h.branches, strings.TrimPrefix(m[1], "refs/heads/"))
		}
		for _, m := range changedPattern.FindAllStringSubmatch(expr, -1) {
			h.files = append(h.files, plain(m[1]))
		}
		for key, to := range map[string]*[]string{pac.OnTargetBranch: &h.branches, pac.OnPathChange: &h.files, pac.OnPathChangeIgnore: &h.files, pac.OnLabel: &h.labels} {
			values, err := pac.List(r.Annotations[key])
			if err != nil {
				continue
			}
			for _, v := range values {
				if v = plain(strings.TrimPrefix(v, "refs/heads/")); v != "" && !strings.HasPrefix(v, "refs/") {
					*to = append(*to, v)
				}
			}
		}
		if c := r.Annotations[pac.OnComment]; c != "" {
			if re, err := syntax.Parse(c, syntax.Perl); err == nil {
				h.comments = append(h.comments, matching(re))
			}
		}
		h.fetched(r)
	}
	for _, list := range []*[]string{&h.branches, &h.files, &h.labels, &h.comments} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return h
}

// matching returns a text that a regular expression matches, unless it is a strange one.
func matching(re *syntax.Regexp) string {
	var b strings.Builder
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		if len(re.Rune) > 0 {
			return string(re.Rune[0])
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpAlternate, syntax.OpCapture, syntax.OpPlus:
		return matching(re.Sub[0])
	case syntax.OpRepeat:
		return strings.Repeat(matching(re.Sub[0]), re.Min)
	case syntax.OpConcat:
		for _, s := range re.Sub {
			b.WriteString(matching(s))
		}
	}
	return b.String()
}

// fetched gives each remote task and pipeline of a run a body of that name.
func (h *hints) fetched(r *pac.Run) {
	for key, value := range r.Annotations {
		kind, _, _ := strings.Cut(strings.TrimPrefix(key, pac.Prefix), "-")
		values, err := pac.List(value)
		if err != nil || kind != "task" && kind != "pipeline" {
			continue
		}
		for _, v := range values {
			name := strings.TrimSuffix(strings.TrimSuffix(path.Base(v), ".yaml"), ".yml")
			if kind == "pipeline" && r.Object.Spec.PipelineRef != nil {
				name = r.Object.Spec.PipelineRef.Name
			}
			switch {
			case strings.HasPrefix(v, "http"):
				h.remote[v] = map[string]string{"task": task(name, "remote"), "pipeline": pipeline(name, "")}[kind]
			case !strings.Contains(v, "/") && kind == "task":
				name, _, _ := strings.Cut(v, ":")
				h.remote["https://artifacthub.io/api/v1/packages/tekton-task/tekton-catalog-tasks/"+strings.Replace(v, ":", "/", 1)] = js2(name, "hub")
			}
		}
	}
}

// sampled is an event for a folder of a sample.
type sampled struct {
	name  string
	kind  string
	in    Input
	force bool // it starts a run whatever its annotations
}

// events returns the events of a provider that a folder is compared with.
func (h *hints) events(provider, root string) []sampled {
	var out []sampled
	add := func(kind, branch, comment string, labels, files []string, force bool) {
		in, url, ok := chance{}.eventOf(provider, kind, branch, comment, labels)
		if !ok {
			return
		}
		name := fmt.Sprint(kind, " ", branch, " ", comment, " ", len(files), " files")
		out = append(out, sampled{name, kind, h.input(in, url, provider, root, files), force})
	}
	readme := []string{"README.md"}
	for _, branch := range h.branches[:min(4, len(h.branches))] {
		for _, kind := range []string{"push", "pull request", "labelled"} {
			add(kind, branch, "", h.labels, h.files, false)
		}
	}
	for _, kind := range []string{"push", "pull request"} {
		add(kind, "main", "", nil, readme, false)
		add(kind, "master", "", nil, []string{"go.mod", "cmd/main.go", ".tekton/x.yaml"}, false)
	}
	add("labelled", "main", "", []string{"bug"}, readme, false)
	add("tag", "main", "", nil, h.files, false)
	add("closed", "main", "", nil, readme, false)
	for _, comment := range append([]string{"/test", "/retest", "/ok-to-test", "/cancel", "hello"}, h.comments...) {
		add("comment", "main", comment, nil, h.files, false)
	}
	for _, name := range h.names[:min(3, len(h.names))] {
		add("comment", "main", "/test "+name, nil, h.files, true)
		if provider == "github" {
			out = append(out, sampled{"incoming " + name, "incoming", h.input(incomingHook(name, nil), repoURL, provider, root, readme), true})
		}
	}
	return out
}

// input completes an event with what Pipelines-as-Code asks others for.
func (h *hints) input(in Input, url, provider, root string, files []string) Input {
	repo := repository()
	repo.Namespace, repo.Spec.URL = h.namespace, url
	if provider != "github" {
		repo.Spec.GitProvider = &v1alpha1.GitProvider{Type: provider, URL: "https://api.invalid", User: "u", Secret: &v1alpha1.Secret{Name: "tok"}}
	}
	in.Root, in.DefaultBranch, in.SHA = root, "main", "abc123"
	in.CommitMessage = cmp.Or(in.CommitMessage, "a title")
	in.Files = changedfiles.ChangedFiles{All: files, Modified: files}
	in.Repos, in.Secrets, in.Remote = []*v1alpha1.Repository{repo}, secrets(), h.remote
	in.Secrets[0].Namespace = h.namespace
	return in
}

// TestSample compares which runs the events of all providers start in the folders of a
// sample, and prints the numbers.
func TestSample(t *testing.T) {
	type row struct{ Events, Started, Different int }
	total, byKind, folders, runs := row{}, map[string]row{}, 0, 0
	for _, root := range sample(t) {
		h := hintsOf(t, root)
		folders++
		runs += len(h.names)
		for _, provider := range []string{"github", "gitlab", "gitea", "bitbucket-cloud", "bitbucket-datacenter"} {
			for _, e := range h.events(provider, root) {
				started := 0
				same := t.Run(strings.Join([]string{filepath.Base(root), provider, e.name}, "/"), func(t *testing.T) { started = compareEvent(t, e.in) })
				k := byKind[e.kind]
				for _, r := range []*row{&total, &k} {
					r.Events++
					r.Started += started
					if !same {
						r.Different++
					}
				}
				byKind[e.kind] = k
			}
		}
	}
	t.Logf("%d folders, %d runs: %+v", folders, runs, total)
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		text, _ := json.Marshal(byKind[kind])
		t.Logf("%s: %s", kind, text)
	}
}
