package scripts

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	sigsyaml "sigs.k8s.io/yaml"
)

// setImage runs the part that changes a manifest. A refusal is its reason.
func setImage(t testing.TB, path, manifest, container, object, image string) (changed, name, refusal string) {
	t.Helper()
	part, err := filepath.Abs("../../pkg/tasks/scripts/manifest-image.sh")
	require.NoError(t, err)
	dir := t.TempDir()
	file := write(t, dir, map[string]string{"run": ". '" + part + "'\nset_image '" + dir + "/name'\n"})
	words := append(shell(), filepath.Join(file, "run"))
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = []string{"PATH=" + path + ":" + os.Getenv("PATH"), "CONTAINER=" + container, "OBJECT=" + object, "IMAGE=" + image}
	cmd.Stdin = strings.NewReader(manifest)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		require.Empty(t, complaint.String())
		require.Equal(t, 3, cmd.ProcessState.ExitCode(), out.String())
		return "", "", strings.TrimSuffix(out.String(), "\n")
	}
	b, err := os.ReadFile(filepath.Join(dir, "name"))
	require.NoError(t, err)
	return out.String(), string(b), ""
}

// manifests are edits: what stands between ‹ and › is all that changes.
var manifests = map[string]struct {
	container, object string
	manifest          string
}{
	"plain": {"app", "", `
spec:
  containers:
  - name: app
    image: ‹old:1›
`},
	"deeper dashes, a comment": {"app", "", `
spec:
    containers:     # all of them
        # the first
        -   name: app   # this one
            image:   ‹old:1›   # keep me
`},
	"image first": {"app", "", `
spec:
  containers:
  - image: side:1
    name: side
  - image: ‹old:1›
    name: app
`},
	"quoted twice":       {"app", "", "\nspec:\n  containers:\n  - name: app\n    image: \"‹old:1›\" # x\n"},
	"quoted once":        {"app", "", "\nspec:\n  containers:\n  - name: 'app'\n    image: '‹old:1›'\n"},
	"empty":              {"app", "", "\nspec:\n  containers:\n  - name: \"app\"\n    \"image\": \"‹›\"\n"},
	"a hash in it":       {"app", "", "\nspec:\n  containers:\n  - name: app\n    image: ‹old#1#2›\n"},
	"dash alone":         {"app", "", "\nspec:\n  containers:\n  -\n    name: app\n    image: ‹old:1›\n  - # x\n    name: b\n"},
	"init container":     {"init", "", "\nspec:\n  containers:\n  - name: app\n    image: a:1\n  initContainers:\n  - name: init\n    image: ‹old:1›\n"},
	"the only one":       {"", "", "\nspec:\n  initContainers: []\n  containers:\n  - name: app\n    image: ‹old:1›\n"},
	"the only one, init": {"", "", "\nspec:\n  initContainers:\n  - image: ‹old:1›\n    name: app\n"},
	"look-alikes": {"app", "", `
apiVersion: v1
kind: Deployment
metadata:
  name: app
  annotations:
    image: a:1
    text: |
      spec:
        containers:
        - name: app
          image: a:1

        - name: app
    folded: >-2
          spec:
          containers:
          - name: app
            image: a:1
    quoted: "
      - name: app \"
      image: a:1 # "
    single: 'it''s
      image: a:1
      '
    flow: {image: a:1, list: [
      "]", 'image: it''s }', # }]}
      image: don't], a: b}
    plain: image says
      - name app
    last: '{"spec":{"containers":[{"name":"app","image":"a:1"}]}}'
spec:
  image: a:1
  template:
    metadata: {labels: {name: app}}
    spec:
      volumes:
      - name: app
        image: {reference: "a:1"}
      containers:
      - name: side
        image: a:1
        env:
        - name: app
          value: x
        - name: image
          value: a:1
      - env:
        - name: name
          image: a:1
        args:
        - |
          name: side
          image: a:1
        - >
          - name: b
        - "image: a:1"
        name: app
        ports:
        - {name: image, containerPort: 80}
        command: ["sh", "-c",
          "image: a:1"]
        image: ‹old:1›
        imagePullPolicy: Always
`},
	"of several documents": {"job", "", `---
# first
spec:
  containers:
  - name: app
    image: a:1
--- # second
spec:
  containers:
  - name: job
    image: ‹old:1›
...
---
kind: ConfigMap
data:
  containers: |
    - name: job
`},
	"of one object": {"app", "cronjob/app", `kind: Deployment
metadata:
  name: app
spec:
  containers:
  - name: app
    image: a:1
---
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
          - name: app
            image: ‹old:1›
metadata:
  labels:
    name: web
  name: "app"
kind: CronJob
`},
	"the only one of an object": {"", "Deployment/b", "kind: Deployment\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: app\n    image: a:1\n---\nkind: Deployment\nmetadata:\n  name: b\nspec:\n  containers:\n  - name: app\n    image: ‹old:1›\n"},
	"in a list":                 {"app", "", "\nkind: List\nitems:\n- spec:\n    containers:\n    - name: app\n      image: ‹old:1›\n- kind: Service\n"},
	"another tool's kinds":      {"app", "", "\nkind: CustomResourceDefinition\nproperties:\n  spec:\n    properties:\n      containers:\n        items: {}\n---\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: ‹old:1›\n"},
	"no newline at the end":     {"app", "", "spec:\n  containers:\n  - name: app\n    image: ‹old:1›"},
	"ends in an x":              {"app", "", "spec:\n  containers:\n  - name: app\n    image: ‹old:1›\nx: x\nx"},
	"blank lines at the end":    {"app", "", "spec:\n  containers:\n  - name: app\n    image: ‹old:1›\n\n  \n\n"},
}

