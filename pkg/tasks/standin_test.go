package tasks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A stand-in is this test's own binary under the name of a tool. It records
// how it was called, and answers as its replies say.

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

func TestMain(m *testing.M) {
	if record := os.Getenv(recordVariable); record != "" {
		os.Exit(standin(record))
	}
	code := m.Run()
	for _, dir := range shared {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// shared are directories that several tests use.
var shared []string

func standin(record string) int {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	c := call{filepath.Base(os.Args[0]), os.Args[1:], os.Environ(), dir}
	line, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	f, err := os.OpenFile(record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	if _, err := fmt.Fprintf(f, "%s\n", line); err != nil {
		panic(err)
	}
	if err := f.Close(); err != nil {
		panic(err)
	}
	var replies []reply
	if err := json.Unmarshal([]byte(os.Getenv(replyVariable)), &replies); err != nil {
		panic(err)
	}
	for _, r := range replies {
		if len(r.Args) > len(c.Args) || !slices.Equal(r.Args, c.Args[:len(r.Args)]) {
			continue
		}
		if flag, text, ok := strings.Cut(r.Touch, "="); ok {
			touch(c.Args, flag, text)
		}
		fmt.Print(r.Stdout)
		fmt.Fprint(os.Stderr, r.Stderr)
		return r.Code
	}
	return 0
}

// touch writes to the file in --flag=FILE, or after -flag.
func touch(args []string, flag, text string) {
	for i, a := range args {
		file, ok := strings.CutPrefix(a, "--"+flag+"=")
		if a == "-"+flag && i+1 < len(args) {
			file, ok = args[i+1], true
		}
		if !ok {
			continue
		}
		if strings.HasSuffix(file, "/") {
			file += "program"
		}
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			panic(err)
		}
	}
}

// standins puts stand-ins in a directory for run.path, and returns with it
// the environment that they need and the calls that they saw.
func standins(t testing.TB, replies []reply, tools ...string) (dir string, env []string, calls func() []call) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	dir = t.TempDir()
	for _, tool := range tools {
		require.NoError(t, os.Symlink(self, filepath.Join(dir, tool)))
	}
	record := filepath.Join(t.TempDir(), "calls")
	if replies == nil {
		replies = []reply{}
	}
	b, err := json.Marshal(replies)
	require.NoError(t, err)
	calls = func() []call {
		b, err := os.ReadFile(record)
		if os.IsNotExist(err) {
			return nil
		}
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
