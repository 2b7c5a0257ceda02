package pac

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/openshift-pipelines/pipelines-as-code/pkg/apis/pipelinesascode/v1alpha1"
)

func task(name, image string, ann ...string) string {
	s := "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: " + name + "\n  labels: {l: x}\n"
	if len(ann) > 0 {
		s += "  annotations:\n    " + strings.Join(ann, "\n    ") + "\n"
	}
	return s + "spec:\n  steps:\n    - name: s\n      image: " + image + "\n"
}

func pipeline(name, refs string, ann ...string) string {
	s := "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata:\n  name: " + name + "\n"
	for i, a := range ann {
		if i == 0 {
			s += "  annotations:\n"
		}
		s += "    pipelinesascode.tekton.dev/" + a + "\n"
	}
	return s + "spec:\n  tasks:\n" + refs
}

func ref(name string) string {
	return "    - name: " + name + "\n      taskRef:\n        name: " + name + "\n"
}

func byRef(name, pipelineName string, ann ...string) string {
	s := "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: " + name + "\n  annotations:\n"
	for _, a := range append(ann, onPR...) {
		s += "    pipelinesascode.tekton.dev/" + a + "\n"
	}
	return s + "spec:\n  pipelineRef:\n    name: " + pipelineName + "\n"
}

// shape is "task:image ..." of the first run's inlined spec.
func shape(out *Output) string {
	var s []string
	for _, p := range out.Created {
		if p.Spec.PipelineSpec == nil {
			s = append(s, fmt.Sprintf("pipelineRef %+v", p.Spec.PipelineRef.Name))
			continue
		}
		for _, t := range append(p.Spec.PipelineSpec.Tasks, p.Spec.PipelineSpec.Finally...) {
			switch {
			case t.TaskSpec != nil && len(t.TaskSpec.Steps) > 0:
				i := t.TaskSpec.Steps[0].Image
				if t.TaskSpec.Steps[0].Ref != nil {
					i = "step:" + t.TaskSpec.Steps[0].Ref.Name
				}
				s = append(s, t.Name+":"+i)
			case t.TaskRef != nil:
				s = append(s, t.Name+":ref "+t.TaskRef.Name+string(t.TaskRef.Resolver)+t.TaskRef.APIVersion+string(t.TaskRef.Kind))
			}
		}
	}
	sort.Strings(s)
	return strings.Join(s, " ")
}

// resolution is a case of a folder whose runs are resolved.
type resolution struct {
	name   string
	files  map[string]string
	remote map[string]string
	in     Input
	want   string
	note   string
	log    string
}

