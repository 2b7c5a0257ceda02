package scripts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/tasks"
)

const cm = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {a: b}\n"

func leaked(c *cluster, output string) func(o outcome) string {
	return func(o outcome) string {
		c.mu.Lock()
		defer c.mu.Unlock()
		for p, ob := range c.objects {
			if s := text(ob); strings.Contains(s, theSecret) || strings.Contains(s, "the-token") {
				return "SECRET IN THE CLUSTER " + p
			}
		}
		return ""
	}
}

func attackKubectl(t *testing.T) {
	kubectl, err := exec.LookPath("kubectl")
	require.NoError(t, err)
	type k struct {
		path, kustomize string
		files           map[string]string
		links           map[string]string
		plant           func(s string) error
		extra           []string
	}
	cases := map[string]k{
		"plain": {path: "d", files: map[string]string{"d/a.yaml": cm}},
	}
	for i, n := range nastyNames() {
		n := strings.ReplaceAll(n, "/", "_")
		if len(n) > 200 {
			n = n[:200]
		}
		cases[fmt.Sprintf("name %d %q", i, n)] = k{path: n, files: map[string]string{n + "/a.yaml": cm}}
		cases[fmt.Sprintf("file %d %q", i, n)] = k{path: "d/" + n + ".yaml", files: map[string]string{"d/" + n + ".yaml": cm}}
		cases[fmt.Sprintf("link %d %q", i, n)] = k{path: "d", files: map[string]string{"d/a.yaml": cm}, links: map[string]string{"d/" + n + ".yaml": "../../secret/app.yaml"}}
		cases[fmt.Sprintf("kname %d %q", i, n)] = k{path: n, kustomize: "true", files: map[string]string{n + "/kustomization.yaml": "resources: [a.yaml]\n", n + "/a.yaml": cm}}
	}
	for name, links := range map[string]map[string]string{
		"abs": {"d/b.yaml": "SECRET/app.yaml"}, "rel": {"d/b.yml": "../../secret/app.yaml"}, "json": {"d/b.json": "../../secret/app.yaml"}, "chain": {"d/b.yaml": "../e", "e": "../secret/app.yaml"}, "dir": {"d": "../secret"}, "dir yaml": {"d/x.yaml": "../../secret"}, "dir below": {"d/x": "../../secret"},
		"proc": {"d/b.yaml": "/proc/self/environ"}, "fd": {"d/b.yaml": "/proc/self/fd/0"}, "dangling": {"d/b.yaml": "/nope/x"}, "loop": {"d/b.yaml": "b.yaml"}, "upper": {"d/b.YAML": "../../secret/app.yaml"}, "no ext": {"d/b": "../../secret/app.yaml"}, "dot": {"d/.yaml": "../../secret/app.yaml"}, "hidden": {"d/.b.yaml": "../../secret/app.yaml"},
		"below": {"d/x/b.yaml": "../../../secret/app.yaml"}, "yaml~": {"d/b.yaml~": "../../secret/app.yaml"}, "two dots": {"d/b.yaml.yaml": "../../secret/app.yaml"}, "backslash": {"d/b\\.yaml": "../../secret/app.yaml"},
	} {
		cases["links "+name] = k{path: "d", files: map[string]string{"d0/a.yaml": cm}, links: links}
		cases["links -R "+name] = k{path: "d", files: map[string]string{"d0/a.yaml": cm}, links: links, extra: []string{"-R"}}
		cases["links --recursive "+name] = k{path: "d", links: links, extra: []string{"--recursive=true"}}
	}
	for name, kz := range map[string]string{
		"resources dir": "resources: [../../secret]", "resources file": "resources: [../../secret/app.yaml]", "resources abs": "resources: [SECRET/app.yaml]", "component": "components: [../../secret]", "base": "bases: [../../secret]",
		"generator file": "configMapGenerator: [{name: a, files: [../../secret/config]}]", "generator env": "configMapGenerator: [{name: a, envs: [../../secret/config]}]", "generator abs": "secretGenerator: [{name: a, files: [x=SECRET/config]}]", "generator link": "configMapGenerator: [{name: a, files: [l]}]", "generator linkdir": "configMapGenerator: [{name: a, files: [ld/config]}]",
		"patch": "patches: [{path: ../../secret/app.yaml}]\nresources: [a.yaml]", "patch link": "patches: [{path: l}]\nresources: [a.yaml]", "smp": "patchesStrategicMerge: [../../secret/app.yaml]\nresources: [a.yaml]", "crds": "crds: [../../secret/app.yaml]\nresources: [a.yaml]", "openapi": "openapi: {path: ../../secret/app.yaml}\nresources: [a.yaml]", "openapi link": "openapi: {path: l}\nresources: [a.yaml]",
		"configurations": "configurations: [../../secret/app.yaml]\nresources: [a.yaml]", "replacements": "replacements: [{path: ../../secret/app.yaml}]\nresources: [a.yaml]", "transformers": "transformers: [../../secret/app.yaml]\nresources: [a.yaml]", "validators": "validators: [exec.yaml]\nresources: [a.yaml]", "generators exec": "generators: [exec.yaml]", "transformers exec": "transformers: [exec.yaml]\nresources: [a.yaml]", "generators docker": "generators: [docker.yaml]",
		"helm": "helmCharts: [{name: x, repo: 'file://../..', version: '1'}]", "helm globals": "helmGlobals: {chartHome: ../../secret}\nhelmCharts: [{name: x}]", "helm inflator": "helmChartInflationGenerator: [{chartName: x, helmBin: ./run}]",
		"remote file": "resources: ['file://SOURCE/repo']", "remote file ref": "resources: ['file://SOURCE/repo?ref=--upload-pack=./run']", "remote git ref": "resources: ['git::https://127.0.0.1:1/x.git?ref=--upload-pack=touch+CANARY']", "remote ssh": "resources: ['ssh://-oProxyCommand=touch${IFS}CANARY/x.git']", "remote ssh2": "resources: ['git@-oProxyCommand=touch CANARY:x/y.git']", "remote ext": "resources: ['git::ext::sh -c touch% CANARY .git']", "remote ext2": "resources: ['ext::sh -c touch% CANARY%.git//x']", "remote dash": "resources: ['--upload-pack=touch CANARY//x']", "remote http": "resources: ['http://127.0.0.1:1/x.yaml']", "remote abs git": "resources: ['SOURCE/repo/.git//x?ref=main']", "remote rel git": "resources: ['../repo.git//x']", "remote local": "resources: ['file:///SOURCE/repo//.?submodules=true&timeout=1']", "remote git proto": "resources: ['git://127.0.0.1:1/--upload-pack=x.git?ref=-q']", "remote home": "resources: ['~/x.git']",
		"loop": "resources: [.]", "loop up": "resources: [../d]", "many": "resources: [" + strings.Repeat("a.yaml,", 2000) + "]", "bomb": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\n", "resource link": "resources: [l]", "resource linkdir": "resources: [ld]", "kustomization link": "", "env inline": "configMapGenerator: [{name: a, literals: ['x=$(cat ../../secret/config)'], env: ../../secret/config}]",
	} {
		if name == "kustomization link" {
			cases["kustomize "+name] = k{path: "d", kustomize: "true", files: map[string]string{"d/a.yaml": cm}, links: map[string]string{"d/kustomization.yaml": "../../secret/config"}}
			continue
		}
		cases["kustomize "+name] = k{path: "d", kustomize: "true", links: map[string]string{"d/l": "../../secret/app.yaml", "d/ld": "../../secret"}, files: map[string]string{
			"d/kustomization.yaml": kz + "\n", "d/a.yaml": cm, "run": "#!/bin/sh\ntouch CANARY\n", "d/run": "#!/bin/sh\ntouch CANARY\n",
			"d/exec.yaml":   "apiVersion: v1\nkind: X\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./run}\n",
			"d/docker.yaml": "apiVersion: v1\nkind: X\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: x, network: true}\n",
		}}
	}
	for name, c := range cases {
		cl, kubeconfig := newCluster(t)
		parent, source, outside, canary := place(t)
		write(t, outside, map[string]string{"app.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: leak}\ndata: {a: " + theSecret + "}\n", "kustomization.yaml": ""})
		_ = os.Remove(filepath.Join(outside, "kustomization.yaml")) // as in a Secret
		rep := strings.NewReplacer("SECRET", outside, "SOURCE", source, "CANARY", canary)
		for f, text := range c.files {
			f = strings.ReplaceAll(f, "CANARY", "x")
			write(t, source, map[string]string{f: rep.Replace(text)})
		}
		for at, to := range c.links {
			at = filepath.Join(source, strings.ReplaceAll(at, "CANARY", "x"))
			_ = os.MkdirAll(filepath.Dir(at), 0o755)
			require.NoError(t, os.Symlink(rep.Replace(to), at))
		}
		if strings.Contains(name, "remote") {
			write(t, filepath.Join(source, "repo"), map[string]string{"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": cm})
			git(t, filepath.Join(source, "repo"), "init", "-q", "-b", "main")
			git(t, filepath.Join(source, "repo"), "add", ".")
			git(t, filepath.Join(source, "repo"), "commit", "-q", "-m", "x")
		}
		_ = exec.Command("chmod", "-R", "a+x", source).Run()
		r := run{task: define(t, tasks.KubectlApply{}), path: []string{filepath.Dir(kubectl)}, params: map[string]string{"path": strings.ReplaceAll(c.path, "CANARY", "x"), "namespace": "prod", "server-side": "false", "timeout": "5s"}, arrays: map[string][]string{"extra-args": append([]string{"--validate=false"}, c.extra...)},
			workspaces: map[string]string{"source": source, "kubeconfig": write(t, filepath.Join(parent, "kc"), map[string]string{"config": kubeconfig})}}
		if c.kustomize != "" {
			r.params["kustomize"] = c.kustomize
		}
		attempt{kind: "kubectl-apply real", name: name, r: r, canary: canary, outside: outside, mayPrint: true, check: leaked(cl, "")}.do(t)
		_ = os.RemoveAll(parent)
	}
}