var marked = regexp.MustCompile(`‹.*›`)

func TestManifestImage(t *testing.T) {
	t.Parallel()
	for name, c := range manifests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := strings.NewReplacer("‹", "", "›", "").Replace(c.manifest)
			want := marked.ReplaceAllString(c.manifest, "new:2")
			for _, path := range []string{"/nonexistent", applets(t)} {
				got, container, refusal := setImage(t, path, before, c.container, c.object, "new:2")
				require.Empty(t, refusal)
				assert.Equal(t, want, got)
				if c.container != "" {
					assert.Equal(t, c.container, container)
				}
				again, _, _ := setImage(t, path, got, c.container, c.object, "new:2")
				assert.Equal(t, got, again)
				crlf, _, _ := setImage(t, path, strings.ReplaceAll(before, "\n", "\r\n"), c.container, c.object, "new:2")
				assert.Equal(t, strings.ReplaceAll(want, "\n", "\r\n"), crlf)
			}
		})
	}
}

func TestManifestImageRefuses(t *testing.T) {
	t.Parallel()
	const head = "spec:\n  containers:\n"
	for name, c := range map[string]struct{ container, object, manifest, want string }{
		"nothing":              {"", "", "", "it has no containers"},
		"JSON":                 {"app", "", "{\n  \"spec\": {\n    \"containers\": []\n  }\n}\n", "line 3 uses YAML syntax that is not supported here:     \"containers\": []"},
		"list in brackets":     {"app", "", "spec:\n  containers: [{name: app, image: a}]\n", "line 2 uses YAML syntax"},
		"spec in braces":       {"app", "", "spec: {containers: [{name: app, image: a}]}\n" + "---\n" + head + "  - name: app\n    image: a\n", "line 1 uses YAML syntax"},
		"container in braces":  {"app", "", head + "  - {name: app, image: a}\n", "line 3 uses YAML syntax"},
		"alias for containers": {"app", "", "spec:\n  containers: *c\n", "line 2 uses YAML syntax"},
		"alias for container":  {"app", "", head + "  - *c\n", "line 3 uses YAML syntax"},
		"anchored container":   {"app", "", head + "  - &c\n    name: app\n    image: a\n", "line 3 uses YAML syntax"},
		"anchored image":       {"app", "", head + "  - name: app\n    image: &i a:1\n", "line 4 uses YAML syntax"},
		"alias for image":      {"app", "", head + "  - name: app\n    image: *i\n", "line 4 uses YAML syntax"},
		"image in the next":    {"app", "", head + "  - name: app\n    image:\n      a:1\n", "line 4 uses YAML syntax"},
		"image goes on":        {"app", "", head + "  - name: app\n    image: a\n\n      :1\n", "line 6 uses YAML syntax"},
		"image in a block":     {"app", "", head + "  - name: app\n    image: >-\n      a:1\n", "line 4 uses YAML syntax"},
		"image of a template":  {"app", "", head + "  - name: app\n    image: {{ .Values.image }}\n", "line 4 uses YAML syntax"},
		"quote goes on":        {"app", "", head + "  - name: app\n    image: \"a:\n      1\"\n", "line 4 uses YAML syntax"},
		"text behind a quote":  {"app", "", head + "  - name: app\n    image: \"a\" b\n", "line 4 uses YAML syntax"},
		"two images":           {"app", "", head + "  - name: app\n    image: a\n    image: b\n", "line 5 uses YAML syntax"},
		"no image":             {"app", "", head + "  - name: app\n", "container app in line 3 has no image"},
		"another's image":      {"app", "", head + "  - name: app\n  - image: a\n", "container app in line 3 has no image"},
		"same name twice":      {"app", "", head + "  - name: app\n    image: a\n---\n" + head + "  - name: app\n    image: b\n", "set the container or the object: app in line 3, app in line 8"},
		"one in each":          {"", "", head + "  - name: app\n    image: a\n  initContainers:\n  - name: init\n    image: b\n", "set the container or the object: app in line 3, init in line 6"},
		"two objects":          {"", "Pod/a", "kind: Pod\nmetadata:\n  name: a\n---\nkind: Pod\nmetadata:\n  name: a\n", "2 objects match Pod/a"},
		"none in the object":   {"app", "Pod/a", "kind: Pod\nmetadata:\n  name: a\n---\n" + head + "  - name: app\n    image: a\n", "it has no containers"},
		"unclosed":             {"app", "", "a: \"b\n" + head + "  - name: app\n    image: a\n", "the value that starts in line 1 is not closed"},
		"text behind dashes":   {"app", "", "--- |\n  a\n", "line 1 uses YAML syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/nonexistent", applets(t)} {
				_, _, refusal := setImage(t, path, c.manifest, c.container, c.object, "new:2")
				assert.Contains(t, refusal, c.want)
			}
		})
	}
}

