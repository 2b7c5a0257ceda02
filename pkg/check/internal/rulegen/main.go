// Command rulegen generates the constants of package check, the page docs/rules.md and
// the schema of configurations from the files of the rules.
//
//	go generate ./pkg/check
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
)

func main() {
	if err := write("codes.go", "../../docs/rules.md", "../../docs/config.schema.json"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write writes the files.
func write(constants, page, schema string) error {
	rules := check.Rules()
	source, err := goFile(rules)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(constants, source, 0o644), os.WriteFile(page, pageOf(rules), 0o644),
		os.WriteFile(schema, config.Schema(), 0o644))
}
