package report

import (
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// The parts of SARIF 2.1.0 that findings need.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string      `json:"id"`
		ShortDescription     sarifText   `json:"shortDescription"`
		FullDescription      *sarifText  `json:"fullDescription,omitempty"`
		Help                 *sarifText  `json:"help,omitempty"`
		DefaultConfiguration sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool `json:"executionSuccessful"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID              string              `json:"ruleId"`
		RuleIndex           int                 `json:"ruleIndex"`
		Level               string              `json:"level"`
		Message             sarifText           `json:"message"`
		Locations           []sarifLocation     `json:"locations,omitempty"`
		RelatedLocations    []sarifLocation     `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string   `json:"partialFingerprints"`
		BaselineState       string              `json:"baselineState,omitempty"`
		Suppressions        *[]sarifSuppression `json:"suppressions,omitempty"`
		Fixes               []sarifFix          `json:"fixes,omitempty"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		ArtifactLocation sarifArtifact      `json:"artifactLocation"`
		Replacements     []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifDeleted  `json:"deletedRegion"`
		Inserted *sarifContent `json:"insertedContent,omitempty"`
	}
	sarifDeleted struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifContent struct {
		Text string `json:"text"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		ID               *int           `json:"id,omitempty"`
		PhysicalLocation *sarifPhysical `json:"physicalLocation,omitempty"`
		LogicalLocations []sarifLogical `json:"logicalLocations,omitempty"`
		Message          *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int        `json:"startLine"`
		StartColumn int        `json:"startColumn,omitempty"`
		EndColumn   int        `json:"endColumn,omitempty"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
	sarifLogical struct {
		Name               string `json:"name"`
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
)

// fingerprintKey is the name of the fingerprint of a result. The upload action of GitHub adds
// its own, primaryLocationLineHash, and warns about any other value of that one.
const fingerprintKey = "tekwrightFinding/v1"

// sarif writes the report for code scanning services.
func sarif(w io.Writer, lines *lines, r Report, style Style) error {
	news := len(r.Findings)
	prints := lines.fingerprints(r)
	var reasons []string // of the last findings
	if style.All {
		r.Findings = append(slices.Clip(r.Findings), r.Aside...)
		for _, s := range r.Suppressed {
			r.Findings, reasons = append(r.Findings, s.Finding), append(reasons, s.Reason)
		}
		suppressed := r
		suppressed.Findings, suppressed.Aside = r.Findings[len(r.Findings)-len(reasons):], nil
		prints = append(prints, lines.fingerprints(suppressed)...)
	}
	codes := r.codes()
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "tekwright", Version: r.Version, InformationURI: "https://github.com/tekwright/tekwright", Rules: []sarifRule{},
		}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: r.Unread == 0}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{}, // written one by one
	}
	first := map[string]diag.Severity{}
	for _, f := range slices.Backward(r.Findings) {
		first[f.Code] = f.Severity
	}
	for _, code := range codes {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, ruleOf(code, first[code]))
	}
	result := func(i int) any {
		f := r.Findings[i]
		at := lines.span(f.Position, f.Excerpt, f.Path)
		f = lines.masked(f)
		index, _ := slices.BinarySearch(codes, f.Code)
		result := sarifResult{
			RuleID: f.Code, RuleIndex: index, Level: f.Severity.String(), Message: sarifText{Text: unlinked(message(f))},
			PartialFingerprints: map[string]string{fingerprintKey: prints[i].ID},
		}
		if compared := r.Baseline != "" || r.Since != ""; compared && i < news {
			result.BaselineState = "new"
		} else if compared && i < news+len(r.Aside) {
			result.BaselineState = "unchanged" // suppressed ones are not compared
		}
		if style.All {
			result.Suppressions = &[]sarifSuppression{}
			if n := i - (len(r.Findings) - len(reasons)); n >= 0 {
				reason := lines.hide(lines.secrets(f.Position.File).mask.Text(reasons[n], false))
				result.Suppressions = &[]sarifSuppression{{Kind: "inSource", Justification: reason}}
			}
		}
		if l, ok := location(at, f.Object, f.Path.String()); ok {
			result.Locations = []sarifLocation{l}
		}
		for n, o := range f.Related {
			l, ok := location(lines.span(o.Position, o.Excerpt, o.Path), o.Object, o.Path.String())
			if !ok {
				continue
			}
			l.ID, l.Message = &n, &sarifText{Text: unlinked(o.Message)}
			result.RelatedLocations = append(result.RelatedLocations, l)
		}
		for _, x := range f.Fixes {
			result.Fixes = append(result.Fixes, lines.sarifFix(x))
		}
		return result
	}
	return printable.WriteJSONList(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	}, "results", len(r.Findings), result)
}

// sarifFix returns a fix with the lines and columns of its edits.
func (l *lines) sarifFix(x diag.Fix) sarifFix {
	out := sarifFix{Description: sarifText{Text: unlinked(x.Message)}}
	for _, e := range x.Edits {
		if n := len(out.Changes); n == 0 || out.Changes[n-1].ArtifactLocation.URI != uri(e.File) {
			out.Changes = append(out.Changes, sarifChange{ArtifactLocation: sarifArtifact{URI: uri(e.File)}})
		}
		c := &out.Changes[len(out.Changes)-1]
		var d sarifDeleted
		d.StartLine, d.StartColumn = l.place(e.File, e.Start)
		d.EndLine, d.EndColumn = l.place(e.File, e.End)
		r := sarifReplacement{Deleted: d}
		if e.New != "" {
			r.Inserted = &sarifContent{Text: e.New}
		}
		c.Replacements = append(c.Replacements, r)
	}
	return out
}

// ruleOf describes the rule with the code. The level of a code that is not a rule
// of package check is that of its first finding.
func ruleOf(code string, first diag.Severity) sarifRule {
	out := sarifRule{ID: code, ShortDescription: sarifText{Text: code}}
	if r, ok := check.Lookup(code); ok {
		doc := r.Doc()
		out.ShortDescription.Text = doc.Summary
		if doc.Text != "" {
			out.FullDescription = &sarifText{Text: doc.Text}
			out.Help = &sarifText{Text: doc.Text, Markdown: markdown(doc)}
			out.DefaultConfiguration.Level = r.Severity.String()
			return out
		}
	}
	out.DefaultConfiguration.Level = first.String()
	return out
}

// markdown returns the text of a rule with its examples.
func markdown(d rule.Doc) string {
	return d.Text + "\n\n## Bad\n\n```yaml\n" + d.Bad + "```\n\n## Good\n\n```yaml\n" + d.Good + "```\n"
}

// message returns the message of a result; related locations have their own.
func message(f diag.Finding) string {
	if f.Help == "" {
		return f.Message
	}
	return f.Message + "\nhelp: " + f.Help
}

// unlinked escapes the brackets of what SARIF takes for a link: [text](target).
func unlinked(text string) string { return link().ReplaceAllString(text, `\[$1\](`) }

var link = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[([^\[\]]*)\]\(`) })

