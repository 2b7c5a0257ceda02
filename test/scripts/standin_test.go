package scripts

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A stand-in is the program in testdata/standin under the name of a tool. It
// records how it was called, and answers as its replies say.

const (
	recordVariable = "STANDIN_RECORD" // file of calls, one JSON object in a line
	replyVariable  = "STANDIN_REPLIES"
)

// call is one call of a stand-in.
type call struct {
	Tool string
	Args []string
	Env  []string
	Dir  string
}

// reply is what a stand-in does when its arguments begin with these.
type reply struct {
	Args   []string
	Stdout string
	Stderr string
	Code   int
	Touch  string // flag=text: writes the text to the file that the flag names
}

// standin is the stand-in, compiled once.
var standin = sync.OnceValues(func() (string, error) {
	dir, err := sharedDir()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "standin")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", file, "./testdata/standin")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return file, nil
})

var (
	shared  []string // directories that several tests use
	sharing sync.Mutex
)

// sharedDir makes a directory that is there until the last test has ended.
func sharedDir() (string, error) {
	sharing.Lock()
	defer sharing.Unlock()
	dir, err := os.MkdirTemp("", "tekwright-tasks-")
	shared = append(shared, dir)
	return dir, err
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range shared {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// toolDirs are directories of stand-ins, by their names.
var toolDirs sync.Map

// tooled returns a directory with stand-ins under these names. It is shared, as
// nothing is kept there.
func tooled(t testing.TB, tools []string) string {
	t.Helper()
	made, _ := toolDirs.LoadOrStore(strings.Join(tools, " "), sync.OnceValues(func() (string, error) {
		program, err := standin()
		if err != nil {
			return "", err
		}
		dir, err := sharedDir()
		for _, tool := range tools {
			err = errors.Join(err, os.Symlink(program, filepath.Join(dir, tool)))
		}
		return dir, err
	}))
	dir, err := made.(func() (string, error))()
	require.NoError(t, err)
	return dir
}

// standins puts stand-ins in a directory for run.path, and returns with it
// the environment that they need and the calls that they saw.
func standins(t testing.TB, replies []reply, tools ...string) (dir string, env []string, calls func() []call) {
	t.Helper()
	dir = tooled(t, tools)
	file, err := os.CreateTemp(filepath.Dir(dir), "tekwright-calls-")
	require.NoError(t, err)
	require.NoError(t, file.Close())
	record := file.Name()
	t.Cleanup(func() { _ = os.Remove(record) })
	if replies == nil {
		replies = []reply{}
	}
	b, err := json.Marshal(replies)
	require.NoError(t, err)
	calls = func() []call {
		b, err := os.ReadFile(record)
		require.NoError(t, err)
		var list []call
		for line := range strings.Lines(string(b)) {
			var c call
			require.NoError(t, json.Unmarshal([]byte(line), &c))
			list = append(list, c)
		}
		return list
	}
	return dir, []string{recordVariable + "=" + record, replyVariable + "=" + string(b)}, calls
}

// args are the arguments of the calls to a tool whose first argument is verb.
func args(calls []call, tool, verb string) [][]string {
	var list [][]string
	for _, c := range calls {
		if c.Tool == tool && len(c.Args) > 0 && c.Args[0] == verb {
			list = append(list, c.Args)
		}
	}
	return list
}

// env is a variable of the call's environment.
func (c call) env(name string) (string, bool) {
	for _, e := range c.Env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v, true
		}
	}
	return "", false
}
