// The stand-in for a tool, under whose name it is called: it records the call,
// and answers as its replies say. It is a program of its own since the scripts
// call it some two thousand times, and a small one starts ten times as fast as
// the tests, which link Tekton.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// call and reply are those of standin_test.go.
type call struct {
	Tool string
	Args []string
	Env  []string
	Dir  string
}

type reply struct {
	Args   []string
	Stdout string
	Stderr string
	Code   int
	Touch  string
}

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "stand-in:", err)
		code = 99
	}
	os.Exit(code)
}

func run() (int, error) {
	dir, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	c := call{filepath.Base(os.Args[0]), os.Args[1:], os.Environ(), dir}
	line, err := json.Marshal(c)
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(os.Getenv("STANDIN_RECORD"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	_, err = f.Write(append(line, '\n')) // at once: two may write
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	var replies []reply
	if err := json.Unmarshal([]byte(os.Getenv("STANDIN_REPLIES")), &replies); err != nil {
		return 0, err
	}
	for _, r := range replies {
		if len(r.Args) > len(c.Args) || !slices.Equal(r.Args, c.Args[:len(r.Args)]) {
			continue
		}
		if flag, text, ok := strings.Cut(r.Touch, "="); ok {
			if err := touch(c.Args, flag, text); err != nil {
				return 0, err
			}
		}
		fmt.Print(r.Stdout)
		fmt.Fprint(os.Stderr, r.Stderr)
		return r.Code, nil
	}
	return 0, nil
}

// touch writes to the file in --flag=FILE, or after -flag.
func touch(args []string, flag, text string) error {
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
			return err
		}
	}
	return nil
}
