package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// files writes files into the current directory.
func files(t *testing.T, list map[string]string) {
	t.Helper()
	for name, text := range list {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
}

const notify = `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: notify}
spec:
  params: [{name: channel}, {name: color, default: green}]
  steps: [{name: s, image: registry.local/a:1, args: [$(params.channel), $(params.color)]}]
`

func TestBind(t *testing.T) {
	t.Chdir(t.TempDir())
	files(t, map[string]string{"tasks/notify.yaml": notify})
	r := words("bind -o ci/bound.go tasks")
	assert.Equal(t, 0, r.exit, r.err)
	assert.Equal(t, "wrote ci/bound.go: 1 type\n", r.out)
	assert.Contains(t, r.err, "warning: the Go was not type-checked: ") // there is no module
	assert.FileExists(t, "ci/testdata/bound/notify.yaml")
	assert.Equal(t, result{"ci/bound.go is up to date: 1 type\n", "", 0}, words("bind -o ci/bound.go tasks"))
	assert.Equal(t, result{"ci/bound.go is up to date: 1 type\n", "", 0}, words("bind -o ci/bound.go tasks --check"))

	// Upstream changes.
	files(t, map[string]string{"tasks/notify.yaml": strings.Replace(notify, "{name: channel}", "{name: room}, {name: depth, default: x}", 1)})
	r = words("bind -o ci/bound.go tasks --check")
	assert.Equal(t, 1, r.exit)
	assert.Equal(t, "tekwright: ci/bound.go is not up to date\n  help: run the same command without --check\n", r.err)
	assert.Contains(t, r.out, `Task notify: param "channel" is gone
Task notify: param "room" is new, and required
Task notify: param "depth" is new, and optional
`)
	assert.Contains(t, r.out, "-\tChannel builder.String\n")
	assert.Contains(t, r.out, "+\tRoom builder.String\n")
	r = words("bind -o ci/bound.go tasks")
	assert.Equal(t, 0, r.exit)
	assert.Contains(t, r.out, `param "room" is new, and required`)

	// Names.
	files(t, map[string]string{"names.yaml": "Task notify: Say\nTask notify param room: Channel\n"})
	r = words("bind -o ci/bound.go --rename names.yaml tasks")
	assert.Equal(t, 0, r.exit, r.err)
	text, err := os.ReadFile("ci/bound.go")
	require.NoError(t, err)
	assert.Contains(t, string(text), "type Say struct {")
	assert.Contains(t, string(text), `t.Param("room", in.Channel)`)
	assert.FileExists(t, "ci/testdata/bound/notify.yaml", "it has the name of the Task")
}

func TestBindMistakes(t *testing.T) {
	t.Chdir(t.TempDir())
	files(t, map[string]string{
		"a.yaml": notify, "b/b.yaml": notify, "mine/bound.go": "package mine\n", "clash/x.go": "package clash\n\ntype Notify int\n",
		"n1.yaml": "Task notfy: A\n", "n2.yaml": "Task notify: a-b\n", "n3.yaml": "typs: {}\n", "n4.yaml": "Task notify param chanel: A\n",
		"other.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n",
	})
	for line, want := range map[string]string{
		"bind":                            "requires at least 1 arg(s), only received 0",
		"bind none.yaml":                  "cannot bind none.yaml: it does not exist",
		"bind other.yaml":                 "other.yaml has no Task and no StepAction",
		"bind a.yaml a.yaml":              "the source a.yaml is given twice",
		"bind a.yaml b":                   "Task \"notify\" of a.yaml and Task \"notify\" of b/b.yaml would have the same type in Go: Notify\n  help: bind one of them, or give one another name in a file for --rename",
		"bind -o mine/bound.go b":         "mine/bound.go exists, and tekwright bind did not write it\n  help: pass another file to -o",
		"bind -o clash/bound.go b":        "x.go declares Notify already\n  help: give the type another name in a file for --rename",
		"bind a.yaml --only notif":        "--only: the sources have no Task or StepAction \"notif\"\n  help: did you mean notify?",
		"bind a.yaml --by resolver":       "cannot bind a.yaml: no resolver of Tekton fetches the file a.yaml when a run starts\n  help: pass --by local or --by existing, or the place from which Tekton fetches it with --like",
		"bind a.yaml --by x":              "invalid argument \"x\" for \"--by\" flag: must be local, existing or resolver\n  help: see tekwright bind --help",
		"bind a.yaml --rename n1.yaml":    "--rename: the sources have no \"Task notfy\"\n  help: did you mean Task notify?",
		"bind a.yaml --rename n2.yaml":    "cannot read the names in n2.yaml: \"a-b\", for \"Task notify\", is not an exported Go name",
		"bind a.yaml --rename n3.yaml":    "cannot read the names in n3.yaml: it is not a map from what is named to its Go name, such as \"Task git-clone: Clone\": json: cannot unmarshal object into Go value of type string",
		"bind a.yaml --rename n4.yaml":    "--rename: Task notify has no param chanel\n  help: did you mean param channel?",
		"bind a.yaml --rename n5.yaml":    "cannot read the names in n5.yaml: no such file or directory",
		"bind a.yaml -o bound.txt":        "bound.txt is not the name of a Go file, such as bound.go",
		"bind a.yaml --snapshot ../up":    "the snapshot ../up is not below the folder of bound.go, where Go could embed it\n  help: pass another folder to --snapshot",
		"bind hub://git-clone@0.9":        "the snapshot testdata/bound does not have hub://git-clone@0.9\n  help: fetch it with --update",
		"bind hb://git-clone@0.9":         "\"hb://***@0.9\" is not a source: did you mean hub://?",
		"bind git+https://u:secret@x.y/z": "\"git+https://***@x.y/z\" is not a source: write it as git+https://HOST/REPO@REVISION:PATH",
		"bind a.yaml --like x --by local": "--like cannot be used with --by local\n  help: leave out one of them",
		"bind a.yaml --like x.yaml":       "cannot bind a.yaml: --like x.yaml is a file, and Tekton fetches no files",
		"bind a.yaml --package func":      "\"func\" is not the name of a package\n  help: pass another one to --package",
	} {
		assert.Equal(t, result{"", "tekwright: " + want + "\n", 2}, words(line), line)
	}
	assert.NoFileExists(t, "bound.go")
}
