// Package command is the part of tekwright simulate that links Tekton's controller.
package command

import (
	"fmt"
	"io"

	sigsjson "sigs.k8s.io/json"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/simulate"
	"github.com/tekwright/tekwright/pkg/simulate/internal/timeline"
)

// Simulate writes what Tekton would do. It is a [cli.Simulator].
func Simulate(s cli.Simulation, out io.Writer) (succeeded bool, err error) {
	var script simulate.Script
	unknown, err := sigsjson.UnmarshalStrict(s.Script, &script)
	if err == nil && len(unknown) > 0 {
		err = unknown[0]
	}
	if err != nil {
		return false, fmt.Errorf("the script is invalid: %w", err)
	}
	script.Profile = &s.Profile
	ways := &simulate.Ways{Runs: 1}
	if s.All {
		ways, err = simulate.All(s.Source, s.Run, script, s.Limit)
	} else {
		var result *simulate.Result
		result, err = simulate.Run(s.Source, s.Run, script)
		ways.Ways = []simulate.Way{{Result: result}}
	}
	if err != nil {
		return false, err
	}
	succeeded = true
	for _, w := range ways.Ways {
		succeeded = succeeded && w.Result.Succeeded()
	}
	return succeeded, write(out, s, ways)
}

func write(out io.Writer, s cli.Simulation, ways *simulate.Ways) error {
	switch s.Format {
	case "json":
		if s.All {
			return printable.WriteJSON(out, ways, true)
		}
		return printable.WriteJSON(out, ways.Ways[0].Result, true)
	case "html":
		return timeline.HTML(out, ways, s.Hide)
	case "mermaid":
		return printable.Fprintf(out, "%s", printable.Text(timeline.Mermaid(ways)))
	}
	return printable.Fprintf(out, "%s", timeline.Text(ways))
}
