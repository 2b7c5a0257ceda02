package pac

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
)

// RemoteTasks adds Tasks that Pipelines-as-Code fetches and writes into the run (annotation
// task), wherever its pipeline refers to them by their names: paths in the repository, URLs,
// and names in the Artifact Hub. In Go, such a Task is a type whose Define ends with Existing:
//
//	pac.Run(run).RemoteTasks(".tekton/tasks/lint.yaml", "git-clone:0.9.0").On(pac.Push())
//
// Prefer Tasks in Go, or a resolver, which is checked.
func (r *PipelineRun) RemoteTasks(references ...string) *PipelineRun {
	if r != nil {
		r.remoteTasks = append(r.remoteTasks, placedItems{callsite.Here(), references})
	}
	return r
}

// RemotePipeline sets the Pipeline that Pipelines-as-Code fetches and writes into the run
// (annotation pipeline), like the Tasks of RemoteTasks. Its metadata.name must be that to which
// the run refers: see builder.ExistingPipeline.
func (r *PipelineRun) RemotePipeline(reference string) *PipelineRun {
	if r != nil {
		r.remotePipeline = setting[string]{callsite.Here(), reference}
	}
	return r
}

// GenerateName writes the name of the run as metadata.generateName, with a dash at its end.
// Pipelines-as-Code creates the same runs, but the commands /test and incoming calls then need
// the dash as well. It is for runs that exist as YAML.
func (r *PipelineRun) GenerateName() *PipelineRun {
	if r != nil {
		r.generate = true
	}
	return r
}

// placedItems are the arguments of one call, and its place.
type placedItems struct {
	at    callsite.Place
	items []string
}

// remote adds the annotations for what is fetched.
func (l *lowering) remote(set func(at callsite.Place, key, value string)) {
	var tasks []string
	for _, c := range l.remoteTasks {
		if message, help := wrongList("RemoteTasks", c.items); message != "" {
			l.fail(c.at, "pac-remote-invalid", message, help)
			continue
		}
		tasks = append(tasks, c.items...)
	}
	if len(tasks) > 0 {
		set(l.remoteTasks[0].at, "task", list(tasks))
	}
	if p := l.remotePipeline; p.at != nil {
		if message, help := wrongList("RemotePipeline", []string{p.value}); message != "" {
			l.fail(p.at, "pac-remote-invalid", message, help)
			return
		}
		value := p.value
		if strings.ContainsAny(value, " \t[],") {
			value = list([]string{value})
		}
		set(p.at, "pipeline", value)
	}
}
