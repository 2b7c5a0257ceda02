package pac

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-event-never.md
var eventNeverText string

// eventNever reports runs that no event starts.
var eventNever = &rule.Rule{
	Code:     "pac-event-never",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     eventNeverText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		all := runAnnotations(p)
		if all == nil {
			if p.Entry.Run != nil && p.Entry.Object.Tekton != "" {
				p.Note(p.At("metadata"), "", "no annotation of the run says which events start it: only a comment such as /test "+p.Entry.Ref.Name+" and the incoming webhook do",
					"add on-event and on-target-branch, or on-cel-expression")
			}
			return
		}
		_, hasEvent := all[pac.OnEvent]
		_, hasBranch := all[pac.OnTargetBranch]
		_, hasCEL := all[pac.OnCELExpression]
		_, hasComment := all[pac.OnComment]
		add, result := p.Error, "no event starts the run"
		if hasComment {
			add, result = p.Warning, "only a comment starts the run"
		}
		switch {
		case hasCEL:
			return
		case hasEvent && !hasBranch:
			add(annotation(p, pac.OnEvent), "on-event", "the run has on-event, but not on-target-branch: "+result, `add on-target-branch, such as "[main]"`)
		case hasBranch && !hasEvent:
			add(annotation(p, pac.OnTargetBranch), "on-target-branch", "the run has on-target-branch, but not on-event: "+result, `add on-event, such as "[pull_request, push]"`)
		}
		if hasEvent {
			words(p, all[pac.OnEvent], add, result)
		}
	},
}

// events are the words that on-event knows.
var events = []string{"pull_request", "push", "incoming"}

// eventInstead are the words for what users call otherwise.
var eventInstead = map[string]string{
	"merge_request": "pull_request", "mergerequest": "pull_request", "pull": "pull_request", "pr": "pull_request", "mr": "pull_request", "pull-request": "pull_request",
	"pullrequest": "pull_request", "pull_request_target": "pull_request", "merge": "push", "tag": "push", "create": "push", "release": "push", "tag_push": "push", "webhook": "incoming",
}

// words reports the unknown words of on-event.
func words(p *rule.Pass, value string, add func(facts.Spot, string, string, string, ...diag.Related) rule.Reported, result string) {
	values, err := pac.List(value)
	if err != nil || strings.Contains(value, "{{") {
		return // another rule reports it
	}
	var unknown []string
	for _, v := range values {
		if v != "" && !slices.Contains(events, v) {
			unknown = append(unknown, v)
		}
	}
	for _, v := range unknown {
		help := "use pull_request, push or incoming; for labels and comments, use on-label and on-comment"
		meant := eventInstead[strings.ToLower(v)]
		if meant == "" && slices.Contains(events, strings.ToLower(v)) {
			meant = strings.ToLower(v)
		}
		switch {
		case meant == "push" && strings.Contains(v, "tag"):
			help = `use push, and on-target-branch: "[refs/tags/*]"`
		case meant != "":
			help = "did you mean " + phrase.Quote(meant) + "?"
		}
		if len(unknown) == len(values) {
			add(annotation(p, pac.OnEvent), v, "on-event does not know "+phrase.Quote(v)+": "+result, help)
		} else {
			p.Warning(annotation(p, pac.OnEvent), v, "on-event does not know "+phrase.Quote(v)+", and no event matches it", help)
		}
	}
}

// runAnnotations returns the annotations of a run that Pipelines-as-Code starts on an
// event, nil for anything else.
func runAnnotations(p *rule.Pass) map[string]string {
	if p.Entry.Run == nil || p.Entry.Body() != nil || !p.Entry.IsPipelinesAsCode() {
		return nil
	}
	return p.Entry.Annotations()
}

// annotation returns the place of an annotation.
func annotation(p *rule.Pass, name string) facts.Spot {
	return p.At("metadata", "annotations").Key(name)
}
