package refusal_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// outcome is all that a cluster said of an example.
type outcome struct {
	refused []string // by the API server and its webhooks
	client  []string // by a client that asked what is served
	ended   []harness.Ending
	left    []string // $(...) in pods
	pods    string   // all that pods were told
	skipped []string // why tasks of a pipeline were
	log     []string // errors of the sink
	answers []string // to events

	interceptor []string // errors of Tekton's interceptors
	node        []string // reasons of containers that wait
}

func (o outcome) String() string {
	var b strings.Builder
	write := func(what string, lines []string) {
		for _, l := range lines {
			fmt.Fprintf(&b, "\n  %s: %s", what, l)
		}
	}
	write("refused", o.refused)
	write("client", o.client)
	for _, e := range o.ended {
		write("run", []string{e.String()})
	}
	write("left", o.left)
	write("skipped", o.skipped)
	write("answer", o.answers)
	write("log", o.log)
	write("interceptor", o.interceptor)
	write("node", o.node)
	if b.Len() == 0 {
		return " accepted"
	}
	return b.String()
}

// is tells whether the cluster said what the table says.
func (o outcome) is(v verdict, node bool) bool {
	switch {
	case v.Refused != "":
		return some(o.refused, v.Refused)
	case v.Client != "":
		return some(o.client, v.Client)
	}
	if len(o.refused) > 0 || len(o.client) > 0 {
		return false
	}
	if node && v.Node != "" {
		return some(o.node, v.Node) || slices.ContainsFunc(o.ended, func(e harness.Ending) bool {
			return e.Status == "False" && (e.Reason == v.Node || strings.Contains(e.Message, v.Node))
		})
	}
	switch {
	case v.Fails != "":
		return slices.ContainsFunc(o.ended, func(e harness.Ending) bool {
			return e.Status == "False" && e.Reason == v.Fails && strings.Contains(e.Message, v.Message)
		})
	case v.Literal != "":
		return slices.Contains(o.left, v.Literal)
	case v.Reaches != "":
		return strings.Contains(o.pods, v.Reaches)
	case v.Skipped != "":
		return slices.Contains(o.skipped, v.Skipped)
	case v.Event != "":
		return some(o.log, v.Event)
	case v.Interceptor != "":
		return some(o.interceptor, v.Interceptor) && len(o.log) == 0
	}
	return len(o.log) == 0 && len(o.left) == 0 && len(o.skipped) == 0 &&
		!slices.ContainsFunc(o.ended, func(e harness.Ending) bool { return e.Status != "True" })
}

func some(lines []string, part string) bool {
	return slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, part) })
}
