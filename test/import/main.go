// Program import measures what the importer makes of the manifests in folders.
//
//	go run ./test/import [-v] [-types] [-builds] [-o OUT] DIR...
//
// Each DIR is a repository: references in its manifests resolve in the whole of it. For
// each kind, the program prints how many documents are read, how many of them the
// importer describes with calls alone, with fields that are set by Mutate, and as a value of
// the upstream type, and for which fields that is. Documents with the same text count once.
// The lines of Go and YAML are counted without comments, empty lines and scripts. A line of a
// comment is found if the Go has a comment with the same words. What is inferred of Tasks that are
// elsewhere does not count: it has no YAML. A licence counts once for a
// repository, as the file of Go has it once.
// With -types, the Go of each document is printed and type-checked as
// well, and with -table the sums are printed for documentation. With -builds what it describes is built as part of a set.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/tekwright/tekwright/internal/importer/compile"
	"github.com/tekwright/tekwright/internal/importer/plan"
)

func main() {
	verbose := flag.Bool("v", false, "list each document that is not described with calls alone")
	check := flag.Bool("types", false, "print the Go of each document, and type-check it")
	builds := flag.Bool("builds", false, "build what the Go of each document describes, and compare the errors with those of the original")
	table := flag.Bool("table", false, "print the sums as a table of Markdown")
	show := flag.String("packages", "", "write the Go of each repository to a file in this folder")
	dir := flag.String("o", "", "write the Go of each document to a folder of its own below this one")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: go run ./test/import [-v] [-types] [-o DIR] DIR...")
		os.Exit(2)
	}
	m := newMeasure()
	if *verbose {
		m.list = os.Stdout
	}
	m.out, m.builds, m.show = *dir, *builds, *show
	if *check {
		var err error
		if m.checker, err = compile.Only(context.Background(), ".", plan.Imports()...); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	for _, dir := range flag.Args() {
		if err := m.repository(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	if *table {
		m.markdown(os.Stdout)
		return
	}
	m.print(os.Stdout)
}
