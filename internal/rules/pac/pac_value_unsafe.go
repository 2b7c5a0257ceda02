package pac

import (
	_ "embed"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-value-unsafe.md
var valueUnsafeText string

// valueUnsafe reports variables whose text can change the YAML that contains them.
var valueUnsafe = &rule.Rule{
	Code:     "pac-value-unsafe",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     valueUnsafeText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		if runAnnotations(p) == nil {
			return
		}
		all := startsOf(p)
		if len(all) == 0 {
			return
		}
		for _, a := range partsOf(p, all) {
			for _, v := range a.entry.ExpandedVariables() {
				unsafe(p, v, a.starts)
			}
		}
	},
}

// oneLine and manyLines match the paths of texts that people write: titles, and what may
// have several lines.
var (
	oneLine   = regexp.MustCompile(`^(trigger_comment|body\.(pull_request|issue|object_attributes|merge_request|pullrequest|pullRequest)\.title|body\.object_attributes\.last_commit\.title)$`)
	manyLines = regexp.MustCompile(`^body\.((pull_request|issue|comment)\.body|(object_attributes|merge_request)\.(description|last_commit\.message)|object_attributes\.note` +
		`|pullRequest\.description|comment\.(text|content\.raw)|head_commit\.message|commits\[\d+\]\.message)$`)
)

// unsafe reports a variable whose text can end the scalar that contains it.
func unsafe(p *rule.Pass, v facts.ExpandedVariable, used starts) {
	lines := manyLines.MatchString(v.Key)
	if !lines && (!oneLine.MatchString(v.Key) || v.Spot.Path.Last().Name == "script") {
		return // in a script, untrusted-input reports it
	}
	written := used.only(func(provider string, k pacmatch.Kind) bool {
		if !strings.HasPrefix(v.Key, "body.") {
			return !pacmatch.Empty(provider, k, v.Key)
		}
		return !pacmatch.Lacks(provider, k, v.Key)
	})
	if len(written) == 0 {
		return
	}
	pushes := len(written.only(func(_ string, k pacmatch.Kind) bool { return k != pacmatch.Push && k != pacmatch.Tag })) == 0
	style := styleOf(v)
	if style == unknownStyle && !lines || p.Again(v.Spot.Entry, v.Key+" "+v.Spot.Path.String(), v.Spot) {
		return
	}
	help := "pass the text to a script through env, in a block scalar such as |-"
	says := v.Spot.Part + " is replaced in the YAML text: "
	switch {
	case lines && !pushes:
		p.Error(v.Spot, v.Key, says+"a text of several lines ends the value, and its author can add fields, and even objects, to the folder",
			"leave it out, or replace what is not a letter: {{ cel: "+v.Key+`.replace("\n", " ") }} in a block scalar such as |-`)
	case lines && style != quotedStyle && style != unknownStyle:
		p.Error(v.Spot, v.Key, says+"a message of several lines ends the value, and the rest of it is not valid YAML", "use {{ revision }}, and read the message in a script with git")
	case lines && style == quotedStyle:
		p.Warning(v.Spot, v.Key, says+"a quote in the message ends the value", "use {{ revision }}, and read the message in a script with git")
	case style == plainStyle:
		p.Error(v.Spot, v.Key, says+"a colon or a # in the text changes the YAML, and the author of the text can add fields", help)
	case style == quotedStyle:
		p.Warning(v.Spot, v.Key, says+"a quote in the text ends the value, and the document is not valid then, or has other fields", help)
	}
}

// style is how a scalar is written.
type style uint8

const (
	unknownStyle style = iota
	plainStyle
	quotedStyle
	blockStyle
)

// styleOf returns how the scalar with a variable is written in a file. A block has no known
// end, and what is in quotes is longer than its text.
func styleOf(v facts.ExpandedVariable) style {
	owner, path := v.Spot.Owner()
	switch at := owner.Find(path, ""); {
	case !pac.IsRead(at.File) || at.Line == 0:
		return unknownStyle
	case at.EndLine == 0:
		return blockStyle
	case at.EndLine != at.Line || utf8.RuneCountInString(v.Text) != len(v.Text):
		return unknownStyle
	case at.EndColumn-at.Column == len(v.Text):
		return plainStyle
	case at.EndColumn-at.Column >= len(v.Text)+2:
		return quotedStyle
	}
	return unknownStyle
}
