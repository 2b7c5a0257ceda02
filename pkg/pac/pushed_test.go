package pac_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/pac"
)

func ExamplePushedFiles() {
	payload := []byte(`{"ref": "refs/heads/main", "head_commit": {"id": "4f1c", "added": ["docs/new.md"], "modified": ["go.mod"]}}`)
	files, known := pac.PushedFiles(payload)
	fmt.Println(files.All, known)
	// Output: [docs/new.md go.mod] true
}

// TestPushedFiles reads the files of the last commit of a push.
func TestPushedFiles(t *testing.T) {
	want := pac.ChangedFiles{All: []string{"a", "m", "r"}, Added: []string{"a"}, Modified: []string{"m"}, Deleted: []string{"r"}}
	const lists = `"added":["a"],"modified":["m"],"removed":["r"]`
	for name, payload := range map[string]string{
		"GitHub": `{"ref":"refs/heads/main","head_commit":{"id":"2",` + lists + `},"commits":[{"id":"1","added":["x"]},{"id":"2",` + lists + `}]}`,
		"GitLab": `{"ref":"refs/heads/main","checkout_sha":"2","commits":[{"id":"1","added":["x"]},{"id":"2",` + lists + `}]}`,
	} {
		files, known := pac.PushedFiles([]byte(payload))
		assert.True(t, known, name)
		assert.Equal(t, want, files, name)
	}
	for name, payload := range map[string]string{
		"a pull request":         `{"pull_request":{},"head_commit":{` + lists + `}}`,
		"a deleted branch":       `{"ref":"refs/heads/main","head_commit":null,"commits":[]}`,
		"a commit without files": `{"ref":"refs/heads/main","head_commit":{"id":"2"}}`,
		"another last commit":    `{"ref":"refs/heads/main","checkout_sha":"3","commits":[{"id":"1",` + lists + `}]}`,
		"no JSON":                `ref`,
	} {
		_, known := pac.PushedFiles([]byte(payload))
		assert.False(t, known, name)
	}
}
