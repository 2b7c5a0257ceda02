// Command record runs the tests of Tekton's packages of types, and writes down what
// they validate, for the test of the package above.
//
//	go run ./record -o testdata/calls.json
//
// The first line of the file holds the versions of the modules, and the
// configurations of a cluster under which something was validated. Each other line is
// a call of a validating function. The same versions give the same bytes.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// suite is the tests of some packages of a module of Tekton's.
type suite struct {
	module   string
	packages []string
	config   string // the package with the FromContextOrDefaults of their contexts
}

var suites = []suite{
	{
		module: "github.com/tektoncd/pipeline",
		packages: []string{
			"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1",
			"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1",
			"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1alpha1",
		},
		config: "github.com/tektoncd/pipeline/pkg/apis/config",
	},
	{
		module: "github.com/tektoncd/triggers",
		packages: []string{
			"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1",
			"github.com/tektoncd/triggers/pkg/apis/triggers/v1alpha1",
		},
		config: "github.com/tektoncd/triggers/pkg/apis/config",
	},
}

// tape is the first line of the file.
type tape struct {
	Modules map[string]string `json:"modules"` // their versions
	Configs []json.RawMessage `json:"configs"`
	calls   []call
}

// call is one call of a validating function by a test of Tekton's, but for the
// configuration as record.go.txt writes it.
type call struct {
	Package string            `json:"package"`
	Func    string            `json:"func"`
	Caller  string            `json:"caller"` // file:line
	Values  []json.RawMessage `json:"values"`
	Config  json.RawMessage   `json:"config"` // in the file, which of the configurations
	Change  bool              `json:"change,omitempty"`
	Errors  []json.RawMessage `json:"errors,omitempty"`
}

func main() {
	file := flag.String("o", "testdata/calls.json", "the file")
	flag.Parse()
	if err := write(*file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(file string) error {
	r := tape{Modules: map[string]string{}}
	for _, s := range suites {
		version, err := output("go", "list", "-m", "-f", "{{.Version}}", s.module)
		if err != nil {
			return err
		}
		r.Modules[s.module] = version
		if err := r.run(s); err != nil {
			return err
		}
	}
	text, err := r.text()
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// run runs the tests of a suite, and keeps what they validated.
func (r *tape) run(s suite) (err error) {
	dir, err := os.MkdirTemp("", "tekwright-record-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	module, err := copied(s)
	if err != nil {
		return err
	}
	mod, err := replace(dir, s.module, module)
	if err != nil {
		return err
	}
	cmd := exec.Command("go", append([]string{"test", "-vet=off", "-count=1", "-modfile", mod}, s.packages...)...)
	lines := filepath.Join(dir, "calls")
	cmd.Env = append(os.Environ(), "RECORD_FILE="+lines)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the tests of %s: %w\n%s", s.module, err, out)
	}
	text, err := os.ReadFile(lines)
	if err != nil {
		return err
	}
	for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
		var c call
		if err := d.Decode(&c); err != nil {
			return err
		}
		r.calls = append(r.calls, c)
	}
	return nil
}

// replace writes a go.mod, and a go.sum, in which the copy stands for the module.
func replace(dir, module, with string) (file string, err error) {
	file = filepath.Join(dir, "go.mod")
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		if name == "go.mod" {
			text = fmt.Appendf(text, "\nreplace %s => %s\n", module, with)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return "", err
		}
	}
	return file, nil
}

// text is the file: each call once, in an order that does not depend on which test
// was faster.
func (r *tape) text() ([]byte, error) {
	known := map[string]bool{}
	for _, c := range r.calls {
		known[string(c.Config)] = true
	}
	numbers := map[string]int{}
	for config := range known {
		r.Configs = append(r.Configs, json.RawMessage(config))
	}
	slices.SortFunc(r.Configs, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	for i, c := range r.Configs {
		numbers[string(c)] = i
	}
	var lines []string
	for _, c := range r.calls {
		c.Config = fmt.Append(nil, numbers[string(c.Config)])
		line, err := marshal(c)
		if err != nil {
			return nil, err
		}
		lines = append(lines, started.ReplaceAllString(line, `"startTime":"2026-01-01T00:00:00Z"`))
	}
	slices.SortFunc(lines, cmp.Compare)
	first, err := marshal(r)
	if err != nil {
		return nil, err
	}
	return []byte(first + strings.Join(slices.Compact(lines), "")), nil
}

// started is a time that some tests take from the clock.
var started = regexp.MustCompile(`"startTime":"[^"]*"`)

// marshal returns a value as a line of JSON.
func marshal(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.String(), err
}

// output is what a command prints.
func output(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}
