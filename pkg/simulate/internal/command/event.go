package command

import (
	"encoding/json"
	"io"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/simulate"
	"github.com/tekwright/tekwright/pkg/simulate/internal/eventview"
	"github.com/tekwright/tekwright/pkg/simulate/internal/timeline"
)

// SimulateEvent writes what an event starts. It is a [cli.EventSimulator].
func SimulateEvent(s cli.EventSimulation, out io.Writer) (starts bool, err error) {
	result, err := simulate.Event(s.Source, simulate.HTTP{Header: s.Hook.Headers, Body: s.Hook.Payload}, simulate.EventOptions{
		Listener: s.Listener, Token: s.Token, Changed: s.Hook.Changed,
		Folder: s.Folder, Hook: s.Hook, Profile: &s.Profile,
	})
	if err != nil {
		return false, err
	}
	if result.Folder != nil && s.Token != "" && result.Folder.Event != nil {
		result.Folder.Notes = append(result.Folder.Notes, "the signature of the request is not checked for Pipelines-as-Code, also with --token-file")
	}
	var runs []*simulate.Result
	var failures []string
	if s.Follow {
		runs, failures = follow(s, result)
	}
	mask := passwords(result)
	out = printable.Hiding(out, func(text string) string { return mask.Text(text, false) })
	if s.Format == "json" {
		shown := struct {
			*simulate.EventResult
			Folder any                `json:"folder,omitempty"`
			Runs   []*simulate.Result `json:"runs,omitempty"`
			Errors []string           `json:"errors,omitempty"`
		}{EventResult: result, Runs: runs, Errors: failures}
		if result.Folder != nil {
			shown.Folder = cli.OutcomeJSON(s.Dir, result.Folder)
		}
		return result.Starts(), printable.WriteJSON(out, shown, true)
	}
	text := eventview.Text(result)
	if result.Folder != nil {
		if len(result.Listeners) > 0 {
			text += "\n"
		}
		text += printable.Format("Pipelines-as-Code, %s\n", s.Dir) + cli.OutcomeText(s.Dir, result.Folder) + "\n"
	}
	for _, r := range runs {
		text += "\n" + timeline.Text(&simulate.Ways{Runs: 1, Ways: []simulate.Way{{Result: r}}})
	}
	for _, f := range failures {
		text += "\n" + printable.Format("%s\n", f)
	}
	return result.Starts(), printable.Fprintf(out, "%s", text)
}

// follow simulates the runs that start.
func follow(s cli.EventSimulation, r *simulate.EventResult) (runs []*simulate.Result, failures []string) {
	var started []simulate.EventObject
	for _, l := range r.Listeners {
		for _, t := range l.Triggers {
			for _, o := range t.Objects {
				if o.Kind == "PipelineRun" || o.Kind == "TaskRun" {
					started = append(started, o)
				}
			}
		}
	}
	if r.Folder != nil {
		for _, run := range r.Folder.Runs {
			if run.Started && run.Object != nil {
				content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(run.Object)
				if err != nil {
					failures = append(failures, run.Name+": "+err.Error())
					continue
				}
				content["apiVersion"], content["kind"] = "tekton.dev/v1", "PipelineRun"
				started = append(started, simulate.EventObject{Kind: "PipelineRun", Namespace: run.Namespace, Name: run.Name, Object: content})
			}
		}
	}
	for _, o := range started {
		result, err := simulate.Started(s.Source, o, simulate.Script{Profile: &s.Profile})
		if err != nil {
			failures = append(failures, o.Kind+" "+o.Name+": "+err.Error())
			continue
		}
		runs = append(runs, result)
	}
	return runs, failures
}

// passwords are the values of params that are named like one.
func passwords(r *simulate.EventResult) *secrets.Mask {
	var values []string
	for _, l := range r.Listeners {
		for _, t := range l.Triggers {
			for _, p := range t.Params {
				if secrets.Named(p.Name, false) && secrets.Valued(p.Name, p.Value) {
					values = append(values, p.Value)
					if escaped, err := json.Marshal(p.Value); err == nil {
						values = append(values, string(escaped[1:len(escaped)-1]))
					}
				}
			}
		}
	}
	return secrets.NewMask(values)
}
