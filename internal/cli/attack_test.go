package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/hostile"
)

// manifests returns documents with a text at many places.
func manifests(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text) // YAML reads it, too
	require.NoError(t, err)
	q := strings.ReplaceAll(string(b), "\x7f", `\u007f`)
	var docs []string
	for _, doc := range []string{
		"apiVersion: tekton.dev/v1\nkind: Q\nmetadata: {name: x}\n",
		"apiVersion: Q\nkind: Task\nmetadata: {name: x}\n",
		"apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: Q, namespace: Q, labels: {Q: Q}, annotations: {check.tekwright.dev/x: Q}}\nspec: {params: [{name: Q, type: Q}], results: [{name: Q}], workspaces: [{name: Q}]," +
			" steps: [{name: Q, image: Q, script: Q, onError: Q, Q: 1, volumeMounts: [{name: Q, mountPath: Q}], env: [{name: Q, value: Q}], timeout: Q, args: [Q, '$(params.zz) x']}, {name: Q, image: Q}]}\n",
		"apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p, Q: 1}\nspec: {tasks: [{name: Q, taskRef: {name: Q, kind: Q}, runAfter: [Q, Qx], params: [{name: Q, value: '$(params.zz)'}, {name: Q, value: '$(tasks.zz.results.a)'}]," +
			" when: [{cel: Q}, {input: Q, operator: Q, values: [Q]}], matrix: {params: [{name: Q, value: [Q]}]}, timeout: Q}]}\n",
		"apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec: {pipelineRef: {resolver: Q, params: [{name: Q, value: Q}]}, params: [{name: Q, value: Q}], timeouts: {pipeline: Q}, taskRunTemplate: {serviceAccountName: Q}}\n",
		"apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata: {name: e}\nspec: {triggers: [{name: Q, interceptors: [{ref: {name: cel}, params: [{name: filter, value: Q}, {name: Q, value: Q}]}, {ref: {name: Q}}], bindings: [{name: a, value: Q}, {ref: Q}], template: {ref: Q}}]}\n",
		"apiVersion: v1\nkind: Secret\nmetadata: {name: Q, annotations: {tekton.dev/git-0: Q}}\ntype: Q\nstringData: {Q: 1}\n",
		"Q: 1\n", "- Q\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {Q: [Q], Q: 2}\n",
		"apiVersion: v1\nkind: X\na: [Q\n", "apiVersion: v1\nkind: X\na: *Q\n",
	} {
		docs = append(docs, strings.ReplaceAll(doc, "Q", q))
	}
	// As written, too.
	docs = append(docs, "kind: Task\napiVersion: tekton.dev/v1\nmetadata: {name: y}\nspec:\n  steps:\n    - image: "+text+"\n", "# "+text+"\na: [\n")
	return strings.Join(docs, "---\n")
}

// outputs are the ways to write a report.
var outputs = []struct {
	name string
	kind hostile.Kind
	args []string
	env  string
}{
	{"text", hostile.Plain, nil, "NO_COLOR=1"},
	{"color", hostile.Colored, nil, "CLICOLOR_FORCE=1"},
	{"brief", hostile.Plain, []string{"-q"}, "NO_COLOR=1"},
	{"json", hostile.JSON, []string{"-o", "json"}, ""},
	{"sarif", hostile.JSON, []string{"-o", "sarif"}, ""},
	{"github", hostile.GitHub, []string{"-o", "github"}, ""},
	{"gitlab", hostile.JSON, []string{"-o", "gitlab"}, ""},
	{"junit", hostile.XML, []string{"-o", "junit"}, ""},
	{"all", hostile.Plain, []string{"--all"}, "NO_COLOR=1"},
	{"summary", hostile.Colored, []string{"--summary"}, "CLICOLOR_FORCE=1"},
}

// TestAttackReports tests that texts in manifests, and names of files, are only shown.
func TestAttackReports(t *testing.T) {
	for _, text := range hostile.Texts() {
		t.Chdir(t.TempDir())
		require.NoError(t, os.WriteFile("all.yaml", []byte(manifests(t, text)), 0o600))
		// Some texts are no names on some systems.
		name := strings.NewReplacer("/", "_", "\x00", "_").Replace(text)
		_ = os.WriteFile(name+".yaml", []byte("apiVersion: v1\nkind: Foo\nmetadata: {name: a}\n"), 0o600)
		if os.Mkdir(name, 0o700) == nil {
			_ = os.WriteFile(name+"/b.yaml", []byte("a: [\n"), 0o600)
		}
		for _, o := range outputs {
			r := run("", append([]string{"check", "."}, o.args...), o.env)
			assert.NotEqual(t, 0, r.exit)
			assert.NotEmpty(t, r.out)
			assert.Empty(t, hostile.Arrived(r.out, o.kind), "%s of %q", o.name, text)
			assert.Empty(t, hostile.Arrived(r.err, hostile.Plain), "%s of %q", o.name, text)
			if o.kind == hostile.JSON {
				assert.True(t, json.Valid([]byte(r.out)), "%s of %q", o.name, text)
			}
		}
	}
}

