package check

import (
	"errors"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/tekref"
)

// celParams checks the filter and the overlays of a CEL interceptor: row 70.
// They are compiled as the interceptor does it when an event arrives.
func (c *checker) celParams(spots paramSpots, before int) {
	var p celParams
	if !paramsInto(spots.params, &p) {
		return
	}
	if p.Filter == "" && len(p.Overlays) == 0 {
		if len(c.findings) == before {
			c.warn(spots.spot, "interceptor-param", "cel", "this CEL interceptor has neither a filter nor overlays, so it does nothing", "set filter, or drop it")
		}
		return
	}
	if p.Filter != "" {
		c.expression(spots.of("filter"), "this filter", p.Filter, celenv.Filter(p.Filter))
	}
	seen := map[string]int{}
	for i, o := range p.Overlays {
		s := in(spots.of("overlays").entry, at(spots.of("overlays").path, i))
		if fault := overlayKey(o.Key); fault != "" {
			c.fail(s.field("key"), "overlay-invalid", o.Key, "the key of an overlay "+fault, "name it by letters, digits and _")
		} else if first, ok := seen[o.Key]; ok {
			c.warn(s.field("key"), "overlay-invalid", o.Key, "two overlays have the key "+q(o.Key)+": the last one holds", "rename one of them",
				in(s.entry, at(spots.of("overlays").path, first)).related("the first one"))
		}
		seen[o.Key] = i
		_, err := celenv.Overlay(o.Expression)
		c.expression(s.field("expression"), "overlay "+q(o.Key), o.Expression, err)
	}
}

// expression reports why an expression cannot be compiled.
func (c *checker) expression(s spot, what, expr string, err error) {
	if err == nil {
		return
	}
	var problem *celenv.Problem
	word := ""
	if errors.As(err, &problem) {
		word = problem.Word(expr)
	}
	if _, rest, ok := strings.Cut(err.Error(), "undeclared reference to '"); ok {
		word, _, _ = strings.Cut(rest, "'")
	}
	c.fail(s.of(word), "cel-invalid", expr, what+" is refused with every event: "+err.Error(), celHelp(expr, word))
}

// celWords are the names that an expression may hold: what it sees, and the
// functions that are used most.
var celWords = strings.Fields(`body header extensions requestURL match canonical truncate compareSecret parseJSON parseYAML parseURL marshalJSON
	last first translate startsWith endsWith contains matches split join replace lowerAscii upperAscii substring trim size has exists all filter map
	format string int`)

// celHelp tells what is mostly meant.
func celHelp(expr, word string) string {
	if tekref.Contains(expr) {
		return "an expression names parts of the event without $( and )"
	}
	return suggest(word, celWords, "an expression sees body, header, extensions and requestURL")
}

// overlayKey says why the interceptor cannot set a key, "" if it can. A path
// that asks for something changes nothing where nothing is there.
func overlayKey(k string) string {
	if k == "" {
		return "is empty, so every event is refused"
	}
	escaped := false
	for _, r := range k {
		if !escaped && strings.ContainsRune("*?#@|", r) {
			return q(k) + " has " + q(string(r)) + ", so nothing is set"
		}
		escaped = r == '\\' && !escaped
	}
	return ""
}

// extension is what one interceptor adds to an event.
type extension struct {
	path   string // below extensions, joined by dots
	quotes bool   // it is a list or an object
}

// extensionsOf are what an interceptor adds to an event; it is not known where
// somebody else made it. Webhooks change the body, and add none.
func extensionsOf(x *v1beta1.TriggerInterceptor) (added []extension, known bool) {
	if x == nil || x.Webhook != nil {
		return nil, true
	}
	switch coreOf(x) {
	case "cel":
		var p celParams
		if !paramsInto(x.Params, &p) {
			return nil, false
		}
		for _, o := range p.Overlays {
			quotes, _ := celenv.Overlay(o.Expression)
			added = append(added, extension{o.Key, quotes})
		}
	case "github":
		var p githubParams
		if !paramsInto(x.Params, &p) {
			return nil, false
		}
		if p.AddChangedFiles.Enabled {
			added = append(added, extension{"changed_files", false})
		}
	case "slack":
		var p slackParams
		if !paramsInto(x.Params, &p) {
			return nil, false
		}
		for _, f := range p.RequestedFields {
			added = append(added, extension{f, true})
		}
	case "gitlab", "bitbucket":
	default:
		return nil, false
	}
	return added, true
}
