package negative

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A call is one call of a validating function by a test of Tekton's.
type call struct {
	Package string
	Func    string
	Caller  string // file:line in Tekton's tests
	Values  []value
	Config  json.RawMessage
	Change  bool // of an object that is there already, or goes
	Errors  []refusal
}

// A value is the receiver or an argument of a call.
type value struct {
	Type  string
	Value json.RawMessage
	Fault string // why it is no JSON
}

// A refusal is one error of Tekton's.
type refusal struct {
	Message string
	Paths   []string
	Details string
}

// record runs the tests of a suite, and returns what they validated.
func record(t *testing.T, s suite) []call {
	t.Helper()
	mod := replaced(t, s.module, copied(t, s))
	file := filepath.Join(t.TempDir(), "calls.json")
	cmd := exec.Command("go", append([]string{"test", "-vet=off", "-count=1", "-modfile", mod}, s.packages...)...)
	cmd.Env = append(os.Environ(), "RECORD_FILE="+file)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var all []call
	for d := json.NewDecoder(bytes.NewReader(data)); d.More(); {
		var c call
		require.NoError(t, d.Decode(&c))
		all = append(all, c)
	}
	require.NotEmpty(t, all, s.module)
	return all
}
