package tasktest_test

import (
	"archive/tar"
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasktest"
)

// standIn is the image of these tests: BusyBox's tools.
const standIn = "localhost/tekwright-tasktest:busybox"

// image makes the image once, and returns why that is not possible.
var image = sync.OnceValue(func() string {
	c := tasktest.Containers{Env: os.Environ()}
	if err := c.Available(context.Background()); err != nil {
		return err.Error()
	}
	busybox, err := os.ReadFile("/bin/busybox")
	if err != nil {
		return "there is no static busybox for an image"
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	file := func(name string, mode int64, kind byte, link string, text []byte) {
		_ = w.WriteHeader(&tar.Header{Name: name, Mode: mode, Typeflag: kind, Linkname: link, Size: int64(len(text))})
		_, _ = w.Write(text)
	}
	for _, dir := range []string{"bin", "tmp", "etc", "proc", "sys", "dev", "workspace", "tekton"} {
		file(dir+"/", 0o777, tar.TypeDir, "", nil)
	}
	file("bin/busybox", 0o755, tar.TypeReg, "", busybox)
	for tool := range strings.FieldsSeq("sh cat echo ls id printf sleep nc touch true false env pwd mkdir wget head tr test") {
		file("bin/"+tool, 0o777, tar.TypeSymlink, "busybox", nil)
	}
	_ = w.Close()
	cmd := exec.Command(engine(), "import", "--change", "ENV PATH=/bin", "--change", `CMD ["/bin/sh"]`, "--change", `ENTRYPOINT ["/bin/echo", "the entrypoint:"]`, "-", standIn)
	cmd.Stdin = &archive
	if out, err := cmd.CombinedOutput(); err != nil {
		return "cannot make the image: " + err.Error() + ": " + string(out)
	}
	return ""
})

// environment returns the environment of the engine. Where containers do not run with the
// defaults of the engine, as in some sandboxes, it has others.
var environment = sync.OnceValues(func() (env []string, why string) {
	if why := image(); why != "" {
		return nil, why
	}
	dir, err := os.MkdirTemp("", "tasktest-conf-")
	if err != nil {
		return nil, err.Error()
	}
	conf := dir + "/containers.conf"
	_ = os.WriteFile(conf, []byte("[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1000:1000\"]\n[engine]\nruntime = \"runc\"\n"), 0o600)
	for _, more := range [][]string{nil, {"CONTAINERS_CONF=" + conf}} {
		cmd := exec.Command(engine(), "run", "--rm", "--network", "none", standIn)
		cmd.Env = append(os.Environ(), more...)
		out, err := cmd.CombinedOutput()
		if err == nil {
			return cmd.Env, ""
		}
		why = strings.TrimSpace(string(out))
	}
	return nil, "containers do not run here: " + why
})

// engine is the command that runs containers.
func engine() string {
	if _, err := exec.LookPath("podman"); err != nil {
		return "docker"
	}
	return "podman"
}

// containers returns the runner, or skips the test.
func containers(t testing.TB) tasktest.Containers {
	t.Helper()
	env, why := environment()
	if why != "" {
		t.Skipf("SKIPPED: containers were NOT tried: %s", why)
	}
	return tasktest.Containers{Env: env, Images: map[string]string{"x": standIn}, Pull: "never"}
}

func TestContainers(t *testing.T) {
	runner := containers(t)
	got := tasktest.Do(t, tasktest.Case{
		Task: task(t, `
params: [{name: who}, {name: list, type: array, default: [a, b c]}]
workspaces: [{name: source}, {name: data, mountPath: /data}]
results: [{name: said}]
volumes:
  - {name: creds, secret: {secretName: login}}
  - {name: shared, emptyDir: {}}
steps:
  - {name: fails, image: x, onError: continue, script: "exit 3"}
  - name: one
    image: x
    workingDir: $(workspaces.source.path)/sub
    args: ["$(params.list[*])"]
    env:
      - {name: WHO, value: "$(params.who)"}
      - {name: HOME, value: /tekton/home}
      - {name: TOKEN, valueFrom: {secretKeyRef: {name: login, key: token}}}
    volumeMounts: [{name: creds, mountPath: /creds}, {name: shared, mountPath: /cache}]
    stdoutConfig: {path: $(workspaces.source.path)/log}
    securityContext: {runAsUser: 65532, runAsGroup: 65532}
    script: |
      pwd; id -u; printf '%s|' "$@"; echo "$WHO $TOKEN $(cat /creds/token) $(cat /workspace/source/app.txt) $(cat /data/d) $(cat /etc/app.ini)"
      printf %s "$WHO" >$(results.said.path)
      echo x >$HOME/left; echo y >/cache/left
      cat $(steps.step-fails.exitCode.path); echo
      printf in | kubectl apply "$WHO"
  - {name: two, image: x, volumeMounts: [{name: shared, mountPath: /other}], command: [cat], args: [/other/left, /workspace/source/log]}
  - {name: three, image: x, args: [of the image]}
  - {name: never, image: x, when: [{input: a, operator: in, values: [b]}], script: "true"}
`),
		Params: tasktest.Params{"who": "you $(x) '\"\n me"},
		Workspaces: map[string]tasktest.Folder{
			"source": {Files: map[string]string{"app.txt": "app"}}, "data": {Files: map[string]string{"d": "data"}},
		},
		Secrets:  map[string]map[string]string{"login": {"token": "s3cret"}},
		Files:    map[string]string{"/etc/app.ini": "ini"},
		Commands: map[string]tasktest.Command{"kubectl": {Stdin: true, Env: []string{"HOME"}, Answers: []tasktest.Answer{{Stdout: "applied\n"}}}},
	}, runner).OK(t)
	want := "/workspace/source/sub\n65532\na|b c|you $(x) '\"\n me s3cret s3cret app data ini\n3\napplied\n"
	assert.Equal(t, want, got.Step("one").Stdout)
	assert.Equal(t, "y\n"+want, got.Step("two").Stdout)
	assert.Equal(t, "the entrypoint: of the image\n", got.Step("three").Stdout)
	assert.NotEmpty(t, got.Step("never").Skipped)
	got.Wrote(t, "said", "you $(x) '\"\n me")
	require.Len(t, got.Calls, 1)
	assert.Equal(t, tasktest.Call{Command: "kubectl", Args: []string{"apply", "you $(x) '\"\n me"}, Stdin: "in", Env: map[string]string{"HOME": "/tekton/home"}}, got.Calls[0])
	assert.Equal(t, "x\n", got.Files["/tekton/home/left"])
}

func TestContainerTimeout(t *testing.T) {
	runner := containers(t)
	got := tasktest.Do(t, tasktest.Case{Task: task(t, `
steps:
  - {name: one, image: x, timeout: 3s, script: "echo begun; sleep 300"}
  - {name: two, image: x, script: echo two}
`)}, runner)
	assert.Equal(t, "it took longer than its timeout of 3s", got.Step("one").Failure)
	assert.Equal(t, "begun\n", got.Step("one").Stdout)
	assert.NotEmpty(t, got.Step("two").Skipped)
	assert.Empty(t, left(t))
}

// left returns the containers of the tests.
func left(t *testing.T) string {
	t.Helper()
	out, err := exec.Command(engine(), "ps", "-a", "--filter", "name=^tasktest-", "--format", "{{.Names}}").CombinedOutput()
	require.NoError(t, err)
	return string(out)
}

func TestSidecar(t *testing.T) {
	runner := containers(t)
	for name, probe := range map[string]string{"exec": "exec: {command: [test, -e, /tmp/ready]}", "tcp": "tcpSocket: {port: 8080}"} {
		got := tasktest.Do(t, tasktest.Case{Task: task(t, `
workspaces: [{name: source}]
sidecars:
  - name: server
    image: x
    readinessProbe: {`+probe+`}
    script: |
      sleep 1; touch /tmp/ready
      echo "from $(cat /workspace/source/f)" | nc -l -p 8080
      sleep 300
steps:
  - {name: one, image: x, script: "sleep 0.5; nc 127.0.0.1 8080 </dev/null"}
`), Workspaces: map[string]tasktest.Folder{"source": {Files: map[string]string{"f": "sidecar"}}}}, runner).OK(t)
		assert.Equal(t, "from sidecar\n", got.Stdout(), name)
	}
	_, err := tasktest.Run(t.Context(), tasktest.Case{Task: task(t, `
sidecars: [{name: server, image: x, readinessProbe: {exec: {command: ["false"]}}, script: "echo broken >&2; exit 1"}]
steps: [{name: one, image: x, script: "true"}]
`)}, runner)
	assert.ErrorContains(t, err, `sidecar "server": it ended before the steps began`)
	assert.Empty(t, left(t))
}

func TestContainerErrors(t *testing.T) {
	runner := containers(t)
	for want, spec := range map[string]string{
		"cannot run the container": "steps: [{image: localhost/no-such-image:1, script: 'true'}]",
		"it is privileged":         "steps: [{image: x, securityContext: {privileged: true}, script: 'true'}]",
	} {
		_, err := tasktest.Run(t.Context(), tasktest.Case{Task: task(t, spec)}, runner)
		assert.ErrorContains(t, err, want)
	}
	got := tasktest.Do(t, tasktest.Case{Task: task(t, "steps: [{name: one, image: x, script: 'exit 125'}]")}, runner)
	assert.Equal(t, 125, got.ExitCode())
}

func TestNoEngine(t *testing.T) {
	t.Parallel()
	err := tasktest.Containers{Env: []string{"PATH=" + t.TempDir()}}.Available(t.Context())
	assert.EqualError(t, err, "there is nothing to run containers with: podman is not in the path; docker is not in the path")
}
