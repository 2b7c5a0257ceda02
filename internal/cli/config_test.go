package cli_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
)

// pipelineOf is a Pipeline with a param that is not used and a Task that is elsewhere.
func pipelineOf(name string) string {
	return "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: " + name + "}\nspec:\n  params: [{name: unused}]\n  tasks: [{name: a, taskRef: {name: elsewhere}}]\n"
}

const elsewhere = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: elsewhere}\nspec:\n  steps: [{name: s, image: registry.local/x:1, script: 'true'}]\n"

// repository writes files into a new directory that is a git repository, and changes to it.
func repository(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	files[".git/HEAD"] = ""
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o750))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
}

// brief returns the findings of a check: place, severity and code.
func brief(r result) []string {
	out := []string{}
	for line := range strings.Lines(r.out) {
		if m := regexp.MustCompile(`^(\S+?):[0-9:]+: (\w+ [\w-]+):`).FindStringSubmatch(line); m != nil {
			out = append(out, m[1]+" "+m[2])
		}
	}
	slices.Sort(out)
	return out
}

// TestConfigurations tests that each file is checked with its nearest configuration, and
// what overrides it.
func TestConfigurations(t *testing.T) {
	repository(t, map[string]string{
		"p.yaml": pipelineOf("p"), "a/p.yaml": pipelineOf("a"), "a/s/p.yaml": pipelineOf("s"), "b/p.yaml": pipelineOf("b"), "b/gen/p.yaml": pipelineOf("gen"),
		".tekwright.yaml":   "severities: {param-unused: note}\n",
		"a/.tekwright.yaml": "severities: {param-unused: error}\ncomplete: true\noverrides:\n- paths: [s]\n  disabled: [param-unused]\n",
		"b/.tekwright.yaml": "exclude: [gen]\nprofile: ../cluster.yml\n",
		"cluster.yml":       "disabled: [task-external]\npersona: regular\n",
		"prod":              "complete: true\nseverities: {param-unused: warning}\n",
		"all.yml":           "disabled: [param-unused, task-external]\nexclude: [all.yml]\n",
	})
	for line, want := range map[string][]string{
		"check -q p.yaml a b": {
			"a/p.yaml error param-unused", "a/p.yaml error task-unknown", "a/s/p.yaml error task-unknown", "b/p.yaml warning param-unused", "p.yaml note param-unused", "p.yaml note task-external",
		},
		"check -q p.yaml":                                  {"p.yaml note param-unused", "p.yaml note task-external"},
		"check -q b/gen/p.yaml b/p.yaml":                   {"b/p.yaml warning param-unused"},
		"check -q a/s":                                     {"a/s/p.yaml error task-unknown"},
		"check -q --no-config a/p.yaml":                    {"a/p.yaml note task-external", "a/p.yaml warning param-unused"},
		"check -q --config all.yml a/p.yaml":               {},
		"check -q --config b/.tekwright.yaml p.yaml b/gen": {"p.yaml warning param-unused"}, // gen is excluded
		"check -q --disable param-unused a/p.yaml":         {"a/p.yaml error task-unknown"},
		"check -q --complete p.yaml":                       {"p.yaml error task-unknown", "p.yaml note param-unused"},
		"check -q --profile prod p.yaml a/p.yaml":          {"a/p.yaml error task-unknown", "a/p.yaml warning param-unused", "p.yaml error task-unknown", "p.yaml warning param-unused"},
		"check -q --profile cluster.yml a/p.yaml":          {"a/p.yaml error param-unused"}, // its complete does not count
		"check -q --exclude a/p.yaml a":                    {"a/s/p.yaml error task-unknown"},
	} {
		r := words(line)
		assert.Equal(t, want, brief(r), line)
		assert.Empty(t, r.err, line)
	}
	r := words("check --persona pedantic -q a/p.yaml")
	assert.Contains(t, r.out, "param-unused")

	// Standard input is a file of the current directory.
	t.Chdir("a")
	assert.Equal(t, []string{"<stdin> error param-unused", "<stdin> error task-unknown"}, brief(run(pipelineOf("x"), []string{"check", "-q", "-"}, "NO_COLOR=1")))
	t.Chdir("..")

	// Objects of one configuration are known to the others.
	require.NoError(t, os.WriteFile("b/t.yaml", []byte(elsewhere), 0o600))
	assert.Equal(t, []string{"a/p.yaml error param-unused", "b/p.yaml warning param-unused"}, brief(words("check -q a/p.yaml b")))

	// What a hook of git names may all be excluded.
	r = words("check b/gen/p.yaml")
	assert.Zero(t, r.exit)
	assert.Equal(t, "tekwright: no manifests left to check: the configuration excludes them\n", r.err)
	r = words("check a/.tekwright.yaml")
	assert.Zero(t, r.exit, r.err)
	r = words("check -o json b/gen/p.yaml")
	assert.Zero(t, r.exit)
	assert.Equal(t, "[]\n", r.out)
	assert.Equal(t, 2, words("check --no-config b/none.yaml").exit)
}