// TestAttackArguments tests that arguments are only shown in errors.
func TestAttackArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("good.yaml", []byte(good), 0o600))
	for _, text := range hostile.Texts() {
		q, err := json.Marshal(text)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile("profile.yaml", []byte("severities: {"+string(q)+": off, image-floating: "+string(q)+"}\n"+string(q)+": 1\n"), 0o600))
		require.NoError(t, os.WriteFile("doubtful.yaml", []byte("severities: {"+string(q)+": off}\nfeatures: ["+string(q)+"]\n"), 0o600))
		require.NoError(t, os.MkdirAll("attacked", 0o750))
		require.NoError(t, os.WriteFile("attacked/.tekwright.yaml", []byte(string(q)+": 1\npersona: "+string(q)+"\nprofile: "+string(q)+"\nexclude: ["+string(q)+", '[']\noverrides: [{paths: ["+string(q)+"], disabled: ["+string(q)+"]}]\n"), 0o600))
		require.NoError(t, os.WriteFile("accepted.yaml", []byte("features: [\"z-"+string(q)[1:]+"]\noverrides: [{paths: [\"**\", "+string(q)+"], disabled: [cycle]}]\n"), 0o600))
		for _, args := range [][]string{
			{"config", text}, {"config", "init", text}, {"config", "explain", text}, {"config", "explain", "a", text}, {"config", "explain", "--config", text}, {"config", "explain", "--config", "attacked/.tekwright.yaml", "."},
			{"config", "explain", "--config", "accepted.yaml", text}, {"config", "explain", "--config", "accepted.yaml", text, "cycle"}, {"check", "--config", "accepted.yaml", "."}, {"check", "attacked"}, {"check", "--config", text, "."},
			{text}, {"--" + text}, {"check", text}, {"check", "--profile", text}, {"check", "--profile", "profile.yaml", "."}, {"check", "--profile", "doubtful.yaml", "."},
			{"check", "--exclude", "[" + text}, {"check", "--disable", text}, {"check", "-o", text}, {"check", "--" + text}, {"rules", text}, {"help", text}, {"rules", "a", text},
			{"apply", text}, {"apply", "good.yaml", "--set", text}, {"apply", "good.yaml", "--kubeconfig", text}, {"watch", text}, {"watch", "pod/" + text}, {"cancel", "a", "--mode", text},
			{"watch", "a", "--context", text, "--kubeconfig", "good.yaml"}, {"run", "good.yaml", "--name", text}, {"run", "good.yaml", "-p", text}, {"run", "good.yaml", "-p", text + ":=" + text}, {"version", text}, {"pac", text}, {"pac", "event", text}, {"pac", "event", "--payload", text}, {"pac", "event", "--payload", "good.yaml", "-H", text}, {"pac", "event", "--payload", "good.yaml", "--range", text}, {"pac", "resolve", "--param", text}, {"pac", "resolve", text, "--repository", "good.yaml", "--param", text + "=x"},
		} {
			r := run("", args, "NO_COLOR=1")
			assert.Empty(t, hostile.Arrived(r.out+"\n"+r.err, hostile.Plain), "%q", args)
		}
	}
}

// TestAttackCompletion tests that what is completed is only shown. Cobra writes errors past the
// streams of the command.
func TestAttackCompletion(t *testing.T) {
	before := os.Stderr
	defer func() { os.Stderr = before }()
	wrote := false
	for _, text := range hostile.Texts() {
		for _, args := range [][]string{
			{"check", "--" + text}, {"check", "--" + text, ""}, {"check", "--timeout", text, ""}, {"check", "-o", text}, {"check", "-" + text, ""}, {text, ""}, {text}, {"check", "--disable", text},
			{"rules", text}, {"apply", "--set", text, ""}, {"run", "--" + text + "=" + text, ""},
		} {
			for _, request := range []string{"__complete", "__completeNoDesc"} {
				file, err := os.Create(t.TempDir() + "/stderr")
				require.NoError(t, err)
				os.Stderr = file
				r := run("", append([]string{request}, args...), "NO_COLOR=1")
				os.Stderr = before
				require.NoError(t, file.Close())
				past, err := os.ReadFile(file.Name())
				require.NoError(t, err)
				wrote = wrote || len(past) > 0
				assert.Empty(t, hostile.Arrived(r.out+"\n"+r.err+"\n"+string(past), hostile.Plain), "%q", args)
			}
		}
	}
	assert.True(t, wrote, "cobra writes past the streams")
}

// TestAttackSecrets tests that no report shows a value of a Secret or a password.
func TestAttackSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range hostile.Secrets {
		require.NoError(t, os.WriteFile("a.yaml", []byte(text), 0o600))
		for _, o := range outputs {
			for _, from := range []string{"a.yaml", "-"} {
				r := run(text, append([]string{"check", "--complete", from}, o.args...), o.env)
				assert.Empty(t, hostile.Shown(r.out+r.err), "%s of %s:\n%s", o.name, name, r.out+r.err)
			}
		}
		r := run(text, []string{"apply", "-"}, "NO_COLOR=1", "KUBECONFIG=none")
		assert.Empty(t, hostile.Shown(r.out+r.err), name)
	}
}

