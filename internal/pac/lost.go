package pac

import (
	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Lost returns the positions of the documents that no decoder sees, because the line
// before them is not a separator for Pipelines-as-Code. The text is split before the
// variables are replaced, and nothing is decoded.
func (f *Folder) Lost() []diag.Position {
	var lost []diag.Position
	at := 0
	for _, next := range append(separator.FindAllStringIndex(f.text, -1), []int{len(f.text), len(f.text)}) {
		docs := yamlsplit.Split(f.text[at:next[0]])
		for _, d := range docs[min(1, len(docs)):] {
			lost = append(lost, f.place(at+d.Offset))
		}
		at = next[1]
	}
	return lost
}