// TestConfigurationBroken tests that nothing is checked with a broken configuration.
func TestConfigurationBroken(t *testing.T) {
	repository(t, map[string]string{
		"p.yaml": pipelineOf("p"), "a/p.yaml": pipelineOf("a"), "a/.tekwright.yaml": "severities:\n  param-unusd: \"\\e[31moff\"\n",
	})
	const want = "tekwright: a/.tekwright.yaml:2:16: error config-invalid: the severity of \"param-unusd\" is \"\\x1b[31moff\"\n\thelp: use error, warning, note or off\n"
	for _, line := range []string{"check .", "check a/.tekwright.yaml", "check a/p.yaml p.yaml", "check -o sarif", "apply .", "run p.yaml a/p.yaml", "config explain a/p.yaml"} {
		r := words(line)
		assert.Equal(t, 2, r.exit, line)
		assert.Empty(t, r.out, line)
		assert.Contains(t, r.err, want, line)
	}
	assert.Equal(t, 1, words("check p.yaml").exit)
	assert.Equal(t, 1, words("check --no-config").exit)
	r := words("check --config none.yaml")
	assert.Equal(t, 2, r.exit)
	assert.Equal(t, "tekwright: none.yaml: error config-invalid: the configuration cannot be read: it does not exist\n", r.err)
	r = words("check --config a/.tekwright.yaml --no-config")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "none of the others can be")
	require.NoError(t, os.WriteFile("a/.tekwright.yaml", []byte("features: [enable-the-future]\n"), 0o600))
	r = words("check")
	assert.Equal(t, "tekwright: warning: a/.tekwright.yaml:1:11: features has \"enable-the-future\", which is not a known feature flag and has no effect\n", r.err)
}

// TestConfigExplain tests what is explained, and that it is what the check does.
func TestConfigExplain(t *testing.T) {
	repository(t, map[string]string{
		".tekwright.yaml": "profile: ci/cluster.yaml\npersona: pedantic\nseverities:\n  image-floating: error\n  requests-missing: off\nexclude: [gen]\noverrides:\n- paths: [samples/**]\n  persona: regular\n  severities: {image-floating: off}\n" +
			"- paths: ['*.strict.yaml']\n  severities: {requests-missing: warning, cycle: note}\n",
		"ci/cluster.yaml": "severities: {image-floating: note, cycle: warning}\n", "samples/a.yaml": pipelineOf("a"), "samples/a.strict.yaml": pipelineOf("b"), "gen/a.yaml": "",
		"strict": "persona: auditor\nseverities: {cycle: error}\ndisabled: [param-missing]\n", "other/.git": "", "other/a.yaml": pipelineOf("c"), "other/.tekwright-check": "profile: {persona: pedantic, disabled: [cycle], coschedule: disabled}\n",
		"deep/.tekwright.yaml": "profile: cluster.yaml\napiFields: alpha\ncomplete: false\nexists: [{kind: Task, name: a}, {kind: Secret, name: '*', namespace: ci}]\nforbiddenEnv: [A, B, C, D, E]\ntimeoutMinutes: 0\n",
		"deep/cluster.yaml":    "pipelinesVersion: v0.48.0\napiFields: beta\nmaxMatrix: 7\nexists: [{kind: Task, name: b}]\n",
	})
	var b strings.Builder
	for _, args := range []string{
		"", ".", "samples/a.yaml", "samples/a.strict.yaml", "gen/a.yaml", "samples/a.yaml image-floating", "image-floating", "samples requests-missing", "samples/a.strict.yaml requests-missing",
		"other/a.yaml", "other/a.yaml cycle", "--no-config samples/a.yaml", "--profile strict --disable image-floating,param-unused --persona regular samples/a.yaml", "--profile strict . cycle",
		"none.yaml none", ". param-unusd", "param-unusd",
		"-o json samples/a.yaml", "-o json samples/a.yaml image-floating", "deep/a.yaml", "--complete --one-set deep/a.yaml", "--complete --profile strict deep/a.yaml", "--profile openshift deep/a.yaml",
	} {
		r := words("config explain " + args)
		fmt.Fprintf(&b, "$ tekwright config explain %s\n%s%s", args, r.out, r.err)
		if r.exit != 0 {
			fmt.Fprintf(&b, "exit %d\n", r.exit)
		}
		b.WriteString("\n")
	}
	// Of each rule, the severity is that of the check.
	f := &config.Finder{}
	for _, file := range []string{"a.yaml", "samples/a.yaml", "samples/a.strict.yaml", "x.strict.yaml"} {
		p := f.Profile(check.Profile{}, nil).ForFile(file)
		for _, code := range []string{"image-floating", "requests-missing", "cycle", "param-missing", "rbac-wide", "object-untyped"} {
			r, ok := check.Lookup(code)
			if !ok {
				continue
			}
			want := "off"
			if p.Applies(r) {
				want = r.Severity.String()
				if s, ok := p.Severities[code]; ok {
					want = s.String()
				}
			}
			line, _, _ := strings.Cut(words("config explain "+file+" "+code).out, "\n")
			assert.Equal(t, code+" in "+file+": "+want, line)
		}
	}
	t.Chdir(start)
	// The golden file does not depend on the versions in go.mod.
	versions := regexp.MustCompile(`(pipelinesVersion +)v1\S+|("value": ")v1[^"]+|(Pipelines |Triggers |"pipeline": "|"triggers": ")v[0-9.]+`)
	golden.Check(t, "testdata/config-explain.txt", versions.ReplaceAll([]byte(b.String()), []byte("${1}${2}${3}VERSION")))
}

