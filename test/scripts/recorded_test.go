package scripts

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// hostile are values that attackers send, and that must arrive as data.
var hostile = []string{
	"$(touch canary)", "`touch canary`", "; touch canary;", "a' ; touch canary; '", `a" ; touch canary; "`,
	"two words", "two\nlines", "trailing\n", " blanks ", "*", "--flag", "-x", "ü—字", `back\slash`, "a,b=c", "{x}", "$HOME", "${IFS}", "",
}

// input is one input of a recorded task.
type input struct {
	name    string
	key     string                          // that precedes the values, with its equals sign
	strict  bool                            // hostile values are refused, not passed on
	prepare func(t testing.TB, path string) // makes what the value names in the source
	passed  func(value string) string       // how the tool gets the value; default: as it is
	refuse  func(value string) bool         // values that are refused though not strict
}

// benign is a value that no other input of a task has.
func (in input) benign() string { return in.key + "benign-" + in.name + ".x" }

// refuses tells whether the input may be no such value.
func (in input) refuses(value string) bool {
	return in.strict || in.refuse != nil && in.refuse(value)
}

// as is how the tool gets the value.
func (in input) as(value string) string {
	if in.passed == nil {
		return value
	}
	return in.passed(value)
}

// recorded is a task whose tools are stand-ins: the calls with hostile values must
// be the calls with benign ones, but for the values.
type recorded struct {
	prefix  string // of messages
	task    *v1.Task
	sidecar bool
	tools   []string
	files   map[string]string // replaced in the script by what is in the stand-ins' directory
	replies []reply
	params  map[string]string
	arrays  map[string][]string
	inputs  []input
	source  map[string]string
	bound   map[string]map[string]string // files of other workspaces, by their names
	plain   func(seen string) string     // what the tool reads; default: as it is
}

func dashed(v string) bool { return strings.HasPrefix(v, "-") }
func empty(v string) bool  { return v == "" }

// unseen is what the tools would repeat as another line, and what is empty.
func unseen(v string) bool { return v == "" || strings.Contains(v, "\n") }

// spaced is what no image has, and what is empty.
func spaced(v string) bool { return v == "" || strings.ContainsAny(v, " \n") }

func makeFile(t testing.TB, path string) {
	write(t, filepath.Dir(path), map[string]string{filepath.Base(path): "x"})
}
func makeContext(t testing.TB, path string) { write(t, path, map[string]string{"Dockerfile": "x"}) }
func makeDir(t testing.TB, path string)     { require.NoError(t, os.MkdirAll(path, 0o755)) }

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// metadata is what buildctl writes of a build, in part.
const metadata = `{
  "containerimage.config.digest": "sha256:ffff456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "containerimage.descriptor": {
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "digest": "sha256:eeee456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  },
  "containerimage.digest": "` + digest + `",
  "image.name": "example.com/app:1"
}`

const history = `- app_version: "1"
  chart: app-0.1.0
  description: Install complete
  revision: 1
  status: superseded
  updated: "2025-01-02T03:04:05Z"
- app_version: "1"
  chart: app-0.1.0
  description: |
    Upgrade "app" failed:
      revision: 9
      status: deployed
  revision: 2
  status: failed
  updated: "2025-01-02T03:04:06Z"
`

// csv is a value as helm's list of files takes it, with the quotes around the
// path already there.
func csv(v string) string { return strings.ReplaceAll(v, `"`, `""`) }

// reference is what an image may be for buildctl, which would take what stands
// behind a comma for another.
var reference = regexp.MustCompile(`^[][A-Za-z0-9._:/@+-]+$`)

