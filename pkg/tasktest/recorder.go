package tasktest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// recorders are the commands that are replaced. They are in a folder, which steps have in
// front of their PATH, and write their calls to another.
type recorders struct {
	bin, calls string // on this machine
	inStep     string // the folder of the calls, as the steps see it
}

// commandName is what a replaced command may be called.
var commandName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)

// variableName is what an environment variable may be called.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// write writes the recorders.
func (r recorders) write(commands map[string]Command) error {
	for _, dir := range []string{r.bin, r.calls} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if err := os.Chmod(dir, 0o777); err != nil { // steps may run as another user
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		if !commandName.MatchString(name) {
			return fmt.Errorf("%q cannot be the name of a command", name)
		}
		text, err := r.script(name, commands[name])
		if err != nil {
			return fmt.Errorf("command %q: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(r.bin, name), []byte(text), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// script returns the shell script that records a command. It uses only what is built into a
// shell, and cat to record the standard input: any other command may be a recorder.
func (r recorders) script(name string, c Command) (string, error) {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("#!/bin/sh")
	line("# A recorder of tasktest.")
	line("tasktest_n=1")
	line("while ! (set -C; : >%s/\"$tasktest_n\".name) 2>/dev/null; do", quote(r.inStep))
	line("  tasktest_n=$((tasktest_n + 1))")
	line("  if [ \"$tasktest_n\" -gt 100000 ]; then echo 'tasktest: cannot record the call' >&2; exit 127; fi")
	line("done")
	line("tasktest_file=%s/$tasktest_n", quote(r.inStep))
	line(`printf '%%s\0' "$@" >"$tasktest_file.args"`)
	line(`printf '%%s' "$#" >"$tasktest_file.count"`)
	line(": >\"$tasktest_file.env\"")
	for _, v := range c.Env {
		if !variableName.MatchString(v) {
			return "", fmt.Errorf("%q cannot be the name of a variable", v)
		}
		line(`if [ -n "${%s+x}" ]; then printf '%%s\0' "%s=$%s" >>"$tasktest_file.env"; fi`, v, v, v)
	}
	if c.Stdin {
		line(`command -p cat >"$tasktest_file.stdin"`)
	}
	line("printf '%%s' %s >\"$tasktest_file.name\"", quote(name))
	if c.Script != "" {
		if len(c.Answers) > 0 {
			return "", errors.New("it has both answers and a script")
		}
		line("%s", c.Script)
		return b.String(), nil
	}
	for i, a := range c.Answers {
		if a.Exit < 0 || a.Exit > 255 {
			return "", fmt.Errorf("exit code %d is not between 0 and 255", a.Exit)
		}
		condition := "[ \"$#\" -ge " + strconv.Itoa(len(a.Args)) + " ]"
		for j, arg := range a.Args {
			condition += fmt.Sprintf(" && [ \"x${%d-}\" = %s ]", j+1, quote("x"+arg))
		}
		line("if %s; then", condition)
		if a.Times > 0 {
			line("  tasktest_t=1")
			line("  while [ \"$tasktest_t\" -le %d ]; do", a.Times)
			line("    if (set -C; : >%s/%s) 2>/dev/null; then break; fi", quote(r.inStep), quote(fmt.Sprintf("%s.answer-%d.", name, i))+`"$tasktest_t"`)
			line("    tasktest_t=$((tasktest_t + 1))")
			line("  done")
			line("  if [ \"$tasktest_t\" -le %d ]; then", a.Times)
		} else {
			line("  if true; then")
		}
		line("    printf '%%s' %s", quote(a.Stdout))
		line("    printf '%%s' %s >&2", quote(a.Stderr))
		line("    exit %d", a.Exit)
		line("  fi")
		line("fi")
	}
	if len(c.Answers) > 0 {
		line(": >\"$tasktest_file.unexpected\"")
		line("echo %s >&2", quote("tasktest: "+name+" has no answer for these arguments"))
		line("exit 127")
	}
	return b.String(), nil
}

// read returns the calls in order.
func (r recorders) read() ([]Call, error) {
	var all []Call
	left := layout{r.calls} // steps can write to it
	for n := 1; ; n++ {
		file := strconv.Itoa(n)
		name, err := left.read(file + ".name")
		if errors.Is(err, os.ErrNotExist) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(name) == 0 {
			continue // it was killed before it had recorded the call
		}
		c := Call{Command: string(name), Args: []string{}}
		count, _ := left.read(file + ".count")
		args, _ := left.read(file + ".args")
		if string(count) != "0" {
			c.Args = strings.Split(strings.TrimSuffix(string(args), "\x00"), "\x00")
		}
		if env, _ := left.read(file + ".env"); len(env) > 0 {
			c.Env = map[string]string{}
			for pair := range strings.SplitSeq(strings.TrimSuffix(string(env), "\x00"), "\x00") {
				name, value, _ := strings.Cut(pair, "=")
				c.Env[name] = value
			}
		}
		if stdin, err := left.read(file + ".stdin"); err == nil {
			c.Stdin = string(stdin)
		}
		if _, err := left.read(file + ".unexpected"); err == nil {
			c.Unexpected = true
		}
		all = append(all, c)
	}
}
