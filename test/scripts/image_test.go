package scripts

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// imageRun is a run of a task that builds an image, with stand-ins.
func imageRun(t testing.TB, task *v1.Task, replies []reply) (run, func() []call) {
	t.Helper()
	dir, env, calls := standins(t, replies, "docker", "executor", "dockerd-entrypoint.sh", "buildctl-daemonless.sh")
	return run{
		task: task, path: []string{dir}, env: env,
		files:      map[string]string{"/kaniko/executor": filepath.Join(dir, "executor"), "-ge 60": "-ge 1"},
		params:     map[string]string{"image": "registry.example.com:5000/team/app:1"},
		workspaces: map[string]string{"source": write(t, t.TempDir(), map[string]string{"Dockerfile": "FROM scratch\n"})},
	}, calls
}

// withoutDigest matches the digest of a reference.
var withoutDigest = regexp.MustCompile(`@.*$`)

func TestDockerBuild(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.DockerBuild{})
	pushed := reply{Args: []string{"push"}, Stdout: "The push refers to repository [x]\n1: digest: " + digest + " size: 528\n"}
	image := "registry.example.com:5000/team/app:1"
	success := map[string]string{"IMAGE_DIGEST": digest, "IMAGE_URL": image, "IMAGE_REFERENCE": image + "@" + digest}

	r, calls := imageRun(t, task, []reply{pushed})
	write(t, r.workspaces["source"], map[string]string{"web/Dockerfile": "", "web/prod.docker": ""})
	assert.Equal(t, success, r.do(t).ok(t).results)
	source := r.workspaces["source"]
	assert.Equal(t, [][]string{{"build", "--tag=" + image, "--file=" + source + "/./Dockerfile", "--", source}}, args(calls(), "docker", "build"))
	assert.Equal(t, [][]string{{"push", "--", image}}, args(calls(), "docker", "push"))
	for name, want := range map[string]string{"DOCKER_HOST": "tcp://localhost:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs/client"} {
		got, _ := calls()[0].env(name)
		assert.Equal(t, want, got)
	}

	r.params["context"] = "web"
	r.arrays = map[string][]string{"build-args": {"A=1", "B=$(id)"}, "extra-args": {"--no-cache", "--label=a b"}}
	r.do(t).ok(t)
	r.params["dockerfile"] = "web/prod.docker"
	r.do(t).ok(t)
	builds := args(calls(), "docker", "build")
	assert.Equal(t, []string{
		"build", "--tag=" + image, "--file=" + source + "/web/Dockerfile",
		"--build-arg=A=1", "--build-arg=B=$(id)", "--no-cache", "--label=a b", "--", source + "/web",
	}, builds[1])
	assert.Equal(t, "--file="+source+"/web/prod.docker", builds[2][2])
}

func TestDockerBuildDigest(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.DockerBuild{})
	other := "sha256:ffff456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	repoDigests := func(list string) reply { return reply{Args: []string{"image", "inspect"}, Stdout: list} }
	for name, c := range map[string]struct {
		image   string
		replies []reply
		want    string // "" for a refusal
	}{
		"of the push":             {"example.com/app:1", []reply{{Args: []string{"push"}, Stdout: "1: digest: " + digest + " size: 1\n"}, repoDigests("example.com/app@" + other + "\n")}, digest},
		"of a noisy push":         {"example.com/app:1", []reply{{Args: []string{"push"}, Stdout: "digest: sha256:beef size: 1\nlatest: digest: " + digest + " size: 1\n\n"}}, digest},
		"of the image":            {"example.com:5000/app:1", []reply{repoDigests("example.com:5000/base@" + other + "\nexample.com:5000/app@" + digest + "\n\n")}, digest},
		"of the image, no tag":    {"example.com:5000/app", []reply{repoDigests("example.com:5000/app@" + digest + "\n")}, digest},
		"of another image":        {"example.com/app:1", []reply{repoDigests("example.com/base@" + other + "\n")}, ""},
		"of none":                 {"example.com/app:1", nil, ""},
		"push fails":              {"example.com/app:1", []reply{{Args: []string{"push"}, Stdout: "1: digest: " + digest + " size: 1\n", Stderr: "denied\n", Code: 1}}, ""},
		"build fails":             {"example.com/app:1", []reply{{Args: []string{"build"}, Stderr: "no space\n", Code: 2}}, ""},
		"the daemon never starts": {"example.com/app:1", []reply{{Args: []string{"version"}, Stderr: "Cannot connect\n", Code: 1}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := imageRun(t, task, c.replies)
			r.params["image"] = c.image
			got := r.do(t)
			if c.want == "" {
				got.refused(t, "docker-build", "")
				assert.Empty(t, got.results)
				return
			}
			assert.Equal(t, map[string]string{"IMAGE_DIGEST": c.want, "IMAGE_URL": c.image, "IMAGE_REFERENCE": withoutDigest.ReplaceAllString(c.image, "") + "@" + c.want}, got.ok(t).results)
		})
	}
}