// TestConfigInit tests what is written for a repository, and that nothing is replaced.
func TestConfigInit(t *testing.T) {
	files := map[string]string{
		"task.yaml": elsewhere, ".tekton/run.yaml": strings.Replace(pipelineOf("a"), "tekton.dev/v1", "tekton.dev/v1beta1", 1), "x/testdata/bad.yaml": pipelineOf("bad"),
		"charts/app/Chart.yaml": "name: app\n", "charts/app/templates/a.yaml": "a: {{ x }}\n", "charts/odd [1] #/Chart.yaml": "name: odd\n", "charts/odd [1] #/templates/a.yaml": "a: {{ x }}\n",
		"!odd {x}\n- \"y\"/Chart.yaml": "name: odd\n", "!odd {x}\n- \"y\"/templates/a.yaml": "a: {{ x }}\n",
		"route.yaml": "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: r}\n---\napiVersion: x.openshift.io/v1\nkind: \"A\\npersona: auditor\\n#\"\nmetadata: {name: r}\n",
	}
	for i := range 12 {
		files[fmt.Sprintf("p%d.yaml", i)] = pipelineOf(fmt.Sprint("p", i))
	}
	repository(t, files)
	r := words("config init")
	assert.Equal(t, result{out: "wrote .tekwright.yaml\n"}, r)
	text, err := os.ReadFile(config.Name)
	require.NoError(t, err)
	c, err := config.Read(config.Name, text)
	require.NoError(t, err)
	for path, want := range map[string]bool{"x/testdata/bad.yaml": true, "charts/app": true, "charts/odd [1] #/templates/a.yaml": true, "!odd {x}\n- \"y\"/templates/a.yaml": true, "charts/other": false, "app": false, "task.yaml": false} {
		_, got := c.Excludes(path)
		assert.Equal(t, want, got, path)
	}
	// The proposals can be used as they are.
	proposed := regexp.MustCompile(`(?m)^# (severities:|  [a-z-]+: note .*|exists:|  - \{kind: Task.*|complete: true|apiFields: beta|features: .*|overrides:|  - paths: .*|    severities: .*)$`).ReplaceAll(text, []byte("$1"))
	require.NotEqual(t, string(text), string(proposed))
	_, err = config.Read(config.Name, proposed)
	assert.NoError(t, err)
	assert.Zero(t, words("check -q").exit&2)

	r = words("config init")
	assert.Equal(t, 2, r.exit)
	assert.Equal(t, "tekwright: .tekwright.yaml exists already\n  help: pass --force to replace it\n", r.err)
	require.NoError(t, os.WriteFile(config.Name, []byte("broken: ["), 0o600))
	assert.Equal(t, 0, words("config init --force .").exit)
	again, err := os.ReadFile(config.Name)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))
	assert.Equal(t, 2, words("config init task.yaml").exit)
	assert.Equal(t, 2, words("config init none").exit)
	require.NoError(t, os.Mkdir("empty", 0o750))
	r = words("config init empty")
	assert.Zero(t, r.exit)
	assert.Contains(t, r.err, "warning: .tekwright.yaml does not apply to this directory any more")
	_, err = (&config.Finder{}).Of("empty/x")
	assert.NoError(t, err)
	entries, err := fs.Glob(os.DirFS("."), ".tekwright*")
	require.NoError(t, err)
	assert.Equal(t, []string{config.Name}, entries, "no temporary file stays")
	t.Chdir(start)
	golden.Check(t, "testdata/config-init.txt", text)
}

