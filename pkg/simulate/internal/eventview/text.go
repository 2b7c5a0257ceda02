// Package eventview shows what an event starts as text.
package eventview

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/simulate"
	"github.com/tekwright/tekwright/pkg/simulate/internal/timeline"
)

// Text returns a block for each trigger: whether it starts something, and otherwise why not,
// and its params with the origin of their values.
func Text(r *simulate.EventResult) printable.Safe {
	b := &writer{}
	for i, l := range r.Listeners {
		if i > 0 {
			b.line("")
		}
		b.line("EventListener %s/%s", l.Namespace, l.Name)
		if l.Refused != "" {
			b.line("  nothing starts: %s", l.Refused)
		}
		for n, t := range l.Triggers {
			b.line("")
			b.trigger(t, n)
		}
		for _, n := range l.Notes {
			b.line("note: %s", n)
		}
		if len(l.Triggers) > 0 {
			b.line("")
			b.line("%d of %d triggers start", started(l), len(l.Triggers))
		}
	}
	return printable.Safe(b.String())
}

func started(l simulate.ListenerResult) (n int) {
	for _, t := range l.Triggers {
		if t.Starts {
			n++
		}
	}
	return n
}

// writer writes lines.
type writer struct{ strings.Builder }

func (b *writer) line(format string, args ...any) {
	b.WriteString(printable.Sprintf(format, args...) + "\n")
}

func (b *writer) trigger(t simulate.TriggerResult, n int) {
	name := t.Name
	if name == "" {
		name = fmt.Sprintf("trigger %d", n+1)
	}
	if t.Group != "" {
		name += " of group " + t.Group
	}
	if t.Starts {
		var names []string
		for _, o := range t.Objects {
			names = append(names, o.Kind+" "+o.Name)
		}
		b.line("%s: starts %s", name, strings.Join(names, ", "))
	} else {
		b.line("%s: does not start, %s", name, oneLine(t.Reason))
	}
	for _, i := range t.Interceptors {
		b.interceptor(i)
	}
	b.params(t.Params)
	if t.ServiceAccount != "" && t.Starts {
		b.line("  service account: %s", t.ServiceAccount)
	}
	for _, n := range t.Notes {
		b.line("  note: %s", n)
	}
}

// oneLine is a message of cel-go, which has a picture of the position, in one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func (b *writer) interceptor(i simulate.InterceptorResult) {
	word := "passed"
	if !i.Passed {
		word = "stopped the event"
	}
	var saw []string
	for _, v := range i.Saw {
		saw = append(saw, is(v))
	}
	if len(saw) > 0 {
		word += ", " + strings.Join(saw, ", ")
	}
	b.line("  interceptor %s: %s", i.Name, word)
	if i.Passed && i.Filter != "" {
		b.line("    filter: %s", oneLine(i.Filter))
	}
	for _, c := range i.Conditions {
		result := c.Value
		if c.Error != "" {
			result = oneLine(c.Error)
		}
		b.line("    %s: %s", oneLine(c.Expression), result)
		if c.Value == "true" {
			continue
		}
		for _, v := range c.Operands {
			b.line("      %s", is(v))
		}
	}
	keys := slices.Sorted(maps.Keys(i.Extensions))
	for _, k := range keys {
		from := ""
		for _, o := range i.Overlays {
			if o.Key == k || strings.HasPrefix(o.Key, k+".") {
				from = "  " + oneLine(o.Expression)
			}
		}
		b.line("    adds extensions.%s = %s%s", k, value(i.Extensions[k]), timeline.Short(from))
	}
}

// is says what a value is.
func is(v simulate.EventValue) string {
	if v.Missing {
		return v.Name + " is missing"
	}
	return fmt.Sprintf("%s is %s", v.Name, value(v.Value))
}

func (b *writer) params(all []simulate.EventParam) {
	if len(all) > 0 {
		b.line("  params:")
	}
	for _, p := range all {
		if p.Missing != "" && p.Origin != simulate.FromDefault {
			b.line("    %s has no value: %s", p.Name, timeline.Short(p.Missing))
			b.line("      %s", from(p))
			continue
		}
		b.line("    %s = %s", p.Name, value(p.Value))
		b.line("      %s", from(p))
	}
}

// from is where the value of a param comes from.
func from(p simulate.EventParam) string {
	text := p.Expression
	if p.Binding != "" {
		text += " in " + p.Binding
	}
	for _, o := range p.Overlays {
		text += ", which is " + oneLine(o.Expression)
	}
	switch p.Origin {
	case simulate.FromDefault:
		if p.Missing != "" {
			return fmt.Sprintf("the default, because %s has no value: %s", text, timeline.Short(p.Missing))
		}
		return "the default, because no binding has it"
	case simulate.FromNothing:
		return "no binding has it, and there is no default"
	case simulate.NotUsed:
		return text + ", which the TriggerTemplate does not use"
	}
	return text
}

// value is a value in quotes, or as JSON if it is no text, with its end cut off if it is long.
func value(v any) string {
	text, ok := v.(string)
	if ok {
		return timeline.Short(fmt.Sprintf("%q", text))
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return timeline.Short(string(raw))
}