func TestDockerDaemon(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.DockerBuild{})
	for name, c := range map[string]struct {
		params   map[string]string
		insecure []string
		want     []string
	}{
		"default": {nil, nil, []string{"--userland-proxy=false"}},
		"all": {
			map[string]string{"mirror": "https://mirror.example.com", "storage-driver": "vfs"}, []string{"a:5000", "", "--debug"},
			[]string{"--userland-proxy=false", "--insecure-registry=a:5000", "--insecure-registry=--debug", "--registry-mirror=https://mirror.example.com", "--storage-driver=vfs"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, calls := imageRun(t, task, nil)
			r.sidecar = true
			maps.Copy(r.params, c.params)
			if c.insecure != nil {
				r.arrays = map[string][]string{"insecure": c.insecure}
			}
			r.do(t).ok(t)
			require.Len(t, calls(), 1)
			assert.Equal(t, c.want, calls()[0].Args)
			certs, _ := calls()[0].env("DOCKER_TLS_CERTDIR")
			assert.Equal(t, "/certs", certs)
		})
	}
}

func TestKaniko(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.Kaniko{})
	r, calls := imageRun(t, task, []reply{{Touch: "digest-file=" + digest + "\n"}})
	source := r.workspaces["source"]
	got := r.do(t).ok(t)
	assert.Equal(t, map[string]string{"IMAGE_DIGEST": digest, "IMAGE_URL": r.params["image"], "IMAGE_REFERENCE": r.params["image"] + "@" + digest}, got.results)
	common := []string{
		"--context=dir://" + source, "--dockerfile=" + source + "/./Dockerfile",
		"--destination=" + r.params["image"], "--digest-file=" + got.resultDir + "/IMAGE_DIGEST",
	}
	assert.Equal(t, common, calls()[0].Args)

	r.params["mirror"] = "http://mirror.example.com:5000/"
	r.arrays = map[string][]string{"build-args": {"A=1"}, "insecure": {"", "r:5000"}, "extra-args": {"--cache=true"}}
	r.do(t).ok(t)
	assert.Equal(t, []string{
		"--insecure-registry=mirror.example.com:5000", "--registry-mirror=mirror.example.com:5000",
		"--build-arg=A=1", "--insecure-registry=r:5000", "--skip-tls-verify-registry=r:5000", "--cache=true",
	}, calls()[1].Args[4:])

	for name, replies := range map[string][]reply{
		"fails":          {{Touch: "digest-file=" + digest, Code: 1}},
		"no digest":      nil,
		"a wrong digest": {{Touch: "digest-file=sha256:xyz"}},
		"another digest": {{Touch: "digest-file=md5:00"}},
		"an empty one":   {{Touch: "digest-file="}},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := imageRun(t, task, replies)
			got := r.do(t)
			got.refused(t, "kaniko", "")
			assert.NotContains(t, got.results, "IMAGE_URL")
		})
	}
}

func TestImageRefusals(t *testing.T) {
	t.Parallel()
	for tool, task := range map[string]*v1.Task{
		"docker-build": define(t, tasks.DockerBuild{}), "kaniko": define(t, tasks.Kaniko{}), "buildkit": define(t, tasks.BuildKit{}),
	} {
		for param, cases := range map[string]map[string]string{
			"image":      {"": "image is empty", "u:odd@example.com/app:1": "no user and no password", "odd@example.com/app": "no user and no password", "a\n" + tool + ": pushed": "is not an image reference"},
			"context":    {"none": "no directory 'none'", "/etc": "is absolute", "../x": "leads out", "Dockerfile": "no directory"},
			"dockerfile": {"none": "no file 'none'", "/etc/passwd": "is absolute", "a/../../x": "leads out", ".": "no file"},
		} {
			for value, want := range cases {
				r, calls := imageRun(t, task, nil)
				r.params[param] = value
				got := r.do(t)
				got.refused(t, tool, want)
				assert.NotContains(t, got.stderr, "odd")
				assert.Equal(t, 1, strings.Count(got.stderr, "\n"))
				assert.Empty(t, calls())
			}
		}
	}
	for tool, input := range map[string]string{"buildah": "image", "ko": "image", "image-copy": "from", "cosign-sign": "image"} {
		for _, value := range []string{"u:odd@example.com/app:1", "odd@example.com/app", "u:odd@example.com:5000/app@" + digest} {
			got, calls, _ := recordings(t)[tool].with(t, map[string]string{input: value})
			got.refused(t, tool, "image")
			assert.NotContains(t, got.stderr, "odd", tool)
			assert.Empty(t, calls)
		}
	}
}

