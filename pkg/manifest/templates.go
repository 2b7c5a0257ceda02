package manifest

import (
	"fmt"
	"path"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/pkg/diag"
)

// templateNotes are the notes on templates: one for each Helm chart, and one for each
// directory with other templates.
type templateNotes map[string]*templateNote

// templateNote is the note for a place. It is at the first template.
type templateNote struct {
	file  string
	chart bool
	files int
}

// fold drops the notes on the templates of a file if its chart or directory has one already.
func (t templateNotes) fold(findings diag.Findings, file discovery.File) diag.Findings {
	kept := findings[:0:0]
	counted := false
	for _, f := range findings {
		if f.Code != "template-unrendered" || f.Severity != diag.Note {
			kept = append(kept, f)
			continue
		}
		place := path.Dir(file.Name)
		if file.Chart != "" {
			place = file.Chart + "/"
		}
		n := t[place]
		if n == nil {
			n = &templateNote{file: file.Name, chart: file.Chart != ""}
			t[place] = n
			if f.Message = "the template has to be rendered before it can be checked"; n.chart {
				f.Subject, f.Message = file.Chart, "the templates of the Helm chart in "+file.Chart+" have to be rendered before they can be checked"
				f.Help = "check the rendered chart: helm template " + file.Chart + " | tekwright check -"
			}
			kept = append(kept, f)
		}
		if !counted {
			n.files++
			counted = true
		}
	}
	return kept
}

// count adds to the notes for how many templates they are.
func (t templateNotes) count(findings diag.Findings) {
	files := map[string]*templateNote{}
	for _, n := range t {
		files[n.file] = n
	}
	for i := range findings {
		f := &findings[i]
		n := files[f.Position.File]
		if n == nil || f.Code != "template-unrendered" || f.Severity != diag.Note || n.chart || n.files < 2 {
			continue
		}
		f.Message = fmt.Sprintf("this template and %d more in the directory have to be rendered before they can be checked", n.files-1)
	}
}
