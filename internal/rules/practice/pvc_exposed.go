package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pvc-exposed.md
var pvcExposedText string

var pvcExposed = &rule.Rule{
	Code:     "pvc-exposed",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     pvcExposedText,
	Kinds:    []string{"PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Events, rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		who, trigger := p.Entry.StartedBy()
		if !who.Strangers {
			return
		}
		reported := map[string]bool{} // one directory for each binding and volume
		uses := p.Entry.ClaimUses()
		for i := range uses {
			u := &uses[i]
			place := u.Spot.Entry.Label() + " " + u.Spot.String()
			if !u.Writes || reported[place] {
				continue
			}
			if o := u.TrustedUse(); o != nil {
				reported[place] = true
				reportExposed(p, trigger, u, o)
			}
		}
	},
}

// reportExposed reports a directory that the run of a stranger can write to, and a run
// that uses it.
func reportExposed(p *rule.Pass, trigger *facts.Trigger, u, o *facts.ClaimUse) {
	where, about := "PersistentVolumeClaim "+phrase.Quote(u.Claim), u.Claim
	help := "bind a different PersistentVolumeClaim or subPath, or declare the workspace readOnly in the Task"
	if u.Claim == "" {
		where, about = "directory "+phrase.Quote("/"+u.Path)+" of the node", "/"+u.Path
		help = "mount a different directory, or mount it readOnly in the Task"
	} else if u.Path != "" {
		where = "directory " + phrase.Quote(u.Path) + " of " + where
	}
	other, note := "the runs of other events", "they are runs of the same template"
	if o.Run != u.Run {
		other, note = o.Run.Label(), "it is used here"
	}
	writer := "it"
	if u.Task != nil {
		writer = "its " + u.Task.Label
	}
	at, related := u.Spot, []diag.Related{trigger.Spot.Related(trigger.Label + " starts it")}
	if u.Spot.Entry != p.Entry { // a volume of a Task
		at, related = p.At("spec"), append(related, u.Spot.Related("the volume"))
	}
	p.Warning(at, about, p.Entry.Label()+" runs for "+trigger.Strangers()[0].Does+", and "+writer+" can write to "+where+", which "+other+" use"+third(o.Run != u.Run),
		help, append(related, o.Spot.Related(note))...)
}

// third returns the ending of a verb in the third person.
func third(singular bool) string {
	if singular {
		return "s"
	}
	return ""
}
