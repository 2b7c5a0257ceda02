// Package golangci makes the analyzer of package vet a linter of golangci-lint, by its
// module plugin system. docs/vet.md in the repository says how to build golangci-lint
// with it.
package golangci

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/tekwright/tekwright/vet"
)

// Name is the name of the linter in .golangci.yml.
const Name = "tekwright"

func init() { register.Plugin(Name, New) }

// New returns the plugin. It has no settings.
func New(settings any) (register.LinterPlugin, error) {
	if m, ok := settings.(map[string]any); settings != nil && (!ok || len(m) > 0) {
		return nil, fmt.Errorf("linter %s has no settings", Name)
	}
	return plugin{}, nil
}

type plugin struct{}

// BuildAnalyzers returns the analyzer.
func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{vet.Analyzer}, nil
}

// GetLoadMode returns what the analyzer needs: types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
