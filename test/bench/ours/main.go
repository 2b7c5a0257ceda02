// Command ours writes N Tasks and a Pipeline of them with tekwright, checked.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/bench/typed"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := manifest.New(typed.Pipeline("all", "job-", n)).Write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
