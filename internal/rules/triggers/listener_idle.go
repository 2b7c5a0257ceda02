package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed listener-idle.md
var listenerIdleText string

var listenerIdle = &rule.Rule{
	Code:     "listener-idle",
	Severity: diag.Warning,
	Topic:    "triggers",
	Text:     listenerIdleText,
	Kinds:    listenerKinds,
	Needs:    []rule.Fact{rule.Events},
	Run: func(p *rule.Pass) {
		l := p.Entry.Event.Listener
		if l == nil || !p.Entry.HasTriggers() || len(l.Spec.Triggers) > 0 || !p.Profile.Complete || p.Profile.HasObject("Trigger", "", "*") ||
			p.Entry.HandsOn() || p.Entry.MaySelect() {
			return
		}
		p.Warning(p.At("spec"), p.Entry.Ref.Name, "no Trigger in the checked objects matches the selector of "+p.Entry.Ref.String()+", so events trigger no runs", "add the labels in its selector to the Triggers, or correct the selector")
	},
}
