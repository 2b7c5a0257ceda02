// Command report says what a run of the suite has proved: it reads what
// go test -json writes, prints a table, and writes a JUnit file.
//
//	go test -json ./... | go run ./report -junit report.xml
//	go run ./report -junit report.xml -- -timeout 30m ./...   # runs go test -json itself
//
// It ends with 1 if a test has failed, or what should be a test cannot be
// built, and with 2 if there is nothing to report.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, in io.Reader, out, errs io.Writer) int {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(errs)
	file := flags.String("junit", "", "write the report as JUnit XML to this file")
	if flags.Parse(args) != nil {
		return 2
	}
	var failed error
	r := newReport(errs)
	if flags.NArg() > 0 {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		failed = r.runTests(ctx, flags.Args(), errs)
	} else if err := r.read(in); err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	if len(r.parts) == 0 {
		fmt.Fprintln(errs, "nothing to report: no test events came")
		return 2
	}
	r.table(out)
	if *file != "" {
		if err := r.writeJUnit(*file); err != nil {
			fmt.Fprintln(errs, err)
			return 1
		}
	}
	if r.failed() || failed != nil {
		return 1
	}
	return 0
}

// runTests runs go test and reads its events. That it fails says no more than
// the events do, unless it cannot be started.
func (r *report) runTests(ctx context.Context, args []string, errs io.Writer) error {
	test := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	test.Stderr = errs
	out, err := test.StdoutPipe()
	if err != nil {
		return err
	}
	if err := test.Start(); err != nil {
		fmt.Fprintln(errs, err)
		return err
	}
	return errors.Join(r.read(out), test.Wait())
}