func attackKustomize(t *testing.T) {}

func attackHelm(t *testing.T) {
	base := map[string]string{"charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\n", "charts/app/values.yaml": "a: b\n", "charts/app/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata:\n  a: {{ .Values | toJson | quote }}\n"}
	tmpl := func(data string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata:\n  a: " + data + "\n"
	}
	type h struct {
		files, links map[string]string
		arrays       map[string][]string
		params       map[string]string
		plant        func(s string) error
	}
	chartYAML := func(more string) map[string]string {
		return map[string]string{"charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\n" + more}
	}
	cases := map[string]h{"plain": {}}
	for i, e := range []string{
		`{{ .Files.Get "../../../secret/config" | quote }}`, `{{ .Files.Get "SECRET/config" | quote }}`, `{{ (.Files.Glob "../**").AsConfig | quote }}`, `{{ .Files.Lines "/etc/passwd" }}`, `{{ env "KUBECONFIG" }}`, `{{ expandenv "$KUBECONFIG" }}`, `{{ getHostByName "x" }}`, `{{ tpl (.Files.Get "files/x") . | quote }}`, `{{ include "../x" . }}`, `{{ (lookup "v1" "Secret" "prod" "x") | toJson | quote }}`, `{{ .Template.BasePath }}`, `{{ readFile "/etc/passwd" }}`, `{{ fail "helm-deploy: FORGED" }}`, `{{ fail "\nhelm-deploy: FORGED\n\x1b[31m" }}`, `{{ range $i := until 10 }}x{{ end }}`, `{{ osBase "/a/b" }}`, `{{ toYaml .Capabilities | quote }}`, `{{ genPrivateKey "ed25519" | b64enc }}`, `{{ repeat 1000 "x" }}`,
	} {
		cases[fmt.Sprintf("template %d", i)] = h{files: map[string]string{"charts/app/templates/a.yaml": tmpl(e), "charts/app/files/x": "{{ .Files.Get \"../../../../secret/config\" }}"}}
	}
	for i, d := range []string{
		"dependencies: [{name: x, version: '1', repository: 'file://../../../secret'}]\n", "dependencies: [{name: x, version: '*', repository: 'file://SECRET', alias: '../y'}]\n", "dependencies: [{name: '../../secret', version: '1'}]\n", "dependencies: [{name: x, version: '1', repository: 'oci://127.0.0.1:1/x'}]\n", "dependencies: [{name: x, version: '1', condition: 'a,b,../c', import-values: [{child: '../x', parent: '.'}]}]\n", "name: ../../evil\n", "type: library\n", "icon: file:///etc/passwd\n", "kubeVersion: '>99'\n", "annotations: {\"a\\nhelm-deploy\": 'FORGED'}\n", "deprecated: true\n", "version: ../../x\n", "apiVersion: v9\n", "dependencies: [" + strings.Repeat("{name: x, version: '1'},", 3000) + "]\n",
	} {
		f := chartYAML(d)
		if strings.HasPrefix(d, "name") || strings.HasPrefix(d, "version") || strings.HasPrefix(d, "apiVersion") {
			f = map[string]string{"charts/app/Chart.yaml": strings.ReplaceAll("apiVersion: v2\nname: app\nversion: 0.1.0\n", strings.SplitN(d, ":", 2)[0]+":", "x"+strings.SplitN(d, ":", 2)[0]+":") + d}
		}
		cases[fmt.Sprintf("chart.yaml %d", i)] = h{files: f}
		cases[fmt.Sprintf("chart.yaml update %d", i)] = h{files: f, arrays: map[string][]string{"extra-args": {noSchema, "--dependency-update"}}}
	}
	for _, at := range []string{"values.yaml", "values.schema.json", ".helmignore", "templates/b.yaml", "templates/NOTES.txt", "templates/_h.tpl", "crds/c.yaml", "files/x", "charts/x.tgz", "charts/x", "charts", "templates", "Chart.lock", "README.md", "LICENSE", "-x", "a\nb", "*", "\xff", "\x1b[31m"} {
		for w, to := range map[string]string{"abs": "SECRET/config", "dir": "SECRET", "proc": "/proc/self/environ", "chain": "SOURCE/hop", "dangling": "/nope", "up": "..", "self": "."} {
			cases["link "+at+" "+w] = h{links: map[string]string{"charts/app/" + at: to, "hop": "SECRET/config"}}
		}
	}
	for i, s := range []string{
		`{"$ref": "file:///SECRET/config"}`, `{"$id": "file:///SECRET/", "properties": {"a": {"$ref": "config"}}}`, `{"$id": "file:///SECRET/config", "$ref": "#/x"}`, `{"\u0024ref": "file:///SECRET/config"}`, `{"$schema": "file:///SECRET/config"}`, `{"definitions": {"a": {"$id": "file:///SECRET/config"}}, "allOf": [{"$ref": "#/definitions/a/x"}]}`, `{"$dynamicRef": "file:///SECRET/config"}`, `{"$ref":"https://json-schema.org/../../x"}`, `{"$ref":"https://json-schema.org@127.0.0.1/x"}`, `{"$ref":"http://json-schema.org/draft-07/schema#"}`, `{"id": "file:///SECRET/config", "properties": {"a": {"$ref": "#foo"}}}`, `{"$schema":"http://json-schema.org/draft-04/schema#","id":"file:///SECRET/","properties":{"a":{"$ref":"#/definitions/b"}},"definitions":{"b":{"id":"config","$ref":"#/zzz"}}}`, `{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"a":{"$id":"file:///SECRET/x","$defs":{"b":{"$ref":"#/c/d"}}}},"$ref":"#/$defs/a/$defs/b"}`, `{"properties":{"a":{"$id":"file:///SECRET/config","$anchor":"q"}},"$ref":"#q"}`,
		"\ufeff{\"$ref\": \"file:///SECRET/config\"}", `{"x": "\"", "$ref": "file:///SECRET/config"}`, `{"x\\": "$ref", "$ref" : "file:///SECRET/config"}`, "{\"$ref\"\f:\"file:///SECRET/config\"}", `{"$ref": null, "$ref": "file:///SECRET/config"}`, `[{"$ref": ["file:///SECRET/config"]}]`, `{"$recursiveRef": "file:///SECRET/config"}`, `{"contentSchema": {"$ref": "file:///SECRET/config"}, "contentMediaType": "application/json"}`, `{"pattern": "(a+)+$", "properties": {"a": {"pattern": "(a*)*b"}}}`, strings.Repeat("[", 20000), `{"$vocabulary": {"file:///SECRET/config": true}, "$schema": "https://json-schema.org/draft/2020-12/schema"}`, `{"$REF": "file:///SECRET/config"}`,
	} {
		for _, where := range []string{"charts/app/values.schema.json", "charts/app/charts/sub/values.schema.json"} {
			f := map[string]string{where: s}
			if strings.Contains(where, "sub") {
				f["charts/app/charts/sub/Chart.yaml"] = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"
			}
			cases[fmt.Sprintf("schema %d %s", i, filepath.Base(filepath.Dir(where)))] = h{files: f}
		}
	}
	for i, v := range nastyNames() {
		n := strings.ReplaceAll(v, "/", "_")
		if len(n) > 200 {
			n = n[:200]
		}
		cases[fmt.Sprintf("values file %d %q", i, n)] = h{files: map[string]string{n + ".yaml": "q: ok\n", "q.yaml": "q: no\n"}, arrays: map[string][]string{"values": {n + ".yaml"}}}
		cases[fmt.Sprintf("set %d %q", i, n)] = h{arrays: map[string][]string{"set-string": {"k=" + v}, "set": {"m=" + v}}}
		cases[fmt.Sprintf("set key %d %q", i, n)] = h{arrays: map[string][]string{"set": {v + "=x", v + "[0]=y"}}}
	}
	for name, plant := range map[string]func(s string) error{
		"device": func(s string) error { return syscall.Mknod(s+"/charts/app/files0", syscall.S_IFCHR|0o644, 0x103) },
		"socket": func(s string) error { return syscall.Mknod(s+"/charts/app/s", syscall.S_IFSOCK|0o644, 0) },
		"fifo":   func(s string) error { return syscall.Mkfifo(s+"/charts/app/p", 0o644) },
		"fifo schema": func(s string) error { return syscall.Mkfifo(s+"/charts/app/values.schema.json", 0o644) },
		"fifo tgz":    func(s string) error { return syscall.Mkfifo(s+"/charts/app/x.tgz", 0o644) },
		"sparse tgz":  func(s string) error { _ = os.MkdirAll(s+"/charts/app/charts", 0o755); f, _ := os.Create(s + "/charts/app/x.tgz"); defer f.Close(); return f.Truncate(1<<30) },
		"deep": func(s string) error { return os.MkdirAll(s+"/charts/app/"+strings.Repeat("d/", 1500), 0o755) },
		"set k8s nul": func(s string) error { return nil },
	} {
		cases["plant "+name] = h{plant: plant}
	}
	big := strings.Repeat("v", 100_000)
	cases["set big"] = h{arrays: map[string][]string{"set-string": {"k=" + big}}}
	cases["set commas"] = h{arrays: map[string][]string{"set-string": {"k=" + strings.Repeat(",", 50_000)}}}
	cases["set bomb"] = h{arrays: map[string][]string{"set": {"k[65536]=x"}}}
	cases["set bomb big"] = h{arrays: map[string][]string{"set": {"k[99999999]=x"}}}
	cases["set null"] = h{arrays: map[string][]string{"set": {"a=null", "b=", "c={a,b}"}}}
	for name, c := range cases {
		r := newRelease(t)
		parent, source, outside, canary := place(t)
		rep := strings.NewReplacer("SECRET", strings.TrimPrefix(outside, "/"), "SOURCE", source, "CANARY", canary)
		rep2 := strings.NewReplacer("SECRET", outside, "SOURCE", source)
		write(t, outside, map[string]string{"Chart.yaml.no": ""})
		write(t, source, base)
		for f, text := range c.files {
			write(t, source, map[string]string{strings.ReplaceAll(f, "CANARY", "x"): rep.Replace(text)})
		}
		skip := false
		for at, to := range c.links {
			p := filepath.Join(source, at)
			_ = os.MkdirAll(filepath.Dir(p), 0o755)
			_ = os.RemoveAll(p)
			if err := os.Symlink(rep2.Replace(to), p); err != nil {
				skip = true
			}
		}
		if c.plant != nil {
			if err := c.plant(source); err != nil {
				t.Log(name, err)
				continue
			}
		}
		if skip {
			continue
		}
		params := map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod", "timeout": "5s", "wait": "false"}
		arrays := map[string][]string{"extra-args": {noSchema}}
		for k, v := range c.arrays {
			list := []string{}
			for _, s := range v {
				list = append(list, strings.ReplaceAll(s, "CANARY", "x"))
			}
			arrays[k] = list
		}
		rr := run{task: define(t, tasks.HelmDeploy{}), path: []string{r.path}, params: params, arrays: arrays, workspaces: map[string]string{"source": source, "kubeconfig": r.kubeconfig}}
		check := leaked(r.cluster, "")
		attempt{kind: "helm-deploy real", name: name, r: rr, canary: canary, outside: outside, mayPrint: true, check: func(o outcome) string {
			if s := check(o); s != "" {
				// helm keeps the chart in a Secret: compressed
				return s
			}
			if strings.HasPrefix(name, "values file") && o.code == 0 && !strings.Contains(fmt.Sprint(r.data("prod", "app")["a"]), `"q":"ok"`) {
				return fmt.Sprint("OTHER VALUES ", r.data("prod", "app"))
			}
			if strings.HasPrefix(name, "link") && o.code == 0 {
				for at, to := range c.links {
					if at != "hop" && (strings.Contains(to, "SECRET") || strings.Contains(to, "hop") || strings.Contains(to, "proc")) {
						return "DEPLOYED WITH A LINK THAT LEADS OUT"
					}
				}
			}
			return ""
		}}.do(t)
		_ = os.RemoveAll(parent)
	}
}