// registry is what buildkitd's configuration may name, whose parser reads no escapes in
// a key, and what may be a mirror for kaniko, which reads a list.
var registry = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]*(/[A-Za-z0-9._:-]+)*/?$`)

// chartName is what a chart in a repository may be: helm takes a name that is a path for
// that path, without the spaces before it.
var chartName = regexp.MustCompile(`^[A-Za-z0-9]`)

func helmValue(v string) string {
	return strings.NewReplacer(`\`, `\\`, `,`, `\,`).Replace(v)
}

func recordings(t testing.TB) map[string]recorded {
	return map[string]recorded{
		"docker-build": {
			prefix: "docker-build", task: define(t, tasks.DockerBuild{}), tools: []string{"docker"},
			replies: []reply{{Args: []string{"push"}, Stdout: "v1: digest: " + digest + " size: 528\n"}},
			params:  map[string]string{"image": "example.com/app:1"},
			source:  map[string]string{"Dockerfile": "FROM scratch\n"},
			inputs: []input{
				{name: "image", refuse: spaced},
				{name: "dockerfile", prepare: makeFile, refuse: empty},
				{name: "context", prepare: makeContext, refuse: empty},
				{name: "build-args", key: "K="}, {name: "extra-args"}, {name: "push", strict: true},
			},
		},
		"docker-daemon": {
			prefix: "docker-daemon", task: define(t, tasks.DockerBuild{}), tools: []string{"dockerd-entrypoint.sh"},
			sidecar: true,
			params:  map[string]string{"image": "example.com/app:1"},
			inputs: []input{
				{name: "mirror", refuse: empty}, {name: "storage-driver", refuse: empty}, {name: "insecure", refuse: empty},
			},
		},
		"kaniko": {
			prefix: "kaniko", task: define(t, tasks.Kaniko{}), tools: []string{"executor"},
			files:   map[string]string{"/kaniko/executor": "executor"},
			replies: []reply{{Touch: "digest-file=" + digest}},
			params:  map[string]string{"image": "example.com/app:1"},
			source:  map[string]string{"Dockerfile": "FROM scratch\n"},
			inputs: []input{
				{name: "image", refuse: spaced},
				{name: "dockerfile", prepare: makeFile, refuse: empty},
				{name: "context", prepare: makeContext, refuse: empty},
				{name: "mirror", refuse: func(v string) bool { return !registry.MatchString(v) }},
				{name: "build-args", key: "K="}, {name: "insecure", refuse: empty}, {name: "extra-args"}, {name: "push", strict: true},
			},
		},
		"buildkit": {
			prefix: "buildkit", task: define(t, tasks.BuildKit{}), tools: []string{"buildctl-daemonless.sh"},
			replies: []reply{{Touch: "metadata-file=" + metadata}},
			params:  map[string]string{"image": "example.com/app:1"},
			source:  map[string]string{"Dockerfile": "FROM scratch\n"},
			inputs: []input{
				{name: "image", refuse: func(v string) bool { return !reference.MatchString(v) }},
				{name: "dockerfile", prepare: makeFile, refuse: empty},
				{name: "context", prepare: makeContext, refuse: empty},
				{name: "mirror", refuse: func(v string) bool { return !registry.MatchString(v) }},
				{name: "build-args", key: "K="}, {name: "push", strict: true},
				{name: "insecure", refuse: func(v string) bool { return !registry.MatchString(v) }}, {name: "extra-args"},
			},
		},
		"kubectl-apply": {
			prefix: "kubectl-apply", task: define(t, tasks.KubectlApply{}), tools: []string{"kubectl"},
			params: map[string]string{"path": "deploy", "namespace": "prod"},
			source: map[string]string{"deploy/app.yaml": ""},
			inputs: []input{
				{name: "path", prepare: makeFile, passed: csv, refuse: unseen}, {name: "namespace", refuse: noName},
				{name: "kustomize", strict: true}, {name: "server-side", strict: true}, {name: "dry-run", strict: true},
				{name: "rollout", strict: true}, {name: "extra-args"},
			},
		},
		"kubectl-apply of a kustomization": {
			prefix: "kubectl-apply", task: define(t, tasks.KubectlApply{}), tools: []string{"kubectl"},
			params: map[string]string{"path": "deploy", "namespace": "prod", "kustomize": "true"},
			source: map[string]string{"deploy/kustomization.yaml": ""},
			inputs: []input{{name: "path", prepare: makeDir, refuse: unseen}},
		},
		"kubectl-apply and wait": {
			prefix: "kubectl-apply", task: define(t, tasks.KubectlApply{}), tools: []string{"kubectl"},
			params: map[string]string{"path": "deploy", "namespace": "prod"},
			arrays: map[string][]string{"rollout": {"deployment/app"}},
			source: map[string]string{"deploy/app.yaml": ""},
			inputs: []input{{name: "timeout"}},
		},
		"helm-deploy": {
			prefix: "helm-deploy", task: define(t, tasks.HelmDeploy{}), tools: []string{"helm"},
			replies: []reply{{Args: []string{"history"}, Stdout: history}},
			params:  map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod"},
			source:  map[string]string{"charts/app/Chart.yaml": "", "values.yaml": ""},
			inputs: []input{
				{name: "chart", prepare: makeDir, refuse: unseen},
				{name: "release", refuse: noName}, {name: "namespace", refuse: noName},
				{name: "version", refuse: unseen}, {name: "timeout"},
				{name: "wait", strict: true}, {name: "create-namespace", strict: true},
				{name: "values", prepare: makeFile, passed: csv, refuse: unseen},
				{name: "set", strict: true}, {name: "set-string", strict: true}, {name: "extra-args"},
			},
		},
		"helm-deploy from a repository": {
			prefix: "helm-deploy", task: define(t, tasks.HelmDeploy{}), tools: []string{"helm"},
			replies: []reply{{Args: []string{"history"}, Stdout: history}},
			params:  map[string]string{"chart": "app", "release": "app", "namespace": "prod", "repository": "https://charts.example.com"},
			inputs: []input{
				{name: "chart", refuse: func(v string) bool { return !chartName.MatchString(v) || unseen(v) }},
				{name: "repository", refuse: unseen},
			},
		},
		"helm-rollback": {
			prefix: "helm-rollback", task: define(t, tasks.HelmRollback{}), tools: []string{"helm"},
			replies: []reply{{Args: []string{"history"}, Stdout: history}},
			params:  map[string]string{"release": "app", "namespace": "prod"},
			inputs: []input{
				{name: "release", refuse: noName}, {name: "namespace", refuse: noName}, {name: "timeout"},
				{name: "wait", strict: true}, {name: "uninstall", strict: true}, {name: "revision", strict: true},
			},
		},
		"go-test": {
			prefix: "go-test", task: define(t, tasks.GoTest{}), tools: []string{"go"},
			replies: []reply{{Touch: "coverprofile=mode: set\n"}},
			inputs: append(goInputs(), input{name: "flags"}, input{name: "packages", refuse: dashed},
				input{name: "race", strict: true}, input{name: "copy", strict: true}),
		},
		"go-build": {
			prefix: "go-build", task: define(t, tasks.GoBuild{}), tools: []string{"go"},
			replies: []reply{{Touch: "o=program"}},
			inputs: append(goInputs(), input{name: "flags"}, input{name: "packages", refuse: dashed},
				input{name: "ldflags", refuse: empty}, input{name: "output", refuse: empty}),
			params: map[string]string{"output": "app"},
		},
		"go-lint": {
			prefix: "go-lint", task: define(t, tasks.GoLint{}), tools: []string{"golangci-lint"},
			replies: []reply{{Touch: "output.json.path={}"}},
			inputs: append(goInputs(), input{name: "flags"}, input{name: "packages", refuse: dashed},
				input{name: "config", prepare: makeFile, refuse: empty}),
		},
		"image-copy": {
			prefix: "image-copy", task: define(t, tasks.ImageCopy{}), tools: []string{"skopeo"},
			replies: []reply{{Touch: "digestfile=" + digest}},
			params:  map[string]string{"from": "example.com/staging/app@" + digest, "to": "example.com/prod/app:1"},
			inputs: []input{
				{name: "from", strict: true}, {name: "to", strict: true}, {name: "from-insecure", strict: true}, {name: "to-insecure", strict: true},
			},
		},
		"cosign-sign": {
			prefix: "cosign-sign", task: define(t, tasks.CosignSign{}), tools: []string{"cosign"},
			params: map[string]string{"image": "example.com/app@" + digest},
			bound:  map[string]map[string]string{"key": {"cosign.key": "key", "cosign.password": "password"}},
			inputs: []input{
				{name: "image", strict: true}, {name: "transparency-log", strict: true}, {name: "recursive", strict: true}, {name: "insecure", strict: true},
				{name: "annotations", key: "K=", refuse: func(v string) bool { return strings.ContainsAny(v, ",\"\n") || strings.HasSuffix(v, "\r") }}, {name: "extra-args"},
			},
		},
		"ko": {
			prefix: "ko", task: define(t, tasks.Ko{}), tools: []string{"ko"},
			replies: []reply{{Touch: "image-refs=example.com/app@" + digest + "\n"}},
			params:  map[string]string{"image": "example.com/app:1"},
			source:  map[string]string{"go.mod": ""},
			inputs: append(slices.DeleteFunc(goInputs(), func(in input) bool { return in.name == "goos" || in.name == "goarch" }),
				input{name: "image", strict: true}, input{name: "base-image", strict: true}, input{name: "platforms", strict: true}, input{name: "insecure", strict: true},
				input{name: "package", refuse: func(v string) bool { return v == "" || dashed(v) || strings.ContainsAny(v, " \n\t") }}, input{name: "extra-args"}, input{name: "push", strict: true}),
		},
		"buildah": {
			prefix: "buildah", task: define(t, tasks.Buildah{}), tools: []string{"buildah"},
			plain:   itemOfList,
			replies: []reply{{Touch: "digestfile=" + digest}},
			params:  map[string]string{"image": "example.com/app:1"},
			source:  map[string]string{"Dockerfile": "FROM scratch\n"},
			inputs: []input{
				{name: "image", strict: true},
				{name: "dockerfile", prepare: makeFile, refuse: empty},
				{name: "context", prepare: makeContext, refuse: empty},
				{name: "mirror", refuse: func(v string) bool { return !registry.MatchString(v) }},
				{name: "build-args", key: "K="}, {name: "push", strict: true},
				{name: "insecure", refuse: func(v string) bool { return !registry.MatchString(v) }}, {name: "extra-args"},
			},
		},
		"kustomize-apply": {
			prefix: "kustomize-apply", task: define(t, tasks.KustomizeApply{}), tools: []string{"kubectl"},
			params: map[string]string{"path": "deploy", "namespace": "prod"},
			source: map[string]string{"deploy/kustomization.yaml": ""},
			inputs: []input{
				{name: "namespace", refuse: noName}, {name: "server-side", strict: true}, {name: "dry-run", strict: true},
				{name: "rollout", strict: true}, {name: "images", strict: true},
			},
		},
		"kustomize-apply and wait": {
			prefix: "kustomize-apply", task: define(t, tasks.KustomizeApply{}), tools: []string{"kubectl"},
			params: map[string]string{"path": "deploy", "namespace": "prod"},
			arrays: map[string][]string{"rollout": {"deployment/app"}},
			source: map[string]string{"deploy/kustomization.yaml": ""},
			inputs: []input{{name: "timeout"}},
		},
	}
}

func goInputs() []input {
	return []input{
		{name: "directory", prepare: makeDir, refuse: empty},
		{name: "goos", refuse: empty}, {name: "goarch", refuse: empty}, {name: "cgo", strict: true},
		{name: "proxy", refuse: empty}, {name: "private", refuse: empty}, {name: "sumdb", refuse: empty},
	}
}

// with runs the task with these values of inputs.
func (r recorded) with(t testing.TB, values map[string]string) (outcome, []call, string) {
	t.Helper()
	source := write(t, t.TempDir(), r.source)
	for _, in := range r.inputs {
		if value := values[in.name]; in.prepare != nil && value != "" {
			in.prepare(t, filepath.Join(source, value))
		}
	}
	dir, env, calls := standins(t, r.replies, r.tools...)
	run := run{task: r.task, sidecar: r.sidecar, path: []string{dir}, env: env, workspaces: map[string]string{}, params: map[string]string{}, arrays: map[string][]string{}, files: map[string]string{}}
	for from, to := range r.files {
		run.files[from] = filepath.Join(dir, to)
	}
	for _, w := range r.task.Spec.Workspaces {
		if w.Name == "source" {
			run.workspaces["source"] = source
		}
	}
	for name, files := range r.bound {
		run.workspaces[name] = write(t, t.TempDir(), files)
	}
	maps.Copy(run.params, r.params)
	maps.Copy(run.arrays, r.arrays)
	for _, p := range r.task.Spec.Params {
		value, given := values[p.Name]
		switch {
		case !given:
		case p.Type == v1.ParamTypeArray:
			run.arrays[p.Name] = []string{value}
		default:
			run.params[p.Name] = value
		}
	}
	got := run.do(t)
	for _, dir := range []string{source, got.home, got.tmp} {
		assert.NoFileExists(t, filepath.Join(dir, "canary"))
	}
	return got, calls(), source
}

// bindings are the directories of workspaces.
var bindings = regexp.MustCompile(`=/tmp/Test[^/]+/\d+/(?:cosign\.key)`)

var temporary = regexp.MustCompile(`tmp\.\w+|\.build\.\w+`)

// seen is what the tools saw, without what differs from run to run.
func seen(calls []call, got outcome, source string) string {
	var b strings.Builder
	clean := func(s string) string {
		s = bindings.ReplaceAllString(s, "=BOUND/")
		s = strings.NewReplacer(source, "SOURCE", got.home, "HOME", got.tmp, "TMP", got.resultDir, "RESULTS", got.work, "WORK").Replace(s)
		return temporary.ReplaceAllString(s, "RANDOM")
	}
	for _, c := range calls {
		fmt.Fprintf(&b, "%s in %s\n", c.Tool, clean(c.Dir))
		for _, a := range c.Args {
			fmt.Fprintf(&b, "  [%s]\n", clean(a))
		}
		env := slices.DeleteFunc(slices.Clone(c.Env), func(e string) bool {
			name, _, _ := strings.Cut(e, "=")
			return !slices.Contains([]string{
				"GOOS", "GOARCH", "CGO_ENABLED", "GOPROXY", "GOPRIVATE", "GOSUMDB", "GOFLAGS",
				"KO_DOCKER_REPO", "KO_DEFAULTBASEIMAGE", "CONTAINERS_REGISTRIES_CONF", "STORAGE_DRIVER", "BUILDAH_ISOLATION", "GIT_DIR",
				"DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONFIG", "KUBECONFIG", "BUILDKITD_FLAGS",
			}, name)
		})
		slices.Sort(env)
		for _, e := range env {
			fmt.Fprintf(&b, "  {%s}\n", clean(e))
			_, file, ok := strings.Cut(e, " --config=")
			if !ok {
				file, ok = strings.CutPrefix(e, "CONTAINERS_REGISTRIES_CONF=")
			}
			if ok {
				text, _ := os.ReadFile(file)
				b.Write(text)
			}
		}
	}
	return b.String()
}

func TestInputsArriveAsData(t *testing.T) {
	t.Parallel()
	for name, r := range recordings(t) {
		// What needs a file is alone, as one input may say where that of another is.
		var together []input
		for _, in := range r.inputs {
			switch {
			case in.strict:
			case in.prepare != nil:
				t.Run(name+"/"+in.name, func(t *testing.T) {
					t.Parallel()
					r.arrive(t, in)
				})
			default:
				together = append(together, in)
			}
			t.Run(name+"/"+in.name+" is refused", func(t *testing.T) {
				t.Parallel()
				r.refusals(t, in)
			})
		}
		if together != nil {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r.arrive(t, together...)
			})
		}
	}
}

// arrive gives hostile values to the inputs, to each another at a time.
func (r recorded) arrive(t *testing.T, inputs ...input) {
	values := map[string]string{}
	for _, in := range inputs {
		values[in.name] = in.benign()
	}
	got, calls, source := r.with(t, values)
	got.ok(t)
	want := seen(calls, got, source)
	if r.plain != nil {
		want = r.plain(want)
	}
	for _, in := range inputs {
		require.Contains(t, want, in.benign(), "the tool never sees the input")
	}
	for first := range hostile {
		values, passed := maps.Clone(values), []string{}
		for i, in := range inputs {
			value := in.key + hostile[(first+i)%len(hostile)]
			if !in.refuses(value) {
				values[in.name] = value
				passed = append(passed, in.benign(), in.as(value))
			}
		}
		got, calls, source := r.with(t, values)
		got.ok(t)
		now := seen(calls, got, source)
		if r.plain != nil {
			now = r.plain(now)
		}
		assert.Equal(t, strings.NewReplacer(passed...).Replace(want), now, "values %q", values)
	}
}

// refusals gives an input the values that it may not be.
func (r recorded) refusals(t *testing.T, in input) {
	for _, value := range hostile {
		value = in.key + value
		if !in.refuses(value) {
			continue
		}
		got, _, _ := r.with(t, map[string]string{in.name: value})
		if value == "" && got.code == 0 {
			continue // it is the default
		}
		got.refused(t, r.prefix, "")
	}
}

// Values for helm are escaped, so that none sets a second key.
func TestHelmValuesArriveAsData(t *testing.T) {
	t.Parallel()
	r := recordings(t)["helm-deploy"]
	for _, name := range []string{"set", "set-string"} {
		for _, value := range hostile {
			got, calls, _ := r.with(t, map[string]string{name: "a.b=" + value})
			got.ok(t)
			want := helmValue(value)
			if name == "set-string" && strings.HasPrefix(value, "{") {
				want = `\` + want // or it would be a list
			}
			assert.Contains(t, args(calls, "helm", "upgrade")[0], "--"+name+"=a.b="+want)
		}
	}
}

// The mark between two lists cannot be sent as an item.
func TestMarkIsRefused(t *testing.T) {
	t.Parallel()
	for name, r := range recordings(t) {
		for _, p := range r.task.Spec.Params {
			if p.Type != v1.ParamTypeArray || r.sidecar || p.Name == "insecure" && r.prefix == "docker-build" {
				continue
			}
			got, calls, _ := r.with(t, map[string]string{p.Name: "--next--"})
			got.refused(t, r.prefix, "'--next--', which is reserved")
			for _, c := range calls {
				t.Errorf("%s: %s was called: %v", name, c.Tool, c.Args)
			}
		}
	}
}