// What would be no text for YAML is quoted.
func TestManifestImageIsText(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		"a/b": "a/b", "app:1": "app:1", newImage: newImage, "a@" + digest: "a@" + digest, "app": `"app"`,
		"12:30": `"12:30"`, "1e3": `"1e3"`, "null": `"null"`, "1.5": `"1.5"`, "0x1F": `"0x1F"`, "on": `"on"`,
	} {
		got, _, _ := setImage(t, "", "spec:\n  containers:\n  - image: a:1\n", "", "", image)
		assert.Equal(t, "spec:\n  containers:\n  - image: "+want+"\n", got)
		var object map[string]any
		require.NoError(t, sigsyaml.Unmarshal([]byte(got), &object))
		assert.Equal(t, image, object["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)["image"])
	}
}

// kubectl, which takes the file apart and loses its comments, gives the
// containers the same image, and changes no more.
func TestManifestImageLikeKubectl(t *testing.T) {
	t.Parallel()
	kubectl := need(t, "kubectl")
	file := filepath.Join(t.TempDir(), `a,"b".yaml`)
	before := strings.Replace(deployment("web", "app", "side"), "name: side\n", "name: side\n        env:\n        - {name: image, value: a}\n", 1)
	require.NoError(t, os.WriteFile(file, []byte(before), 0o644))
	cmd := exec.Command(kubectl, "set", "image", "--local", "--output=yaml", `--filename="`+csv(file)+`"`, "side="+newImage)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "KUBECONFIG=/nonexistent"}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	got, _, refusal := setImage(t, "", before, "side", "", newImage)
	require.Empty(t, refusal)
	ours, theirs := appsv1.Deployment{}, appsv1.Deployment{}
	require.NoError(t, sigsyaml.UnmarshalStrict([]byte(got), &ours))
	require.NoError(t, sigsyaml.UnmarshalStrict(out, &theirs))
	assert.Equal(t, theirs, ours)
	assert.Equal(t, newImage, ours.Spec.Template.Spec.Containers[1].Image)
}