// TestConfigInitCounts tests that the proposals count what check reports: what kustomizations
// become, without the folders that are left out, and that they contain no rule with errors.
func TestConfigInitCounts(t *testing.T) {
	files := map[string]string{
		"errors.yaml": "", "prod/kustomization.yaml": "namePrefix: prod-\nnamespace: prod\nresources: [../base]\n", "dev/kustomization.yaml": "namePrefix: dev-\nresources: [../base]\n",
		"base/kustomization.yaml": "resources: [all.yaml, binding.yaml]\n", "base/all.yaml": "", "base/binding.yaml": "", "x/testdata/all.yaml": "",
		"sub/.tekwright.yaml": "severities: {param-unused: off}\n", "sub/all.yaml": "",
	}
	for i := range 12 {
		unused := strings.NewReplacer("greet", fmt.Sprint("t", i), "$(params.foo)", "hi").Replace(aged) + "---\n"
		files["errors.yaml"] += strings.NewReplacer("greet", fmt.Sprint("e", i), "name: who", "name: foo", "params.foo", "params.bar").Replace(aged) + "---\n"
		for _, name := range []string{"base/all.yaml", "x/testdata/all.yaml", "sub/all.yaml"} {
			files[name] += unused
		}
		// Kustomize sets the namespaces of the subjects.
		files["base/binding.yaml"] += fmt.Sprintf("apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b%d}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: default}]\n---\n", i)
	}
	repository(t, files)
	require.Zero(t, words("config init").exit)
	text, err := os.ReadFile(config.Name)
	require.NoError(t, err)
	counts := map[string]int{}
	for _, f := range foundBy(words("check -q")) {
		_, code, _ := strings.Cut(f, " ")
		counts[code]++
	}
	assert.Equal(t, map[string]int{"param-unknown": 12, "param-unused": 24}, counts)
	assert.Equal(t, []string{"#   param-unused: note    # 24 findings in 2 files: a declared param is never used"}, regexp.MustCompile(`(?m)^#   [a-z-]+: note .*`).FindAllString(string(text), -1))
	assert.Contains(t, string(text), "# Rules that report errors are not listed")
}

// TestConfigSchema tests that the published schema is printed.
func TestConfigSchema(t *testing.T) {
	r := words("config schema")
	assert.Zero(t, r.exit)
	assert.True(t, json.Valid([]byte(r.out)))
	assert.Equal(t, string(config.Schema()), r.out)
}

// TestGrowthOfConfigurations tests that many folders with configurations are checked in
// linear time.
func TestGrowthOfConfigurations(t *testing.T) {
	if testing.Short() {
		t.Skip("checks many files")
	}
	growth.Linear(t, 12, func(n int) (work func()) {
		dir := t.TempDir()
		for i := range n {
			sub := filepath.Join(dir, fmt.Sprint("d", i), "sub")
			require.NoError(t, os.MkdirAll(sub, 0o750))
			require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprint("d", i), config.Name), []byte("severities: {param-unused: error}\noverrides:\n- paths: [sub]\n  persona: pedantic\n"), 0o600))
			for j := range 3 {
				require.NoError(t, os.WriteFile(filepath.Join(sub, fmt.Sprint(j, ".yaml")), []byte(pipelineOf(fmt.Sprint("p", i, "-", j))), 0o600))
			}
		}
		return checking("", dir, "json")
	})
}

// TestConfigPage tests the examples of docs/config.md.
func TestConfigPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/config.md")
	require.NoError(t, err)
	_, example, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	repository(t, map[string]string{config.Name: example, "ci/cluster.yaml": "", "samples/task.yaml": elsewhere, "bad/.tekwright.yaml": "persona: regular\nseverites: {}\n", "bad/task.yaml": elsewhere})
	shown := 0
	for _, part := range strings.Split(string(page), "```console\n$ tekwright ")[1:] {
		line, out, _ := strings.Cut(part, "\n")
		out, _, _ = strings.Cut(out, "```")
		if line == "check" {
			t.Chdir("bad")
		}
		r := words(line)
		assert.Equal(t, out, r.out+r.err, line)
		if line == "check" {
			t.Chdir("..")
		}
		shown++
	}
	assert.Equal(t, 2, shown)
}
