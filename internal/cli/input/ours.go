package input

import (
	"path"
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/internal/yamldoc"
	"github.com/tekwright/tekwright/pkg/check"
)

// header finds what each Kubernetes object has, however it is spelt: in YAML
// at the beginning of a line, in JSON in quotes.
var header = regexp.MustCompile(`(?im)^(?:(?:apiVersion|kind|metadata|spec)|[ \t]*\{?[ \t]*"(?:apiVersion|kind|metadata|spec)")[ \t]*:`)

// ours leaves out the findings on documents that are no objects and never
// meant to be: a folder also holds the configuration of other tools. Some of
// them write comments into their JSON.
func ours(findings check.Findings, name string, text []byte) check.Findings {
	var docs map[int]string
	kept := findings[:0]
	for _, f := range findings {
		switch {
		case f.Code == invalid && strings.EqualFold(path.Ext(name), ".json"):
			if !header.Match(text) {
				continue
			}
		case f.Code == untyped:
			if docs == nil {
				docs = map[int]string{}
				for _, d := range yamldoc.Split(string(text)) {
					docs[d.Line] = d.Text
				}
			}
			_, line, _ := check.SplitPlace(f.Place)
			if doc, ok := docs[line]; ok && !header.MatchString(doc) {
				continue
			}
		}
		kept = append(kept, f)
	}
	return kept
}
