package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-daemon.md
var volumeDaemonText string

var volumeDaemon = &rule.Rule{
	Code:     "volume-daemon",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     volumeDaemonText,
	Run: func(p *rule.Pass) {
	},
}