func resolutions() []resolution {
	const far = "https://far.example/dir/pipeline.yaml"
	const hub = "https://artifacthub.io/api/v1/packages/tekton-task/tekton-catalog-tasks/"
	said := comment(`/test say="x"`)
	said2 := comment("/test\nsay \"hi\"")
	return []resolution{
		{name: "local task", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": pipeline("p", ref("t")), ".tekton/sub/t.yml": task("t", "one")}, want: "t:one"},
		{name: "the first of two local tasks", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": pipeline("p", ref("t")), ".tekton/t1.yaml": task("t", "one"), ".tekton/t2.yaml": task("t", "two")}, want: "t:one"},
		{name: "the first of two local pipelines", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p1.yaml": pipeline("p", ref("t")), ".tekton/p2.yaml": pipeline("p", ref("u")), ".tekton/t1.yaml": task("t", "one") + "---\n" + task("u", "two")}, want: "t:one"},
		{name: "run's annotation, pipeline's annotation, folder", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: "+"https://far.example/a.yaml"), ".tekton/p.yaml": pipeline("p", ref("t")+ref("u"), "task: \"[https://far.example/b.yaml, https://far.example/u.yaml]\""), ".tekton/t.yaml": task("t", "folder") + "---\n" + task("u", "folder")},
			remote: map[string]string{"https://far.example/a.yaml": task("t", "run"), "https://far.example/b.yaml": task("t", "pipeline"), "https://far.example/u.yaml": task("u", "pipeline")}, want: "t:run u:pipeline"},
		{name: "within one list the first", files: map[string]string{".tekton/r.yaml": byRef("r", "p", `task: "[https://far.example/a.yaml, https://far.example/b.yaml]"`), ".tekton/p.yaml": pipeline("p", ref("t"))},
			remote: map[string]string{"https://far.example/a.yaml": task("t", "a"), "https://far.example/b.yaml": task("t", "b")}, want: "t:a"},
		{name: "hub", files: map[string]string{".tekton/r.yaml": byRef("r", "p", `task: "[t, u:1.2.0]"`), ".tekton/p.yaml": pipeline("p", ref("t")+ref("u"))},
			remote: map[string]string{hub + "t": js2("t", "hub"), hub + "u/1.2.0": js2("u", "hub12")}, want: "t:hub u:hub12"},
		{name: "hub name on a remote pipeline becomes a relative URL", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "pipeline: "+far)},
			remote: map[string]string{far: pipeline("p", ref("t"), "task: t"), hub + "t": js2("t", "hub")}, want: "", note: "error getting remote task", log: "https://far.example/dir/t"},
		{name: "relative task of a remote pipeline", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "pipeline: "+far)},
			remote: map[string]string{far: pipeline("p", ref("t"), `task: "[../t.yaml]"`), "https://far.example/t.yaml": task("t", "up")}, want: "t:up"},
		{name: "a path in the repository, relative to a pipeline there", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "pipeline: ci/p.yaml"), "ci/p.yaml": pipeline("p", ref("t"), "task: tasks/t.yaml"), "ci/tasks/t.yaml": task("t", "in")}, want: "t:in"},
		{name: "a path without a slash is a hub name", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: t.yaml"), "t.yaml": task("t", "in"), ".tekton/p.yaml": pipeline("p", ref("t"))}, want: "", note: "artifacthub"},
		{name: "./ makes it a path", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: ./t.yaml"), "t.yaml": task("t", "in"), ".tekton/p.yaml": pipeline("p", ref("t"))}, want: "t:in"},
		{name: "an unused annotation still has to be fetched", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: https://far.example/none.yaml"), ".tekton/p.yaml": pipeline("p", ref("t")), ".tekton/t.yaml": task("t", "one")}, want: "", note: "Non-OK HTTP status: 404"},
		{name: "task-name is no annotation", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task-lint: https://far.example/a.yaml"), ".tekton/p.yaml": pipeline("p", ref("t"))}, remote: map[string]string{"https://far.example/a.yaml": task("t", "a")}, want: "", note: "cannot find referenced task t"},
		{name: "two pipelines", files: map[string]string{".tekton/r.yaml": byRef("r", "p", `pipeline: "[a, b]"`)}, want: "", note: "only one pipeline is allowed"},
		{name: "pipeline annotation of another name: the folder's", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "pipeline: "+far), ".tekton/p.yaml": pipeline("p", ref("t")), ".tekton/t.yaml": task("t", "one")}, remote: map[string]string{far: pipeline("q", ref("x"))}, want: "t:one"},
		{name: "custom catalog that nobody knows", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: mine://t"), ".tekton/p.yaml": pipeline("p", ref("t"))}, want: "", note: `remote task \"mine://t\" not found`},
		{name: "left alone: resolver, ClusterTask, custom task; finally inlined", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/t.yaml": task("t", "one"), ".tekton/p.yaml": pipeline("p", "    - name: a\n      taskRef:\n        resolver: git\n    - name: b\n      taskRef:\n        kind: ClusterTask\n        name: c\n    - name: d\n      taskRef:\n        apiVersion: example.dev/v1\n        kind: Ex\n        name: e\n  finally:\n"+ref("t"))},
			want: "a:ref git b:ref cClusterTask d:ref eexample.dev/v1Ex t:one"},
		{name: "kind Pipeline in a taskRef is looked up as a Task", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": pipeline("p", "    - name: a\n      taskRef:\n        apiVersion: tekton.dev/v1\n        kind: Pipeline\n        name: q\n"), ".tekton/q.yaml": pipeline("q", ref("t")), ".tekton/t.yaml": task("t", "x")}, want: "", note: "cannot find referenced task q"},
		{name: "pipelineRef inside a pipeline is left", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": pipeline("p", "    - name: a\n      pipelineRef:\n        name: q\n") + "---\n" + pipeline("q", ref("t")), ".tekton/t.yaml": task("t", "x")}, want: ""},
		{name: "a resolver on the run is left, its local tasks unread", files: map[string]string{".tekton/r.yaml": strings.Replace(byRef("r", "p"), "name: p\n", "resolver: git\n", 1)}, want: "pipelineRef "},
		{name: "step refs are left", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": pipeline("p", ref("t")), ".tekton/t.yaml": strings.Replace(task("t", "x"), "image: x", "ref: {name: act}", 1), ".tekton/s.yaml": "apiVersion: tekton.dev/v1beta1\nkind: StepAction\nmetadata: {name: act}\nspec: {image: y}\n"}, want: "t:step:act"},
		{name: "v1beta1", files: map[string]string{".tekton/r.yaml": strings.Replace(byRef("r", "p"), "dev/v1", "dev/v1beta1", 1), ".tekton/p.yaml": strings.Replace(pipeline("p", ref("t")), "dev/v1", "dev/v1beta1", 1), ".tekton/t.yaml": strings.Replace(task("t", "one"), "dev/v1", "dev/v1beta1", 1)}, want: "t:one"},
		{name: "v1beta1 bundle is dropped by the conversion", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": strings.Replace(pipeline("p", "    - name: b\n      taskRef:\n        name: x\n        bundle: reg/x\n"), "dev/v1", "dev/v1beta1", 1)}, want: "", note: "cannot find referenced task x"},
		{name: "v1alpha1 is ignored", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": strings.Replace(pipeline("p", ref("t")), "dev/v1", "dev/v1alpha1", 1)}, want: "", note: "cannot find referenced pipeline p"},
		{name: "a List is ignored", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/l.yaml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: tekton.dev/v1\n  kind: Pipeline\n  metadata: {name: p}\n  spec: {tasks: []}\n"}, want: "", note: "cannot find referenced pipeline p"},
		{name: "templates in a remote task", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: https://far.example/a.yaml"), ".tekton/p.yaml": pipeline("p", ref("t"))}, remote: map[string]string{"https://far.example/a.yaml": task("t", "'{{ revision }}{{ body.number }}{{ headers[''X-Github-Event''] }}'")}, want: "t:abc1237pull_request"},
		{name: "double quotes in a remote task's expression never work", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: https://far.example/a.yaml"), ".tekton/p.yaml": pipeline("p", ref("t"))}, remote: map[string]string{"https://far.example/a.yaml": task("t", `'<{{ headers["X-Github-Event"] }}{{ cel: "x" }}>'`)}, want: `t:<{{ headers["X-Github-Event"] }}>`},
		{name: "cel: in a remote task sees no data, as the pass for git_auth_secret evaluates it first", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: https://far.example/a.yaml"), ".tekton/p.yaml": pipeline("p", ref("t"))}, remote: map[string]string{"https://far.example/a.yaml": task("t", "'<{{ cel: revision }}{{ cel: body.number }}{{ cel: pac.revision }}>{{ cel: size(revision) }}'")}, want: "t:<>0"},
		{name: "files in a remote task", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: https://far.example/a.yaml"), ".tekton/p.yaml": pipeline("p", ref("t"))}, remote: map[string]string{"https://far.example/a.yaml": task("t", "'{{ files.all.size() }}'")}, want: "t:0"},
		{name: "a value with a quote in a remote task breaks the JSON", files: map[string]string{".tekton/r.yaml": byRef("r", "p", "task: https://far.example/a.yaml"), ".tekton/p.yaml": pipeline("p", ref("t"))}, remote: map[string]string{"https://far.example/a.yaml": task("t", "'{{ trigger_comment }}'")}, in: said, want: "", note: "failed to unmarshal PipelineRun"},
		{name: "a block scalar takes a multi-line comment as one line", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": pipeline("p", ref("t")), ".tekton/t.yaml": task("t", "|-\n        {{ trigger_comment }}")}, in: said2, want: `t:/test\nsay "hi"`},
		{name: "metadata of the task is kept", files: map[string]string{".tekton/r.yaml": byRef("r", "p"), ".tekton/p.yaml": pipeline("p", ref("t")), ".tekton/t.yaml": task("t", "one", "a.b/c: d")}, want: "t:one"},
	}
}

func TestResolution(t *testing.T) {
	opened := pullRequest("opened", "a title")
	for _, c := range resolutions() {
		t.Run(c.name, func(t *testing.T) {
			in := c.in
			if in.Headers == nil {
				in = opened
			}
			in.Root, in.Remote, in.DefaultBranch = folder(t, c.files), c.remote, "main"
			in.Repos = []*v1alpha1.Repository{repository()}
			out, err := Run(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			if got := shape(out); got != c.want {
				t.Errorf("got  %q\nwant %q\n%s\n%v", got, c.want, strings.Join(out.Log, "\n"), out.Statuses)
			}
			if c.log != "" && !has(out.Log, c.log) {
				t.Errorf("no log line holds %q:\n%s", c.log, strings.Join(out.Log, "\n"))
			}
			if c.note != "" && !has(append(out.Comments, fmt.Sprint(out.Statuses)), c.note) {
				t.Errorf("nothing told holds %q:\n%s\n%v", c.note, strings.Join(out.Log, "\n"), out.Statuses)
			}
		})
	}
}

func js2(name, image string) string {
	return string(js(m{"data": m{"manifestRaw": task(name, image)}}))
}