// longestSnippet is the maximum length of a snippet. The columns say the same, and many
// findings may be about one long list.
const longestSnippet = 1 << 10

// location returns a location, false if nothing is known about it.
func location(s span, object diag.ObjectRef, at string) (sarifLocation, bool) {
	var l sarifLocation
	if s.file != "" {
		l.PhysicalLocation = &sarifPhysical{ArtifactLocation: sarifArtifact{URI: uri(s.file)}}
		if s.line > 0 {
			region := &sarifRegion{StartLine: s.line}
			if s.column > 0 {
				region.StartColumn, region.EndColumn = s.column, s.column+s.width()
			}
			if s.text != "" && s.end > s.start && s.end-s.start <= longestSnippet && !s.secret {
				region.Snippet = &sarifText{Text: s.text[s.start:s.end]}
			}
			l.PhysicalLocation.Region = region
		}
	}
	if object.Kind != "" {
		name := strings.TrimSuffix(object.Kind+"/"+object.Name, "/")
		l.LogicalLocations = []sarifLogical{{
			Name: name, FullyQualifiedName: path.Join(object.Namespace, name, at), Kind: "object",
		}}
	}
	return l, l.PhysicalLocation != nil || l.LogicalLocations != nil
}

// uri returns a file name as a URI, with a scheme if it is absolute.
func uri(file string) string {
	u := url.URL{Path: file}
	if path.IsAbs(file) {
		u.Scheme = "file"
		return u.String()
	}
	return u.String()
}