func attackGitops(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	lines := []string{
		"apiVersion: apps/v1", "kind: Deployment", "metadata:", "  name: app", "  name: 'app'", "  labels: {a: b}", "spec:", "  template:", "    spec:", "      containers:", "      initContainers:", "      - name: app", "        image: r/app:1", "      - image: r/side:1", "        name: side", "        image: 'r/app:1'", "        image: \"r/app:1\" # c", "        args: [a, b]", "        command:", "        - |", "          image: evil:1", "          containers:", "          - name: app", "            image: evil", "        env:", "        - {name: image, value: x}", "        - name: image", "          value: >-", "            image: no", "---", "# containers:", "      # image: x", "", "      volumes: []", "data:", "  a.yaml: |", "    spec:", "      containers:", "      - name: app", "        image: r/app:9", "  b: \"x", "    image: q", "  \"", "%YAML 1.2", "...", "        image:", "          r/app:1", "        ? image", "        : r/app:1", "        image: &a r/app:1", "        image: *a", "        image: !!str r/app:1", "        <<: *a", "\timage: r/app:1", "        image: r/app:1\r", "      containers: [{name: app, image: r/app:1}]", "      containers: &c", "      \"containers\":", "      - \"name\": app", "        \"image\": r/app:1", "        \"im\\u0061ge\": r/app:2",
	}
	images := func(s string) (list []string, ok bool) {
		for _, doc := range regexpSplit(s) {
			var v any
			if err := yaml.Unmarshal([]byte(doc), &v); err != nil {
				return nil, false
			}
			var walk func(path string, v any)
			walk = func(path string, v any) {
				switch x := v.(type) {
				case map[string]any:
					for k, y := range x {
						walk(path+"/"+k, y)
					}
				case []any:
					for i, y := range x {
						walk(fmt.Sprintf("%s/%d", path, i), y)
					}
				default:
					list = append(list, fmt.Sprintf("%s=%v", path, x))
				}
			}
			walk(fmt.Sprint(len(list)), v)
			list = append(list, "---")
		}
		return list, true
	}
	awk := define(t, tasks.GitOpsUpdate{}).Spec.Steps[0].Script
	start, end := strings.Index(awk, "set_image() {"), strings.Index(awk, "person() {")
	if start < 0 || end < start {
		end = len(awk)
	}
	fn := awk[start:]
	fn = fn[:strings.Index(fn, "\n    }'\n}\n")+len("\n    }'\n}\n")]
	file := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(file, []byte(fn+"\nset_image /dev/null\n"), 0o755))
	changed, refused := 0, 0
	for i := range 900 {
		var doc []string
		for _, l := range []string{"apiVersion: apps/v1", "kind: Deployment", "metadata:", "  name: app", "spec:", "  template:", "    spec:", "      containers:", "      - name: app", "        image: r/app:1", "        args: [a, b]", "      - image: r/side:1", "        name: side"} {
			if rnd.IntN(60) > 0 {
				doc = append(doc, l)
			}
		}
		for range 1 + rnd.IntN(4) {
			at := rnd.IntN(len(doc) + 1)
			doc = append(doc[:at], append([]string{lines[rnd.IntN(len(lines))]}, doc[at:]...)...)
		}
		in := strings.Join(doc, "\n") + "\n"
		before, ok := images(in)
		cmd := exec.Command(shell()[0], append(shell()[1:], file)...)
		cmd.Stdin = strings.NewReader(in)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "IMAGE=new.example/x:2", "CONTAINER=app", "OBJECT="}
		out, err := cmd.Output()
		if err != nil {
			refused++
			count("gitops-update manifests", 1)
			continue
		}
		if !ok {
			count("gitops-update manifests", 0)
			continue
		}
		changed++
		after, ok2 := images(string(out))
		bad := ""
		if !ok2 {
			bad = "BREAKS THE YAML"
		} else {
			diff := map[string]int{}
			for _, s := range before {
				diff[s]++
			}
			for _, s := range after {
				diff[s]--
			}
			var ds []string
			for s, n := range diff {
				if n != 0 {
					ds = append(ds, fmt.Sprintf("%+d %s", n, s))
				}
			}
			if len(ds) > 2 {
				bad = fmt.Sprint("CHANGES MORE ", ds)
			}
			for _, d := range ds {
				if !strings.Contains(d, "ontainers/") || !strings.Contains(d, "/image=") {
					bad = fmt.Sprint("CHANGES OTHER ", ds)
				}
			}
		}
		if bad != "" {
			count("gitops-update manifests", 2)
			t.Errorf("%d %s\n%s", i, bad, in)
			continue
		}
		count("gitops-update manifests", 0)
	}
	fmt.Println("gitops: changed", changed, "refused", refused)
	// hostile trees
	for i, n := range append(nastyNames(), ".git/config", "../x", "a/../b", ".gitmodules", ".gitattributes") {
		for _, kind := range []string{"file", "link", "dir", "gitlink"} {
			r := newRepository(t, map[string]string{"README": "x"})
			_, _, outside, canary := place(t)
			n := strings.ReplaceAll(n, "CANARY", "x")
			good := entry("100644", "app.yaml", blob(t, r, deployment("app", "app")))
			var e string
			switch kind {
			case "file":
				e = entry("100644", n, blob(t, r, deployment("app", "app")))
			case "link":
				e = entry("120000", n, blob(t, r, outside+"/x"))
			case "dir":
				e = entry("40000", n, rawTree(t, r, entry("100644", "app.yaml", blob(t, r, deployment("app", "app")))))
			case "gitlink":
				e = entry("160000", n, strings.Repeat("12", 20))
			}
			all := e + good
			if "app.yaml" < n {
				all = good + e
			}
			setMain(t, r, rawTree(t, r, all))
			for _, f := range []string{"app.yaml", n} {
				if i%2 == 0 && f == "app.yaml" && kind != "file" {
					continue
				}
				u := updating(t, r, map[string]string{"file": f})
				old := r.head("main")
				attempt{kind: "gitops-update tree", name: fmt.Sprintf("%.30q %s %.12q", n, kind, f), r: u, canary: canary, outside: outside, mayPrint: true, check: func(o outcome) string {
					if o.code == 0 && o.results["changed"] == "true" {
						d := git(t, r.bare, "diff", "--name-only", "-z", old, "main")
						if strings.TrimSuffix(d, "\x00") != strings.TrimPrefix(f, "./") {
							return fmt.Sprintf("CHANGED %q", d)
						}
					}
					return ""
				}}.do(t)
			}
		}
	}
}

func regexpSplit(s string) []string {
	var docs []string
	cur := ""
	for _, line := range strings.Split(s, "\n") {
		if line == "---" || strings.HasPrefix(line, "--- ") || line == "..." {
			docs = append(docs, cur)
			cur = ""
			continue
		}
		cur += line + "\n"
	}
	return append(docs, cur)
}
