// Command rulegen generates the constants of package check and the page
// docs/rules.md from the files of the rules.
//
//	go generate ./pkg/check
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/tekwright/tekwright/pkg/check"
)

func main() {
	if err := write("codes.go", "../../docs/rules.md"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write writes both files.
func write(constants, page string) error {
	rules := check.Rules()
	source, err := goFile(rules)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(constants, source, 0o644), os.WriteFile(page, pageOf(rules), 0o644))
}
