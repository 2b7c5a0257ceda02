package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	peer := flag.String("tekton-lint", "", "the program tekton-lint; left out without it")
	flag.Parse()
	if err := run(os.Stdout, *peer); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run prints the comparison as a table in Markdown.
func run(out io.Writer, peer string) error {
	all, err := defects("defects")
	if err != nil {
		return err
	}
	tools := []tool{{"tekwright", tekwright}, {"Tekton's webhooks", webhooks}}
	if peer != "" {
		tools = append(tools, tool{"tekton-lint", tektonLint(peer)})
	}
	counts := make([]int, len(tools))
	fmt.Fprint(out, "| defect |")
	for _, t := range tools {
		fmt.Fprintf(out, " %s |", t.name)
	}
	fmt.Fprint(out, "\n|---|")
	for range tools {
		fmt.Fprint(out, "---|")
	}
	fmt.Fprintln(out)
	for _, d := range all {
		fmt.Fprintf(out, "| %s |", d.name)
		for i, t := range tools {
			news, err := d.news(t)
			if err != nil {
				return err
			}
			if len(news) == 0 {
				fmt.Fprint(out, " no |")
				continue
			}
			counts[i]++
			fmt.Fprint(out, " yes |")
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "| **found of %d** |", len(all))
	for _, n := range counts {
		fmt.Fprintf(out, " **%d** |", n)
	}
	fmt.Fprintln(out)
	return nil
}
