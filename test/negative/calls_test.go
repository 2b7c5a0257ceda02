package negative

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A call is one call of a validating function by a test of Tekton's.
type call struct {
	Package string
	Func    string
	Caller  string // file:line in Tekton's tests
	Values  []value
	Change  bool // of an object that is there already, or goes
	Errors  []refusal
	Config  json.RawMessage // in the file, which of the configurations
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

// recorded returns what the tests of Tekton validated: see record.
func recorded(t *testing.T) []call {
	t.Helper()
	text, err := os.ReadFile("testdata/calls.json")
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(text))
	var head struct {
		Modules map[string]string
		Configs []json.RawMessage
	}
	require.NoError(t, d.Decode(&head))
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	require.Len(t, head.Modules, 2)
	for module, version := range head.Modules {
		assert.Contains(t, string(mod), "\t"+module+" "+version+"\n", "the tests of another version were recorded: run go generate in test/negative")
	}
	var all []call
	for d.More() {
		var c call
		require.NoError(t, d.Decode(&c))
		var config int
		require.NoError(t, json.Unmarshal(c.Config, &config))
		c.Config = head.Configs[config]
		all = append(all, c)
	}
	return all
}
