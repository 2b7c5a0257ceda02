package pac

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
	"github.com/openshift-pipelines/pipelines-as-code/pkg/changedfiles"
	tektonv1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const repoURL = "https://github.com/acme/app"

// folder writes files below a temporary checkout.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, body := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// pr is a PipelineRun with one inline task; ann are "key: value" lines.
func pr(name, value string, ann ...string) string {
	s := "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n"
	if strings.HasSuffix(name, "-") {
		s += "  generateName: " + name + "\n"
	} else {
		s += "  name: " + name + "\n"
	}
	if len(ann) > 0 {
		s += "  annotations:\n"
		for _, a := range ann {
			s += "    pipelinesascode.tekton.dev/" + a + "\n"
		}
	}
	return s + "spec:\n  params:\n    - name: v\n      value: " + value + "\n" +
		"  pipelineSpec:\n    params:\n      - name: v\n    tasks:\n      - name: t\n        taskSpec:\n          steps:\n            - name: s\n              image: img\n"
}

var onPR = []string{`on-event: "[pull_request]"`, `on-target-branch: "[main]"`}
var onPush = []string{`on-event: "[push]"`, `on-target-branch: "[main]"`}

type m = map[string]any

func js(v any) []byte { b, _ := json.Marshal(v); return b }

var ghRepo = m{"id": 1, "name": "app", "full_name": "acme/app", "html_url": repoURL, "default_branch": "main", "owner": m{"login": "acme"}}

func ghPull(title string, labels ...string) m {
	ls := []m{}
	for _, l := range labels {
		ls = append(ls, m{"name": l})
	}
	return m{"number": 7, "state": "open", "title": title, "html_url": repoURL + "/pull/7", "user": m{"login": "Dev"}, "draft": false, "labels": ls,
		"head": m{"ref": "feature", "sha": "abc123", "repo": ghRepo}, "base": m{"ref": "main", "repo": ghRepo}}
}

func event(kind string, body m) Input {
	body["repository"] = ghRepo
	body["installation"] = m{"id": 5}
	body["sender"] = m{"login": "Dev"}
	return Input{Headers: http.Header{"X-Github-Event": {kind}}, Payload: js(body), CommitMessage: "a commit"}
}

func pullRequest(action, title string, labels ...string) Input {
	return event("pull_request", m{"action": action, "number": 7, "pull_request": ghPull(title, labels...)})
}

func push(ref string) Input {
	return event("push", m{"ref": ref, "before": "000", "after": "abc123", "pusher": m{"name": "Dev"},
		"head_commit": m{"id": "abc123", "message": "a commit\n\nits body", "url": repoURL + "/commit/abc123"}})
}

func comment(text string) Input {
	in := event("issue_comment", m{"action": "created", "comment": m{"id": 1, "body": text},
		"issue": m{"number": 7, "state": "open", "pull_request": m{"url": "x"}}})
	in.PullRequest = js(ghPull("a title", "bug"))
	return in
}

// withAPI gives what ParsePayload asks the API for.
func withAPI(in Input) Input {
	in.PullRequest = js(ghPull("a title"))
	return in
}

func incomingHook(run string, params m) Input {
	return Input{Path: "/incoming", Headers: http.Header{"Content-Type": {"application/json"}}, SHA: "abc123", CommitMessage: "c",
		Payload: js(m{"repository": "app", "branch": "main", "pipelinerun": run, "secret": "s", "params": params})}
}

func repository(mod ...func(*v1alpha1.Repository)) *v1alpha1.Repository {
	r := &v1alpha1.Repository{ObjectMeta: metav1.ObjectMeta{Name: "app", Namespace: "ci"}, Spec: v1alpha1.RepositorySpec{URL: repoURL,
		Incomings: &[]v1alpha1.Incoming{{Type: "webhook-url", Secret: v1alpha1.Secret{Name: "s"}, Params: []string{"who"}, Targets: []string{"main"}}}}}
	for _, f := range mod {
		f(r)
	}
	return r
}

func ofParams(p ...v1alpha1.Params) func(*v1alpha1.Repository) {
	return func(r *v1alpha1.Repository) { r.Spec.Params = &p }
}

// names lists what was created, as "name=value of param v".
func names(out *Output) []string {
	s := []string{}
	for _, p := range out.Created {
		v := ""
		for _, q := range p.Spec.Params {
			if q.Name == "v" {
				v = q.Value.StringVal
			}
		}
		s = append(s, p.Annotations["pipelinesascode.tekton.dev/original-prname"]+"="+v)
	}
	sort.Strings(s)
	return s
}

func has(lines []string, sub string) bool {
	for _, l := range lines {
		if strings.Contains(l, sub) {
			return true
		}
	}
	return false
}