// evil is a server with a run whose status and logs have all texts.
func evil(t *testing.T) *httptest.Server {
	t.Helper()
	texts := hostile.Texts()
	status := func(text string) map[string]any {
		return map[string]any{"type": "Succeeded", "status": "False", "reason": text, "message": strings.Join(texts, "\n")}
	}
	var results, steps, containers []any
	var log strings.Builder
	for i, text := range texts {
		results = append(results, map[string]any{"name": text, "type": "string", "value": text}, map[string]any{"name": fmt.Sprint("r", i), "type": "array", "value": []string{text}})
		fmt.Fprintf(&log, "2026-01-01T00:00:%02dZ %s\n", i%60, text)
		if i < 12 {
			steps = append(steps, map[string]any{"name": text, "container": fmt.Sprint("step-", i), "terminated": map[string]any{
				"exitCode": 3, "reason": text, "message": text, "startedAt": "2026-01-01T00:00:01Z", "finishedAt": "2026-01-01T00:00:08Z"}})
			containers = append(containers, map[string]any{"name": fmt.Sprint("step-", i)})
		}
	}
	run := map[string]any{
		"apiVersion": "tekton.dev/v1", "kind": "TaskRun", "metadata": map[string]any{"name": "x", "namespace": "ci", "uid": "1", "resourceVersion": "5", "creationTimestamp": "2026-01-01T00:00:00Z"},
		"spec": map[string]any{"taskRef": map[string]any{"name": texts[0]}},
		"status": map[string]any{"podName": "x-pod", "startTime": "2026-01-01T00:00:00Z", "completionTime": "2026-01-01T00:00:09Z",
			"conditions": []any{status(texts[0])}, "results": results, "steps": steps},
	}
	pod := map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "x-pod", "namespace": "ci"}, "spec": map[string]any{"containers": containers}, "status": map[string]any{"phase": "Failed"}}
	listOf := func(version, kind string, items ...any) map[string]any {
		return map[string]any{"apiVersion": version, "kind": kind, "metadata": map[string]any{"resourceVersion": "5"}, "items": append([]any{}, items...)}
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		send := func(code int, v any) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(code)
			_ = json.NewEncoder(w).Encode(v)
		}
		switch p := r.URL.Path; {
		case strings.HasSuffix(p, "/log"):
			_, _ = io.WriteString(w, log.String())
		case r.URL.Query().Has("watch"):
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusOK)
			time.Sleep(100 * time.Millisecond) // and ends, after which the client lists
		case strings.HasSuffix(p, "/taskruns/x"):
			send(http.StatusOK, run)
		case strings.HasSuffix(p, "/taskruns"):
			send(http.StatusOK, listOf("tekton.dev/v1", "TaskRunList", run))
		case strings.HasSuffix(p, "/pods/x-pod"):
			send(http.StatusOK, pod)
		case strings.HasSuffix(p, "/pods"):
			send(http.StatusOK, listOf("v1", "PodList", pod))
		case strings.HasSuffix(p, "/events"):
			send(http.StatusForbidden, map[string]any{"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "Forbidden", "code": 403, "message": strings.Join(texts, "\n")})
		default:
			send(http.StatusUnprocessableEntity, map[string]any{"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "Invalid", "code": 422, "message": strings.Join(texts, "\n")})
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// TestAttackRuns tests that what a run and its server send is only shown.
func TestAttackRuns(t *testing.T) {
	config := "KUBECONFIG=" + kubeconfig(t, evil(t).URL)
	for _, c := range []struct {
		line string
		env  string
		kind hostile.Kind
	}{
		{"watch taskrun/x -o lines --logs", "NO_COLOR=1", hostile.Plain},
		{"watch taskrun/x -o lines --logs", "CLICOLOR_FORCE=1", hostile.Colored},
		{"watch taskrun/x -o tree --logs", "CLICOLOR_FORCE=1", hostile.Terminal},
		{"watch taskrun/x -o tree --no-color", "NO_COLOR=1", hostile.Terminal},
		{"watch taskrun/x -o json --logs", "NO_COLOR=1", hostile.JSON},
		{"cancel taskrun/x", "NO_COLOR=1", hostile.Plain},
		{"cancel other", "NO_COLOR=1", hostile.Plain},
	} {
		r := run("", strings.Fields(c.line), config, c.env)
		assert.NotEqual(t, 0, r.exit, c.line)
		assert.Empty(t, hostile.Arrived(r.out, c.kind), c.line)
		assert.Empty(t, hostile.Arrived(r.err, hostile.Plain), c.line)
		if c.kind == hostile.JSON {
			for line := range strings.Lines(r.out) {
				assert.True(t, json.Valid([]byte(line)), "%s", line)
			}
		} else if strings.HasPrefix(c.line, "watch taskrun") {
			assert.Contains(t, r.out, "result ")
		}
	}
}
