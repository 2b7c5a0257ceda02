// Command raw writes N Tasks and a Pipeline of them as upstream structs with
// sigs.k8s.io/yaml, unchecked.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"

	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/test/bench/plain"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	w := bufio.NewWriter(os.Stdout)
	for _, o := range plain.Objects("all", "job-", n) {
		b, err := yaml.Marshal(o)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(w, "---\n%s", b)
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
}