type kase struct {
	name   string
	files  map[string]string
	in     Input
	repo   *v1alpha1.Repository
	paths  changedfiles.ChangedFiles
	want   string // names, joined by blanks
	log    string // a line of the log
	note   string // a comment or a status holds it
	panics bool
}

func with(in Input, f func(*Input)) Input { f(&in); return in }

func cases() []kase {
	one := func(s string) map[string]string { return map[string]string{".tekton/a.yaml": s} }
	two := func(a, b string) map[string]string {
		return map[string]string{".tekton/a.yaml": a, ".tekton/b.yml": b}
	}
	q := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	opened := pullRequest("opened", "a title")
	main := push("refs/heads/main")
	changed := func(f ...string) changedfiles.ChangedFiles { return changedfiles.ChangedFiles{All: f, Modified: f} }
	return []kase{
		// files and documents
		{name: "quoted variable", files: one(pr("a", q("{{ revision }}"), onPR...)), in: opened, want: "a=abc123"},
		{name: "unquoted variable in the first document stops the folder", files: two(pr("a", "{{ revision }}", onPR...), pr("b", "x", onPR...)), in: opened, want: "", note: "yaml validation error"},
		{name: "unquoted variable, push: nothing seen but a log line", files: one(pr("a", "{{ revision }}", onPush...)), in: main, want: "", log: "PipelineRun YAML validation"},
		{name: "unquoted variable in the second document is legal", files: one("# c\n---\n" + pr("b", "x", onPR...) + "---\n" + pr("a", "{{ revision }}", onPR...)), in: opened, want: "a=abc123 b=x"},
		{name: "syntax error in the second document: dropped, no comment", files: one(pr("b", "x", onPR...) + "---\nkind: [\n"), in: opened, want: "b=x", log: "cannot read the PipelineRun: nokube"},
		{name: "type error: dropped, comment", files: two(pr("b", "x", onPR...), strings.Replace(pr("a", "x", onPR...), "tasks:", "tasks: {}\n    finally:", 1)), in: opened, want: "b=x", note: "cannot unmarshal object"},
		{name: "separator with a comment swallows what follows", files: one(pr("a", "x", onPR...) + "--- # next\n" + pr("b", "x", onPR...)), in: opened, want: "a=x"},
		{name: "file that starts with such a separator is lost behind another", files: two(pr("a", "x", onPR...), "--- # next\n"+pr("b", "x", onPR...)), in: opened, want: "a=x"},
		{name: "unknown fields vanish", files: one(strings.Replace(pr("a", "x", onPR...), "spec:\n", "spec:\n  workspace:\n    - name: w\n", 1)), in: opened, want: "a=x"},
		{name: "duplicate names stop every event", files: two(pr("a", "x", onPush...), pr("a", "x", onPush...)+"---\n"+pr("b", "x", onPR...)), in: opened, want: "", note: "found multiple pipelinerun"},
		{name: "neither name nor generateName", files: one(strings.Replace(pr("a", "x", onPR...), "  name: a\n", "", 1)), in: opened, want: "=x"},
		{name: "foreign namespace", files: one(strings.Replace(pr("a", "x", onPR...), "  name: a\n", "  name: a\n  namespace: other\n", 1)), in: opened, want: "", note: "namespace"},

		// variables
		{name: "event, target_url and event_title are no variables", files: one(pr("a", q("{{ event }} {{ target_url }} {{ event_title }}"), onPR...)), in: opened, want: "a={{ event }} {{ target_url }} {{ event_title }}"},
		{name: "empty variable without params", files: one(pr("a", q("<{{ git_tag }}{{ trigger_comment }}>"), onPR...)), in: opened, want: "a=<>"},
		{name: "empty variable with params stays", files: one(pr("a", q("<{{ git_tag }}>"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "me"})), want: "a=<{{ git_tag }}>"},
		{name: "pull_request_number on push stays", files: one(pr("a", q("{{ pull_request_number }}"), onPush...)), in: main, want: "a={{ pull_request_number }}"},
		{name: "names are lowered", files: one(pr("a", q("{{ sender }} {{ source_branch }} {{ target_branch }} {{ event_type }} {{ repo_owner }}/{{ repo_name }} {{ pull_request_number }}"), onPR...)), in: opened, want: "a=dev feature main pull_request acme/app 7"},
		{name: "tag", files: one(pr("a", q("{{ git_tag }} {{ target_branch }} {{ source_branch }}"), `on-event: "[push]"`, `on-target-branch: "[refs/tags/*]"`)), in: push("refs/tags/v1"), want: "a=v1 refs/tags/v1 refs/tags/v1"},
		{name: "a star is no tag", files: one(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "[*]"`)), in: push("refs/tags/v1"), want: ""},
		{name: "labels are joined by a backslash and an n", files: one(pr("a", q("{{ pull_request_labels }}"), onPR...)), in: pullRequest("opened", "t", "bug", "doc"), want: `a=bug\ndoc`},
		{name: "body", files: one(pr("a", q("{{ body.pull_request.draft }} {{ body.nope }} {{ body.pull_request.number }} {{ headers['X-Github-Event'] }} {{ headers['x-github-event'] }}"), onPR...)), in: opened, want: "a=false {{ body.nope }} 7 pull_request {{ headers['x-github-event'] }}"},
		{name: "cel", files: one(pr("a", q(`<{{ cel: body.nope }}{{ cel: event }}{{ cel: pac.event }}> {{ cel: pull_request_number }} {{ cel: target_branch.upperAscii() }} {{ cel: has(body.nope) }} {{ cel: {"a": "b"}["a"] }}`), onPR...)), in: opened, want: `a=<> 7 MAIN false {{ cel: {"a": "b"}["a"] }}`},
		{name: "fields that go-github does not know are no body", files: one(pr("a", q("{{ body.enterprise.unknown }}{{ cel: has(body.secret_field) }}"), onPR...)),
			in: with(opened, func(i *Input) {
				i.Payload = []byte(strings.Replace(string(i.Payload), `{"action"`, `{"secret_field":1,"action"`, 1))
			}), want: "a={{ body.enterprise.unknown }}false"},
		{name: "a value is expanded a second time", files: one(pr("a", q("{{ body.pull_request.title }}"), onPR...)), in: pullRequest("opened", "{{ token }}"), repo: repository(ofParams(v1alpha1.Params{Name: "token", Value: "hunter2"})), want: "a=hunter2"},
		{name: "a value with a quote breaks the YAML", files: one(pr("a", `"{{ body.pull_request.title }}"`, onPR...)), in: pullRequest("opened", `say "hi"`), want: "", log: "cannot read the PipelineRun"},
		{name: "a value with lines adds documents", files: one(pr("a", q("x"), onPR...) + "# {{ body.pull_request.title }}\n"), in: pullRequest("opened", "x\n---\n"+pr("evil", "x", onPR...)), want: "a=x evil=x"},
		{name: "git_auth_secret", files: one(pr("a", q("{{ git_auth_secret }}"), onPR...)), in: opened, want: "a=pac-gitauth-xxxxxx"},
		{name: "comment arguments override", files: one(pr("a", q("{{ revision }} {{ who }} {{ new }}"), onPR...)), in: comment(`/test a revision=evil who="a b" new=1`), repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "me"})), want: "a=evil a b {{ new }}"},
		{name: "arguments need the slash first", files: one(pr("a", q("{{ who }}"), onPR...)), in: comment("please\n/test a who=you"), repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "me"})), want: "a=me"},

		// custom params
		{name: "a param may replace a variable", files: one(pr("a", q("{{ revision }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "revision", Value: "mine"})), want: "a=mine"},
		{name: "filter: event is always empty", files: one(pr("a", q("{{ who }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "me", Filter: `event == "pull_request"`})), want: "a={{ who }}"},
		{name: "filter: event_type works", files: one(pr("a", q("{{ who }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "me", Filter: `event_type == "pull_request" && pac.target_branch == "main"`})), want: "a=me"},
		{name: "a filter that fails leaves every variable", files: one(pr("a", q("{{ revision }} {{ who }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "me", Filter: `body.nope == "x"`})), want: "a={{ revision }} {{ who }}", log: "error processing repository CR custom params"},
		{name: "a missing secret leaves every variable", files: one(pr("a", q("{{ revision }} {{ who }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "who", SecretRef: &v1alpha1.Secret{Name: "none", Key: "k"}})), want: "a={{ revision }} {{ who }}"},
		{name: "a secret", files: one(pr("a", q("{{ who }}"), onPR...)), in: with(opened, func(i *Input) {
			i.Secrets = []*corev1.Secret{{ObjectMeta: metav1.ObjectMeta{Name: "sec", Namespace: "ci"}, Data: map[string][]byte{"k": []byte("v")}}}
		}), repo: repository(ofParams(v1alpha1.Params{Name: "who", SecretRef: &v1alpha1.Secret{Name: "sec", Key: "k"}})), want: "a=v"},
		{name: "a secret's missing key is empty, and stays", files: one(pr("a", q("<{{ who }}>"), onPR...)), in: with(opened, func(i *Input) {
			i.Secrets = []*corev1.Secret{{ObjectMeta: metav1.ObjectMeta{Name: "sec", Namespace: "ci"}, Data: map[string][]byte{"k": []byte("v")}}}
		}), repo: repository(ofParams(v1alpha1.Params{Name: "who", SecretRef: &v1alpha1.Secret{Name: "sec", Key: "other"}})), want: "a=<>"},
		{name: "two filters, the first that holds", files: one(pr("a", q("{{ who }}"), onPR...)), in: opened, repo: repository(ofParams(
			v1alpha1.Params{Name: "who", Value: "1", Filter: `pac.event_type == "push"`}, v1alpha1.Params{Name: "who", Value: "2", Filter: `pac.event_type == "pull_request"`}, v1alpha1.Params{Name: "who", Value: "3", Filter: `true`})), want: "a=2"},
		{name: "without filters the last", files: one(pr("a", q("{{ who }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "1"}, v1alpha1.Params{Name: "who", Value: "2"})), want: "a=2"},

		// matching
		{name: "both annotations are needed", files: two(pr("a", "x", `on-event: "[pull_request]"`), pr("b", "x", `on-target-branch: "[main]"`)), in: opened, want: ""},
		{name: "a list without brackets stops the folder", files: two(pr("a", "x", `on-event: "pull_request, push"`, `on-target-branch: "[main]"`), pr("b", "x", onPR...)), in: opened, want: "", log: "annotations in pipeline are in wrong format"},
		{name: "an empty list stops the folder", files: two(pr("a", "x", `on-event: "[]"`, `on-target-branch: "[main]"`), pr("b", "x", onPR...)), in: opened, want: "", log: "is empty"},
		{name: "a list over lines stops the folder", files: two(pr("a", "x", "on-event: |\n      [pull_request,\n      push]", `on-target-branch: "[main]"`), pr("b", "x", onPR...)), in: opened, want: "", log: "wrong format"},
		{name: "a bare word", files: one(pr("a", "x", "on-event: pull_request", "on-target-branch: main")), in: opened, want: "a=x"},
		{name: "wrong event name", files: one(pr("a", "x", `on-event: "[merge_request, pull-request, Pull_Request, tag]"`, `on-target-branch: "[main]"`)), in: opened, want: ""},
		{name: "an invalid glob panics", files: one(pr("a", "x", `on-event: "[pull_request]"`, `on-target-branch: "[main{,x}]"`)), in: opened, panics: true},
		{name: "full ref on a pull request", files: one(pr("a", "x", `on-event: "[pull_request]"`, `on-target-branch: "[refs/heads/main]"`)), in: opened, want: "a=x"},
		{name: "glob over slashes", files: one(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "[release-*]"`)), in: push("refs/heads/release-1/x"), want: "a=x"},
		{name: "no regular expressions", files: one(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "[^release-.*$]"`)), in: push("refs/heads/release-1"), want: ""},
		{name: "path change", files: one(pr("a", "x", append([]string{`on-path-change: "[docs/*.md]"`}, onPR...)...)), in: opened, paths: changed("docs/a/b.md"), want: "a=x"},
		{name: "path change, root star", files: one(pr("a", "x", append([]string{`on-path-change: "[*.go]"`}, onPR...)...)), in: opened, paths: changed("pkg/x.go"), want: "a=x"},
		{name: "path change, double star and slash match the root, as prefix and suffix may overlap", files: one(pr("a", "x", append([]string{`on-path-change: "[**/x.go]"`}, onPR...)...)), in: opened, paths: changed("x.go"), want: "a=x"},
		{name: "pathChanged, double star and slash do not", files: one(pr("a", "x", `on-cel-expression: '"**/x.go".pathChanged()'`)), in: opened, paths: changed("x.go"), want: ""},
		{name: "path change, overlap", files: one(pr("a", "x", append([]string{`on-path-change: "[a/*/b]"`}, onPR...)...)), in: opened, paths: changed("a/b"), want: "a=x"},
		{name: "a class that a comma splits panics", files: one(pr("a", "x", `on-event: "[pull_request]"`, `on-target-branch: "[v[1,2]*]"`)), in: opened, panics: true},
		{name: "a missing bracket panics", files: one(pr("a", "x", `on-event: "[pull_request]"`, `on-target-branch: "[v[0-9]"`)), in: opened, panics: true},
		{name: "path ignore, one ignored file suffices", files: one(pr("a", "x", append([]string{`on-path-change-ignore: "[docs/***]"`}, onPR...)...)), in: opened, paths: changed("docs/a.md", "main.go"), want: ""},
		{name: "path annotations alone do nothing", files: one(pr("a", "x", `on-path-change: "[*]"`)), in: opened, paths: changed("x"), want: ""},
		{name: "cel wins", files: one(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "[other]"`, `on-path-change: "[none]"`, `on-cel-expression: event == "pull_request"`)), in: opened, paths: changed("x"), want: "a=x"},
		{name: "cel error: comment, others run", files: two(pr("a", "x", `on-cel-expression: body.nope == 1`), pr("b", "x", onPR...)), in: opened, want: "b=x", note: "no such key: nope"},
		{name: "cel not bool", files: one(pr("a", "x", `on-cel-expression: target_branch`)), in: opened, want: ""},
		{name: "cel has no string library", files: two(pr("a", "x", `on-cel-expression: target_branch.lowerAscii() == "main"`), pr("b", "x", onPR...)), in: opened, want: "b=x", note: "undeclared reference to 'lowerAscii'"},
		{name: "cel headers are lower", files: two(pr("a", "x", `on-cel-expression: headers['x-github-event'] == "pull_request"`), pr("b", "x", `on-cel-expression: headers['X-Github-Event'] == "pull_request"`)), in: opened, want: "a=x"},
		{name: "cel pathChanged and files", files: two(pr("a", "x", `on-cel-expression: '"docs/*.md".pathChanged() && files.modified.exists(f, f.matches("b.md"))'`), pr("b", "x", `on-cel-expression: '"docs/.*".pathChanged()'`)), in: opened, paths: changed("docs/a/b.md"), want: "a=x"},
		{name: "cel invalid glob is an error", files: two(pr("a", "x", `on-cel-expression: '"[a".pathChanged()'`), pr("b", "x", onPR...)), in: opened, paths: changed("x"), want: "b=x", note: "internal error"},
		{name: "cel on push: branch without refs/heads", files: one(pr("a", q("{{ target_branch }}"), `on-cel-expression: target_branch == "main" && event == "push"`)), in: main, want: "a=main"},
		{name: "cel on push: with refs/heads", files: one(pr("a", "x", `on-cel-expression: target_branch == "refs/heads/main"`)), in: main, want: "a=x"},
		{name: "cel on push: refs/heads fails beside the other style", files: two(pr("a", "x", `on-cel-expression: target_branch == "refs/heads/main"`), pr("b", "x", `on-cel-expression: target_branch == "main"`)), in: main, want: "b=x"},
		{name: "cel on push: matches() with refs/heads in the literal", files: one(pr("a", "x", `on-cel-expression: target_branch.matches("^refs/heads/rel.*")`)), in: push("refs/heads/rel1"), want: "a=x"},
		{name: "cel on push: startsWith(refs/)", files: one(pr("a", "x", `on-cel-expression: target_branch.startsWith("refs/")`)), in: main, want: ""},
		{name: "cel on a tag", files: one(pr("a", "x", `on-cel-expression: target_branch.startsWith("refs/tags/")`)), in: push("refs/tags/v1"), want: "a=x"},
		{name: "cel event_title on push is the whole message", files: one(pr("a", "x", `on-cel-expression: event_title == "a commit\n\nits body"`)), in: main, want: "a=x"},
		{name: "cel custom param", files: one(pr("a", "x", `on-cel-expression: who == "me"`)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "who", Value: "me"})), want: "a=x"},
		{name: "cel custom param with a dash", files: two(pr("a", "x", `on-cel-expression: my-who == "me"`), pr("b", "x", onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "my-who", Value: "me"})), want: "b=x", note: "undeclared"},
		{name: "a custom param shadows body for nobody", files: one(pr("a", "x", `on-cel-expression: event == "pull_request"`)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "event", Value: "nope"})), want: "a=x"},
		{name: "annotations may hold variables", files: one(pr("a", "x", `on-event: "[pull_request]"`, `on-target-branch: "[{{ branch }}]"`)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "branch", Value: "main"})), want: "a=x"},

		// labels
		{name: "label event: only on-label", files: two(pr("a", "x", append([]string{`on-label: "[bug]"`}, onPR...)...), pr("b", "x", onPR...)), in: pullRequest("labeled", "t", "bug"), want: "a=x"},
		{name: "label on an opened pull request", files: two(pr("a", "x", append([]string{`on-label: "[bug]"`}, onPR...)...), pr("b", "x", onPR...)), in: pullRequest("opened", "t", "bug"), want: "a=x b=x"},
		{name: "label event and cel", files: map[string]string{".tekton/a.yaml": pr("a", "x", `on-cel-expression: event == "pull_request"`), ".tekton/b.yaml": pr("b", "x", `on-cel-expression: event_type == "pull_request_labeled"`), ".tekton/c.yaml": pr("c", "x", `on-cel-expression: body.pull_request.labels.exists(l, l.name == "bug")`)}, in: pullRequest("labeled", "t", "bug"), want: "b=x c=x"},
		{name: "unlabeled is not taken", files: one(pr("a", "x", onPR...)), in: pullRequest("unlabeled", "t"), want: ""},
		{name: "edited is not taken", files: one(pr("a", "x", onPR...)), in: pullRequest("edited", "t"), want: ""},

		// comments
		{name: "/test", files: two(pr("a", q("{{ event_type }} {{ trigger_comment }}"), onPR...), pr("b", "x", onPush...)), in: comment("/test"), want: "a=pull_request /test"},
		{name: "/test name ignores the annotations", files: two(pr("a", "x", onPR...), pr("b", "x", onPush...)), in: comment("/test b"), want: "b=x"},
		{name: "/test name, generateName needs its dash", files: one(pr("a-", "x", onPR...)), in: comment("/test a"), want: "", log: "cannot find the targeted pipelinerun a"},
		{name: "/test name-, generateName", files: one(pr("a-", "x", onPR...)), in: comment("/test a-"), want: "a-=x"},
		{name: "/test name resolves the whole folder", files: two(pr("a", "x", onPR...), strings.Replace(pr("b", "x", onPush...), "taskSpec:\n          steps:\n            - name: s\n              image: img\n", "taskRef:\n          name: nowhere\n", 1)), in: comment("/test a"), want: "", note: "cannot find referenced task nowhere"},
		{name: "body of a comment is no pull request", files: two(pr("a", "x", `on-cel-expression: event == "pull_request" && !body.pull_request.draft`), pr("b", "x", onPR...)), in: comment("/test"), want: "b=x", note: "no such key: pull_request"},
		{name: "on-comment", files: two(pr("a", q("{{ trigger_comment }} {{ event_type }}"), `on-comment: ^/deploy`), pr("b", "x", onPR...)), in: comment("/deploy now\r\nplease"), want: `a=/deploy now\nplease on-comment`},
		{name: "on-comment is not anchored", files: one(pr("a", "x", `on-comment: deploy`)), in: comment("do not deploy this"), want: "a=x"},
		{name: "on-comment that matches nothing runs always", files: one(pr("a", "x", `on-comment: .*`)), in: opened, want: "a=x"},
		{name: "on-comment ^/test suppresses the others", files: two(pr("a", "x", onPR...), pr("b", "x", `on-comment: ^/test`)), in: comment("/test"), want: "b=x"},
		{name: "on-comment, bad regexp is skipped", files: two(pr("a", "x", `on-comment: "("`), pr("b", "x", onPR...)), in: opened, want: "b=x", log: "could not compile regexp"},
		{name: "an idle comment", files: one(pr("a", "x", onPR...)), in: comment("nice"), want: ""},
		{name: "/retest skips what succeeded", files: two(pr("a", "x", onPR...), pr("b", "x", onPR...)), in: with(comment("/retest"), func(i *Input) { i.Runs = []*tektonv1.PipelineRun{done("a")} }), want: "b=x"},
		{name: "/cancel starts nothing", files: one(pr("a", "x", onPR...)), in: comment("/cancel"), want: ""},
		{name: "prefix", files: one(pr("a", "x", onPR...)), in: comment("/pac test"), repo: repository(func(r *v1alpha1.Repository) { r.Spec.Settings = &v1alpha1.Settings{GitOpsCommandPrefix: "pac"} }), want: "a=x"},

		// incoming
		{name: "incoming by name ignores the annotations", files: two(pr("a", q("{{ who }} {{ event_type }} {{ sender }}")), pr("b", "x", `on-event: "[incoming]"`, `on-target-branch: "[main]"`)), in: incomingHook("a", m{"who": "you"}), want: "a=you incoming incoming"},
		{name: "incoming, generateName with its dash needs annotations", files: one(pr("a-", "x", `on-event: "[incoming]"`, `on-target-branch: "[main]"`)), in: incomingHook("a-", nil), want: "a-=x"},
		{name: "incoming, generateName with its dash, none", files: one(pr("a-", "x")), in: incomingHook("a-", nil), want: ""},
		{name: "incoming: event is push in cel", files: two(pr("a-", "x", `on-cel-expression: event == "incoming"`), pr("b-", "x", `on-cel-expression: event == "push" && event_type == "incoming"`)), in: incomingHook("b-", nil), want: "b-=x"},
		{name: "incoming: a param that is not listed", files: one(pr("a", "x")), in: incomingHook("a", m{"revision": "evil"}), want: ""},

		// skip-ci, ACL, concurrency
		{name: "skip ci, push", files: one(pr("a", "x", onPush...)), in: with(main, func(i *Input) { i.Payload = []byte(strings.Replace(string(i.Payload), "its body", "[skip ci]", 1)) }), want: ""},
		{name: "skip ci, pull request", files: one(pr("a", "x", onPR...)), in: with(opened, func(i *Input) { i.CommitMessage = "x [tkn skip]" }), want: ""},
		{name: "skip ci, other case", files: one(pr("a", "x", onPR...)), in: with(opened, func(i *Input) { i.CommitMessage = "x [Skip CI]" }), want: "a=x"},
		{name: "denied", files: one(pr("a", "x", onPR...)), in: with(opened, func(i *Input) { i.Denied = true }), want: "", note: "is not allowed to trigger CI"},
		{name: "a push needs no rights", files: one(pr("a", "x", onPush...)), in: with(main, func(i *Input) { i.Denied = true }), want: "a=x"},
		{name: "cancel-in-progress and concurrency_limit", files: one(pr("a", "x", append([]string{`cancel-in-progress: "true"`}, onPR...)...)), in: opened, repo: repository(func(r *v1alpha1.Repository) { n := 1; r.Spec.ConcurrencyLimit = &n }), want: "a=x", log: "cancel in progress is not supported with concurrency limit"},
		// re-runs, URLs, paths
		{name: "check_run re-run of a push has no trigger target", files: one(pr("a", "x", onPush...)), in: withAPI(event("check_run", m{"action": "rerequested", "check_run": m{"check_suite": m{"head_sha": "abc123", "head_branch": "main", "pull_requests": []m{}}}})), want: ""},
		{name: "check_suite re-run of a push", files: one(pr("a", "x", onPush...)), in: withAPI(event("check_suite", m{"action": "rerequested", "check_suite": m{"head_sha": "abc123", "head_branch": "main", "pull_requests": []m{}}})), want: "a=x"},
		{name: "check_run re-run of a pull request runs all that match", files: two(pr("a", "x", onPR...), pr("b", "x", onPR...)), in: withAPI(event("check_run", m{"action": "rerequested", "check_run": m{"name": "a", "check_suite": m{"head_sha": "abc123", "head_branch": "feature", "pull_requests": []m{{"number": 7}}}}})), want: "a=x b=x"},
		{name: "a Repository URL with .git matches nothing", files: one(pr("a", "x", onPR...)), in: opened, repo: repository(func(r *v1alpha1.Repository) { r.Spec.URL += ".git" }), want: "", log: "cannot find a repository match"},
		{name: "a Repository URL of another case matches nothing", files: one(pr("a", "x", onPR...)), in: opened, repo: repository(func(r *v1alpha1.Repository) { r.Spec.URL = "https://github.com/Acme/app" }), want: ""},
		{name: "a slash at the end of the URL is cut", files: one(pr("a", "x", onPR...)), in: opened, repo: repository(func(r *v1alpha1.Repository) { r.Spec.URL += "/" }), want: "a=x"},
		{name: "a folder is no glob, ./ matches nothing", files: two(pr("a", "x", `on-cel-expression: '"docs".pathChanged() || "./docs/**".pathChanged() || "/docs/**".pathChanged()'`), pr("b", "x", `on-cel-expression: '"docs/**".pathChanged()'`)), in: opened, paths: changed("docs/a.md"), want: "b=x"},
		{name: "on-path-changed is no annotation", files: one(pr("a", "x", append([]string{`on-path-changed: "[none]"`}, onPR...)...)), in: opened, paths: changed("x"), want: "a=x"},
		{name: "target-namespace without a Repository there", files: one(pr("a", "x", append([]string{`target-namespace: other`}, onPR...)...)), in: opened, want: "", log: "could not find Repository CRD"},
		{name: "a tag and CEL: target_branch in a variable", files: one(pr("a", q("{{ target_branch }}"), `on-cel-expression: event == "push" && target_branch == "refs/tags/v1"`)), in: push("refs/tags/v1"), want: "a=refs/tags/v1"},
		{name: "max-keep-runs is not looked at before the end", files: one(pr("a", "x", append([]string{`max-keep-runs: many`}, onPR...)...)), in: opened, want: "a=x"},
		{name: "a variable in a name", files: one(pr("a-{{ pull_request_number }}", "x", onPR...)), in: opened, want: "a-7=x"},
		{name: "a value of params is not expanded in CEL of filters", files: one(pr("a", q("{{ two }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "one", Value: "1"}, v1alpha1.Params{Name: "two", Value: "{{ one }}"})), want: "a=1"},
		{name: "a one-letter name without blanks is no variable", files: one(pr("a", q("{{x}} {{ x }}"), onPR...)), in: opened, repo: repository(ofParams(v1alpha1.Params{Name: "x", Value: "1"})), want: "a={{x}} 1"},
		{name: "provenance", files: map[string]string{".tekton/a.yaml": pr("a", "x", onPR...), "base/.tekton/b.yaml": pr("b", "x", onPR...)}, in: opened, repo: repository(func(r *v1alpha1.Repository) {
			r.Spec.Settings = &v1alpha1.Settings{PipelineRunProvenance: "default_branch"}
		}), want: "b=x"},
		// YAML of annotations
		{name: "a list without quotes is no string", files: two(pr("a", "x", `on-event: [pull_request]`, `on-target-branch: [main]`), pr("b", "x", onPR...)), in: opened, want: "b=x", note: "cannot unmarshal array"},
		{name: "a number without quotes is no string", files: two(pr("a", "x", append([]string{`max-keep-runs: 3`}, onPR...)...), pr("b", "x", onPR...)), in: opened, want: "b=x", note: "cannot unmarshal number"},
		{name: "a bool without quotes is no string", files: two(pr("a", "x", append([]string{`cancel-in-progress: true`}, onPR...)...), pr("b", "x", onPR...)), in: opened, want: "b=x", note: "cannot unmarshal bool"},
		{name: "on a push nobody is told", files: one(pr("a", "x", append([]string{`cancel-in-progress: true`}, onPush...)...)), in: main, want: "", log: "cannot locate valid templates"},
		{name: "the second of two equal keys counts", files: one(pr("a", "x", append(append([]string{}, onPR...), `on-event: "[push]"`)...)), in: opened, want: ""},
		{name: "comma in a branch", files: one(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "[x&#44;y]"`)), in: push("refs/heads/x,y"), want: "a=x"},
		{name: "annotations beside metadata", files: one(strings.Replace(strings.Replace(pr("a", "x", onPR...), "  annotations:\n    ", "annotations:\n    ", 1), "x", "x", 1)), in: opened, want: ""},
		{name: "cel in an inserted value sees no data", files: one(pr("a", q("<{{ body.pull_request.title }}>"), onPR...)), in: pullRequest("opened", "{{ cel: pac.token }}{{ cel: revision }}"), repo: repository(ofParams(v1alpha1.Params{Name: "token", Value: "hunter2"})), want: "a=<>"},
		{name: "an empty label list stops the folder", files: two(pr("a", "x", append([]string{`on-label: "[]"`}, onPR...)...), pr("b", "x", onPR...)), in: opened, want: "", log: "has empty values"},
		{name: "a wrong format in a run that another event is for does no harm", files: two(pr("a", "x", `on-event: "[push]"`, `on-target-branch: "a b"`), pr("b", "x", onPR...)), in: opened, want: "b=x"},
		{name: "top-level params of any payload overwrite", files: one(pr("a", q("{{ revision }}"), onPR...)), in: with(opened, func(i *Input) {
			i.Payload = []byte(strings.Replace(string(i.Payload), `{"action"`, `{"params":{"revision":"evil"},"action"`, 1))
		}), want: "a=evil"},
		{name: "wrong format: what stands before it in the folder is lost too", files: two(pr("a", "x", onPR...), pr("b", "x", `on-event: "a b"`, `on-target-branch: "[main]"`)), in: opened, want: ""},
	}
}

func done(name string) *tektonv1.PipelineRun {
	p := &tektonv1.PipelineRun{ObjectMeta: metav1.ObjectMeta{Name: name + "-1", Namespace: "ci", Labels: map[string]string{"pipelinesascode.tekton.dev/sha": "abc123"}, Annotations: map[string]string{"pipelinesascode.tekton.dev/original-prname": name}}}
	p.Status.MarkSucceeded("Succeeded", "ok")
	return p
}

func TestClaims(t *testing.T) {
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if r := recover(); (r != nil) != c.panics {
					t.Errorf("panic: %v", r)
				} else if r != nil {
					t.Logf("panic as expected: %v", r)
				}
			}()
			in := c.in
			in.Root = folder(t, c.files)
			in.DefaultBranch = "main"
			in.DefaultBranchRoot = filepath.Join(in.Root, "base")
			in.Files = c.paths
			repo := c.repo
			if repo == nil {
				repo = repository()
			}
			in.Repos = []*v1alpha1.Repository{repo}
			out, err := Run(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			got := Stable(strings.Join(names(out), " "))
			all := append(append([]string{}, out.Log...), out.Comments...)
			for _, s := range out.Statuses {
				all = append(all, s.Title+" "+s.Text)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s\n%s", got, c.want, strings.Join(all, "\n"))
			}
			if c.log != "" && !has(out.Log, c.log) {
				t.Errorf("no log line holds %q:\n%s", c.log, strings.Join(out.Log, "\n"))
			}
			if c.note != "" && !has(append(out.Comments, fmt.Sprint(out.Statuses)), c.note) {
				t.Errorf("nothing told to the user holds %q:\n%s", c.note, strings.Join(all, "\n"))
			}
		})
	}
}