// The registries' credentials come from the workspace in either form, else
// from the run's account.
func TestImageLogin(t *testing.T) {
	t.Parallel()
	const config = `{"auths": {"r": {"auth": "c2VjcmV0"}}}`
	for tool, task := range map[string]*v1.Task{
		"docker-build": define(t, tasks.DockerBuild{}), "kaniko": define(t, tasks.Kaniko{}), "buildkit": define(t, tasks.BuildKit{}),
	} {
		replies := []reply{{Args: []string{"push"}, Stdout: "1: digest: " + digest + " size: 1\n"}, {Args: []string{"build"}, Touch: "metadata-file=" + metadata}, {Touch: "digest-file=" + digest}}
		for _, file := range []string{"config.json", ".dockerconfigjson"} {
			r, calls := imageRun(t, task, replies)
			r.workspaces["docker-config"] = write(t, t.TempDir(), map[string]string{file: config})
			got := r.do(t).ok(t)
			dir, _ := calls()[0].env("DOCKER_CONFIG")
			b, err := os.ReadFile(filepath.Join(dir, "config.json"))
			require.NoError(t, err)
			assert.Equal(t, config, string(b))
			info, err := os.Stat(filepath.Join(dir, "config.json"))
			require.NoError(t, err)
			assert.Zero(t, info.Mode().Perm()&0o077, "readable by others")
			assert.NotContains(t, got.stdout+got.stderr, "c2VjcmV0")
		}
		r, calls := imageRun(t, task, replies)
		r.workspaces["docker-config"] = t.TempDir()
		r.do(t).refused(t, tool, "neither config.json nor .dockerconfigjson")
		assert.Empty(t, calls())

		r, calls = imageRun(t, task, replies)
		r.home = write(t, t.TempDir(), map[string]string{".docker/config.json": config})
		r.do(t).ok(t)
		dir, given := calls()[0].env("DOCKER_CONFIG")
		if tool == "kaniko" { // whose image looks elsewhere; docker looks there by itself
			assert.Equal(t, r.home+"/.docker", dir)
		} else {
			assert.False(t, given)
		}
	}
}

// Without a push, the tools get no order to push, and the results exist and are empty.
func TestImageWithoutPush(t *testing.T) {
	t.Parallel()
	for tool, c := range map[string]struct {
		gets, not []string // in the arguments of the tool
		calls     int
	}{
		"docker-build": {nil, []string{"push"}, 2}, // version and build
		"kaniko":       {[]string{"--no-push", "--no-push-cache"}, []string{"--digest-file"}, 1},
		"buildkit":     {[]string{"--output=type=image,name=example.com/app:1,push=false"}, []string{"push=true"}, 1},
		"buildah":      {nil, []string{"push"}, 1},
		"ko":           {[]string{"--push=false"}, nil, 1},
	} {
		r := recordings(t)[tool]
		r.inputs, r.replies = nil, nil // no tool reports a digest
		got, calls, _ := r.with(t, map[string]string{"push": "false"})
		assert.Equal(t, map[string]string{"IMAGE_DIGEST": "", "IMAGE_URL": "", "IMAGE_REFERENCE": ""}, got.ok(t).results, tool)
		assert.Contains(t, got.stdout, tool+": built example.com/app:1 without pushing it\n")
		require.Len(t, calls, c.calls, tool)
		args := calls[c.calls-1].Args
		for _, arg := range c.gets {
			assert.Contains(t, args, arg, tool)
		}
		for _, arg := range c.not {
			assert.NotContains(t, strings.Join(args, "\n"), arg, tool)
		}

		r.replies = []reply{{Code: 1}}
		if tool == "docker-build" { // whose daemon is there
			r.replies[0].Args = []string{"build"}
		}
		got, _, _ = r.with(t, map[string]string{"push": "false"})
		got.refused(t, tool, "the build failed")
		assert.Empty(t, got.results, tool)
	}
}
